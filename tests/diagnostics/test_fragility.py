"""The least number of one-step changes, against the search through every state of a small instrument."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.diagnostics.fragility import fragility
from gtmdiag.instruments.load import packaged
from gtmdiag.instruments.scoring import score
from tests.diagnostics.people import BY_VERDICT, GUT, ROLE, ROOM, Given, five, role_answers, some
from tests.instruments.small import completions, options, small

OWN = small()
POSITIONS = {item.id: {value: n for n, value in enumerate(options(OWN, item.id))} for item in OWN.items}
STATES = [(state, score(OWN, state).verdict) for state in completions(OWN, {})]


def _distance(one: Given, other: Given) -> int:
    return sum(abs(places[one[item]] - places[other[item]]) for item, places in POSITIONS.items())


@given(some(OWN))
def test_no_shorter_way_to_another_verdict_exists_and_none_longer_is_told(answers: Given) -> None:
    scored = score(OWN, answers)
    found = fragility(OWN, scored, answers)
    if scored.verdict is None:
        assert found is None
        return
    assert found is not None
    others = [state for state, verdict in STATES if verdict != scored.verdict]
    shortest = min(_distance(one, other) for one in completions(OWN, answers) for other in others)
    assert found.steps == shortest == sum(move.steps for move in found.moves)
    assert found.verdict != scored.verdict


@given(some(ROLE, whole=True), st.data())
def test_fewer_changes_than_told_never_change_the_verdict(answers: Given, data: st.DataObject) -> None:
    scored = score(ROLE, answers)
    found = fragility(ROLE, scored, answers)
    assert found is not None
    changed = dict(answers)
    for _ in range(found.steps - 1):
        item_id = data.draw(st.sampled_from(sorted(changed)))
        values = options(ROLE, item_id)
        place = values.index(changed[item_id]) + data.draw(st.sampled_from([-1, 1]))
        if 0 <= place < len(values):
            changed[item_id] = values[place]
    assert score(ROLE, changed).verdict == scored.verdict


def _from_below(facet: str, steps: int, answers: Given) -> Given:
    """Return the answers with a facet's index so many steps below the threshold (0: just on it)."""
    items = ROLE.items_of(facet)
    total = 2 * len(items) - steps
    return {**answers, **{i.id: 1 + total // len(items) + (n < total % len(items)) for n, i in enumerate(items)}}


@pytest.mark.parametrize(
    ("answers", "steps", "what", "verdict"),
    [
        (_from_below("operator", 1, role_answers(5, 1, 5)), 1, {"Operator habit": 1}, "hands_on"),
        (_from_below("operator", 3, role_answers(5, 1, 5)), 2, {"Room test": 2}, "champion_unproven"),
        (_from_below("autonomy", 2, role_answers(5, 1, 1)), 2, {"Autonomy of the model": 2}, "champion"),
        (_from_below("autonomy", 0, role_answers(5, 1, 5)), 1, {"Autonomy of the model": 1}, "champion_unproven"),
        (_from_below("champion", 0, role_answers(3, 5, 1)), 1, {"Champion practice": 1}, "operator"),
        ({**role_answers(5, 1, 5), ROOM: "partly"}, 1, {"Room test": 1}, "champion_unproven"),
        ({**_from_below("autonomy", 1, role_answers(5, 1, 1)), ROOM: "no"}, 2, None, "champion"),
    ],
)
def test_the_nearest_change_is_named(answers: Given, steps: int, what: dict[str, int] | None, verdict: str) -> None:
    found = fragility(ROLE, score(ROLE, answers), answers)
    assert found is not None
    assert (found.steps, found.verdict) == (steps, verdict)
    if what is not None:
        assert {move.what: move.steps for move in found.moves} == what


@pytest.mark.parametrize("verdict", BY_VERDICT)
def test_a_verdict_from_extreme_answers_is_not_called_fragile(verdict: str) -> None:
    answers = role_answers(*BY_VERDICT[verdict])
    found = fragility(ROLE, score(ROLE, answers), answers)
    assert found is not None
    assert found.steps >= (2 if verdict == "champion" else 12)


def test_autonomy_not_answered_makes_nothing_look_nearer_than_it_is() -> None:
    answers = {k: v for k, v in role_answers(5, 5).items() if not k.endswith((".autonomy", ".room"))}
    found = fragility(ROLE, score(ROLE, answers), answers)
    assert found is not None
    assert found.steps == 17


def test_counts_of_answers_have_a_margin_and_no_fragility() -> None:
    answers = five("yyyyy")
    assert fragility(GUT, score(packaged("gut_check"), answers), answers) is None
