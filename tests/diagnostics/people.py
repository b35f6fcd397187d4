"""Respondents made to order."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from gtmdiag.diagnostics import champion_operator, gut_check
from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult
from gtmdiag.diagnostics.company import company_stage
from gtmdiag.diagnostics.gut_check import GutCheckResult
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.load import packaged
from gtmdiag.instruments.schema import Instrument, Value
from tests.instruments.small import options

ROLE, GUT = packaged("champion_operator"), packaged("gut_check")
ROOM = "champion_operator.four_weeks_away.room"
RULE = AnonymityRule()
FIVE = [item.id for item in GUT.items_of("centralize")]
DOMAINS = [item.domain for item in ROLE.items_of("champion")]

Given = dict[str, Value]

BY_VERDICT = {
    "champion": (5, 1, 5, "yes"),
    "champion_unproven": (5, 1, 1, "no"),
    "hands_on": (5, 5, 1, "no"),
    "operator": (1, 5, 1, "no"),
    "absent": (1, 1, 1, "no"),
    "self_running": (1, 1, 5, "yes"),
}
"""Answers to champion, operator and autonomy items and the room test that give each verdict."""


def role_answers(champion: int, operator: int, autonomy: int = 3, room: str = "yes") -> Given:
    """Return whole answers, the same to every item of a facet."""
    values: dict[str, Value] = {"champion": champion, "operator": operator, "autonomy": autonomy, "room": room}
    return {item.id: values[item.facet] for item in ROLE.items}


def pair(domain: str, champion: int, operator: int) -> Given:
    """Return answers to both items of a domain."""
    return {f"champion_operator.{domain}.champion": champion, f"champion_operator.{domain}.operator": operator}


def some(instrument: Instrument, *facets: str, whole: bool = False) -> st.SearchStrategy[Given]:
    """Return answers to items of these facets (all by default), any of them missing unless whole."""
    asked = {
        item.id: st.sampled_from(options(instrument, item.id))
        for item in instrument.items
        if not facets or item.facet in facets
    }
    return st.fixed_dictionaries(asked) if whole else st.fixed_dictionaries({}, optional=asked)


def responses(ceo: Given | None, leaders: Sequence[Given]) -> list[Response]:
    found = [] if ceo is None else [Response("respondent-zero", "ceo", ceo)]
    roles = ("vp_sales", "cmo", "revops", "cpo")
    return found + [Response(f"secret-{n}", roles[n % 4], one) for n, one in enumerate(leaders) if one]


def role(
    ceo: Given | None, leaders: Sequence[Given] = (), headcount: int | None = 300, rule: AnonymityRule = RULE
) -> ChampionOperatorResult:
    result = champion_operator.diagnose(ROLE, responses(ceo, leaders), company_stage(headcount, None), rule)
    assert result is not None
    return result


def gut(ceo: Given | None, leaders: Sequence[Given] = (), present: str | None = None) -> GutCheckResult:
    result = gut_check.diagnose(GUT, responses(ceo, leaders), present, RULE)
    assert result is not None
    return result


def five(pattern: str) -> Given:
    """Return answers to the five questions: ``"yn-yy"`` leaves the third unanswered."""
    words: dict[str, Value] = {"y": "yes", "n": "no"}
    return {item_id: words[mark] for item_id, mark in zip(FIVE, pattern, strict=True) if mark in words}
