"""Cells: sums over small groups of stays that add up, whatever part of the deals they come from.

A frame of cells is sorted by its keys:

``segment``, ``currency``
    Of the deal; empty where unknown.
``stage``
    The stage that the deal entered; empty for a deal that entered none of the map.
``outcome``
    ``advanced``, ``won``, ``lost`` or ``open``. The furthest stage ends in the deal's outcome; it advanced from others.
``next_stage``
    The further stage that it entered first; empty unless it advanced.
``back``
    1 where it fell back to an earlier stage after entering this one and before leaving it, else 0.
``day``
    Whole days from its first entry to the end of the stay; -1 where unknown or negative.
``entered``
    Day of entry since 1970-01-01 by the client's clocks; -1 where unknown. For stays that ended more than 26 weeks
    before the as-of date, the Monday of that day's week.

and has sums: ``n`` and ``n_amount`` (deals, and those with an amount), ``amount_cents`` (int64) and ``amount_sq``
(float64, squared cents).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

KEYS: Final = ("segment", "currency", "stage", "outcome", "next_stage", "back", "day", "entered")
SUMS: Final = ("n", "n_amount", "amount_cents", "amount_sq")
UNKNOWN_DAY: Final = -1


def merge(*parts: pd.DataFrame) -> pd.DataFrame:
    """Add cells of several parts of the deals; the parts must share no deal."""
    together = pd.concat(parts, ignore_index=True)
    numbers = ("back", "day", "entered", "n", "n_amount", "amount_cents")
    texts = {name: "str" for name in KEYS if name not in numbers}
    together = together.astype({**texts, **dict.fromkeys(numbers, "int64")})
    return together.groupby(list(KEYS), as_index=False, sort=True)[list(SUMS)].sum()
