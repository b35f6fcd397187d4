"""operating_model.yaml: everything wrong is told at once, and what is left blank is not filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from gtmdiag.engagement.operating_file import read_operating_file
from gtmdiag.engagement.operating_model import Kpi, OperatingModel
from gtmdiag.engagement.spans import Span, parse_span
from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.errors import InputError
from tests.engagements import write

BROKEN = """\
stages:
  - {name: MQL, team: salez}
handoffs:
  - {step: MQL, from: marketing, to: sales}
  - {step: A->B, from: sales, to: cs, sla: {call: 48 hours, session: 5 buziness days}}
raci:
  - {activity: MQL, accountable: [VP, 3]}
kpis:
  - {metric: a, team: sales, kind: leading, threshold: 130 %, direction: belw}
  - {team: sales, kind: leading, windw: 2}
adopted:
  s1_s3_conversion:
cadence:
  - {meeting: A, kind: standup, minutes: "30", authority: [money], held: [{date: 2026-10-01, misses: 2, actions: -1}]}
artefacts:
  - {layer: ownership_map, name: Map, date: soon}
"""


def test_fault_that_is_not_told_with_its_line_and_what_to_do() -> None:
    with pytest.raises(InputError) as caught:
        validate(OperatingModel, parse_yaml(BROKEN, "operating_model.yaml"))
    told = {(problem.place, problem.remedy) for problem in caught.value.problems}
    assert told == {
        ("line 2, stages.0.team", "Did you mean 'sales'?"),
        ("line 4, handoffs.0.step", "Write 'MQL→SQL' or 'MQL -> SQL'."),
        ("line 5, handoffs.1.sla.session", "Write number and unit."),
        ("line 7, raci.0.accountable.1", 'Write it in quotes: "3".'),
        ("line 9, kpis.0.threshold", "Write '30 %' or 0.3."),
        ("line 9, kpis.0.direction", "Did you mean 'below'?"),
        ("line 10, kpis.1.metric", "Add a line 'metric: …'."),
        ("line 10, kpis.1.windw", "Did you mean 'window'?"),
        ("line 12, adopted.s1_s3_conversion", "Fill it in, or remove the line."),
        ("line 14, cadence.0.minutes", "Write it without quotes."),
        ("line 14, cadence.0.authority.0", "Write one of these."),
        ("line 14, cadence.0.held.0.actions", "Change it."),
        ("line 16, artefacts.0.date", "Change it."),
    }


def test_value_left_blank_that_counts_as_filled_in() -> None:
    text = "stages:\nhandoffs:\n  - {step: A→B, from: sales, to: cs, trigger: , packet: [], sla: }\n"
    handoff = validate(OperatingModel, parse_yaml(text, "x")).handoffs[0]
    assert (handoff.trigger, handoff.packet, handoff.sla) == ("", (), {})


@pytest.mark.parametrize(("written", "read"), [("30 %", 0.3), ("7%", 0.07), ("0.29", 0.29), ("62.5 %", 0.625)])
def test_percentage_that_is_not_the_nearest_share(written: str, read: float) -> None:
    unit = "" if "%" in written else ", unit: share"
    text = f"kpis:\n  - {{metric: a, team: cs, kind: leading, threshold: {written}{unit}}}\n"
    kpi: Kpi = validate(OperatingModel, parse_yaml(text, "x")).kpis[0]
    assert (kpi.threshold, kpi.unit) == (read, "share")


def test_percentage_of_days_that_passes_for_a_third_of_a_day_or_stage_that_needs_more_than_its_name() -> None:
    text = "stages: [MQL, {name: SQL, team: sales}]\n"
    assert [stage.name for stage in validate(OperatingModel, parse_yaml(text, "x")).stages] == ["MQL", "SQL"]
    text += "kpis:\n  - {metric: a, team: cs, kind: leading, unit: days, threshold: 30 %}\n"
    with pytest.raises(InputError, match="a number"):
        validate(OperatingModel, parse_yaml(text, "x"))


def test_response_times_that_are_misread_or_compared_across_kinds_of_time() -> None:
    assert parse_span("4 business hours") == Span(4, "business hours")
    assert parse_span("1 Working Day") == Span(1, "business days")
    assert [parse_span(text) for text in ("soon", "4", "0 hours", "-1 days", "4 hours or so")] == [None] * 5
    assert Span(2, "days").longer_than(Span(48, "hours")) is False
    assert Span(1, "business days").longer_than(Span(4, "business hours")) is True
    assert Span(48, "hours").longer_than(Span(5, "business days")) is None


def test_artefact_whose_file_is_missing_or_outside_counts_as_evidence(tmp_path: Path) -> None:
    text = "artefacts:\n" + "".join(
        f"  - {{layer: ownership_map, name: Map, file: {name}, date: 2026-01-01}}\n"
        for name in ("map.pdf", "gone.pdf", "../other.pdf")
    )
    (tmp_path / "other.pdf").write_text("", encoding="utf-8")
    file = read_operating_file(write(tmp_path / "client", {"operating_model.yaml": text, "map.pdf": ""}))
    assert file is not None
    assert [artefact.file for artefact in file.model.artefacts] == ["map.pdf", "", ""]
    assert [(problem.place, problem.severity) for problem in file.problems] == [
        ("line 3, artefacts.1.file", "warning"),
        ("line 4, artefacts.2.file", "warning"),
    ]
