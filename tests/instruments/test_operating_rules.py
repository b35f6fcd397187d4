"""The rules of a working model against the published ones, the check of a file against them, and their adoption."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gtmdiag.engagement.operating_file import OperatingFile, read_operating_file
from gtmdiag.errors import UsageError
from gtmdiag.instruments.adopt import adopt, offers
from gtmdiag.instruments.operating_check import check_operating_model
from gtmdiag.instruments.operating_rules import kpis_of, operating_rules
from gtmdiag.instruments.rules import sources
from tests.engagements import write

RULES = operating_rules()
TODAY = date(2026, 11, 1)


def read(root: Path, text: str) -> OperatingFile:
    file = read_operating_file(write(root, {"operating_model.yaml": text}))
    assert file is not None
    return file


def test_published_rule_or_response_time_that_is_not_as_published() -> None:
    assert [(rule.id, rule.team, rule.direction, rule.threshold) for rule in RULES.kpis] == [
        ("mql_sql_conversion", "marketing", "below", 0.30),
        ("marketing_pipeline_share", "marketing", "below", 0.40),
        ("s1_s3_conversion", "sales", "below", 0.25),
        ("deal_age_ratio", "sales", "above", 2),
        ("days_to_first_success", "cs", "above", 30),
        ("expansion_signals_per_csm", "cs", "below", 2),
    ]
    assert [{what: str(due) for what, due in rule.sla.items()} for rule in RULES.handoffs] == [
        {"response": "4 business hours"},
        {"joint call": "48 hours", "first onboarding session": "5 business days"},
        {},
    ]
    assert [(one.frequency, one.minutes) for one in RULES.meetings] == [
        ("weekly", 30),
        ("biweekly", 60),
        ("monthly", 90),
        ("quarterly", None),
    ]
    parts = (*RULES.layers, *RULES.handoffs, *RULES.kpis, *RULES.meetings, *RULES.loops, *RULES.patterns)
    assert {part.source for part in parts} <= {source.id for source in sources()}


def test_name_that_leads_nowhere_or_stands_twice_and_date_to_come(tmp_path: Path) -> None:
    file = read(
        tmp_path,
        """\
stages: [{name: MQL}, {name: SQL}, {name: " mql"}]
handoffs: [{step: MQL -> SLQ, from: marketing, to: sales}]
raci: [{activity: mql -> slq}, {activity: Forecast}]
kpis: [{metric: s1_s3_conversion, team: sales, kind: leading, threshold: 25 %}, {metric: ARR, team: cs, kind: leading}]
adopted: {s1_s3_conversion: Ann, mql_sql_rate: Ann}
artefacts: [{layer: ownership_map, name: Map, date: 2026-11-02}]
""",
    )
    found = [(one.place, one.severity, one.remedy) for one in check_operating_model(file, RULES, today=TODAY)]
    assert found == [
        ("line 1, stages.2.name", "error", "Keep one of the two."),
        ("line 2, handoffs.0.step", "error", "Did you mean 'sql'?"),
        ("line 3, raci.1.activity", "warning", "It is shown, but counts for no stage."),
        ("line 5, adopted.s1_s3_conversion", "error", "Take it out here; your own rule under 'kpis' counts."),
        ("line 5, adopted.mql_sql_rate", "error", "Did you mean 'mql_sql_conversion'?"),
        (
            "line 4, kpis.0.threshold",
            "warning",
            "Add 'direction: below' or 'direction: above'; without it the rule cannot be run.",
        ),
        (
            "line 4, kpis.1.kind",
            "warning",
            "Write 'kind: lagging'. It tells a quarter's result, and not what to do next week.",
        ),
        ("line 6, artefacts.0.date", "warning", "It counts as not given. Correct it."),
    ]


def test_adoption_that_changes_anything_else_of_the_file_or_takes_a_rule_twice(tmp_path: Path) -> None:
    text = "# ours\nstages: [{name: MQL}]   # first\nadopted:\n    deal_age_ratio: Bo # stays\n"
    text += "kpis: [{metric: s1_s3_conversion, team: sales, kind: leading}]\n"
    path = tmp_path / "operating_model.yaml"
    write(tmp_path, {path.name: text})
    assert [one.rule.id for one in adopt(tmp_path, {"cs": 'A "B": #c', "sales": "Ann"})] == [
        "days_to_first_success",
        "expansion_signals_per_csm",
    ]
    written = path.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line not in written.splitlines()] == []
    file = read_operating_file(tmp_path)
    assert file is not None
    assert check_operating_model(file, RULES, today=TODAY) == ()
    owners = {kpi.metric: kpi.owner for kpi in kpis_of(file.model, RULES)}
    assert owners == {
        "s1_s3_conversion": "",
        "deal_age_ratio": "Bo",
        "days_to_first_success": 'A "B": #c',
        "expansion_signals_per_csm": 'A "B": #c',
    }
    assert adopt(tmp_path, {"cs": "Cy"}) == ()
    assert path.read_text(encoding="utf-8") == written


def test_adoption_without_a_file_or_into_one_line(tmp_path: Path) -> None:
    assert len(adopt(tmp_path, {team.id: "Ann" for team in RULES.teams})) == len(RULES.kpis)
    assert all(offer.owner == "Ann" for offer in offers(tmp_path))
    write(tmp_path / "b", {"operating_model.yaml": "adopted: {deal_age_ratio: Bo}\n"})
    with pytest.raises(UsageError, match="by hand: days_to_first_success"):
        adopt(tmp_path / "b", {"cs": "Ann"})
