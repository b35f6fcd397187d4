"""How Kestrel Labs operates: the first stages are named, the rest is still talk. Names and numbers are made up."""

from __future__ import annotations

from data_samples.company import operating
from data_samples.truths import OperatingTruth

ANSWERS = {
    "ines-falk": operating(
        (2, 1, 1, 1, None),
        ("business", "business", "sales", "sales", None, None, None),
        ("business", "sales", "sales", "sales", None, None, None),
        ((1, 0, None), (0, 0, None), (0, 0, None)),
        (0, None, 0, 1, None, 2, 1, None, None),
    ),
    "jonas-weil": operating(
        (1, 0, None, None, None),
        ("business", "nobody", "sales", None, None, None, None),
        ("sales", "sales", "sales", None, None, None, None),
        ((0, None, None), (0, None, None), (None, None, None)),
        (None, None, None, None, None, None, None, None, None),
    ),
}

OPERATING_MODEL = """\
# How a fictional young maker of sensors operates, as far as it is known. Every name and number is made up.

schema: gtmdiag.operating_model/1

stages:
  - {name: Enquiry, team: sales}
  - {name: Trial, team: sales, enters: sensor installed}
  - {name: Customer, team: cs}

kpis:
  - {metric: trials, name: Trials a week, team: sales, kind: leading, owner: VP Sales}
"""

TRUTH = OperatingTruth(
    evidenced=(1, 1, 1, 1, 0),
    effective=(1, 1, 1, 1, 0),
    overclaimed=("revenue_architecture",),
    processes=(),
    unowned=(),
    apart=("marketing_to_sales",),
    grades={"trials": "report"},
    leading=(0, 0, 0),
    offered=(
        "mql_sql_conversion",
        "marketing_pipeline_share",
        "s1_s3_conversion",
        "deal_age_ratio",
        "days_to_first_success",
        "expansion_signals_per_csm",
    ),
    not_operational=(),
    loops={"sales_to_marketing": "absent", "cs_to_sales": "unknown", "cs_to_marketing": "unknown"},
    patterns=(),
    fires=(),
    alarms={},
)
