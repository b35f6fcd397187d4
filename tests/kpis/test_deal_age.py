"""The published rule on deal age says how often skewed ages pass it by themselves."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from gtmdiag.kpis.deal_age import age_sentences, stage_ages


def cells(**ages: list[int]) -> pd.DataFrame:
    rows = [(stage, "open", day, 1) for stage, days in ages.items() for day in days]
    rows += [("A", "won", 900, 5), ("A", "open", -1, 7), ("", "open", 900, 9)]
    return pd.DataFrame(rows, columns=["stage", "outcome", "day", "n"])


def test_deal_that_is_not_open_counts_or_stage_with_few_deals_is_judged() -> None:
    (found,) = stage_ages(cells(A=[10, 10, 10, 10, 100], B=[1, 1, 1, 900]), np.random.default_rng(1))
    assert (found.stage, found.open, found.mean, found.median, found.fires) == ("A", 5, 28, 10, True)
    (sentence,) = age_sentences((found,))
    assert "2.8 times the median" in sentence.text
    assert f"{found.expected:.0%} of cases" in sentence.text


@pytest.mark.parametrize(
    ("spread", "low", "high"), [(0.3, 0.0, 0.001), (math.sqrt(2 * math.log(2)), 0.45, 0.6), (2, 0.99, 1)]
)
def test_expected_rate_that_does_not_follow_the_spread(spread: float, low: float, high: float) -> None:
    # A lognormal's average is exp(σ²/2) medians: twice the median where σ² = 2·ln 2.
    z = np.random.default_rng(7).standard_normal(4000)
    days = np.round(100_000 * np.exp(spread * (z - z.mean()) / z.std())).astype(int)
    (found,) = stage_ages(cells(A=list(days)), np.random.default_rng(1))
    assert found.spread == pytest.approx(spread, rel=0.01)
    assert low <= found.expected <= high
