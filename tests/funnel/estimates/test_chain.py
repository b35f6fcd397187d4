from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.funnel.estimates.chain import Chain, flow, straight, what_if
from gtmdiag.funnel.estimates.gap import gap

SEEDS = st.integers(0, 10**6)


def random_chain(seed: int, k: int | None = None) -> Chain:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, 8)) if k is None else k
    mix = np.triu(rng.random((k, k + 1)), 1)
    mix[rng.random((k, k + 1)) < 0.3] = 0
    mix[:, k] += 0.01
    mix /= mix.sum(axis=1, keepdims=True)
    stages = tuple(f"s{i}" for i in range(k))
    return Chain(stages, rng.integers(0, 500, k).astype(float), rng.random(k), mix, np.array(1234.5))


@given(SEEDS)
def test_visits_wins_or_revenue_other_than_the_matrix_inverse_gives(seed: int) -> None:
    chain = random_chain(seed)
    moves = chain.conversion[:, np.newaxis] * chain.mix
    inverse = np.linalg.inv(np.eye(len(chain.stages)) - moves[:, :-1])
    found = flow(chain)
    np.testing.assert_allclose(found.visits, chain.entries @ inverse, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(found.wins, inverse @ moves[:, -1], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.revenue, chain.entries @ found.wins * 1234.5, rtol=1e-10)
    assert found.wins.min() >= 0
    assert found.wins.max() <= 1


@given(SEEDS)
def test_sensitivity_other_than_finite_differences_give(seed: int) -> None:
    chain = random_chain(seed)
    chain = replace(chain, conversion=0.1 + 0.8 * chain.conversion)
    found = flow(chain)
    for i, stage in enumerate(chain.stages):
        up, down = (flow(what_if(chain, {stage: chain.conversion[i] + h})).revenue for h in (1e-4, -1e-4))
        assert (up - down) / 2e-4 == pytest.approx(found.sensitivity[i], rel=1e-6, abs=1e-6)


@given(SEEDS)
def test_shapley_that_misses_the_gap_or_the_average_over_all_orders(seed: int) -> None:
    chain = random_chain(seed)
    k = len(chain.stages)
    benchmark = np.random.default_rng(seed + 1).random(k)
    benchmark[::3] = np.nan
    found = gap(chain, benchmark)
    assert found.shapley.sum() == pytest.approx(float(found.whole), rel=1e-11, abs=1e-8)

    def worth(mended: tuple[int, ...]) -> float:
        return float(flow(what_if(chain, {chain.stages[i]: benchmark[i] for i in mended})).revenue)

    told = [i for i in range(k) if not np.isnan(benchmark[i])]
    values = {set_: worth(set_) for size in range(len(told) + 1) for set_ in combinations(told, size)}
    for i in range(k):
        enumerated = sum(
            factorial(len(set_))
            * factorial(len(told) - len(set_) - 1)
            / factorial(len(told))
            * (values[tuple(sorted((*set_, i)))] - worth_without)
            for set_, worth_without in values.items()
            if i in told and i not in set_
        )
        assert found.shapley[i] == pytest.approx(enumerated, rel=1e-9, abs=1e-7)
        alone = values[(i,)] - values[()] if i in told else 0
        assert found.alone[i] == pytest.approx(alone, rel=1e-9, abs=1e-7)


def test_leaks_one_at_a_time_do_not_add_up_where_shapley_does() -> None:
    chain = straight(("MQL", "SQL"), np.array([100.0, 0]), np.array([0.25, 0.2]), 1000)
    found = gap(chain, np.array([0.5, 0.4]))
    assert float(found.whole) == pytest.approx(15_000)
    np.testing.assert_allclose(found.alone, [5000, 5000])
    np.testing.assert_allclose(found.shapley, [7500, 7500])


def test_gap_at_200_stages_that_does_not_add_up() -> None:
    chain = random_chain(3, 200)
    found = gap(chain, np.random.default_rng(4).random(200))
    assert found.shapley.sum() == pytest.approx(float(found.whole), rel=1e-10)


def test_draws_that_differ_from_solving_each_alone() -> None:
    one = random_chain(11, 5)
    rng = np.random.default_rng(0)
    draws = replace(one, conversion=rng.random((5, 7)), value=rng.random(7))
    mixed = replace(draws, mix=np.stack([random_chain(11, 5).mix if i else one.mix for i in range(7)], axis=2))
    benchmark = rng.random(5)
    for chain in (draws, mixed):
        found = gap(chain, benchmark)
        for i in range(7):
            alone = gap(replace(one, conversion=draws.conversion[:, i], value=draws.value[i].reshape(())), benchmark)
            np.testing.assert_allclose(found.shapley[:, i], alone.shapley, rtol=1e-10)
            assert found.whole[i] == pytest.approx(float(alone.whole), rel=1e-10)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"conversion": np.array([1.2, 0.5])}, "between 0 and 1"),
        ({"mix": np.eye(2, 3)}, "further stages only"),
        ({"mix": np.eye(2, 3, 1) / 2}, "adds to 1"),
        ({"entries": np.ones(3)}, "2 stages need"),
    ],
)
def test_chain_that_is_none_is_refused(change: dict[str, np.ndarray], words: str) -> None:
    chain = straight(("MQL", "SQL"), np.ones(2), np.array([0.2, 0.3]), 1)
    with pytest.raises(ValueError, match=words):
        replace(chain, **change)
    with pytest.raises(ValueError, match="there are: MQL, SQL"):
        what_if(chain, {"sql": 0.3})
