"""The funnel as an absorbing Markov chain: stages that deals pass, and two ends, won and lost.

Moves go to further stages only, as cells tell them (by first entry). Then (I − Q)⁻¹ needs no matrix: wins follow stage
by stage from the end, visits from the start, for any number of draws at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from gtmdiag.funnel.estimates.table import FloatArray


@dataclass(frozen=True, eq=False)
class Chain:
    """A funnel of K stages. Arrays may have further axes at the end, one for each set of draws.

    Attributes
    ----------
    stages
        Names in order.
    entries
        Shape (K,): deals whose first stage it is.
    conversion
        Shape (K, …), from 0 to 1: share that advances or is won from there; the rest is lost.
    mix
        Shape (K, K + 1, …): of those, the share that goes to each stage, and in the last column the share that is won.
        Rows add to 1; only further stages have any.
    value
        Shape () or that of the draws of ``conversion``: mean value of a won deal.
    """

    stages: tuple[str, ...]
    entries: FloatArray
    conversion: FloatArray
    mix: FloatArray
    value: FloatArray

    def __post_init__(self) -> None:
        k = len(self.stages)
        if self.entries.shape != (k,) or self.conversion.shape[:1] != (k,) or self.mix.shape[:2] != (k, k + 1):
            raise ValueError(f"{k} stages need entries ({k},), conversion ({k}, …) and mix ({k}, {k + 1}, …)")
        if not (self.conversion.min(initial=0) >= 0 and self.conversion.max(initial=0) <= 1):
            raise ValueError("a conversion lies between 0 and 1")
        row, column = np.nonzero(self.mix.reshape(k, k + 1, -1).max(axis=2))
        whole = np.abs(self.mix.sum(axis=1) - 1).max(initial=0) <= 1e-9
        if not whole or (column <= row).any() or self.mix.min(initial=0) < 0:
            raise ValueError("each row of a mix adds to 1 and leads to further stages only")


@dataclass(frozen=True, eq=False)
class Flow:
    """What a chain gives.

    Attributes
    ----------
    visits
        Shape (K, …): deals that enter each stage in the end, e(I − Q)⁻¹.
    wins
        Shape (K, …): probability that a deal now in that stage is won, (I − Q)⁻¹r.
    onward
        Shape (K, …): the same for a deal that has just advanced from there.
    revenue
        Shape (…): (e·b)·A, in the unit of the value.
    sensitivity
        Shape (K, …): revenue gained for each unit of conversion at that stage, v_i·A·b_next, where later stages hold
        and deals that advance spread as before (Caswell, Ecology and Evolution 3 (2013) 3286–3300).
    """

    visits: FloatArray
    wins: FloatArray
    onward: FloatArray
    revenue: FloatArray
    sensitivity: FloatArray


def straight(stages: tuple[str, ...], entries: FloatArray, conversion: FloatArray, value: float) -> Chain:
    """Return a chain in which no stage is skipped: from each to the next, from the last to won."""
    k = len(stages)
    return Chain(stages, entries, conversion, np.eye(k, k + 1, 1), np.array(value, dtype=np.float64))


def flow(chain: Chain) -> Flow:
    """Solve the chain for visits, wins, revenue and its sensitivity to each stage's conversion."""
    k = len(chain.stages)
    ways = _ways(chain)
    shape = np.broadcast_shapes(chain.conversion.shape[1:], chain.mix.shape[2:])
    wins, onward, visits = np.zeros((k + 1, *shape)), np.zeros((k, *shape)), np.zeros((k + 1, *shape))
    wins[k] = 1.0
    visits[:k] = chain.entries.reshape(k, *(1 for _ in shape))
    for i in reversed(range(k)):
        for j in ways[i]:
            onward[i] += chain.mix[i, j] * wins[j]
        wins[i] = chain.conversion[i] * onward[i]
    for i in range(k):
        advancing = visits[i] * chain.conversion[i]
        for j in ways[i]:
            visits[j] += advancing * chain.mix[i, j]
    won = np.tensordot(chain.entries, wins[:k], axes=1)
    return Flow(visits[:k], wins[:k], onward, np.asarray(won * chain.value), visits[:k] * onward * chain.value)


def what_if(chain: Chain, conversion: Mapping[str, float]) -> Chain:
    """Return the chain with other conversions at the named stages.

    Raises
    ------
    ValueError
        For a stage that is not there or a conversion outside [0, 1].
    """
    changed = chain.conversion.copy()
    for stage, share in conversion.items():
        if stage not in chain.stages:
            raise ValueError(f"{stage!r} is not a stage; there are: {', '.join(chain.stages)}")
        changed[chain.stages.index(stage)] = share
    return replace(chain, conversion=changed)


def _ways(chain: Chain) -> list[list[int]]:
    k = len(chain.stages)
    used = chain.mix.reshape(k, k + 1, -1).max(axis=2) > 0
    return [[j for j in range(k + 1) if used[i, j]] for i in range(k)]
