"""Whether two shares of different deals differ beyond chance, and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from gtmdiag.funnel.estimates.intervals import Share, normal_quantile
from gtmdiag.funnel.estimates.table import FloatArray


@dataclass(frozen=True)
class Contrast:
    """A difference of shares, from −1 to 1, with its interval."""

    estimate: float
    low: float
    high: float


def p_value(before: Share, after: Share) -> float:
    """Return the two-sided p-value of "both shares are the same" (score test at the effective numbers of deals)."""
    n0, n1 = before.effective_n, after.effective_n
    common = (before.estimate * n0 + after.estimate * n1) / (n0 + n1)
    spread = common * (1 - common) * (1 / n0 + 1 / n1)
    return erfc(abs(after.estimate - before.estimate) / sqrt(2 * spread)) if spread > 0 else 1.0


def contrast(
    weights: FloatArray,
    shares: FloatArray,
    low: FloatArray,
    high: FloatArray,
    *,
    more: float = 0.0,
    level: float = 0.95,
) -> Contrast:
    """Return a weighted sum of independent shares with an interval built from theirs.

    Parameters
    ----------
    weights
        Shape (S,): any numbers; 1 and −1 for a plain difference.
    shares, low, high
        Shape (S,): each share with its own interval, of confidence ``level``.
    more
        Further variance of the sum, from what the weights were estimated of.

    Notes
    -----
    Each bound squares and adds the distances of the single bounds, so that it stays right near 0 and 1, where a normal
    interval is not. Newcombe, Statistics in Medicine 17 (1998) 873–890; Zou and Donner, ibid. 27 (2008) 1693–1702.
    """
    middle = float(weights @ shares)
    down = weights * (shares - np.where(weights > 0, low, high))
    up = weights * (np.where(weights > 0, high, low) - shares)
    extra = normal_quantile(level) ** 2 * more
    return Contrast(middle, middle - sqrt(float(down @ down) + extra), middle + sqrt(float(up @ up) + extra))


def difference(before: Share, after: Share, *, level: float = 0.95) -> Contrast:
    """Return after less before; both shares have intervals of confidence ``level``."""
    pair = (before, after)
    shares, low, high = (np.array([getattr(one, name) for one in pair]) for name in ("estimate", "low", "high"))
    return contrast(np.array([-1.0, 1.0]), shares, low, high, level=level)
