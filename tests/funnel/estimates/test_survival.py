from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import CensoredData, ecdf

from gtmdiag.funnel.estimates.survival import survival
from tests.funnel.estimates.stays import STAYS, Stay, exits_of, random_stays


@pytest.mark.filterwarnings("ignore:The confidence interval is undefined")
@pytest.mark.parametrize("seed", range(20))
def test_share_still_open_or_variance_other_than_scipy_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    stays = random_stays(rng, int(rng.integers(10, 800)))
    ours = survival(exits_of(stays))
    days = {True: [s[0] for s in stays if s[1] == "open"], False: [s[0] for s in stays if s[1] != "open"]}
    oracle = ecdf(CensoredData(uncensored=days[False], right=days[True])).sf
    np.testing.assert_allclose(ours.still_open, oracle.evaluate(ours.days), rtol=0, atol=1e-12)
    z = 1.959963984540054
    told = (ours.still_open > 0) & (ours.still_open < 1)
    low = oracle.confidence_interval(method="linear").low.evaluate(ours.days)[told]
    plain = (ours.still_open - z * np.sqrt(ours.variance))[told]
    np.testing.assert_allclose(np.maximum(plain, 0), low, rtol=0, atol=1e-12)


@given(STAYS)
def test_quartiles_out_of_order_or_outside_their_intervals(stays: list[Stay]) -> None:
    found = survival(exits_of(stays))
    last = -1
    for quantile in found.quantiles([0.25, 0.5, 0.75]):
        day = quantile.day if quantile.day is not None else 10**9
        assert last <= day
        assert quantile.low is None or quantile.low <= day
        assert quantile.high is None or day <= quantile.high
        last = day


def test_median_of_ten_closed_deals_by_hand() -> None:
    found = survival(exits_of([(day, "lost", 1) for day in range(1, 11)]))
    assert found.quantiles([0.5])[0].day == 5
    assert found.quantiles([0.9])[0].day == 9
    # Wilson's interval holds one half from 8 of 10 still there (49 % to 94 %) until 2 of 10 (6 % to 51 %).
    assert (found.quantiles([0.5])[0].low, found.quantiles([0.5])[0].high) == (2, 9)


def test_median_told_though_half_never_left() -> None:
    found = survival(exits_of([(3, "advanced", 1), (9, "open", 1), (9, "open", 1)]))
    assert found.quantiles([0.5])[0].day is None
    assert found.quantiles([0.25])[0].day == 3


def test_restricted_mean_by_hand() -> None:
    mean = survival(exits_of([(0, "lost", 1), (2, "lost", 1)])).restricted_mean(10)
    assert mean is not None
    # Whole days 0 and 2 stand for half a day and two and a half.
    assert (mean.days, mean.horizon_days) == (1.5, 10)
    watched = survival(exits_of([(1, "lost", 1), (4, "open", 1)])).restricted_mean(10)
    assert watched is not None
    assert (watched.days, watched.horizon_days) == (1 + 0.75 + 0.5 + 0.5, 4)


def test_stays_that_do_not_differ_give_no_interval_of_the_mean() -> None:
    mean = survival(exits_of([(4, "lost", 1)] * 3)).restricted_mean(10)
    assert mean is not None
    assert (mean.days, mean.low, mean.high) == (4.5, None, None)


def test_interval_of_the_restricted_mean_that_misses_the_truth() -> None:
    rng = np.random.default_rng(5)
    horizon, hits = 30, 0
    truth = 12 * (1 - np.exp(-horizon / 12))
    for _ in range(250):
        stays, watched = rng.exponential(12, 150), rng.uniform(0, 60, 150)
        found = survival(
            exits_of([(int(min(s, w)), "lost" if s < w else "open", 1) for s, w in zip(stays, watched, strict=True)])
        ).restricted_mean(horizon)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= truth <= found.high
    assert 0.91 <= hits / 250 <= 0.98


def test_quarter_of_exponential_stays_beyond_twice_the_median() -> None:
    days = np.random.default_rng(1).exponential(1000, 4000)
    exits = exits_of([(int(day), "lost", 1) for day in days] + [(5000, "open", 1)])
    found = survival(exits)
    median = found.quantiles([0.5])[0].day
    assert median is not None
    beyond = found.beyond(exits, 2 * median)
    assert beyond is not None
    assert beyond.expected.estimate == pytest.approx(0.25, abs=0.02)
    assert beyond.expected.low < beyond.expected.estimate < beyond.expected.high
    assert (beyond.open, beyond.of_open) == (1, 1)
