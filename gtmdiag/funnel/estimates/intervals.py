"""Intervals for shares: Wilson's, with the number of deals that the estimate's variance is worth."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from gtmdiag.funnel.estimates.table import FloatArray

_ROUNDING: Final = 1e-12


@dataclass(frozen=True)
class Share:
    """An estimated share of the deals that entered a stage, at a stated horizon.

    Attributes
    ----------
    estimate, low, high
        From 0 to 1: the share and its interval.
    variance
        Of the estimate.
    n
        Deals that entered.
    effective_n
        The number of fully observed deals that would give this variance.
    horizon_days
        Whole days since entry up to which the share counts. Less than was asked for where nobody was watched longer.
    open_share
        From 0 to 1: estimated share still in the stage at the horizon.
    """

    estimate: float
    low: float
    high: float
    variance: float
    n: int
    effective_n: float
    horizon_days: int
    open_share: float


def effective_n(share: float, variance: float, entered: float) -> float:
    """Return share·(1 − share)/variance; the number entered where that is 0/0 (a share of 0 or 1)."""
    return float(effective_numbers(np.array([share]), np.array([variance]), entered)[0])


def effective_numbers(share: FloatArray, variance: FloatArray, entered: float | FloatArray) -> FloatArray:
    """Return `effective_n` for each of several shares."""
    # A sum of shares that is 1 but for its rounding is a share of 1.
    told = (variance > 0) & (share > _ROUNDING) & (share < 1 - _ROUNDING)
    return np.where(told, share * (1 - share) / np.where(told, variance, 1), entered)


def wilson(share: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a share.

    Parameters
    ----------
    share
        From 0 to 1.
    n
        Deals that it rests on, above 0; need not be whole.
    level
        Confidence, between 0 and 1.

    Returns
    -------
    tuple[float, float]
        Low and high, within [0, 1]; they contain the share.

    Notes
    -----
    The shares whose score test does not reject: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).
    Wilson, J. Amer. Statist. Assoc. 22 (1927) 209–212.
    """
    low, high = wilson_bounds(np.array([share]), np.array([n]), level)
    return float(low[0]), float(high[0])


def wilson_bounds(share: FloatArray, n: FloatArray, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return the lows and highs of `wilson` for each of several shares."""
    z = normal_quantile(level)
    centre = share + z * z / (2 * n)
    half = z * np.sqrt(np.maximum(share * (1 - share), 0) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return np.clip((centre - half) / scale, 0, share), np.clip((centre + half) / scale, share, 1)


def normal_quantile(level: float) -> float:
    """Return how many standard errors an interval of this confidence reaches to each side."""
    return NormalDist().inv_cdf((1 + level) / 2)
