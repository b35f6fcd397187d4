"""How a stage converts in one window of time, from all deals that were in it then: the period Aalen–Johansen estimate.

Following each week's entries until they are ripe shows a fall too late, and counting only deals that closed in the week
drifts when the number of entries grows. A period estimate takes from the window the share of the deals of each age
that left at that age, and puts these shares together as if one deal lived through all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from gtmdiag.funnel.estimates.exits import ADVANCED, LOST, WON, IntArray
from gtmdiag.funnel.estimates.incidence import Incidence, incidence_at_risk
from gtmdiag.funnel.estimates.intervals import Share

_EPOCH: Final = date(1970, 1, 1)
_OPEN: Final = -1


@dataclass(frozen=True, eq=False)
class Stays:
    """Stays in one stage with the day on which they began.

    Attributes
    ----------
    causes
        Names of the ways to leave.
    entered
        Shape (N,): day of entry, counted from 1970-01-01.
    lasted
        Shape (N,): whole days from entry to exit, or to the last look; 0 or more.
    cause
        Shape (N,): place in ``causes``, or -1 for a stay still open.
    n
        Shape (N,): how many such stays.
    """

    causes: tuple[str, ...]
    entered: IntArray
    lasted: IntArray
    cause: IntArray
    n: IntArray


@dataclass(frozen=True)
class WeekShare:
    """One week of a trend.

    Attributes
    ----------
    week
        ISO week, ``2026-W05``.
    entered
        Stays that began in it.
    at_risk
        Stays that were in the stage on some day of it.
    share
        The estimate at the horizon, which is as long as the longest age at which, and below which at every age, someone
        was in the stage; None where nobody entered in the week.
    """

    week: str
    entered: int
    at_risk: int
    share: Share | None


def stays(cells: pd.DataFrame, stage: str, *, segment: str | None = None) -> Stays:
    """Read the stays in one stage from cells.

    Parameters
    ----------
    cells
        As `gtmdiag.funnel.cells.reduce` makes them. Those of unknown length or entry (-1) are left out.
    stage, segment
        Which stays; segment None for all.
    """
    chosen = (cells["stage"] == stage) & (cells["day"] >= 0) & (cells["entered"] >= 0)
    if segment is not None:
        chosen &= cells["segment"] == segment
    part = cells[chosen]
    outcome = pd.Index([ADVANCED, LOST, WON]).get_indexer(pd.Index(part["outcome"]))
    return Stays(
        (ADVANCED, LOST),
        part["entered"].to_numpy(dtype=np.int64),
        part["day"].to_numpy(dtype=np.int64),
        np.where(outcome == 2, 0, outcome),
        part["n"].to_numpy(dtype=np.int64),
    )


def period(stays: Stays, first: date, last: date) -> Incidence:
    """Estimate cumulative incidences from what happened between two days, both included.

    A stay counts at an age only on days within the window: it comes in at the age it has when the window opens (left
    truncation) and goes out at its exit, its last look or the age it has when the window closes (censoring).

    Parameters
    ----------
    stays
        All stays, also those that began before.
    first, last
        The window.

    Returns
    -------
    Incidence
        Its ``n`` counts the stays that began in the window. Its days end before the first age at which nobody was in
        the stage; there are none where nobody entered in the window.
    """
    opens, closes = (first - _EPOCH).days, (last - _EPOCH).days
    ends = stays.entered + stays.lasted
    inside = (stays.entered <= closes) & (ends >= opens)
    entered, lasted, cause, n = (a[inside] for a in (stays.entered, stays.lasted, stays.cause, stays.n))
    ends = ends[inside]
    from_age = np.maximum(opens - entered, 0)
    to_age = np.minimum(closes - entered, lasted)
    size = int(to_age.max(initial=-1)) + 1
    change = np.zeros(size + 1, dtype=np.int64)
    np.add.at(change, from_age, n)
    np.add.at(change, to_age + 1, -n)
    left = np.zeros((len(stays.causes), size), dtype=np.int64)
    exit_seen = (cause != _OPEN) & (ends <= closes)
    np.add.at(left, (cause[exit_seen], lasted[exit_seen]), n[exit_seen])
    days = np.arange(size, dtype=np.int64)
    return incidence_at_risk(stays.causes, days, left, np.cumsum(change[:-1]), int(n[entered >= opens].sum()))


def by_week(
    stays: Stays, cause: str, horizon: int, mondays: Sequence[date], *, level: float = 0.95
) -> tuple[WeekShare, ...]:
    """Return the period estimate of each ISO week that begins on one of ``mondays``; see `period`."""
    weeks: list[WeekShare] = []
    for monday in mondays:
        opens = (monday - _EPOCH).days
        present = (stays.entered <= opens + 6) & (stays.entered + stays.lasted >= opens)
        found = period(stays, monday, monday + timedelta(days=6))
        share = found.at(cause, horizon, level=level)
        weeks.append(WeekShare(f"{monday:%G-W%V}", found.n, int(stays.n[present].sum()), share))
    return tuple(weeks)
