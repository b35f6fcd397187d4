"""Shares of many small segments: drawn towards each other as far as chance alone would spread them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from gtmdiag.funnel.estimates.special import chi_square_above, log_gamma
from gtmdiag.funnel.estimates.table import FloatArray

# On the smooth posteriors at hand the midpoint rule is exact to far more digits than are shown, coarse as this is.
_SIDE: Final = 16
_FINE: Final = 120
_AT_ONCE: Final = 100


@dataclass(frozen=True)
class Heterogeneity:
    """Test whether all segments may have one share: ``chi_square`` with ``degrees`` of freedom, and its p-value.

    An approximation, good where each segment expects about 5 successes and 5 failures or more.
    """

    chi_square: float
    degrees: int
    p_value: float


@dataclass(frozen=True, eq=False)
class Shrunk:
    """Shares of S segments under a common distribution.

    Attributes
    ----------
    mean, low, high
        Shape (S,), from 0 to 1: posterior mean and interval of equal tails.
    centre
        Posterior mean of the distribution's own mean.
    spread
        Posterior mean of its standard deviation: how far segments truly differ.
    """

    mean: FloatArray
    low: FloatArray
    high: FloatArray
    centre: float
    spread: float


def heterogeneity(shares: FloatArray, n: FloatArray) -> Heterogeneity | None:
    """Test whether segments differ more than chance makes them: Σ n(p − p̄)²/(p̄(1 − p̄)) (Pearson).

    Parameters
    ----------
    shares
        Shape (S,), from 0 to 1.
    n
        Shape (S,): effective numbers, so that censoring counts; segments with 0 are left out.

    Returns
    -------
    Heterogeneity or None
        None with fewer than two segments.
    """
    shares, n = shares[n > 0], n[n > 0]
    if len(n) < 2:
        return None
    centre = float((shares * n).sum() / n.sum())
    spread = float((n * (shares - centre) ** 2).sum())
    statistic = spread / (centre * (1 - centre)) if 0 < centre < 1 else 0.0
    return Heterogeneity(statistic, len(n) - 1, chi_square_above(statistic, len(n) - 1))


def shrink(shares: FloatArray, n: FloatArray, *, level: float = 0.95) -> Shrunk:
    """Estimate each segment's share with what the others tell of it.

    Parameters
    ----------
    shares
        Shape (S,), from 0 to 1; any number where n is 0.
    n
        Shape (S,): effective numbers, 0 or more. A segment with 0 gets what is expected of a new one.
    level
        Of the intervals.

    Notes
    -----
    Successes are binomial; shares come from Beta(m/s², (1 − m)/s²), m and s uniform on (0, 1) (Gelman et al., Bayesian
    Data Analysis, 3rd ed., section 5.3). Their posterior is summed on a grid that closes in on where it lies, and a
    segment's is the mixture of betas over that grid.
    """
    pairs, back = np.unique(np.stack([np.where(n > 0, shares * n, 0.0), n]), axis=1, return_inverse=True)
    counts = np.bincount(back.ravel(), minlength=pairs.shape[1]).astype(np.float64)
    a, b, weight = _hyper(pairs[0], pairs[1], counts)
    parts = [pairs[:, first : first + _AT_ONCE] for first in range(0, pairs.shape[1], _AT_ONCE)]
    told = [_mixtures(a + k[:, np.newaxis], b + (size - k)[:, np.newaxis], weight, level) for k, size in parts]
    means, lows, highs = np.concatenate(told, axis=1) if told else np.empty((3, 0))
    centre = a / (a + b)
    spread = np.sqrt(centre * (1 - centre) / (a + b + 1))
    place = back.ravel()
    return Shrunk(means[place], lows[place], highs[place], float(weight @ centre), float(weight @ spread))


def _hyper(k: FloatArray, n: FloatArray, counts: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the likely Beta distributions of shares and their posterior weights, each of shape (G,)."""
    box = [(0.0, 1.0), (0.0, 1.0)]
    while True:
        axes = [low + (high - low) * (np.arange(_SIDE) + 0.5) / _SIDE for low, high in box]
        m, s = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
        a, b = m / s**2, (1 - m) / s**2
        logs = -counts.sum() * _log_beta(a, b)
        for first in range(0, len(k), _AT_ONCE):
            part = slice(first, first + _AT_ONCE)
            yes, no = k[part, np.newaxis], (n - k)[part, np.newaxis]
            logs += counts[part] @ _log_beta(a + yes, b + no)
        weight = np.exp(logs - logs.max())
        weight /= weight.sum()
        likely = (weight > 1e-4 * weight.max()).reshape(_SIDE, _SIDE)
        closer: list[tuple[float, float]] = []
        for (low, high), seen in zip(box, (likely.any(axis=1), likely.any(axis=0)), strict=True):
            places, cell = np.flatnonzero(seen), (high - low) / _SIDE
            closer.append((low + max(places[0] - 1, 0) * cell, low + min(places[-1] + 2, _SIDE) * cell))
        shrunk = [(new[1] - new[0]) / (old[1] - old[0]) for new, old in zip(closer, box, strict=True)]
        if min(shrunk) > 0.6:
            kept = likely.ravel()
            return a[kept], b[kept], weight[kept] / weight[kept].sum()
        box = closer


def _mixtures(a: FloatArray, b: FloatArray, weight: FloatArray, level: float) -> FloatArray:
    """Return means, lows and highs, shape (3, S), of mixtures of betas; a and b have shape (S, G), ``weight`` (G,).

    Each distribution is summed on points where it lies.
    """
    centre = a / (a + b)
    mean = centre @ weight
    deviation = np.sqrt((centre * (1 - centre) / (a + b + 1) + (centre - mean[:, np.newaxis]) ** 2) @ weight)
    edges = np.linspace(np.maximum(mean - 6 * deviation, 0), np.minimum(mean + 6 * deviation, 1), _FINE + 1, axis=1)
    points = (edges[:, 1:] + edges[:, :-1]) / 2
    powers = np.stack([a - 1, b - 1, np.log(weight) - _log_beta(a, b)], axis=2)
    logs = powers @ np.stack([np.log(points), np.log1p(-points), np.ones_like(points)], axis=1)
    upto = np.cumsum(np.exp(logs, out=logs).sum(axis=1), axis=1)
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    ends = np.empty((2, len(mean)))
    for place, (one, edge) in enumerate(zip(upto, edges, strict=True)):
        ends[:, place] = np.interp(tails, np.concatenate([[0.0], one / one[-1]]), edge)
    return np.stack([mean, *ends])


def _log_beta(a: FloatArray, b: FloatArray) -> FloatArray:
    return log_gamma(a) + log_gamma(b) - log_gamma(a + b)
