"""What is made of ownership: how grave, how sure, who acts, and never more than the answers carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.findings.finding import Finding
from gtmdiag.findings.from_ownership import ownership_findings
from gtmdiag.instruments.schema import Value
from tests.diagnostics.owners import ALTITUDE, ID, OWNER, PARTS, altitude, everywhere, right
from tests.diagnostics.people import Given, some


def _found(
    ceo: Given | None, leaders: list[Given] | None = None, headcount: int | None = 300, units: int | None = None
) -> dict[str, Finding]:
    found = ownership_findings(altitude(ceo, leaders or [], headcount=headcount, units=units))
    return {one.id.removeprefix(f"{ID}."): one for one in found}


def _owner(*answers: Value, headcount: int = 300, also: Given | None = None) -> Finding:
    given_answers: list[Given] = [{OWNER: answer, **(also or {})} for answer in answers]
    return _found(given_answers[0], given_answers[1:], headcount=headcount)["owner"]


@pytest.mark.parametrize(
    ("answers", "severity", "claim"),
    [
        (("nobody",) * 3, "high", "Nobody owns"),
        (("nobody",) * 2, "medium", "Nobody owns"),
        (("sales",) * 3, "high", "left to one function: 3 of 3 say sales."),
        (("sales", "revops", "marketing"), "high", "left to single functions"),
        (("sales", "nobody", "ceo_in_name", "revops"), "high", "do not agree"),
        (("team_written",) * 3, "medium", "below business level"),
        (("ceo_in_name",) * 3, "medium", "in name"),
        (("ceo_in_practice",) * 3, "strength", "at business level, in practice"),
        (("ceo_in_practice", "ceo_in_name"), "medium", "in name"),
    ],
)
def test_how_grave_it_is_who_owns_the_model(answers: tuple[str, ...], severity: str, claim: str) -> None:
    found = _owner(*answers)
    assert found.severity == severity
    assert claim in found.claim


def test_revops_keeps_its_capitals_within_a_sentence() -> None:
    assert "2 of 2 say RevOps" in _owner("revops", "revops").claim


def test_ownership_in_practice_is_no_strength_while_a_part_of_it_is_not_in_place() -> None:
    for item in (f"{ID}.{part}.in_place" for part in ("council", "steward", "cadence", "decision_rights")):
        found = _owner("ceo_in_practice", "ceo_in_practice", also={item: 0})
        assert (found.severity, "is not in place" in found.claim) == ("medium", True)
    assert _owner("ceo_in_practice", also={f"{ID}.revops_seat.in_place": 0}).severity == "strength"
    assert _owner("ceo_in_practice", also=dict.fromkeys(PARTS, 2)).severity == "strength"


def test_at_an_early_company_a_ceo_in_name_is_a_small_matter() -> None:
    assert _owner("ceo_in_name", headcount=99).severity == "low"
    assert _owner("ceo_in_name", headcount=100).severity == "medium"


def test_the_next_step_names_the_owner_that_the_stage_asks() -> None:
    assert "at the table" in _owner("nobody", headcount=60).next_step
    assert "council and steward" in _owner("nobody", headcount=300).next_step
    assert "P&L owner owns the model in each unit" in _owner("nobody", headcount=900).next_step


@pytest.mark.parametrize(("n", "confidence"), [(1, "low"), (2, "low"), (3, "medium"), (4, "medium"), (5, "high")])
def test_more_respondents_make_it_surer(n: int, confidence: str) -> None:
    assert _owner(*["nobody"] * n).confidence == confidence


@pytest.mark.parametrize(("n", "severity"), [(1, "medium"), (3, "medium"), (4, "high"), (8, "high")])
def test_four_rights_too_low_are_grave(n: int, severity: str) -> None:
    low: Given = dict(list(everywhere("sales").items())[:n])
    found = _found(low)
    assert found.keys() == {"too_low"}
    assert found["too_low"].severity == severity
    assert len(found["too_low"].evidence) == n


def test_each_wrong_right_is_told_with_its_holder_and_what_the_stage_asks() -> None:
    found = _found({right("cadence_slas", "decides"): "business", right("icp_segments", "designs"): "revops"})
    assert [one.text for one in found["too_high"].evidence] == [
        "Cadence and SLA enforcement, decided by: business; the stage asks: steward."
    ]
    assert [one.text for one in found["too_low"].evidence] == [
        "ICP and segments, designed by: RevOps; the stage asks: council."
    ]


def test_a_dispute_is_a_finding_of_its_own_and_names_the_sides() -> None:
    item = right("metrics_definitions", "decides")
    found = _found({item: "business"}, [{item: "revops"}])
    assert found.keys() == {"disputed"}
    (evidence,) = found["disputed"].evidence
    assert "CEO, general manager or P&L owner (1 of 2), RevOps (1 of 2)" in evidence.text
    assert found["disputed"].owner == "CEO with the leadership team"


def test_near_the_edge_of_a_stage_that_asks_otherwise_it_is_told_with_low_confidence() -> None:
    everyone: list[Given] = [everywhere("business")] * 5
    assert _found(everyone[0], everyone[1:], headcount=300)["too_high"].confidence == "high"
    near = _found(everyone[0], everyone[1:], headcount=105)["too_high"]
    assert (near.confidence, near.because) == ("low", "the company is close to the edge of a stage that asks otherwise")


def test_a_way_to_fail_is_told_with_the_signs_that_are_seen_and_no_other() -> None:
    signs: Given = {f"{ID}.seams.lead_definitions": "yes", f"{ID}.seams.slas": "no", f"{ID}.seams.system_report": "yes"}
    found = _found(signs)
    assert found.keys() == {"seams"}
    assert [one.text for one in found["seams"].evidence] == [
        "Do the definitions of a lead differ between teams? CEO: yes.",
        "Is there nobody who reports on the way from first touch to revenue? CEO: yes.",
    ]


@given(st.integers(1, 99), some(ALTITUDE), st.lists(some(ALTITUDE), max_size=4))
def test_no_finding_calls_an_early_company_a_bottleneck_or_names_a_person(
    headcount: int, ceo: Given, leaders: list[Given]
) -> None:
    said = repr(_found({OWNER: "nobody", **ceo}, leaders, headcount=headcount)).lower()
    assert "bottleneck" not in said
    assert "secret-" not in said


@given(some(ALTITUDE), st.lists(some(ALTITUDE), max_size=4))
def test_every_finding_rests_on_evidence_with_a_trail(ceo: Given, leaders: list[Given]) -> None:
    for finding in _found({OWNER: "nobody", **ceo}, leaders).values():
        assert finding.evidence, finding.id
        assert all(one.trail.rule and one.trail.inputs for one in finding.evidence)
        assert finding.next_step.endswith(".")
        assert finding.claim.endswith(".")
