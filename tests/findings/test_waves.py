"""Waves side by side: noise, the anonymity rule in both and in their difference, answers to earlier versions."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.diagnostics.company import company_stage
from gtmdiag.engagement.action_log import ActionLog
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.folder import Respondent
from gtmdiag.engagement.roles import known_roles
from gtmdiag.engagement.schema import Client, InstrumentAnswers
from gtmdiag.engagement.yamlfile import parse_yaml
from gtmdiag.findings.wave_moves import RETEST, may_compare
from gtmdiag.findings.waves import Waves, compare_waves
from gtmdiag.instruments.answers import check_answers, responses
from gtmdiag.instruments.crosswalk import present_answers
from gtmdiag.instruments.load import PACKAGED, packaged
from gtmdiag.instruments.schema import Crosswalk
from tests.diagnostics.people import Given, role_answers

RULE, STAGE = AnonymityRule(), company_stage(300, None)
INSTRUMENTS = {name: packaged(name) for name in PACKAGED}
CLIENT = Client(id="acme", name="Acme")
PEOPLE = ("vp_sales", "cmo", "revops", "cpo", "cfo", "vp_cs")


def person(name: str, role: str, given: Given) -> Respondent:
    answers = {"champion_operator": InstrumentAnswers(version="1", items=given)}
    return Respondent(name, role, known_roles()[role].function, answers, "file", parse_yaml("a: 1", "file"))


def wave(given: Given, *names: str) -> tuple[Respondent, ...]:
    leaders = [person(name, PEOPLE[number], given) for number, name in enumerate(names)]
    return (person("boss", "ceo", given), *leaders)


def compared(**waves: tuple[Respondent, ...]) -> Waves:
    found = compare_waves(waves, INSTRUMENTS, CLIENT, STAGE, ActionLog())
    assert found is not None
    return found


def readings(found: Waves) -> Mapping[tuple[str, str], str]:
    return {(one.id, one.who): one.reading for one in found.moves}


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
def test_difference_of_two_groups_that_tells_of_fewer_than_the_minimum(one: set[int], two: set[int]) -> None:
    groups = [frozenset(map(str, one)), frozenset(map(str, two))]
    joined, left = len(two - one), len(one - two)
    assert may_compare(groups, RULE) == (joined in (0, *range(3, 11)) and left in (0, *range(3, 11)))
    assert may_compare(groups, RULE) == may_compare(groups[::-1], RULE)


def test_figure_of_an_earlier_wave_beside_one_that_one_person_joined() -> None:
    before, after = role_answers(2, 4), role_answers(5, 1)
    same = compared(a=wave(before, "p", "q", "r"), b=wave(after, "p", "q", "r"))
    assert readings(same)["champion", "Leaders"] == "moved"
    joined = compared(a=wave(before, "p", "q", "r"), b=wave(after, "p", "q", "r", "s"))
    moves = {(one.id, one.who): one for one in joined.moves}
    assert moves["champion", "Leaders"].reading == "withheld"
    assert moves["champion", "Leaders"].values[0] is None
    assert moves["champion", "Leaders"].change is None
    assert moves["champion", "CEO"].reading == "moved", "the CEO's answers are the CEO's"
    assert joined.withheld
    assert not [one for one in joined.findings if one.finding.startswith("champion_operator")]
    other = compared(a=wave(before, "p", "q", "r"), b=wave(after, "s", "t", "u"))
    assert readings(other)["champion", "Leaders"] == "moved"


def test_change_called_more_than_noise_that_lies_within_it() -> None:
    few = role_answers(3, 3)
    first = next(name for name in few if name.endswith(".champion"))
    found = compared(a=wave(few, "p", "q", "r"), b=wave({**few, first: 4}, "p", "q", "r"))
    moves = {(one.id, one.who): one for one in found.moves}
    ceo = moves["champion", "CEO"]
    assert ceo.change == pytest.approx(25 / 8)
    assert ceo.noise is not None
    assert ceo.noise == pytest.approx(1.96 * sqrt(2 / 8) * RETEST * 25)
    assert ceo.reading == "within noise"
    assert moves["champion", "Leaders"].noise == pytest.approx(ceo.noise / sqrt(3))


def test_missing_answers_that_count_as_a_change() -> None:
    whole = role_answers(3, 3)
    first = next(name for name in whole if name.endswith(".champion"))
    partly = {name: value for name, value in whole.items() if name != first}
    found = compared(a=wave(partly), b=wave(whole))
    assert {one.change for one in found.moves} == {0.0}


def test_one_wave_compared_with_itself() -> None:
    assert compare_waves({"a": wave(role_answers(3, 3))}, INSTRUMENTS, CLIENT, STAGE, ActionLog()) is None


def test_answers_to_an_earlier_version_lost_or_refused() -> None:
    instrument = packaged("champion_operator")
    new = instrument.items[0].id
    walk = Crosswalk(
        version="0", items={"champion_operator.old.champion": new, "champion_operator.gone.operator": None}
    )
    changed = instrument.model_copy(update={"version": "2", "crosswalk": (walk,)})
    items = {"champion_operator.old.champion": 4, "champion_operator.gone.operator": 5, instrument.items[1].id: 2}
    old = InstrumentAnswers(version="0", hash="0" * 64, items=items)
    assert present_answers(changed, old) == {new: 4, instrument.items[1].id: 2}
    one = Respondent("p", "cmo", "marketing", {"champion_operator": old}, "file", parse_yaml("a: 1", "file"))
    (given_,) = responses((one,), {"champion_operator": changed})["champion_operator"]
    assert given_.answers[new] == 4
    assert list(check_answers(one, {"champion_operator": changed})) == []
    assert len(list(check_answers(one, {"champion_operator": instrument}))) == 3, "two ids and another version"
