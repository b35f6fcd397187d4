from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import betaln
from scipy.stats import beta, chi2_contingency

from gtmdiag.funnel.estimates.segments import heterogeneity, shrink


def test_posterior_other_than_a_fine_grid_gives() -> None:
    k, n = np.array([2.0, 9, 5, 30, 0]), np.array([10.0, 20, 25, 60, 0])
    found = shrink(np.divide(k, n, out=np.zeros(5), where=n > 0), n)
    axis = (np.arange(300) + 0.5) / 300
    m, s = (grid.ravel() for grid in np.meshgrid(axis, axis))
    a, b = m / s**2, (1 - m) / s**2
    logs = np.zeros(len(a))
    for x, y in zip(k, n, strict=True):
        logs += betaln(a + x, b + y - x) - betaln(a, b)
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    for i in range(5):
        np.testing.assert_allclose(found.mean[i], weight @ ((a + k[i]) / (a + b + n[i])), atol=0.001)
        for bound, share in ((found.low[i], 0.025), (found.high[i], 0.975)):
            assert weight @ beta.cdf(bound, a + k[i], b + n[i] - k[i]) == pytest.approx(share, abs=0.003)


def test_best_of_eight_equal_quarters_that_stays_a_phantom() -> None:
    rng = np.random.default_rng(4)
    best, shrunk, covered, rejected = [], [], [], 0
    for _ in range(60):
        shares = rng.binomial(50, 0.3, 8) / 50
        found = shrink(shares, np.full(8, 50.0))
        best.append(shares.max())
        shrunk.append(found.mean.max())
        covered.append(((found.low <= 0.3) & (found.high >= 0.3)).mean())
        test = heterogeneity(shares, np.full(8, 50.0))
        assert test is not None
        rejected += test.p_value < 0.05
    assert np.mean(best) > 0.38
    assert np.mean(shrunk) < 0.34
    assert np.mean(covered) > 0.95
    assert rejected <= 8


def test_segments_that_truly_differ_drawn_together_all_the_same() -> None:
    found = shrink(np.array([0.1, 0.5, 0.9]), np.full(3, 2000.0))
    np.testing.assert_allclose(found.mean, [0.1, 0.5, 0.9], atol=0.01)
    assert found.spread > 0.2


def test_ten_thousand_segments_or_none_that_fail() -> None:
    rng = np.random.default_rng(1)
    n = rng.integers(0, 12, 10_000).astype(float)
    shares = rng.binomial(n.astype(int), rng.beta(6, 14, 10_000)) / np.maximum(n, 1)
    found = shrink(shares, n)
    assert found.centre == pytest.approx(0.3, abs=0.02)
    assert found.spread == pytest.approx((0.3 * 0.7 / 21) ** 0.5, abs=0.02)
    assert shrink(np.zeros(0), np.zeros(0)).mean.shape == (0,)
    assert heterogeneity(np.array([0.5]), np.array([9.0])) is None


def test_heterogeneity_other_than_scipy_gives() -> None:
    k, n = np.array([12, 30, 9]), np.array([40, 60, 50])
    oracle: Any = chi2_contingency(np.stack([k, n - k]), correction=False)
    found = heterogeneity(k / n, n.astype(float))
    assert found is not None
    assert (found.chi_square, found.p_value) == pytest.approx((oracle.statistic, oracle.pvalue))
