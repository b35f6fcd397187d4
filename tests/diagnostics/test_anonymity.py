"""Attacks on what a result shows of leaders: by noninterference, by subtraction and by whole-number arithmetic.

Noninterference: what must not be shown may be changed at will without anything in the result changing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations
from statistics import stdev
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult
from gtmdiag.engagement.anonymity import AnonymityRule
from tests.diagnostics.people import DOMAINS, FIVE, GUT, ROLE, Given, five, gut, pair, role, role_answers, some
from tests.instruments.small import options

FIRST = DOMAINS[0]


def _changed(data: st.DataObject, leaders: list[Given], only: set[str] | None = None) -> list[Given]:
    """Return the leaders with other answers to the same questions (to these only, where named)."""
    instrument = ROLE if any(key.startswith("champion") for one in leaders for key in one) else GUT
    return [
        {
            key: data.draw(st.sampled_from(options(instrument, key))) if only is None or key in only else value
            for key, value in sorted(one.items())
        }
        for one in leaders
    ]


def _rarely(leaders: list[Given]) -> set[str]:
    """Return the items that one or two leaders answered."""
    return {key for key, n in Counter(key for one in leaders for key in one).items() if n < 3}


@given(some(ROLE), st.lists(some(ROLE), min_size=1, max_size=2), st.data())
def test_one_or_two_leaders_show_nothing_of_their_answers(
    ceo: Given, leaders: list[Given], data: st.DataObject
) -> None:
    assume(any(leaders))
    result = role(ceo or None, leaders)
    assert result.team is None
    assert result == role(ceo or None, _changed(data, leaders))
    for domain in result.domains:
        shown = (domain.team_champion, domain.team_operator, domain.gap, domain.spread, domain.agreement)
        assert shown == (None, None, None, None, None)
        assert domain.blind_spot is None


@given(some(GUT), st.lists(some(GUT), min_size=1, max_size=2), st.data())
def test_one_or_two_leaders_show_nothing_of_their_gut_check(
    ceo: Given, leaders: list[Given], data: st.DataObject
) -> None:
    assume(any(leaders))
    result = gut(ceo or None, leaders, "distributed")
    assert (result.sides, {one.leaders_yes for one in result.questions}) == (None, {None})
    assert result == gut(ceo or None, _changed(data, leaders), "distributed")


@given(some(ROLE, whole=True), st.lists(some(ROLE), min_size=3, max_size=6), st.data())
def test_a_question_that_few_of_many_answered_shows_nothing_of_it(
    ceo: Given, leaders: list[Given], data: st.DataObject
) -> None:
    assume(sum(map(bool, leaders)) >= 3)
    assert role(ceo, leaders) == role(ceo, _changed(data, leaders, _rarely(leaders)))


def test_two_leaders_who_answered_both_items_of_a_domain_are_not_compared_with_the_ceo() -> None:
    both = pair(FIRST, 1, 5)
    (champion, operator) = ({key: value} for key, value in both.items())
    (view, *_) = role(pair(FIRST, 5, 1), [both, both, champion, operator]).domains
    assert (view.n, view.team_champion, view.team_operator, view.blind_spot) == (2, 1, 5, None)


def test_two_answers_to_the_room_test_are_not_shown_and_decide_nothing() -> None:
    whole = role_answers(5, 1, 5, "no")
    without = {key: value for key, value in whole.items() if not key.endswith(".room")}
    team = role(None, [whole, whole, without]).team
    assert team is not None
    assert (team.room, team.verdict, team.possible) == (None, None, ("champion", "champion_unproven"))


def test_three_leaders_show_means_and_five_a_spread() -> None:
    for n in range(1, 7):
        (view, *_) = role(None, [pair(FIRST, 1 + k % 5, 5 - k % 3) for k in range(n)]).domains
        assert (view.team_champion is not None) == (view.team_operator is not None) == (n >= 3)
        assert (view.spread is not None) == (view.agreement is not None) == (n >= 5)
        yes = gut(None, [five("y----")] * n).questions[0]
        assert (yes.leaders_yes is not None, yes.agreement is not None) == (n >= 3, n >= 5)


def test_the_third_leader_s_arrival_cannot_be_compared_with_anything_shown_before() -> None:
    before = role(None, [role_answers(1, 5), role_answers(2, 4)])
    numbers = [value for view in before.domains for value in (view.team_champion, view.team_operator)]
    assert before.team is None
    assert set(numbers) == {None}
    assert role(None, [role_answers(1, 5), role_answers(2, 4), role_answers(5, 5)]).team is not None


@given(st.lists(some(ROLE, "champion", "operator"), min_size=3, max_size=4), some(ROLE, whole=True), st.data())
def test_below_the_spread_s_minimum_only_each_question_s_sum_counts(
    leaders: list[Given], ceo: Given, data: st.DataObject
) -> None:
    """Whoever gave which answer, the result is the same; a blind spot alone tells where most of them lie."""
    shuffled: list[Given] = [{} for _ in leaders]
    for item in ROLE.items:
        holders = [number for number, one in enumerate(leaders) if item.id in one]
        answers = data.draw(st.permutations([leaders[number][item.id] for number in holders]))
        for number, answer in zip(holders, answers, strict=True):
            shuffled[number][item.id] = answer
    assert _without_blind_spots(role(ceo, leaders)) == _without_blind_spots(role(ceo, shuffled))


def _without_blind_spots(result: ChampionOperatorResult) -> ChampionOperatorResult:
    domains = tuple(replace(domain, blind_spot=None) for domain in result.domains)
    said = tuple(one for one in result.leaders_say if "blind spot" not in one.text.lower())
    return replace(result, domains=domains, leaders_say=said)


def _fits(spread: float, champion_sum: int, operator_sum: int) -> set[int]:
    """Return the answers of a sixth leader, to the champion item only, that agree with a spread of the other five.

    The five scores are halves: the sum of their squares, which spread and mean give, must be a number of quarters.
    """
    found: set[int] = set()
    for sixth in range(1, 6):
        score_sum = (champion_sum - sixth + 5 * 6 - operator_sum) / 2
        quarters = 4 * (4 * spread**2 + score_sum**2 / 5)
        if abs(quarters - round(quarters)) < 1e-6:
            found.add(sixth)
    return found


@pytest.mark.parametrize("sixth", [1, 2, 3, 4, 5])
def test_a_spread_is_held_back_where_it_would_give_away_who_answered_half_a_domain(sixth: int) -> None:
    five_pairs = [(1, 5), (2, 2), (4, 3), (5, 5), (3, 1)]
    spread = stdev([(champion + 6 - operator) / 2 for champion, operator in five_pairs])
    suspects = _fits(spread, sum(champion for champion, _ in five_pairs) + sixth, sum(o for _, o in five_pairs))
    assert sixth in suspects
    assert len(suspects) <= 2, "the attack works when the spread is known"

    half: Given = {f"champion_operator.{FIRST}.champion": sixth}
    leaders = [pair(FIRST, *one) for one in five_pairs]
    (view, *_) = role(None, [*leaders, half]).domains
    assert (view.n, view.spread, view.agreement) == (5, None, None)
    assert view.team_champion is not None
    (whole, *_) = role(None, leaders).domains
    assert whole.spread == pytest.approx(spread)
    (many, *_) = role(None, [*leaders, half, half, half]).domains
    assert many.spread == pytest.approx(spread)


@given(st.lists(some(ROLE, "champion", "operator", "autonomy"), min_size=3, max_size=6))
def test_no_sum_of_one_or_two_answers_follows_from_means_and_indices(leaders: list[Given]) -> None:
    """Each shown figure is a sum of answers; none, and no difference of two, covers one or two answers to an item."""
    leaders = [one for one in leaders if one]
    assume(leaders)
    result = role(None, leaders)
    answered = Counter(key for one in leaders for key in one)
    sums: list[frozenset[str]] = []
    for domain in result.domains:
        for facet, value in (("champion", domain.team_champion), ("operator", domain.team_operator)):
            if value is not None:
                sums += [frozenset([f"champion_operator.{domain.id}.{facet}"])]
    if result.team is not None:
        for index in (result.team.champion, result.team.operator, result.team.autonomy):
            sums += [frozenset(item.id for item in ROLE.items_of(index.id))]
    for one, other in combinations([*sums, frozenset[str]()], 2):
        for items in (one - other, other - one):
            assert all(answered[item] >= 3 for item in items)


@pytest.mark.parametrize(
    ("leaders", "sides"),
    [
        (["yy---", "nnnnn", "-----"], None),
        (["yy---", "nnnnn", "y----"], None),
        (["yy---", "nnnnn", "ynynn"], (2, 1, 0)),
        (["yy---", "nnnnn", "ynynn", "y----"], (2, 1, 1)),
    ],
)
def test_two_leaders_verdicts_are_not_told_beside_those_who_gave_none(
    leaders: list[str], sides: tuple[int, int, int] | None
) -> None:
    names = ("centralized", "distributed", "open")
    rails: Given = {"gut_check.lead_definition.distributed": "no"}
    result = gut(None, [{**rails, **five(one)} for one in leaders])
    assert result.sides == (None if sides is None else tuple(zip(names, sides, strict=True)))
    assert result.leaders == sum(one != "-----" for one in leaders)
    assert bool(result.withheld) == (sides is None)
    assert result.side == ("centralized" if sides == (2, 1, 0) else None)


@given(st.lists(some(ROLE, whole=True), min_size=3, max_size=6), some(ROLE, whole=True))
def test_no_respondent_is_named_anywhere(leaders: list[Given], ceo: Given) -> None:
    said: list[Any] = [role(ceo, leaders), gut(five("yynny"), [five("ynyny")] * len(leaders), "centralized")]
    for name in ("secret-", "respondent-zero", "vp_sales", "cmo", "revops", "cpo"):
        assert name not in repr(said)


def test_leaders_are_never_counted_with_the_ceo() -> None:
    ceo = role_answers(5, 1, 5)
    result = role(ceo, [role_answers(1, 5)] * 2)
    assert (result.leaders, result.team) == (2, None)
    assert "Two leaders have answered" in result.withheld
    assert gut(five("yyyyy"), [five("nnnnn")] * 2).sides is None


def test_settings_can_ask_for_larger_groups() -> None:
    rule = AnonymityRule(group_minimum=5, spread_minimum=3)
    (view, *_) = role(None, [pair(FIRST, 2, 3)] * 4, rule=rule).domains
    assert (view.team_champion, view.spread) == (None, None)
    (view, *_) = role(None, [pair(FIRST, 2, 3)] * 5, rule=rule).domains
    assert (view.team_champion, view.spread) == (2, 0)


def test_every_question_of_the_gut_check_has_a_minimum_of_its_own() -> None:
    leaders = [five("yy---"), five("ny---"), five("y----"), five("y-y--")]
    shares = [one.leaders_yes for one in gut(None, leaders).questions]
    assert len(FIVE) == len(shares)
    assert shares == [0.75, None, None, None, None]
