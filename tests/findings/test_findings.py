"""Findings of one form, from whatever people answer."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.findings.finding import Finding, ranked
from gtmdiag.findings.from_ceo_role import ceo_role_findings
from gtmdiag.findings.from_gut_check import gut_check_findings
from tests.diagnostics.people import (
    BY_VERDICT,
    DOMAINS,
    FIVE,
    GUT,
    ROLE,
    Given,
    five,
    gut,
    pair,
    responses,
    role,
    role_answers,
    some,
)

SEVERITIES = {
    "champion": "strength",
    "champion_unproven": "low",
    "hands_on": "medium",
    "operator": "high",
    "absent": "critical",
    "self_running": "medium",
}


def finding(name: str, severity: str, confidence: str) -> Finding:
    return Finding(name, severity, "C.", (), confidence, "b", "CEO", "N.")  # pyright: ignore[reportArgumentType]


def require_form(findings: Sequence[Finding]) -> None:
    """Refuse a finding that is no plain sentence, rests on nothing, or names who answered."""
    assert len({one.id for one in findings}) == len(findings)
    for one in findings:
        texts = [one.claim, one.because, one.owner, one.next_step, *(sentence.text for sentence in one.evidence)]
        assert all(text.strip() for text in texts), one
        assert one.claim.endswith(".")
        assert one.next_step.endswith(".")
        assert one.evidence, one
        told = " ".join([*texts, *(part for sentence in one.evidence for part in sentence.trail.inputs)])
        assert not [word for word in ("secret-", "respondent-", "  ") if word in told]
        assert "None" not in one.claim + one.because


def test_grave_or_sure_finding_behind_another() -> None:
    mixed = [
        finding("e", "strength", "high"),
        finding("d", "low", "high"),
        finding("c", "medium", "low"),
        finding("b", "medium", "high"),
        finding("b2", "medium", "high"),
        finding("a", "critical", "low"),
    ]
    assert [one.id for one in ranked(mixed)] == ["a", "b", "b2", "c", "d", "e"]


@pytest.mark.parametrize("verdict", BY_VERDICT)
def test_verdict_of_another_gravity(verdict: str) -> None:
    own = role_answers(*BY_VERDICT[verdict])
    (found,) = ceo_role_findings(role(own))
    assert found.severity == SEVERITIES[verdict]
    early = next(ceo_role_findings(role(own, headcount=20)))
    assert early.severity == ("low" if verdict in ("operator", "hands_on") else SEVERITIES[verdict])


def test_agreement_of_ceo_and_leaders_that_makes_nothing_surer() -> None:
    own = role_answers(*BY_VERDICT["operator"])
    alone, agreed = next(ceo_role_findings(role(own))), next(ceo_role_findings(role(own, [own] * 3)))
    assert (alone.confidence, alone.because) == ("medium", "it is the CEO's own view alone")
    assert (agreed.confidence, agreed.because) == ("high", "the CEO and three leaders agree")


def test_leaders_alone_or_a_borderline_verdict_taken_as_sure() -> None:
    view = role_answers(*BY_VERDICT["operator"])
    (finding,) = ceo_role_findings(role(None, [view] * 3))
    assert (finding.confidence, finding.because) == ("low", "three leaders answered, but not the CEO")
    assert list(ceo_role_findings(role(None, [view] * 2))) == [], "two leaders are no group"
    close = next(ceo_role_findings(role(role_answers(3, 1) | pair(DOMAINS[0], 2, 1))))
    assert (close.confidence, close.because) == ("low", "the verdict is borderline")


def test_two_views_of_one_ceo_told_as_one() -> None:
    own, seen = role_answers(*BY_VERDICT["champion_unproven"]), role_answers(*BY_VERDICT["operator"])
    found = {one.id: one for one in ceo_role_findings(role(own, [seen] * 4))}
    assert found.keys() == {"champion_operator.verdict", "champion_operator.blind_spots", "champion_operator.two_views"}
    assert found["champion_operator.verdict"].because == "the CEO and four leaders do not agree"
    assert found["champion_operator.blind_spots"].claim.startswith("The CEO sees eight domains more favourably")
    assert "“champion, unproven”, the leaders “operator”" in found["champion_operator.two_views"].claim


@pytest.mark.parametrize(
    ("pattern", "present", "severity"),
    [
        ("nnnnn", "distributed", "strength"),
        ("yynyy", "centralized", "strength"),
        ("yyyyy", "distributed", "medium"),
        ("nnnnn", None, "low"),
    ],
)
def test_structure_of_another_gravity(pattern: str, present: str | None, severity: str) -> None:
    found = next(gut_check_findings(gut(five(pattern), present=present)))
    assert (found.id, found.severity) == ("gut_check.structure", severity)


def test_one_answer_that_would_change_the_structure_taken_as_sure() -> None:
    (found,) = gut_check_findings(gut(five("yynnn")))
    assert (found.confidence, found.because) == ("low", "one answer would change it")
    assert list(gut_check_findings(gut(five("y----")))) == [], "an open check says nothing"


@given(st.none() | some(ROLE), st.lists(some(ROLE), max_size=5), st.sampled_from([None, 20, 300, 3000]))
def test_finding_on_the_role_that_is_no_finding(ceo: Given | None, leaders: list[Given], headcount: int | None) -> None:
    if responses(ceo, leaders):
        require_form(list(ceo_role_findings(role(ceo or {}, leaders, headcount))))


@given(st.none() | some(GUT), st.lists(some(GUT), max_size=5), st.sampled_from([None, "centralized", "distributed"]))
def test_finding_on_the_structure_that_is_no_finding(
    ceo: Given | None, leaders: list[Given], present: str | None
) -> None:
    if any(item in answers for answers in (ceo or {}, *leaders) for item in FIVE):
        require_form(list(gut_check_findings(gut(ceo, leaders, present))))
