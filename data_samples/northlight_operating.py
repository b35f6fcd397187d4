"""How Northlight Systems operates: a stage map without owners, metrics without rules, meetings without authority."""

from __future__ import annotations

from datetime import date

from data_samples.company import Metrics, WeeklyShare, WeeklyValue, operating
from data_samples.truths import OperatingTruth

# Anna Berg claims more than the wiki holds. Each function takes the first handoff for its own, or for nobody's.
ANSWERS = {
    "anna-berg": operating(
        (3, 3, 3, 3, 2),
        ("marketing", "business", "sales", "sales", "customer_success", "customer_success", "all"),
        ("marketing", "marketing", "sales", "sales", "customer_success", "customer_success", "sales"),
        ((2, 1, 0), (1, 1, 0), (0, 1, 0)),
        (1, 1, 0, 1, 0, 2, 1, 1, 0),
    ),
    "lena-vogt": operating(
        (2, 1, 2, 2, 1),
        ("marketing", "sales", "sales", "sales", "customer_success", "customer_success", "nobody"),
        ("marketing", "sales", "sales", "sales", "customer_success", "customer_success", "nobody"),
        ((1, 1, 0), (1, 0, 0), (0, 0, 0)),
        (1, 0, 0, 0, 0, 1, 0, 0, 0),
    ),
    "marc-delorme": operating(
        (2, 1, 3, 2, 1),
        ("marketing", "marketing", "sales", "customer_success", "customer_success", "customer_success", "sales"),
        ("marketing", "marketing", "sales", "customer_success", "customer_success", "customer_success", "sales"),
        ((1, 1, 0), (0, 1, 0), (0, 1, 0)),
        (2, 1, 0, 0, 0, 1, 1, 0, 0),
    ),
    "priya-nair": operating(
        (2, 1, 2, 1, 0),
        ("marketing", "all", "sales", "sales", "customer_success", "customer_success", "nobody"),
        ("marketing", "marketing", "sales", "nobody", "customer_success", "customer_success", "customer_success"),
        ((1, 0, 0), (0, 0, 0), (0, 0, 0)),
        (1, 0, 0, 0, 0, 1, 0, 1, 0),
    ),
    "tomas-lind": operating(
        (2, 1, 2, 2, None),
        ("marketing", "nobody", "sales", "sales", "customer_success", "all", "nobody"),
        ("marketing", "revops", "sales", "sales", "customer_success", "customer_success", None),
        ((1, None, 0), (None, None, 0), (0, None, 0)),
        (None, None, None, 0, 0, 1, None, None, None),
    ),
    "julia-roth": operating(
        (1, 0, 2, 1, 0),
        ("marketing", "nobody", "sales", "nobody", "customer_success", "nobody", "nobody"),
        ("marketing", "sales", "sales", "sales", "customer_success", "customer_success", "nobody"),
        ((1, 0, 0), (0, 0, 0), (0, 0, 0)),
        (1, 0, 0, 0, 0, 0, 0, 0, 0),
    ),
    "henrik-aas": operating(
        (2, 2, 3, 2, 1),
        ("marketing", "sales", "sales", "sales", "customer_success", "sales", "sales"),
        ("marketing", "sales", "sales", "sales", "customer_success", "customer_success", "sales"),
        ((1, 1, 0), (1, 1, 0), (0, 1, 0)),
        (1, 1, 1, 0, 0, 1, 1, 1, 0),
    ),
}

