"""What-if: the same as solving the funnel by a matrix, in line with the leaks, and nothing for no change."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtmdiag.funnel.leaks import Estimates, estimate
from gtmdiag.funnel.model import Model, solved
from gtmdiag.funnel.what_if import WhatIf, points, what_if
from tests.funnel.made import Move, config, table

MOVES = [
    Move("Lead", "MQL", 4, 400),
    Move("Lead", "SQL", 4, 50),
    Move("Lead", "lost", 9, 550),
    Move("MQL", "SQL", 12, 80),
    Move("MQL", "won", 12, 10, 700),
    Move("MQL", "lost", 25, 310),
    Move("SQL", "won", 20, 20, 900),
    Move("SQL", "lost", 33, 110),
]
AMOUNT = (10 * 700 + 20 * 900) / 30


def estimates(more: str = "") -> Estimates:
    return estimate(table(MOVES), config(more))


def model() -> Model:
    found = estimates().model
    assert found is not None
    return found


def asked(**conversions: float) -> WhatIf:
    found = what_if(model(), conversions)
    assert found is not None
    return found


def by_matrix(lead: float, mql: float, sql: float) -> float:
    """Return e(I − Q)⁻¹r·A, with ways on as in the moves."""
    q = np.array([[0, lead * 400 / 450, lead * 50 / 450], [0, 0, mql * 80 / 90], [0, 0, 0]])
    r = np.array([0, mql * 10 / 90, sql])
    return float(np.array([1000, 0, 0]) @ np.linalg.inv(np.eye(3) - q) @ r * AMOUNT)


share = st.floats(0, 1)


@settings(max_examples=30)
@given(lead=share, mql=share, sql=share)
def test_value_other_than_the_matrix_gives(lead: float, mql: float, sql: float) -> None:
    found = asked(Lead=lead, MQL=mql, SQL=sql)
    now = by_matrix(0.45, 90 / 400, 20 / 130)
    assert now == pytest.approx(30 * AMOUNT)
    assert found.value.estimate == pytest.approx(by_matrix(lead, mql, sql), abs=1e-6)
    assert found.change.estimate == pytest.approx(by_matrix(lead, mql, sql) - now, abs=1e-6)
    for amount in (found.value, found.change):
        assert amount.low <= amount.high


def test_change_told_where_nothing_is_changed() -> None:
    found = asked()
    assert (found.change.estimate, found.change.low, found.change.high) == (0, 0, 0)
    measured = {point.stage: point.conversion for point in points(model())}
    assert asked(**measured).change == found.change


def test_what_if_at_the_target_that_adds_something_else_than_the_leak_says() -> None:
    (leak,) = estimates("targets: {MQL→SQL: 0.35}").leaks
    assert asked(MQL=0.35).change.estimate == pytest.approx(leak.value)


def test_worth_of_a_point_other_than_the_change_by_one() -> None:
    for point in points(model()):
        change = asked(**{point.stage: point.conversion + 0.01}).change
        assert (point.worth.estimate, point.worth.low, point.worth.high) == pytest.approx(
            (change.estimate, change.low, change.high), rel=1e-6
        )
        assert 0 < point.worth.low < point.worth.estimate < point.worth.high


def test_interval_of_a_change_that_misses_the_truth_too_often() -> None:
    rng = np.random.default_rng(2)
    covered, rounds = 0, 150
    truth = 400 * 0.05 * 0.4 * 1000
    for _ in range(rounds):
        mql = int(rng.binomial(400, 0.3))
        won = int(rng.binomial(mql, 0.4))
        euros = rng.gamma(4, 250, won).round().astype(int).tolist()
        moves = [Move("MQL", "SQL", 3, mql), Move("MQL", "lost", 3, 400 - mql), Move("SQL", "lost", 3, mql - won)]
        moves += [Move("SQL", "won", 3, 1, max(amount, 1)) for amount in euros]
        found = estimate(table(moves), config()).model
        assert found is not None
        told = what_if(found, {"MQL": mql / 400 + 0.05})
        assert told is not None
        covered += told.change.low <= truth <= told.change.high
    assert covered / rounds > 0.9


def test_unknown_stage_or_a_share_beyond_one_taken() -> None:
    with pytest.raises(ValueError, match="not a stage"):
        asked(Nothing=0.5)
    with pytest.raises(ValueError, match="between 0 and 1"):
        asked(MQL=1.2)


def test_slider_that_drags_because_each_answer_draws_anew() -> None:
    found = model()
    before = solved(found)
    what_if(found, {"MQL": 0.3})
    what_if(model(), {"MQL": 0.31})
    assert solved(found) is before


def test_money_of_a_funnel_without_any() -> None:
    bare = estimate(table([Move(one.stage, one.to, one.day, one.n) for one in MOVES]), config()).model
    assert bare is not None
    assert what_if(bare, {"MQL": 0.5}) is None
    assert points(bare) == ()
