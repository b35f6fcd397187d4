"""The published rule on deal age says how often skewed ages pass it by themselves."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest

from gtmdiag.funnel.deal_age import age_sentences, open_ages, stage_ages
from gtmdiag.funnel.estimates.period import Stays
from gtmdiag.funnel.weeks import day_number

AS_OF = date(2026, 10, 31)


def stays(ages: list[int], lasted: list[int] | None = None) -> Stays:
    """Return deals that entered so many days ago: open ones, or closed after so many days."""
    days = np.array(ages if lasted is None else lasted, dtype=np.int64)
    cause = np.full(len(ages), -1 if lasted is None else 0, dtype=np.int64)
    entered = day_number(AS_OF) - np.array(ages, dtype=np.int64)
    return Stays(("advanced", "lost"), entered, days, cause, np.ones(len(ages), dtype=np.int64))


def test_stage_with_few_open_deals_is_judged() -> None:
    parts = (stays([10, 10, 10, 10, 100]), stays([1, 1, 1, 900]))
    (found,) = stage_ages(("A", "B"), parts, np.random.default_rng(1), as_of=AS_OF)
    assert (found.stage, found.open, found.mean, found.median, found.fires) == ("A", 5, 28, 10, True)
    chance, fired = age_sentences((found,))
    assert f"in A ({found.expected:.0%})" in chance.text
    assert "2.8 times the median" in fired.text


def test_deal_that_has_left_or_has_not_come_counts_among_the_open_ones() -> None:
    part = stays([30, 20, 10], [10, 12, 9])
    for days, ages in ((31, []), (25, [5]), (20, [0]), (9, [11, 1]), (8, [2]), (1, []), (0, [])):
        assert open_ages(part, AS_OF - timedelta(days=days)).tolist() == ages


@pytest.mark.parametrize(
    ("spread", "low", "high"), [(0.3, 0.0, 0.001), (math.sqrt(2 * math.log(2)), 0.45, 0.6), (2, 0.99, 1)]
)
def test_expected_rate_that_does_not_follow_the_spread(spread: float, low: float, high: float) -> None:
    # A lognormal's average is exp(σ²/2) medians: twice the median where σ² = 2·ln 2.
    z = np.random.default_rng(7).standard_normal(4000)
    days = np.round(100_000 * np.exp(spread * (z - z.mean()) / z.std())).astype(int)
    (found,) = stage_ages(("A",), (stays(days.tolist()),), np.random.default_rng(1), as_of=AS_OF)
    assert found.spread == pytest.approx(spread, rel=0.01)
    assert low <= found.expected <= high
