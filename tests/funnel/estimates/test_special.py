from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln
from scipy.stats import binom, chi2

from gtmdiag.funnel.estimates.special import binomial_at_most, chi_square_above, log_gamma


def test_log_gamma_other_than_scipy_gives() -> None:
    x = np.concatenate([np.logspace(-6, 7, 14), np.random.default_rng(0).uniform(0.01, 50, 500)])
    np.testing.assert_allclose(log_gamma(x), gammaln(x), rtol=2e-14, atol=2e-14)


@given(st.integers(0, 3000), st.floats(0, 1), st.floats(0, 1))
def test_binomial_tail_other_than_scipy_gives(n: int, share: float, p: float) -> None:
    k = int(share * n)
    assert binomial_at_most(k, n, p) == pytest.approx(binom.cdf(k, n, p), rel=1e-9, abs=1e-14)


@given(st.floats(0, 400), st.integers(1, 300))
def test_chi_square_tail_other_than_scipy_gives(x: float, degrees: int) -> None:
    assert chi_square_above(x, degrees) == pytest.approx(chi2.sf(x, degrees), rel=1e-10, abs=1e-15)
