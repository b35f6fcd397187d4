from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gtmdiag.diagnostics import champion_operator
from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult
from gtmdiag.diagnostics.company import company_stage
from tests.diagnostics.people import (
    BY_VERDICT,
    DOMAINS,
    ROLE,
    ROOM,
    RULE,
    Given,
    pair,
    role,
    role_answers,
    some,
)

VERDICTS = sorted(BY_VERDICT)
STEP = st.integers(1, 5)


def _text(result: ChampionOperatorResult) -> str:
    """Return everything that the result says, whatever field it stands in."""
    return repr(result)


def _said(result: ChampionOperatorResult) -> str:
    return " ".join(sentence.text for sentence in result.sentences)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_the_word_bottleneck_is_never_said_to_an_early_company(verdict: str) -> None:
    answers = role_answers(*BY_VERDICT[verdict])
    for headcount in range(1, 100):
        for ceo, leaders in ((answers, []), (answers, [answers] * 3), (None, [answers] * 3)):
            result = role(ceo, leaders, headcount)
            assert "bottleneck" not in _text(result).lower(), headcount


@pytest.mark.parametrize("headcount", [100, 110, 111, 300, 450, 499])
@pytest.mark.parametrize("verdict", ["hands_on", "operator"])
def test_a_scaling_company_hears_of_the_bottleneck(verdict: str, headcount: int) -> None:
    assert "bottleneck" in _said(role(role_answers(*BY_VERDICT[verdict]), (), headcount))


@pytest.mark.parametrize("headcount", [500, 2000])
def test_a_mature_company_is_sent_to_its_unit_leaders(headcount: int) -> None:
    assert "P&L owner" in _said(role(role_answers(1, 5), (), headcount))


@pytest.mark.parametrize("verdict", VERDICTS)
@pytest.mark.parametrize("headcount", [50, 95, 105, 300, 470, 520, 900])
def test_every_verdict_has_words_for_each_stage_shown(verdict: str, headcount: int) -> None:
    result = role(role_answers(*BY_VERDICT[verdict]), (), headcount)
    told = [one for one in result.sentences if one.trail.rule == "what the role means at this stage"]
    assert len({one.text for one in told}) == len(result.stage.shown)
    assert {one.trail.source for one in told} == {"GJ"}


def test_leaders_alone_hear_what_their_verdict_means_at_the_stage() -> None:
    assert "bottleneck" in _said(role(None, [role_answers(1, 5)] * 3, 300))
    assert "bottleneck" not in _said(role(role_answers(5, 1, 5), [role_answers(1, 5)] * 3, 300))


@given(some(ROLE), st.lists(some(ROLE), max_size=6), st.sampled_from([None, 50, 95, 300, 900]))
def test_every_sentence_says_what_it_rests_on(ceo: Given, leaders: list[Given], headcount: int | None) -> None:
    result = champion_operator.diagnose(ROLE, [], company_stage(headcount, None), RULE)
    assert result is None
    if not ceo:
        return
    result = role(ceo, leaders, headcount)
    known = {item.id for item in ROLE.items} | {"client.yaml, company.headcount"}
    for sentence in result.sentences:
        assert sentence.text.endswith((".", "”."))
        assert sentence.trail.rule
        assert sentence.trail.source in ("CO", "GJ", "suite")
        assert sentence.trail.inputs
        assert set(sentence.trail.inputs) <= known


@given(some(ROLE))
def test_the_balance_is_champion_less_operator_with_its_bounds(ceo: Given) -> None:
    if not ceo:
        return
    reading = role(ceo).ceo
    assert reading is not None
    c, o = reading.champion, reading.operator
    if c.low is None or o.low is None or c.high is None or o.high is None:
        assert reading.balance is None
    else:
        assert reading.balance == (c.low - o.high, c.high - o.low)


