"""One row a deal with all that is known of it, from either table; and the day up to which the data are used."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

import narwhals as nw
import pandas as pd

from gtmdiag.errors import InputError, Problem, shorten
from gtmdiag.funnel.config import TIMES, CrmConfig
from gtmdiag.funnel.dates import day_of, end_of
from gtmdiag.funnel.notices import join_warnings
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.rows import Rows
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import StageMap
from gtmdiag.funnel.words import counted

AsOfSource = Literal["config", "data", "today"]


def one_row_a_deal(
    frame: pd.DataFrame, shown_as: str, lines: Literal["add", "once"] | None
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Return a table with each deal once.

    Of several rows of a deal the one whose values sort last, column by column, is kept whole, so that the order of the
    rows plays no part.
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


def once_a_deal(source: Source, config: CrmConfig) -> Source:
    """Return a source whose tables of deals hold each deal once; those of a history hold what happened, and stay.

    Raises
    ------
    InputError
        See `one_row_a_deal`.
    """
    warnings = list(source.warnings)
    main, second = source.main, source.deals
    if config.shape == "snapshot":
        main, repeated = one_row_a_deal(main, source.file, config.lines)
        warnings += repeated
    if second is not None:
        second, repeated = one_row_a_deal(second, source.deals_file, config.lines)
        warnings += repeated
        if config.shape == "snapshot":
            warnings += join_warnings(source, "They are left out: a snapshot counts the deals of its own file.")
            second = second[second["deal"].isin(main["deal"])]
        elif config.shape == "history":
            warnings += join_warnings(source, "They count, with the outcome that this table tells.")
    return replace(source, main=main, deals=second, warnings=tuple(warnings))


def resolve_as_of(rows: Rows, config: CrmConfig, *, today: date) -> tuple[date, AsOfSource, bool]:
    """Return the last day that is used, where it came from, and whether a later ``today`` could give another.

    ``crm.yaml`` first; else the last date in the data that is not after ``today``; without any date, ``today``. The
    date of closing counts only where a deal is closed, since an open deal carries an expected one there.
    """
    if config.as_of is not None:
        return config.as_of, "config", False
    limit, found, later = end_of(today), list[int](), False
    for frame in (rows.main, rows.second):
        columns = [] if frame is None else [role for role in TIMES if role in frame.collect_schema().names()]
        if frame is None or not columns:
            continue
        closed = _is_closed(frame, StageMap.of(config).won)
        times = [nw.when(closed).then(nw.col(r)).alias(r) if r == "closed_at" else nw.col(r) for r in columns]
        believed = [nw.when(nw.col(r) <= limit).then(nw.col(r)).max().alias(r) for r in columns]
        last = [nw.col(r).max().alias(f"{r} of all") for r in columns]
        told = frame.select(*times).select(*believed, *last).collect().to_dict(as_series=False)
        found += [told[r][0] for r in columns if told[r][0] is not None]
        later = later or any(told[f"{r} of all"][0] not in (None, told[r][0]) for r in columns)
    return (day_of(max(found)), "data", later) if found else (today, "today", True)


def _is_closed(frame: nw.LazyFrame[Any], won: int) -> nw.Expr:
    columns = frame.collect_schema().names()
    closed = nw.lit(value=False)
    if "code" in columns:
        closed = closed | (nw.col("code") >= won)
    if "status" in columns:
        closed = closed | ~nw.col("status").is_null()
    return closed