OPERATING_MODEL = """\
# How a fictional maker of business software operates. Every name and number is made up.

schema: gtmdiag.operating_model/1

stages:
  - {name: Lead, team: marketing, enters: any enquiry}
  - {name: MQL, team: marketing, enters: score of 60}
  - {name: SQL, team: sales}
  - {name: Opportunity, team: sales, enters: need and budget are known}
  - {name: Proposal, team: sales, enters: offer sent}
  - {name: Customer, team: cs, enters: contract signed}

handoffs:
  - {step: MQL→SQL, from: marketing, to: sales, trigger: score of 60}
  - step: Proposal→Customer
    from: sales
    to: cs
    trigger: contract signed
    sla: {joint call: 5 days}

raci:
  - {activity: Lead, accountable: VP Marketing, responsible: demand generation}
  - {activity: MQL, accountable: everyone, responsible: demand generation}
  - {activity: SQL, accountable: [VP Sales, VP Marketing], responsible: sales development}
  - {activity: Opportunity, accountable: VP Sales, responsible: account executives}
  - {activity: Proposal, accountable: [VP Sales, CEO], responsible: account executives}
  - {activity: Customer, accountable: VP Customer Success}
  - {activity: MQL→SQL, responsible: sales development}

kpis:
  - metric: mql_sql_conversion
    name: MQL→SQL conversion
    team: marketing
    kind: leading
    threshold: 30 %
    direction: below
    window: 2
    owner: VP Marketing
    action: Review
  - {metric: mqls, name: MQLs a week, team: marketing, kind: leading, owner: VP Marketing}
  - {metric: pipeline_value, name: Pipeline value, team: sales, kind: leading, unit: money}
  - {metric: new_arr, name: New ARR, team: business, kind: lagging, unit: money, threshold: 700000, direction: below}

# Published rules and who owns them.
adopted:
  s1_s3_conversion: VP Sales
  days_to_first_success: VP Customer Success

cadence:
  - meeting: Monday call
    kind: standup
    minutes: 60
    frequency: weekly
    attendees: [CEO, VP Marketing, VP Sales]
    authority: [escalation]
    held:
      - {date: 2026-10-12, misses: 2, actions: 1}
      - {date: 2026-10-19, misses: 3, actions: 0}
      - {date: 2026-10-26, misses: 2, actions: 0}
  - meeting: Pipeline call with the CEO
    kind: pipeline
    minutes: 90
    frequency: weekly
    attendees: [CEO, VP Sales, account executives]
    outputs: [forecast]
  - {meeting: Quarterly review, kind: quarterly, minutes: 240, frequency: quarterly, attendees: [leadership team]}

feedback_loops:
  - {from: cs, to: sales, what: customers at risk, frequency: monthly, owner: VP Customer Success}

artefacts:
  - layer: revenue_architecture
    name: Stages in the CRM
    link: https://wiki.northlight.example/stages
    date: 2026-02-10
    used_on: 2026-10-20
    used_for: pipeline call
  - layer: kpi_architecture
    name: Board dashboard
    link: https://wiki.northlight.example/dashboard
    date: 2026-06-01
    used_on: 2026-10-27
    used_for: board paper
  - layer: operating_cadence
    name: Calendar of meetings
    link: https://wiki.northlight.example/calendar
    date: 2026-01-12
"""

# The leak of the first handoff shows every week; onboarding slips from May on, and two quarters later new revenue does.
METRICS = Metrics(
    seed=34,
    first_monday=date(2025, 11, 3),
    series=(
        WeeklyShare("mql_sql_conversion", 18, ((60, 0.22),)),
        WeeklyShare("s1_s3_conversion", 6, ((60, 0.60),)),
        WeeklyValue("days_to_first_success", 2.5, ((26, 25.0), (34, 33.0))),
    ),
    idle=("2025-W52",),
    results=(
        ("new_arr", "2025-W52", 742_000),
        ("new_arr", "2026-W13", 731_000),
        ("new_arr", "2026-W26", 655_000),
        ("new_arr", "2026-W39", 588_000),
    ),
)

TRUTH = OperatingTruth(
    evidenced=(3, 1, 3, 2, 1),
    effective=(3, 1, 1, 1, 1),
    overclaimed=("ownership_map", "operating_cadence", "feedback_loops"),
    processes=(),
    unowned=("MQL", "SQL", "Proposal", "MQL→SQL", "Proposal→Customer"),
    apart=("marketing_to_sales",),
    grades={
        "mql_sql_conversion": "report",
        "mqls": "report",
        "pipeline_value": "report",
        "new_arr": "report",
        "s1_s3_conversion": "usable",
        "days_to_first_success": "usable",
    },
    leading=(0, 1, 1),
    offered=("marketing_pipeline_share", "deal_age_ratio", "expansion_signals_per_csm"),
    not_operational=("standup",),
    loops={"sales_to_marketing": "absent", "cs_to_sales": "reporting", "cs_to_marketing": "absent"},
    patterns=("strategy_without_ownership", "metrics_without_rules", "cadence_without_authority"),
    fires=("mql_sql_conversion", "days_to_first_success"),
    alarms={"mql_sql_conversion": 5, "s1_s3_conversion": 0, "days_to_first_success": 2},
)
