from __future__ import annotations

import pytest

from benchmarks.coverage import of_closed, of_entered, ours, tally, tally_revenue, true_share

ROUNDS = 1_000


@pytest.mark.parametrize("n", [30, 100, 500])
def test_interval_of_a_conversion_that_misses_the_truth_too_often_or_too_rarely(n: int) -> None:
    found = tally(ours, true_share(), n, rounds=ROUNDS, seed=3)
    assert 0.93 <= found.coverage <= 0.97
    assert abs(found.bias) < 0.01


def test_usual_conversions_that_are_no_worse() -> None:
    assert tally(of_entered, true_share(), 500, rounds=200, seed=3).bias < -0.02
    assert tally(of_closed, true_share(), 500, rounds=200, seed=3).bias > 0.02


def test_interval_of_revenue_that_misses_the_truth_too_often() -> None:
    assert 0.92 <= tally_revenue(200, rounds=300, seed=3, draws=400).coverage <= 0.98


@pytest.mark.proof
@pytest.mark.parametrize("n", [30, 100, 500, 2_000])
def test_interval_that_covers_the_truth_too_seldom_or_too_often_over_many_rounds(n: int) -> None:
    found = tally(ours, true_share(), n, rounds=3_000, seed=2)
    assert 0.935 <= found.coverage <= 0.965
    assert abs(found.bias) < 0.005
