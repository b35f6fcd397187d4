from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from gtmdiag.funnel.estimates.multiple import benjamini_hochberg


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_flags_other_than_scipy_gives(p_values: list[float]) -> None:
    found = benjamini_hochberg(p_values, 0.1)
    oracle = false_discovery_control(p_values)
    np.testing.assert_allclose(found.adjusted, oracle, rtol=1e-12)
    assert found.flagged == tuple(a <= 0.1 for a in found.adjusted)


def test_no_tests_or_no_p_values() -> None:
    assert benjamini_hochberg([]).flagged == ()
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([float("nan")])
