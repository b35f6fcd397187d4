"""How and when deals left a stage: the record that every estimate starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ADVANCED: Final = "advanced"
LOST: Final = "lost"
WON: Final = "won"
_OPEN: Final = "open"


@dataclass(frozen=True, eq=False)
class Amounts:
    """Sums of the deals' amounts, in cents of one currency; a deal without an amount adds nothing.

    Attributes
    ----------
    left, open
        Σ amount: shape (causes, days) and (days,).
    left_squares, open_squares
        Σ amount², in the same shapes.
    """

    left: FloatArray
    open: FloatArray
    left_squares: FloatArray
    open_squares: FloatArray


@dataclass(frozen=True, eq=False)
class Exits:
    """Stays in one stage, by the day on which they ended and by what ended them.

    Attributes
    ----------
    stage, segment
        Where the stays were; segment is None for all segments together.
    causes
        Names of the ways to leave: ``advanced`` (won included) and ``lost``; or each next stage in order of name,
        ``won`` and ``lost``.
    days
        Shape (T,): the distinct whole days since entry, ascending from 0, on which anyone left or was last seen open.
    left
        Shape (causes, T): stays ended on that day, by cause.
    open
        Shape (T,): stays still open at that age (censored).
    amounts
        The same in money; None where the deals have several currencies, which are never added.
    unknown
        Stays left out because their length is unknown.
    """

    stage: str
    segment: str | None
    causes: tuple[str, ...]
    days: IntArray
    left: IntArray
    open: IntArray
    amounts: Amounts | None = None
    unknown: int = 0

    @property
    def entered(self) -> int:
        """Stays of known length, open ones included."""
        return int(self.left.sum() + self.open.sum())

    @property
    def at_risk(self) -> IntArray:
        """Shape (T,): stays that lasted at least that many days. On a tied day exits come before censorings."""
        ended = self.left.sum(axis=0) + self.open
        return np.cumsum(ended[::-1])[::-1]

    def longest_horizon(self, at_least: int, most: int) -> int:
        """Return the longest age, up to ``most`` days, to which at least so many stays were followed; 0 where none.

        Followed to an age is every stay that was not still open, and out of sight, before it. Of those that ended
        earlier nobody knows; so it is all who entered, times the Kaplan–Meier share not censored before that age
        (Schemper and Smith, Controlled Clinical Trials 17 (1996) 343–346). Where all have ended, any age will do.
        """
        rest = self.at_risk - self.left.sum(axis=0)
        kept = np.cumprod(np.where(rest > 0, 1 - self.open / np.maximum(rest, 1), 1.0))
        # One place for each day, and one for all ages beyond the last.
        followed = self.entered * np.concatenate([[1.0], kept])
        enough = int((followed >= at_least - 1e-9).sum())
        if enough > len(self.days):
            return most
        return min(int(self.days[enough - 1]), most) if enough else 0


def exits(
    cells: pd.DataFrame,
    stage: str,
    *,
    segment: str | None = None,
    currency: str | None = None,
    by_next_stage: bool = False,
) -> Exits:
    """Read the exits of one stage from cells.

    Parameters
    ----------
    cells
        As `gtmdiag.funnel.cells.reduce` makes them.
    stage
        Name of the stage.
    segment, currency
        Only deals with these; None for all.
    by_next_stage
        True to tell the causes apart by next stage, as a chain of stages needs them.
    """
    chosen = _chosen(cells, stage, currency)
    if segment is not None:
        chosen &= cells["segment"] == segment
    table = _table(cells[chosen], by_next_stage=by_next_stage)
    return _exits(table, slice(None), stage, segment)


def exits_by_segment(
    cells: pd.DataFrame, stage: str, *, currency: str | None = None, by_next_stage: bool = False
) -> tuple[Exits, ...]:
    """Read the exits of one stage apart for each segment, in order of name; see `exits`.

    All have the same causes, whether deals of that segment left by them or not.
    """
    part = cells[_chosen(cells, stage, currency)].sort_values("segment", kind="stable")
    table = _table(part, by_next_stage=by_next_stage)
    names, starts = np.unique(part["segment"].to_numpy(dtype=object).astype(str), return_index=True)
    ends = [*starts.tolist(), len(part)][1:]
    return tuple(
        _exits(table, slice(start, end), stage, str(name))
        for name, start, end in zip(names, starts.tolist(), ends, strict=True)
    )


@dataclass(frozen=True, eq=False)
class _Table:
    """Cells as arrays: the row of `Exits` that each belongs to (open last), its day, currency and sums."""

    causes: tuple[str, ...]
    row: IntArray
    day: IntArray
    currency: IntArray
    n: IntArray
    cents: IntArray
    squares: FloatArray


def _chosen(cells: pd.DataFrame, stage: str, currency: str | None) -> pd.Series[bool]:
    chosen = cells["stage"] == stage
    return chosen if currency is None else chosen & (cells["currency"] == currency)


def _table(part: pd.DataFrame, *, by_next_stage: bool) -> _Table:
    outcome = pd.Index([ADVANCED, WON, LOST, _OPEN]).get_indexer(pd.Index(part["outcome"]))
    if by_next_stage:
        following = sorted({str(name) for name in part.loc[part["outcome"] == ADVANCED, "next_stage"]})
        causes = (*following, WON, LOST)
        to = pd.Index(following).get_indexer(pd.Index(part["next_stage"]))
        row = np.where(outcome == 0, to, outcome + len(following) - 1)
    else:
        causes = (ADVANCED, LOST)
        row = np.maximum(outcome - 1, 0)
    currency, _ = pd.factorize(part["currency"])
    has_amount = part["n_amount"].to_numpy(dtype=np.int64) > 0
    return _Table(
        causes,
        row,
        part["day"].to_numpy(dtype=np.int64),
        np.where(has_amount, currency, -1),
        part["n"].to_numpy(dtype=np.int64),
        part["amount_cents"].to_numpy(dtype=np.int64),
        part["amount_sq"].to_numpy(dtype=np.float64),
    )


def _exits(table: _Table, part: slice, stage: str, segment: str | None) -> Exits:
    day, every = table.day[part], table.n[part]
    known = day >= 0
    days, column = np.unique(day[known], return_inverse=True)
    place = table.row[part][known], column
    shape = len(table.causes) + 1, len(days)
    n, cents, squares = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64), np.zeros(shape)
    np.add.at(n, place, every[known])
    np.add.at(cents, place, table.cents[part][known])
    np.add.at(squares, place, table.squares[part][known])
    currencies = table.currency[part][known]
    money = cents.astype(np.float64)
    amounts = Amounts(money[:-1], money[-1], squares[:-1], squares[-1])
    several = len(np.unique(currencies[currencies >= 0])) > 1
    unknown = int(every[~known].sum())
    return Exits(stage, segment, table.causes, days, n[:-1], n[-1], None if several else amounts, unknown)
