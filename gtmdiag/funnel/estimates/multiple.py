"""Many tests at once: which to flag so that few of the flagged are false."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Flags:
    """Which tests are flagged, in the order given, and the least q at which each would be (adjusted p-values)."""

    flagged: tuple[bool, ...]
    adjusted: tuple[float, ...]


def benjamini_hochberg(p_values: Sequence[float], q: float = 0.10) -> Flags:
    """Flag tests so that on average at most the share ``q`` of the flagged is false.

    Of m p-values in ascending order, adjusted(i) = min over k ≥ i of p(k)·m/k; those at most q are flagged. Benjamini
    and Hochberg, J. R. Statist. Soc. B 57 (1995) 289–300. Raises ValueError for a p-value outside [0, 1].
    """
    p = np.asarray(p_values, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("a p-value lies between 0 and 1")
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return Flags(tuple((adjusted <= q).tolist()), tuple(adjusted.tolist()))
