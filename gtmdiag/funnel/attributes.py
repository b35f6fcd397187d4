"""One row a deal with all that is known of it, from either table; and the day up to which the data are used."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pandas as pd

from gtmdiag.errors import InputError, Problem, shorten
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.dates import day_of, end_of
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.source import TIMES, Source
from gtmdiag.funnel.stages import UNMAPPED, StageMap
from gtmdiag.funnel.words import counted

AsOfSource = Literal["config", "data", "today"]

_NUMBERS = ("amount", "created_at", "closed_at", "won_at", "lost_at")
_TEXTS = ("owner", "segment", "status", "currency", "source", "lost_reason")


def one_row_a_deal(
    frame: pd.DataFrame, shown_as: str, lines: Literal["add", "once"] | None
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return a table with each deal once.

    Of several rows of a deal the last by text of all its columns is kept, so that the order of the rows plays no part.
    A total that is repeated on each row so counts once.

    Parameters
    ----------
    frame
        Rows with ``deal``.
    shown_as
        The file, for messages.
    lines
        What to do where the rows of a deal have different amounts; None refuses them.

    Raises
    ------
    InputError
        Rows of a deal have different amounts, and ``crm.yaml`` does not say what they are.
    """
    repeated = frame["deal"][frame["deal"].duplicated()]
    if repeated.empty:
        return frame, ()
    found = f"{counted(len(repeated), 'row')} too many, such as for {shorten(min(repeated))}; each deal counts once"
    remedy = "If these are lines of one deal, check that the amount is the deal's total."
    if "amount" in frame and lines != "once":
        known = frame[frame["amount"] != MISSING].groupby("deal")["amount"]
        amounts = known.nunique()
        differing = amounts.index[amounts > 1]
        if len(differing) and lines is None:
            found = f"{counted(len(differing), 'deal')} with rows of different amounts, such as {shorten(differing[0])}"
            remedy = "Write 'lines: add' in crm.yaml if they are lines to add, 'lines: once' if one of them holds."
            raise InputError([Problem(shown_as, "", found, "one amount a deal", remedy)])
        if lines == "add":
            sums = known.sum()
            frame = frame.assign(amount=frame["deal"].map(sums).fillna(MISSING).astype("int64"))
            remedy = "Their amounts were added, as crm.yaml says."
    kept = frame.sort_values(list(frame.columns)).drop_duplicates("deal", keep="last").reset_index(drop=True)
    return kept, (Problem(shown_as, "", found, "one row a deal", remedy, "warning"),)


def deal_attributes(main: pd.DataFrame, deals: pd.DataFrame | None, config: CrmConfig) -> pd.DataFrame:
    """Return one row a deal, with every column there can be.

    Parameters
    ----------
    main
        Rows of ``file``; where a deal has several, the last known value by ``entered_at`` holds.
    deals
        The second table with each deal once, or None.
    config
        Gives the currency of amounts that have none.

    Returns
    -------
    pandas.DataFrame
        Index ``deal``, sorted; int64 ``amount`` (cents) and times (seconds), text ``owner``, ``segment``, ``status``,
        ``currency``, ``source``, ``lost_reason``; `MISSING` or empty where unknown.
    """
    ids: set[str] = set(main["deal"])
    if deals is not None:
        ids |= set(deals["deal"])
    known = pd.DataFrame(index=pd.Index(sorted(ids), name="deal"))
    for role in (*_NUMBERS, *_TEXTS):
        blank = MISSING if role in _NUMBERS else ""
        frame = deals if deals is not None and role in deals else main
        if role not in frame:
            known[role] = pd.Series(blank, index=known.index, dtype="int64" if role in _NUMBERS else "str")
            continue
        order = [name for name in ("entered_at", role) if name in frame]
        last = frame[frame[role] != blank].sort_values(order).drop_duplicates("deal", keep="last")
        known[role] = last.set_index("deal")[role].reindex(known.index, fill_value=blank)
    if config.currency is not None:
        known["currency"] = known["currency"].where(known["currency"] != "", config.currency)
    known["currency"] = known["currency"].str.upper()
    return known


def resolve_as_of(source: Source, config: CrmConfig, *, today: date) -> tuple[date, AsOfSource]:
    """Return the last day that is used, and where it came from.

    ``crm.yaml`` first; else the last date in the data that is not after ``today``; without any date, ``today``. The
    date of closing counts only where a deal is closed, since an open deal carries an expected one there.
    """
    if config.as_of is not None:
        return config.as_of, "config"
    limit, latest = end_of(today), MISSING
    stage_map = StageMap.of(config)
    for frame in (source.main, source.deals):
        if frame is None:
            continue
        for role in TIMES:
            if role not in frame:
                continue
            times = frame[role]
            if role == "closed_at":
                times = times[_is_closed(frame, stage_map)]
            latest = max([latest, *times[times <= limit].tolist()])
    return (day_of(latest), "data") if latest != MISSING else (today, "today")


def _is_closed(frame: pd.DataFrame, stage_map: StageMap) -> pd.Series[bool]:
    closed = pd.Series(data=False, index=frame.index)
    if "stage" in frame:
        closed |= stage_map.codes(frame["stage"]) >= stage_map.won
    if "status" in frame:
        closed |= stage_map.status_codes(frame["status"]) != UNMAPPED
    return closed
