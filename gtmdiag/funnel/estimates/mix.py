"""Why a total share changed: other shares within segments, or another mix of segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gtmdiag.funnel.estimates.table import FloatArray


@dataclass(frozen=True, eq=False)
class Decomposition:
    """A change of a total share, after less before, by segment and kind.

    Attributes
    ----------
    change
        From −1 to 1: the total's change; rate and mix over all segments add to it.
    rate
        Shape (S,): by the segments' own shares.
    mix
        Shape (S,): by segments growing or shrinking, against the mean share, so that growth of a segment that converts
        like the rest counts for nothing.
    """

    change: float
    rate: FloatArray
    mix: FloatArray


def decompose(n_before: FloatArray, before: FloatArray, n_after: FloatArray, after: FloatArray) -> Decomposition | None:
    """Split the change of a total share into rate and mix (Kitagawa, J. Amer. Statist. Assoc. 50 (1955) 1168–1194).

    Parameters
    ----------
    n_before, n_after
        Shape (S,): deals by segment, 0 or more.
    before, after
        Shape (S,): shares by segment, from 0 to 1; any number where a segment has no deals.

    Returns
    -------
    Decomposition or None
        None where one of the two has no deals at all.

    Notes
    -----
    rate_g = (r₁−r₀)·(s₀+s₁)/2 and mix_g = (s₁−s₀)·((r₀+r₁)/2 − mean of the two totals), with s the share of deals. A
    segment that is new or gone keeps the share of the time at which it was there: all of its change is mix.
    """
    if n_before.sum() == 0 or n_after.sum() == 0:
        return None
    s0, s1 = n_before / n_before.sum(), n_after / n_after.sum()
    r0 = np.where(n_before > 0, before, np.where(n_after > 0, after, 0.0))
    r1 = np.where(n_after > 0, after, r0)
    total0, total1 = float(s0 @ r0), float(s1 @ r1)
    mix = (s1 - s0) * ((r0 + r1) / 2 - (total0 + total1) / 2)
    return Decomposition(total1 - total0, (r1 - r0) * (s0 + s1) / 2, mix)
