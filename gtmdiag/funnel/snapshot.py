"""Reduce a snapshot to deals: one row a deal, with its present stage and no history."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from gtmdiag.errors import Problem
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.currency import converted
from gtmdiag.funnel.history import Tidy
from gtmdiag.funnel.notices import unmapped_warnings
from gtmdiag.funnel.reduction.attributes import completed
from gtmdiag.funnel.reduction.deals import LOST, OPEN, WON, Deals, stored
from gtmdiag.funnel.rows import Rows
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import IGNORED, StageMap
from gtmdiag.funnel.words import counted


def tidy_snapshot(source: Source, rows: Rows, config: CrmConfig, *, until: int) -> Tidy:
    """Reduce a snapshot.

    A status that says won or lost decides; else the stage; else the later of ``won_at`` and ``lost_at``. A present
    stage cannot be wound back: dates after ``until`` are not used, but their deals stay. A deal has entered its present
    stage alone, at its creation (else ``entered_at``), so days are days since the deal began.

    Parameters
    ----------
    source
        Names of files and columns, for messages.
    rows
        Its rows, each deal once; deals of the second table alone do not count.
    config
        The map of stages.
    until
        Last second that is used.
    """
    won = StageMap.of(config).won
    frame = rows.main.filter(nw.col("code") != IGNORED)
    warnings = unmapped_warnings(frame, source, config)
    if rows.second is not None:
        frame = frame.join(rows.second.select("deal", *rows.held_second), on="deal", how="left")
    frame = completed(frame, (*rows.held, *rows.held_second))
    if "entered_at" in frame.collect_schema().names():
        frame = frame.with_columns(created_at=nw.coalesce(nw.col("created_at"), nw.col("entered_at")))
    frame = _not_after(rows.engine.kept(frame), ("created_at", "won_at", "lost_at"), until, source, warnings)
    frame = frame.with_columns(outcome=_outcome(won)).with_columns(ended=_ended())
    frame = _not_after(rows.engine.kept(frame), ("ended",), until, source, warnings)
    entered = stored(nw.col("created_at"), until)
    frame = frame.with_columns(**{f"first_{s}": nw.when(nw.col("code") == s).then(entered) for s in range(won)})
    frame, unconverted = converted(frame, config, source, rows.engine)
    deals = Deals(rows.engine.kept(frame), won, until, history=False)
    return Tidy(rows, deals, (*warnings, *unconverted))


def _outcome(won: int) -> nw.Expr:
    closing = nw.when(~nw.col("status").is_null()).then(nw.col("status")).otherwise(nw.col("code"))
    won_at, lost_at = nw.col("won_at"), nw.col("lost_at")
    return (
        nw.when(closing == won)
        .then(nw.lit(WON))
        .when(closing == won + 1)
        .then(nw.lit(LOST))
        .when(~won_at.is_null() & (lost_at.is_null() | (won_at > lost_at)))
        .then(nw.lit(WON))
        .when(~lost_at.is_null())
        .then(nw.lit(LOST))
        .otherwise(nw.lit(OPEN))
    )


def _ended() -> nw.Expr:
    dated = nw.when(nw.col("outcome") == WON).then(nw.col("won_at")).otherwise(nw.col("lost_at"))
    return nw.when(nw.col("outcome") != OPEN).then(nw.coalesce(dated, nw.col("closed_at")))


def _not_after(
    frame: nw.LazyFrame[Any], columns: tuple[str, ...], until: int, source: Source, warnings: list[Problem]
) -> nw.LazyFrame[Any]:
    """Return dates up to ``until``; tell how many are later."""
    late = frame.select(*(nw.when(nw.col(name) > until).then(nw.col(name)).count().alias(name) for name in columns))
    for name, n in late.collect().to_dict(as_series=False).items():
        if n[0]:
            role = "closed_at" if name == "ended" else name
            origin = next(iter(source.inputs(role, "won_at", "lost_at", "entered_at")), "")
            file, _, place = origin.partition(", ")
            found = f"{counted(n[0], 'date')} after the as-of date; not used"
            remedy = "Check 'as_of'; a snapshot cannot be wound back, so the deals keep their present stage."
            warnings.append(Problem(file, place, found, "dates up to the as-of date", remedy, "warning"))
    return frame.with_columns(nw.when(nw.col(name) <= until).then(nw.col(name)).alias(name) for name in columns)
