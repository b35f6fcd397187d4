"""Rules run on what the funnel counts, where kpis.csv has no value; the source of each value is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gtmdiag.findings.diagnosis import diagnose
from gtmdiag.findings.standup import read_standup
from gtmdiag.kpis.data import monday_of
from gtmdiag.kpis.run import last_complete
from gtmdiag.report import pages
from gtmdiag.report.standup import standup_page
from tests.engagements import TODAY, sample, write

OWN = """\
kpis:
  - {metric: SQL -> Opportunity, team: sales, kind: leading, threshold: 40 %, direction: below, owner: Bo}
  - {metric: MQL→SQL, team: sales, kind: leading, unit: days, threshold: 9, direction: above, owner: Bo}
  - {metric: win_rate, team: sales, kind: lagging, threshold: 20 %, direction: below}
adopted: {mql_sql_conversion: Ann, s1_s3_conversion: Bo, deal_age_ratio: Bo, expansion_signals_per_csm: Cy}
"""


def test_rule_without_a_file_of_values_that_cannot_be_run_or_does_not_tell_their_source(tmp_path: Path) -> None:
    root = write(sample(tmp_path / "a"), {"operating_model.yaml": OWN})
    (root / "kpis.csv").unlink()
    diagnosis = diagnose(root, today=TODAY)
    assert diagnosis.kpis is not None
    told = {one.kpi.metric: one for one in diagnosis.kpis.readings}
    assert told.keys() == {"SQL -> Opportunity", "mql_sql_conversion", "s1_s3_conversion", "deal_age_ratio"}
    assert diagnosis.kpis.idle == ("MQL→SQL", "Expansion signals per CSM a month")
    assert {one.source for one in told.values()} == {"CRM export"}
    # The export ends on a Saturday: the week in which it lies has no value.
    assert {one.weeks[-1].monday for one in told.values()} == {last_complete(date(2026, 10, 31))}
    reading = told["mql_sql_conversion"]
    assert reading.false_alarm is not None
    assert reading.recent is not None
    assert {one.metric for one in reading.backtest.quarters} == {"win_rate"}
    assert "by itself" in " ".join(one.text for one in told["deal_age_ratio"].says)
    assert "Counted from the CRM export, as kpis.csv has none" in pages.kpi_rules(diagnosis).mime_bundle()["text/plain"]


def test_value_of_the_file_that_gives_way_to_the_funnel(tmp_path: Path) -> None:
    root = write(sample(tmp_path / "a"), {"operating_model.yaml": OWN})
    write(root, {"kpis.csv": "week,metric,value,n\n2026-W43,mql_sql_conversion,0.77,9\n"})
    diagnosis = diagnose(root, today=TODAY)
    assert diagnosis.kpis is not None
    told = {one.kpi.metric: one for one in diagnosis.kpis.readings}
    first = told["mql_sql_conversion"]
    assert (first.source, [week.value for week in first.weeks]) == ("kpis.csv", [0.77])
    assert told["s1_s3_conversion"].source == "CRM export"


def test_stand_up_without_a_file_of_values_that_shows_none(tmp_path: Path) -> None:
    root = write(sample(tmp_path / "a"), {"operating_model.yaml": OWN})
    (root / "kpis.csv").unlink()
    monday = monday_of("2026-W44")
    assert monday is not None
    read = read_standup(root, today=monday)
    shown = {one.metric: one for one in read.stand_up.indicators}
    assert {name for name, one in shown.items() if one.value} == {
        "SQL -> Opportunity", "mql_sql_conversion", "s1_s3_conversion", "deal_age_ratio"
    }  # fmt: skip
    text = standup_page(read).mime_bundle()["text/plain"]
    assert "Counted from the CRM export, not in kpis.csv" in text
    week_after = read_standup(root, today=date(2026, 11, 2))
    assert "no value, last 2026-W43" in standup_page(week_after).mime_bundle()["text/plain"]
