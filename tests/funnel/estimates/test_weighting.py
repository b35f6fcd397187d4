from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.weighting import value_conversion
from tests.funnel.estimates.stays import STAYS, Stay, exits_of, random_stays


@settings(max_examples=30)
@given(STAYS, st.integers(0, 14))
def test_variance_other_than_each_deals_weight_moved_a_little_gives(stays: list[Stay], horizon: int) -> None:
    found = value_conversion(exits_of(stays), "advanced", horizon)
    assert found is not None
    total = sum(a for _, _, a in stays)

    def share(weights: list[float]) -> float:
        changed = [(day, outcome, weight) for (day, outcome, _), weight in zip(stays, weights, strict=True)]
        moved = value_conversion(exits_of(changed), "advanced", found.horizon_days)  # type: ignore[arg-type]
        assert moved is not None
        return moved.estimate

    weights = [a / total for _, _, a in stays]
    variance = 0.0
    for i, weight in enumerate(weights):
        up, down = weights.copy(), weights.copy()
        up[i], down[i] = weight * (1 + 1e-5), weight * (1 - 1e-5)
        variance += ((share(up) - share(down)) / 2e-5) ** 2
    assert found.variance == pytest.approx(variance, rel=1e-4, abs=1e-9)
    assert 0 <= found.low <= found.estimate <= found.high <= 1


def test_equal_amounts_that_change_the_share_or_its_variance() -> None:
    stays = [(day, outcome, 500) for day, outcome, _ in random_stays(np.random.default_rng(2), 400)]
    exits = exits_of(stays)
    plain, weighted = incidence(exits).at("advanced", 20), value_conversion(exits, "advanced", 20)
    assert plain is not None
    assert weighted is not None
    assert weighted.estimate == pytest.approx(plain.estimate, abs=1e-12)
    assert weighted.variance == pytest.approx(plain.variance, rel=0.02)


def test_interval_that_forgets_the_spread_of_amounts() -> None:
    rng, hits, narrow = np.random.default_rng(6), 0, 0
    for _ in range(300):
        amounts = rng.lognormal(8, 1, 200).astype(int) + 1
        won = rng.random(200) < 0.4
        stays = [(1, "won" if w else "lost", int(a)) for w, a in zip(won, amounts, strict=True)]
        found = value_conversion(exits_of(stays), "advanced", 5)
        assert found is not None
        hits += found.low <= 0.4 <= found.high
        narrow += abs(found.estimate - 0.4) <= 1.96 * (0.4 * 0.6 / 200) ** 0.5
    assert 0.92 <= hits / 300 <= 0.98
    assert narrow / 300 < 0.85


def test_amounts_that_cannot_be_added_give_no_share() -> None:
    exits = exits_of([(1, "won", 5), (2, "lost", 5)])
    assert value_conversion(replace(exits, amounts=None), "advanced", 5) is None
    assert value_conversion(exits_of([(1, "won", 0)]), "advanced", 5) is None
    assert value_conversion(exits_of([(1, "won", -5), (2, "lost", 9)]), "advanced", 5) is None