@pytest.mark.parametrize(("operator_up", "borderline"), [(15, True), (14, False), (13, False)])
def test_a_verdict_one_step_from_another_is_told_as_borderline(operator_up: int, borderline: bool) -> None:
    answers = role_answers(5, 1, 1, "no")
    items = ROLE.items_of("operator")
    answers |= {item.id: 1 + operator_up // 8 + (n < operator_up % 8) for n, item in enumerate(items)}
    result = role(answers)
    assert result.ceo is not None
    assert result.ceo.borderline == borderline
    assert ("borderline" in _said(result)) == borderline


def test_a_champion_whose_room_test_says_yes_is_called_firm() -> None:
    result = role(role_answers(5, 1, 5, "yes"))
    assert result.ceo is not None
    assert result.ceo.fragility is not None
    assert (result.ceo.fragility.steps, result.ceo.borderline) == (2, False)


def test_missing_answers_are_told_and_no_verdict_is_made_of_them() -> None:
    answers = role_answers(5, 1, 5)
    del answers[ROOM]
    result = role(answers)
    assert result.ceo is not None
    assert (result.ceo.verdict, result.ceo.room, result.ceo.fragility) == (None, None, None)
    assert "between champion and champion, unproven" in _said(result)
    few = {k: v for k, v in role_answers(5, 1, 5).items() if not k.endswith(".autonomy")}
    assert "autonomy of the model (0 of 6)" in _said(role(few))


def _domain(result: ChampionOperatorResult, domain: str = DOMAINS[0]) -> champion_operator.DomainView:
    return next(one for one in result.domains if one.id == domain)


def _fair(champion: int, operator: int) -> Fraction:
    return Fraction(champion + 6 - operator, 2)


@given(st.tuples(STEP, STEP), st.lists(st.tuples(STEP, STEP), min_size=3, max_size=7))
@example((4, 1), [(1, 1), (1, 1), (5, 2)])  # exactly one step above the mean, and less in floats
def test_a_blind_spot_takes_most_leaders_and_their_mean(own: tuple[int, int], others: list[tuple[int, int]]) -> None:
    domain = DOMAINS[0]
    view = _domain(role(pair(domain, *own), [pair(domain, *one) for one in others]))
    scores = [_fair(*one) for one in others]
    gap = _fair(*own) - sum(scores) / len(scores)
    below = [score for score in scores if score <= _fair(*own) - 1]
    assert view.blind_spot == (gap >= 1 and 2 * len(below) > len(scores))
    assert view.gap == pytest.approx(float(gap))
    assert view.n == len(others)


@pytest.mark.parametrize(
    ("others", "blind"),
    [
        ([(4, 2), (4, 2), (4, 2)], True),
        ([(5, 1), (5, 1), (1, 5), (1, 5)], False),
        ([(5, 1), (4, 2), (4, 2)], False),
        ([(1, 1), (1, 1), (1, 1)], True),
        ([(3, 1), (3, 1), (3, 1)], True),
        ([(4, 1), (4, 1), (4, 1)], False),
    ],
    ids=["all a step", "mean but only half", "most but not the mean", "one item far", "one item two", "one item one"],
)
def test_a_blind_spot_is_of_the_domain_and_not_of_an_item(others: list[tuple[int, int]], blind: bool) -> None:
    view = _domain(role(pair(DOMAINS[0], 5, 1), [pair(DOMAINS[0], *one) for one in others]))
    assert view.blind_spot is blind


def test_what_cannot_be_compared_is_not_said_to_be_no_blind_spot() -> None:
    leaders = [role_answers(1, 5)] * 3
    result = role({ROOM: "yes"}, leaders)
    assert {domain.blind_spot for domain in result.domains} == {None}
    assert "blind spot" not in _said(result).lower()
    one = role(pair(DOMAINS[0], 1, 5), leaders)
    assert "No blind spot in the one domain compared" in _said(one)


def test_most_leaders_below_without_their_mean_is_not_denied() -> None:
    leaders = [{**role_answers(3, 3), **pair(DOMAINS[0], *one)} for one in ((5, 1), (4, 2), (4, 2))]
    result = role({**role_answers(3, 3), **pair(DOMAINS[0], 5, 1)}, leaders)
    assert not result.blind_spots
    assert "more favourable than both that of most leaders and their mean" in _said(result)


def test_blind_spots_are_named_by_their_domain_with_the_items_behind_them() -> None:
    leaders = [{**role_answers(3, 3), **pair("resource_allocation", 1, 4)}] * 3
    result = role({**role_answers(3, 3), **pair("resource_allocation", 4, 2)}, leaders)
    assert [domain.id for domain in result.blind_spots] == ["resource_allocation"]
    sentence = next(one for one in result.sentences if one.text.startswith("Blind spot:"))
    assert "resource allocation" in sentence.text
    assert set(sentence.trail.inputs) == {i.id for i in ROLE.items if i.facet in ("champion", "operator")}


def test_the_strongest_habits_are_handed_over_first_and_the_rarest_practices_taken_up_first() -> None:
    answers = role_answers(5, 1)
    for domain, champion, operator in (
        ("metrics_architecture", 3, 3),
        ("removing_obstacles", 1, 5),
        ("system_accountability", 2, 4),
        ("resource_allocation", 4, 2),
    ):
        answers |= pair(domain, champion, operator)
    result = role(answers)
    assert [(step.to, step.answer) for step in result.hand_over] == [("function", 5), ("steward", 4), ("steward", 3)]
    assert [(step.to, step.answer) for step in result.take_up] == [("CEO", 1), ("CEO", 2), ("CEO", 3)]
    assert [step.domain for step in result.take_up] == [step.domain for step in result.hand_over]
    advice = {entry.hand_over.action for entry in ROLE.advice}
    assert all(step.action in advice for step in result.hand_over)


def test_a_ceo_without_operator_habits_has_nothing_to_hand_over() -> None:
    result = role(role_answers(5, 2))
    assert (result.hand_over, result.take_up) == ((), ())


def test_leaders_answers_name_the_steps_where_the_ceo_gave_none() -> None:
    result = role(None, [role_answers(5, 5), role_answers(5, 4), role_answers(5, 4)])
    assert [step.answer for step in result.hand_over] == [4, 4, 4]


@given(some(ROLE, whole=True), st.lists(some(ROLE, whole=True), min_size=3, max_size=6))
def test_the_leaders_verdict_comes_from_their_means_and_middle_room_answer(ceo: Given, leaders: list[Given]) -> None:
    team = role(ceo, leaders).team
    assert team is not None
    high: dict[str, bool] = {}
    for index in (team.champion, team.operator, team.autonomy):
        values = [int(one[item.id]) for one in leaders for item in ROLE.items_of(index.id)]
        truth = 25 * (Fraction(sum(values), len(values)) - 1)
        assert index.low == index.high == float(truth)
        high[index.id] = truth >= 50
    order = ["yes", "partly", "no"]
    rooms = sorted(order.index(str(one[ROOM])) for one in leaders)
    assert team.room == order[rooms[len(rooms) // 2]]
    assert team.verdict is not None
    conditions = ROLE.verdict(team.verdict.id).when
    assert all(high[index] == (level == "high") for index, level in conditions.items())
    assert (team.verdict.id == "champion") <= (team.room != "no")
