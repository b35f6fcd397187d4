"""Answers on ownership made to order."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.diagnostics import ownership_altitude
from gtmdiag.diagnostics.company import company_stage
from gtmdiag.diagnostics.ownership_altitude import Ownership, OwnershipAltitudeResult, Side, side_of
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.load import packaged
from tests.diagnostics.people import RULE, Given

ALTITUDE = packaged("ownership_altitude")
ID = ALTITUDE.id
OWNER = f"{ID}.owner.named"
DECISIONS = [rule.decision for rule in ALTITUDE.requirements]
PARTS = [f"{ID}.{domain}.in_place" for domain in ALTITUDE.build_order]
DECLARED = {item.id for item in ALTITUDE.items if item.facet in ("named", "designs", "decides")}
RUNGS = [rung.id for rung in ALTITUDE.altitudes]
LEVELS = {str(option.value): option.level for option in ALTITUDE.scales["decider"].options}
OWNERS = {str(option.value): option.level for option in ALTITUDE.scales["owner"].options}
ROLES = ("vp_sales", "cmo", "revops", "cpo", "vp_cs", "cfo")


def people(ceo: Given | None, leaders: Sequence[Given] = ()) -> list[Response]:
    found = [] if ceo is None else [Response("respondent-zero", "ceo", ceo)]
    return found + [Response(f"secret-{n}", ROLES[n % 6], one) for n, one in enumerate(leaders) if one]


def altitude(
    ceo: Given | None,
    leaders: Sequence[Given] = (),
    headcount: int | None = 300,
    units: int | None = None,
    ownership: str | None = None,
    rule: AnonymityRule = RULE,
) -> OwnershipAltitudeResult:
    stage = company_stage(headcount, units)
    result = ownership_altitude.diagnose(ALTITUDE, people(ceo, leaders), stage, ownership, rule)
    assert result is not None
    return result


def owned(*answers: str) -> Ownership:
    """Return who owns the model when the CEO gives the first answer and leaders give the others."""
    given: list[Given] = [{OWNER: answer} for answer in answers]
    ownership = altitude(given[0], given[1:]).ownership
    assert ownership is not None
    return ownership


def right(decision: str, name: str) -> str:
    return f"{ID}.{decision}.{name}"


def side(result: OwnershipAltitudeResult, decision: str, name: str) -> Side:
    return side_of(next(one for one in result.decisions if one.id == decision), name)


def everywhere(answer: str) -> Given:
    """Return this answer to every right to design or to decide."""
    return {right(decision, name): answer for decision in DECISIONS for name in ("designs", "decides")}


def text(result: OwnershipAltitudeResult) -> str:
    return " ".join(sentence.text for sentence in result.sentences)
