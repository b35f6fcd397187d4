"""Reduce deals and moves to cells: sums over small groups that add up, whatever part of the deals they come from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gtmdiag.funnel.dates import end_of
from gtmdiag.funnel.history import Tidy
from gtmdiag.funnel.parse import MISSING

KEYS: Final = ("segment", "currency", "stage", "outcome", "next_stage", "back", "day", "entered")
SUMS: Final = ("n", "n_amount", "amount_cents", "amount_sq")
UNKNOWN_DAY: Final = -1
_DAY: Final = 86_400


def reduce(tidy: Tidy, stages: Sequence[str], *, as_of: date) -> pd.DataFrame:
    """Sum moves to cells, by first entry.

    Every deal gives one cell row for each stage it entered. The furthest stage it entered, in map order, ends in the
    deal's outcome; every other stage was left for a further one. A deal that entered no stage of the map gives one row
    with an empty stage.

    Parameters
    ----------
    tidy
        Deals and moves.
    stages
        Names of the stages in order.
    as_of
        Open stays last until the end of this day.

    Returns
    -------
    pandas.DataFrame
        Sorted by its keys: ``segment``, ``currency``, ``stage``; ``outcome`` (``advanced``, ``lost``, ``open``,
        ``won``); ``next_stage`` (the first further stage entered afterwards; empty unless advanced); ``day`` (whole
        days from entry to the end of the stay, -1 where unknown or negative); ``entered`` (day of entry since
        1970-01-01 by the client's clocks, -1 where unknown). ``back`` is 0. Sums: ``n`` and ``n_amount`` (deals, and
        those with an amount); ``amount_cents`` (int64); ``amount_sq`` (float64, squared cents).
    """
    until = end_of(as_of)
    moves, deals = tidy.moves, tidy.deals
    unplaced = deals.index[~deals.index.isin(moves["deal"])]
    created = deals["created_at"].reindex(unplaced).to_numpy()
    rows = pd.concat([moves, pd.DataFrame({"deal": unplaced, "stage": -1, "entered": created})])
    rows = rows.sort_values(["deal", "entered", "stage"], ignore_index=True)
    stage = rows["stage"].to_numpy(dtype=np.int64)
    entered = rows["entered"].to_numpy(dtype=np.int64)
    deal, _ = pd.factorize(rows["deal"])
    of_deal = deals.loc[rows["deal"], ["segment", "currency", "outcome", "ended", "amount"]].reset_index(drop=True)
    furthest = rows.groupby("deal")["stage"].transform("max").to_numpy(dtype=np.int64)
    terminal = stage == furthest
    following = _next_further(deal, stage)
    outcome = of_deal["outcome"].where(terminal, "advanced")
    ended = of_deal["ended"].to_numpy(dtype=np.int64)
    ended = np.where(outcome == "open", until, ended)
    goes_on = following >= 0
    left = np.where(goes_on, entered[following], MISSING)
    names = np.array([*stages, ""], dtype=object)
    cents = of_deal["amount"].to_numpy(dtype=np.int64)
    has_amount = cents != MISSING
    cents = np.where(has_amount, cents, 0)
    frame = pd.DataFrame(
        {
            "segment": of_deal["segment"],
            "currency": of_deal["currency"],
            "stage": names[stage],
            "outcome": outcome,
            "next_stage": np.where(terminal, "", np.where(goes_on, names[stage[following]], names[furthest])),
            "back": 0,
            "day": _whole_days(entered, np.where(terminal, ended, left)),
            "entered": np.where(entered == MISSING, UNKNOWN_DAY, entered // _DAY),
            "n": 1,
            "n_amount": has_amount.astype(np.int64),
            "amount_cents": cents,
            "amount_sq": cents.astype(np.float64) ** 2,
        }
    )
    return merge(frame.sort_values([*KEYS, "amount_cents"]))


def merge(*parts: pd.DataFrame) -> pd.DataFrame:
    """Add cells of several parts of the deals; the parts must share no deal."""
    together = pd.concat(parts, ignore_index=True)
    numbers = ("back", "day", "entered", "n", "n_amount", "amount_cents")
    texts = {name: "str" for name in KEYS if name not in numbers}
    together = together.astype({**texts, **dict.fromkeys(numbers, "int64")})
    return together.groupby(list(KEYS), as_index=False, sort=True)[list(SUMS)].sum()


def _next_further(deal: NDArray[np.intp], stage: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return, for each row, the next later row of its deal with a further stage, or -1. Rows are in order of time."""
    result = np.full(len(stage), -1, dtype=np.intp)
    waiting = np.arange(len(stage), dtype=np.intp)
    step = 0
    while len(waiting):
        step += 1
        waiting = waiting[waiting + step < len(stage)]
        waiting = waiting[deal[waiting + step] == deal[waiting]]
        further = stage[waiting + step] > stage[waiting]
        result[waiting[further]] = waiting[further] + step
        waiting = waiting[~further]
    return result


def _whole_days(start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    known = (start != MISSING) & (end != MISSING)
    days = (np.where(known, end, 0) - np.where(known, start, 0)) // _DAY
    return np.where(known & (days >= 0), days, UNKNOWN_DAY)
