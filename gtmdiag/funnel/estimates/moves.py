"""From exits to a chain: where the deals of each stage go, what a won one is worth, and how far that is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from gtmdiag.funnel.estimates.chain import Chain
from gtmdiag.funnel.estimates.exits import Exits
from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.estimates.table import ADVANCED, LOST, CellTable, FloatArray, sums

# In logs: keeps the draws of two or three amounts finite.
_FAR: Final = 50.0


@dataclass(frozen=True, eq=False)
class Moves:
    """Where the deals of one stage go within a horizon.

    Attributes
    ----------
    conversion
        Share that advances to any stage or is won; None where nobody entered.
    onward
        Shape (K + 1,): of those that advance, the share that goes to each stage and, last, the share that is won. To
        the next stage where nobody has advanced yet.
    """

    conversion: Share | None
    onward: FloatArray


@dataclass(frozen=True)
class Value:
    """Mean value of won deals in whole units of one currency, the variance of that mean, and the deals it is of."""

    mean: float
    variance: float
    n: int


def moves(exits: Exits, stages: Sequence[str], horizon: int, *, level: float = 0.95) -> Moves:
    """Estimate where deals go from a stage (Aalen–Johansen by next stage).

    Parameters
    ----------
    exits
        By next stage.
    stages
        All stages in order.
    horizon
        Whole days since entry.

    Raises
    ------
    ValueError
        Where a next stage is not among the stages.
    """
    if unknown := [name for name in exits.causes[:-2] if name not in stages]:
        raise ValueError(f"deals advanced to {', '.join(unknown)}, not among the stages: {', '.join(stages)}")
    left = np.stack([exits.left[:-1].sum(axis=0), exits.left[-1]])
    found = incidence(replace(exits, causes=(ADVANCED, LOST), left=left))
    share = found.at(ADVANCED, horizon, level=level)
    onward = np.zeros(len(stages) + 1)
    place, _ = found.place(horizon)
    if place >= 0:
        upto = slice(0, place + 1)
        weight = np.concatenate([[1.0], found.still_open[:place]]) / found.at_risk[upto]
        to = [*(stages.index(name) for name in exits.causes[:-2]), len(stages)]
        onward[to] = exits.left[:-1, upto] @ weight
    if onward.sum() == 0:
        onward[stages.index(exits.stage) + 1] = 1
    return Moves(share, onward / onward.sum())


def first_entries(table: CellTable) -> FloatArray:
    """Count the deals that began at each stage, shape (K,): those that entered it less those that came from another."""
    size = len(table.stages)
    came = table.advanced
    return sums(table.stage, table.n, size) - sums(table.following[came], table.n[came], size)


def won_value(table: CellTable, currency: str) -> Value | None:
    """Return the mean value of the won deals in one currency that have an amount; None where there are none.

    A single deal tells nothing of the spread of amounts, which is then taken to be as large as the amount.
    """
    if currency not in table.currencies:
        return None
    won = table.won & (table.currency == table.currencies.index(currency))
    n, total, squares = (float(part[won].sum()) for part in (table.n_amount, table.cents, table.squares))
    if n == 0:
        return None
    spread = max(squares - total * total / n, 0.0) / (n - 1) if n > 1 else total * total
    return Value(total / n / 100, spread / n / 10_000, int(n))


def chain_of(stages: Sequence[str], moves: Sequence[Moves], entries: FloatArray, value: Value) -> Chain:
    """Put the estimates of all stages, in order, together to a chain; nobody advances where nobody entered."""
    conversion = np.array([0.0 if move.conversion is None else move.conversion.estimate for move in moves])
    mix = np.stack([move.onward for move in moves])
    return Chain(tuple(stages), entries, conversion, mix, np.array(value.mean))


def draw_chains(
    chain: Chain, moves: Sequence[Moves], value: Value, rng: np.random.Generator, draws: int = 2_000
) -> Chain:
    """Draw chains as likely as the estimates' variances make them, for the intervals of whatever a chain gives.

    Conversions come from Beta(F·n + ½, (1 − F)·n + ½) with n the effective number of the Aalen–Johansen estimate: so
    they have its variance, stay within 0 and 1, and still vary where F is 0 or 1 (Jeffreys). Where deals advance to
    comes from the Dirichlet distribution with the same number; together they vary as `Incidence.covariance` tells. The
    mean value is spread on a log scale by Student's t with n − 1 degrees of freedom, which few and skewed amounts need.
    Entries are as counted.

    Returns
    -------
    Chain
        ``chain`` with conversions of shape (K, draws), a value of shape (draws,), and, where any stage has several ways
        on, a mix of shape (K, K + 1, draws).
    """
    share = np.array([0.0 if m.conversion is None else m.conversion.estimate for m in moves])
    n = np.array([0.0 if m.conversion is None else m.conversion.effective_n for m in moves])
    a, b = share * n + 0.5, (1 - share) * n + 0.5
    conversion = rng.beta(a[:, np.newaxis], b[:, np.newaxis], (len(moves), draws))
    several = np.flatnonzero((chain.mix > 0).sum(axis=1) > 1)
    mix = chain.mix
    if len(several):
        mix = np.repeat(chain.mix[:, :, np.newaxis], draws, axis=2)
        for i in several.tolist():
            to = np.flatnonzero(chain.mix[i])
            weight = rng.standard_gamma((share[i] * n[i] * chain.mix[i, to])[:, np.newaxis], (len(to), draws))
            # Weights far below one can all round to nothing.
            weight += np.finfo(np.float64).tiny
            mix[i, to] = weight / weight.sum(axis=0)
    worth = np.full(draws, value.mean)
    if value.variance > 0 and value.mean > 0:
        spread = np.sqrt(np.log1p(value.variance / value.mean**2))
        steps = spread * rng.standard_t(max(value.n - 1, 1), draws)
        worth *= np.exp(np.clip(steps, -_FAR, _FAR))
    return replace(chain, conversion=conversion, mix=mix, value=worth)


def bounds(draws: FloatArray, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return the low and high between which the middle ``level`` of the draws (the last axis) lies."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=-1)
    return low, high
