"""How a stage converts in one window of time, from all deals that were in it then: the period Aalen–Johansen estimate.

Following each week's entries until they are ripe shows a fall too late, and counting only deals that closed in the week
drifts when the number of entries grows. A period estimate takes from the window the share of the deals of each age
that left at that age, and puts these shares together as if one deal lived through all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gtmdiag.funnel.estimates.incidence import Incidence, incidence_at_risk
from gtmdiag.funnel.estimates.intervals import Share, effective_numbers, wilson_bounds
from gtmdiag.funnel.estimates.table import ADVANCED, LOST, CellTable, FloatArray, IntArray
from gtmdiag.funnel.weeks import day_number

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
    """One week of a trend, or one window of several weeks.

    Attributes
    ----------
    week
        ISO week, ``2026-W05``; of several the first.
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


def stays_by_stage(table: CellTable) -> tuple[Stays, ...]:
    """Read the stays in each stage from cells, in order of stages; those of unknown length or entry are left out."""
    known, cause = (table.day >= 0) & (table.entered >= 0), table.cause
    parts = [table.rows(stage) for stage in table.stages]
    columns = (table.entered, table.day, cause, table.n)
    return tuple(Stays((ADVANCED, LOST), *(column[part][known[part]] for column in columns)) for part in parts)


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
    opens, closes = day_number(first), day_number(last)
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
    stays: Stays, cause: str, horizon: int, mondays: Sequence[date], *, weeks: int = 1, level: float = 0.95
) -> tuple[WeekShare, ...]:
    """Return the period estimate of each window of so many ISO weeks that begins on one of ``mondays``.

    The same as `period` gives for each, but all at once and only up to the horizon.
    """
    opens = np.array([day_number(monday) for monday in mondays], dtype=np.int64)
    closes = opens + 7 * weeks - 1
    ends = stays.entered + stays.lasted
    window, stay = np.nonzero((stays.entered <= closes[:, None]) & (ends >= opens[:, None]))
    entered, n = stays.entered[stay], stays.n[stay]
    began = entered >= opens[window]
    from_age = np.maximum(opens[window] - entered, 0)
    to_age = np.minimum(closes[window] - entered, stays.lasted[stay])
    seen = (stays.cause[stay] != _OPEN) & (ends[stay] <= closes[window])
    own = seen & (stays.cause[stay] == stays.causes.index(cause))

    def by_age(age: IntArray, chosen: NDArray[np.bool_]) -> FloatArray:
        chosen = chosen & (age <= horizon)
        place = window[chosen] * (horizon + 1) + age[chosen]
        counted = np.bincount(place, weights=n[chosen], minlength=len(opens) * (horizon + 1))
        return counted.reshape(len(opens), horizon + 1).astype(np.float64)

    every = np.ones(len(stay), dtype=np.bool_)
    at_risk = np.cumsum(by_age(from_age, every) - by_age(to_age + 1, every), axis=1)
    entering = np.bincount(window[began], weights=n[began], minlength=len(opens)).astype(np.int64)
    present = np.bincount(window, weights=n, minlength=len(opens)).astype(np.int64)
    shares = _at_horizon(at_risk, by_age(to_age, own), by_age(to_age, seen), entering, level)
    rows = zip(mondays, entering.tolist(), present.tolist(), shares, strict=True)
    return tuple(WeekShare(f"{monday:%G-W%V}", came, there, share) for monday, came, there, share in rows)


def _at_horizon(
    at_risk: FloatArray, own: FloatArray, left: FloatArray, entering: IntArray, level: float
) -> list[Share | None]:
    """Return the share at the last age of each row of (windows, ages); see `incidence_at_risk` for the sums."""
    watched = np.logical_and.accumulate(at_risk > 0, axis=1)
    n = np.where(watched, at_risk, 1.0)
    own, left = np.where(watched, own, 0.0), np.where(watched, left, 0.0)
    still_open = np.cumprod((n - left) / n, axis=1)
    before = np.hstack([np.ones((len(n), 1)), still_open[:, :-1]])
    step = before * own / n
    share = np.cumsum(step, axis=1)
    estimate = np.minimum(share[:, -1], 1.0)
    ahead = share[:, -1:] - share
    rest = n - left
    remaining = np.where(rest > 0, left / (n * np.where(rest > 0, rest, 1.0)), 0.0)
    terms = ahead**2 * remaining + step / n * before * (1 - own / n) - 2 * ahead * step / n
    variance = np.maximum(terms.sum(axis=1), 0.0)
    worth = effective_numbers(estimate, variance, entering.astype(np.float64))
    low, high = wilson_bounds(estimate, np.maximum(worth, 1e-9), level)
    most = at_risk.shape[1] - 1
    reached = np.array(
        [most if rest == 0 else int(row.sum()) - 1 for rest, row in zip(still_open[:, -1], watched, strict=True)],
        dtype=np.int64,
    )
    numbers: tuple[NDArray[Any], ...] = (estimate, low, high, variance, entering, worth, reached, still_open[:, -1])
    columns = zip(*(column.tolist() for column in numbers), strict=True)
    return [Share(*column) if column[4] > 0 else None for column in columns]
