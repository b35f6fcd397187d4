"""Indices and verdicts against plain arithmetic and the enumeration of everything that the missing answers may be."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.instruments.load import PACKAGED, packaged
from gtmdiag.instruments.schema import Instrument, Value
from gtmdiag.instruments.scoring import Answers, pooled_index, score
from tests.instruments.small import SMALL, completions, load_text, options, plain, small

INDEXED = [one for one in map(packaged, PACKAGED) if any(index.method == "mean" for index in one.indices)]
ROLE, GUT, OWN = packaged("champion_operator"), packaged("gut_check"), small()
ROOM = "champion_operator.four_weeks_away.room"


def some_answers(instrument: Instrument, fewest: int = 0) -> st.SearchStrategy[dict[str, Value]]:
    """Return answers with any of them missing."""
    every = {item.id: st.sampled_from(options(instrument, item.id)) for item in instrument.items}
    return st.lists(st.sampled_from(sorted(every)), unique=True, min_size=fewest, max_size=len(every)).flatmap(
        lambda ids: st.fixed_dictionaries({item_id: every[item_id] for item_id in ids})
    )


def whole(champion: float, operator: float, autonomy: float, room: str = "yes") -> dict[str, Value]:
    """Return answers to every item whose indices are the multiples of a step that come nearest from below."""
    answers: dict[str, Value] = {ROOM: room}
    for facet, index in (("champion", champion), ("operator", operator), ("autonomy", autonomy)):
        items = ROLE.items_of(facet)
        steps = int(index / 100 * 4 * len(items) + 1e-9)
        for number, item in enumerate(items):
            answers[item.id] = 1 + steps // len(items) + (number < steps % len(items))
    return answers


def truth(champion: float, operator: float, autonomy: float, room: Value) -> str:
    """Return the verdict by the published table, written down a second time."""
    if champion >= 50 and operator >= 50:
        return "hands_on"
    if operator >= 50:
        return "operator"
    if champion >= 50:
        return "champion" if autonomy >= 50 and room != "no" else "champion_unproven"
    return "self_running" if autonomy >= 50 else "absent"


def mean_index(facet: str, answers: Mapping[str, Value]) -> float:
    values = [Fraction(int(answers[item.id])) for item in ROLE.items_of(facet)]
    return float(100 * (sum(values) / len(values) - 1) / 4)


@pytest.mark.parametrize("room", ["yes", "partly", "no"])
@pytest.mark.parametrize("autonomy", [0, 49.99, 50, 100])
@pytest.mark.parametrize("operator", [0, 49.99, 50, 100])
@pytest.mark.parametrize("champion", [0, 49.99, 50, 100])
def test_the_verdict_table_holds_up_to_the_threshold_and_on_it(
    champion: float, operator: float, autonomy: float, room: str
) -> None:
    answers = whole(champion, operator, autonomy, room)
    scored = score(ROLE, answers)
    for index in scored.indices:
        assert index.complete
        assert index.low == index.high == mean_index(index.id, answers)
    assert scored.verdict == truth(champion, operator, autonomy, room)
    assert scored.possible == (scored.verdict,)


def _with_thresholds(high_from: float) -> Instrument:
    data = plain(ROLE)
    for rule in data["indices"]:
        rule["high_from"] = high_from
    return Instrument.model_validate(data)


def test_half_is_high_and_a_hair_below_the_threshold_is_low() -> None:
    half = whole(50, 50, 50)
    assert score(ROLE, half).verdict == "hands_on"
    assert score(_with_thresholds(50.01), half).verdict == "absent"
    assert score(_with_thresholds(49.99), half).verdict == "hands_on"


@given(some_answers(ROLE, fewest=len(ROLE.items)))
def test_whole_answers_score_as_the_formula_says(answers: Answers) -> None:
    scored = score(ROLE, answers)
    indices = {facet: mean_index(facet, answers) for facet in ("champion", "operator", "autonomy")}
    assert {index.id: index.low for index in scored.indices} == indices
    assert scored.verdict == truth(**indices, room=answers[ROOM])


@pytest.mark.parametrize("instrument", INDEXED, ids=lambda one: one.id)
@given(st.data())
def test_raising_an_answer_never_lowers_its_index(instrument: Instrument, data: st.DataObject) -> None:
    answers = data.draw(some_answers(instrument))
    rule = data.draw(st.sampled_from([one for one in instrument.indices if one.method == "mean"]))
    item = data.draw(st.sampled_from(instrument.items_of(rule.facet)))
    steps = sorted(int(value) for value in options(instrument, item.id))
    place = data.draw(st.integers(0, len(steps) - 2))
    before, after = (score(instrument, {**answers, item.id: value}) for value in steps[place : place + 2])
    for one, other in zip(before.indices, after.indices, strict=True):
        assert (one.low is None) == (other.low is None)
        assert (other.low or 0) >= (one.low or 0)
        assert (other.high or 0) >= (one.high or 0)
        assert one == other or one.id == rule.id


@given(some_answers(ROLE), st.data())
def test_an_answer_more_only_narrows_what_is_left_open(answers: dict[str, Value], data: st.DataObject) -> None:
    missing = [item.id for item in ROLE.items if item.id not in answers]
    if not missing:
        return
    item_id = data.draw(st.sampled_from(missing))
    more = {**answers, item_id: data.draw(st.sampled_from(options(ROLE, item_id)))}
    before, after = score(ROLE, answers), score(ROLE, more)
    for one, other in zip(before.indices, after.indices, strict=True):
        if one.low is not None and one.high is not None:
            assert other.low is not None
            assert other.high is not None
            assert one.low <= other.low <= other.high <= one.high
    if before.possible:
        assert set(after.possible) <= set(before.possible)
        assert after.possible
    if before.verdict:
        assert after.verdict == before.verdict


@given(st.data())
def test_bounds_and_possible_verdicts_are_those_of_all_completions(data: st.DataObject) -> None:
    answers = data.draw(some_answers(OWN))
    scored = score(OWN, answers)
    every = [score(OWN, one) for one in completions(OWN, answers)]
    for index in scored.indices:
        values = [one.index(index.id).low or 0.0 for one in every]
        if index.low is None:
            assert index.answered < 0.5 * index.items
        else:
            assert (index.low, index.high) == (min(values), max(values))
    verdicts = {one.verdict for one in every}
    if all(index.low is not None for index in scored.indices):
        assert set(scored.possible) == verdicts
        assert scored.verdict == (verdicts.pop() if len(verdicts) == 1 else None)


def test_a_negative_item_counts_the_other_way_round() -> None:
    worst: dict[str, Value] = {"own.first.bad": 1, "own.second.bad": 3}
    best: dict[str, Value] = {"own.first.bad": 3, "own.second.bad": 1}
    assert [score(OWN, one).index("bad").low for one in (worst, best)] == [0, 100]


def _first(facet: str, n: int) -> list[str]:
    return [item.id for item in ROLE.items_of(facet)[:n]]


@pytest.mark.parametrize(
    ("facet", "answered", "has_index"),
    [
        ("champion", 8, True),
        ("champion", 6, True),
        ("champion", 5, False),
        ("operator", 6, True),
        ("operator", 5, False),
        ("autonomy", 5, True),
        ("autonomy", 4, False),
        ("autonomy", 0, False),
    ],
)
def test_there_is_no_index_below_three_quarters_of_the_answers(facet: str, answered: int, has_index: bool) -> None:
    everything = whole(100, 0, 100)
    kept = _first(facet, answered)
    answers = {k: v for k, v in everything.items() if k.split(".")[2] != facet or k in kept}
    scored = score(ROLE, answers)
    index = scored.index(facet)
    assert (index.low is not None, index.high is not None) == (has_index, has_index)
    assert (index.answered, index.items) == (answered, len(ROLE.items_of(facet)))
    if not has_index:
        assert (scored.verdict, scored.possible) == (None, ())


def test_a_share_that_floats_cannot_hold_is_still_met_by_the_answers_that_make_it() -> None:
    assert 0.28 * 25 > 7
    data = plain(ROLE)
    data["indices"], data["verdicts"] = [{**data["indices"][0], "complete_from": 0.28}], []
    first = data["items"][0]
    data["items"] = [{**first, "id": f"champion_operator.{domain}.champion"} for domain in ascii_lowercase[:25]]
    instrument = Instrument.model_validate(data)
    answers: dict[str, Value] = {item.id: 5 for item in instrument.items[:7]}
    assert score(instrument, answers).index("champion").low == 28


@pytest.mark.parametrize(("champion", "verdict"), [(100, "hands_on"), (0, "operator")])
def test_a_verdict_that_autonomy_cannot_change_stands_without_it(champion: int, verdict: str) -> None:
    answers = {k: v for k, v in whole(champion, 100, 0).items() if not k.endswith((".autonomy", ".room"))}
    assert score(ROLE, answers).verdict == verdict


@pytest.mark.parametrize(
    ("autonomy", "verdict", "possible"),
    [
        (100, None, ("champion", "champion_unproven")),
        (0, "champion_unproven", ("champion_unproven",)),
    ],
)
def test_the_room_test_missing_leaves_open_only_what_it_decides(
    autonomy: int, verdict: str | None, possible: tuple[str, ...]
) -> None:
    answers = whole(100, 0, autonomy)
    del answers[ROOM]
    scored = score(ROLE, answers)
    assert (scored.verdict, scored.possible) == (verdict, possible)


def test_many_missing_answers_that_cannot_change_the_verdict_leave_it_named() -> None:
    data = plain(ROLE)
    data["items"] += [
        {**item, "id": item["id"].replace(".", f".{more}_", 1)}
        for more in ("more", "still_more")
        for item in data["items"]
        if "room" not in item["id"]
    ]
    instrument = Instrument.model_validate(data)
    answers: dict[str, Value] = {}
    for facet, value in (("champion", 5), ("operator", 1), ("autonomy", 1)):
        items = instrument.items_of(facet)
        answers |= {item.id: value for item in items[: -(len(items) * -3 // 4)]}
    assert sum(item.id not in answers for item in instrument.items) == 17
    scored = score(instrument, answers)
    assert (scored.verdict, scored.possible) == ("champion_unproven", ("champion_unproven",))


def test_no_verdict_is_named_when_some_completion_has_none() -> None:
    data = plain(ROLE)
    data["verdicts"] = data["verdicts"][:1]
    instrument = Instrument.model_validate(data)
    answers = whole(100, 0, 100)
    del answers[ROOM]
    assert score(instrument, answers).verdict is None
    assert score(instrument, {**answers, ROOM: "partly"}).verdict == "champion"


@given(st.lists(some_answers(ROLE), min_size=1, max_size=6))
def test_a_group_s_index_is_the_mean_over_all_its_answers(group: list[dict[str, Value]]) -> None:
    for rule in ROLE.indices:
        items = ROLE.items_of(rule.facet)
        index = pooled_index(ROLE, rule, group)
        given_ones = [int(one[item.id]) for one in group for item in items if item.id in one]
        missing = len(group) * len(items) - len(given_ones)
        assert (index.answered, index.items) == (len(given_ones), len(group) * len(items))
        if 4 * index.answered < 3 * index.items:
            assert index.low is index.high is None
            continue
        low, high = (
            float(Fraction(25 * (sum(given_ones) + missing * end - index.items), index.items)) for end in (1, 5)
        )
        assert (index.low, index.high) == (low, high)


def test_a_group_whose_mean_is_exactly_half_is_high() -> None:
    rule = next(rule for rule in ROLE.indices if rule.id == "autonomy")
    items = ROLE.items_of("autonomy")
    for steps in ((1, 11, 24), (5, 7, 24), (2, 13, 21), (10, 11, 15), (1, 5, 7, 23, 24)):
        group: list[dict[str, Value]] = [
            {item.id: 1 + own // 6 + (number < own % 6) for number, item in enumerate(items)} for own in steps
        ]
        index = pooled_index(ROLE, rule, group)
        assert (index.low, index.sides(50)) == (50, ("high",))


def test_nobody_in_a_group_gives_no_index() -> None:
    assert pooled_index(ROLE, ROLE.indices[0], ()).low is None


@given(some_answers(GUT))
def test_counts_are_bounded_by_what_the_missing_answers_may_be(answers: Answers) -> None:
    items = [item.id for item in GUT.items_of("centralize")]
    index = score(GUT, answers).index("yes_count")
    yes, missing = [answers.get(one) for one in items].count("yes"), sum(one not in answers for one in items)
    assert (index.low, index.high) == (yes, yes + missing)


def test_an_own_instrument_is_scored_by_the_same_code(tmp_path: Path) -> None:
    own = load_text(tmp_path, SMALL)
    answers: dict[str, Value] = {
        "own.first.good": 3,
        "own.second.good": 1,
        "own.first.bad": 2,
        "own.second.bad": 3,
        "own.first.room": "partly",
    }
    scored = score(own, answers)
    assert [(index.id, index.low) for index in scored.indices] == [("good", 50), ("bad", 25)]
    assert scored.verdict == "proven"
    assert score(own, {**answers, "own.first.room": "no"}).verdict == "unproven"
