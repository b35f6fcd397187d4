"""Attacks on what the altitude of ownership shows of leaders; what they declare is shown by role, the rest is held."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from gtmdiag.diagnostics.ownership_altitude import OwnershipAltitudeResult
from gtmdiag.engagement.anonymity import AnonymityRule
from tests.diagnostics.owners import ALTITUDE, DECLARED, ID, OWNER, PARTS, altitude, everywhere, right
from tests.diagnostics.people import Given, some
from tests.instruments.small import options

ANSWERS = some(ALTITUDE)
SIGN = f"{ID}.seams.slas"


def _changed(data: st.DataObject, leaders: list[Given], keep: set[str]) -> list[Given]:
    """Return the leaders with other answers to the same questions, those to keep aside."""
    return [
        {
            key: value if key in keep else data.draw(st.sampled_from(options(ALTITUDE, key)))
            for key, value in sorted(one.items())
        }
        for one in leaders
    ]


@given(st.one_of(st.none(), ANSWERS), st.lists(ANSWERS, min_size=1, max_size=2), st.data())
def test_one_or_two_leaders_show_nothing_beside_what_they_declare(
    ceo: Given | None, leaders: list[Given], data: st.DataObject
) -> None:
    assume(any(leaders))
    result = altitude(ceo or None, leaders)
    assert result == altitude(ceo or None, _changed(data, leaders, DECLARED))
    assert result.institution.leaders is None
    assert {part.leaders for part in result.institution.parts} == {None}
    assert result.withheld


@given(ANSWERS, st.lists(ANSWERS, min_size=3, max_size=6), st.data())
def test_a_question_that_few_of_many_answered_shows_nothing_of_it(
    ceo: Given, leaders: list[Given], data: st.DataObject
) -> None:
    assume(any(leaders))
    counts = Counter(key for one in leaders for key in one)
    keep = DECLARED | {key for key, n in counts.items() if n >= 3}
    assert altitude(ceo, leaders) == altitude(ceo, _changed(data, leaders, keep))


@given(ANSWERS, st.lists(ANSWERS, min_size=3, max_size=5), st.data())
def test_who_of_the_leaders_gave_which_answer_changes_nothing(
    ceo: Given, leaders: list[Given], data: st.DataObject
) -> None:
    assume(any(leaders))
    shuffled: list[Given] = [{key: one[key] for key in one.keys() & DECLARED} for one in leaders]
    for item in ALTITUDE.items:
        if item.id not in DECLARED:
            holders = [number for number, one in enumerate(leaders) if item.id in one]
            answers = data.draw(st.permutations([leaders[number][item.id] for number in holders]))
            for number, answer in zip(holders, answers, strict=True):
                shuffled[number][item.id] = answer
    assert altitude(ceo, leaders) == altitude(ceo, shuffled)


def _sums(result: OwnershipAltitudeResult) -> list[frozenset[str]]:
    """Return the questions that each shown figure of the leaders sums up."""
    parts = [frozenset([f"{ID}.{part.id}.in_place"]) for part in result.institution.parts if part.leaders is not None]
    index = result.institution.leaders
    return parts + ([frozenset(PARTS)] if index is not None and index.low is not None else [])


@given(st.lists(some(ALTITUDE, "in_place"), min_size=3, max_size=6))
def test_no_sum_of_one_or_two_answers_follows_from_parts_and_index(leaders: list[Given]) -> None:
    """The index less any number of parts is a sum over whole parts: none of them may have one or two answers."""
    assume(any(leaders))
    answered = Counter(key for one in leaders for key in one)
    sums = _sums(altitude(None, leaders))
    for n in range(1, 4):
        for chosen in combinations(sums, n):
            assert all(answered[item] >= 3 for item in frozenset[str]().union(*chosen))


def test_an_added_respondent_never_reveals_a_group_that_was_held_back() -> None:
    """Reports of two waves side by side: before there was no figure to subtract from the figure after."""
    one: Given = {OWNER: "sales", SIGN: "yes", **dict.fromkeys(PARTS, 2)}
    other: Given = {OWNER: "nobody", SIGN: "no", **dict.fromkeys(PARTS, 0)}
    before, after = altitude(None, [one, other]), altitude(None, [one, other, other])
    assert _sums(before) == []
    assert len(_sums(after)) == 10
    assert "leaders" not in str([mode.evidence for mode in before.modes])
    partly = altitude(None, [one, other, {OWNER: "sales", PARTS[0]: 2}])
    assert _sums(partly) == [frozenset(PARTS[:1])], "the third leader's one answer shows one part and no index"


def test_evidence_counts_only_those_who_answered_and_never_fewer_than_three() -> None:
    yes: Given = {SIGN: "yes"}
    for n in range(7):
        others: Given = {OWNER: "unsure"}
        leaders = [yes] * n + [others] * 4
        (mode,) = (mode for mode in altitude(None, leaders).modes if mode.id == "seams")
        answer = next(one.answer for one in mode.evidence if "response times" in one.text)
        assert answer == (f"{n} of {n} leaders: yes" if n >= 3 else "not shown" if n else "not answered")


def test_declared_positions_are_shown_by_role_however_few_declare_them() -> None:
    item = right("market_thesis", "decides")
    result = altitude(None, [{OWNER: "sales", item: "sales"}])
    assert result.ownership is not None
    assert [(one.role, one.answer) for one in result.ownership.positions] == [("VP Sales", "Sales")]
    assert [one.role for one in result.decisions[0].decides.positions] == ["VP Sales"]


def test_the_ceo_s_answers_are_named_and_never_counted_among_the_leaders() -> None:
    whole: Given = {OWNER: "ceo_in_name", SIGN: "no", **dict.fromkeys(PARTS, 2)}
    leaders: list[Given] = [{SIGN: "yes", **dict.fromkeys(PARTS, 0)}] * 2
    result = altitude(whole, leaders)
    assert result.leaders == 2
    assert {part.ceo for part in result.institution.parts} == {"Yes"}
    assert {part.leaders for part in result.institution.parts} == {None}
    assert "CEO: no" in [one.answer for mode in result.modes for one in mode.evidence]
    assert result.withheld.startswith("Two leaders have answered")


def test_settings_can_ask_for_larger_groups() -> None:
    rule = AnonymityRule(group_minimum=5)
    leaders: list[Given] = [dict.fromkeys(PARTS, 1)] * 5
    assert altitude(None, leaders[:4], rule=rule).institution.leaders is None
    assert altitude(None, leaders, rule=rule).institution.leaders is not None


@given(ANSWERS, st.lists(ANSWERS, min_size=1, max_size=6))
def test_no_respondent_is_named_anywhere(ceo: Given, leaders: list[Given]) -> None:
    result = altitude({OWNER: "nobody", **ceo}, [{**everywhere("sales"), **one} for one in leaders])
    for name in ("secret-", "respondent-zero", "vp_sales", "vp_cs"):
        assert name not in repr(replace(result, decisions=result.decisions))
