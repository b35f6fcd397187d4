from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.funnel.estimates.mix import decompose

SEGMENTS = st.lists(
    st.tuples(st.integers(0, 500), st.floats(0, 1), st.integers(0, 500), st.floats(0, 1)), min_size=1, max_size=12
)


@given(SEGMENTS)
def test_rate_and_mix_that_do_not_add_to_the_change(rows: list[tuple[int, float, int, float]]) -> None:
    n0, r0, n1, r1 = np.array(rows, dtype=float).T
    found = decompose(n0, r0, n1, r1)
    if n0.sum() == 0 or n1.sum() == 0:
        assert found is None
        return
    assert found is not None
    change = (n1 * r1).sum() / n1.sum() - (n0 * r0).sum() / n0.sum()
    assert found.change == pytest.approx(change, abs=1e-12)
    assert found.rate.sum() + found.mix.sum() == pytest.approx(change, abs=1e-12)


def test_every_segment_rises_while_the_total_falls() -> None:
    found = decompose(np.array([50.0, 50]), np.array([0.6, 0.2]), np.array([10.0, 90]), np.array([0.65, 0.25]))
    assert found is not None
    assert found.change == pytest.approx(-0.11)
    np.testing.assert_allclose(found.rate.sum(), 0.05)
    np.testing.assert_allclose(found.mix.sum(), -0.16)
    assert (found.rate > 0).all()


def test_segment_that_is_new_counts_as_mix_alone() -> None:
    found = decompose(np.array([10.0, 0]), np.array([0.5, 0.9]), np.array([10.0, 10]), np.array([0.5, 0.1]))
    assert found is not None
    np.testing.assert_allclose(found.rate, [0, 0])
    assert found.mix.sum() == pytest.approx(-0.2)
