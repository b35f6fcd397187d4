"""How and when deals left a stage: the record that every estimate starts from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gtmdiag.funnel.estimates.table import ADVANCED, LOST, WON, CellTable, FloatArray, IntArray, sums


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


def exits(table: CellTable, stage: str, *, by_next_stage: bool = False) -> Exits:
    """Read the exits of one stage from cells.

    Parameters
    ----------
    table
        Cells.
    stage
        Name of the stage.
    by_next_stage
        True to tell the causes apart by next stage, as a chain of stages needs them.
    """
    rows = table.rows(stage)
    causes, cause = _by_next_stage(table, rows) if by_next_stage else ((ADVANCED, LOST), table.cause[rows])
    part = np.arange(len(table.n))[rows]
    return _exits(table, part, cause, causes, stage, None)


def exits_by_group(table: CellTable, stage: str, group: IntArray, names: Sequence[str]) -> tuple[Exits, ...]:
    """Read the exits of one stage apart for each group of deals, in the order of ``names``; see `exits`.

    Parameters
    ----------
    table, stage
        As for `exits`.
    group
        Shape (N,): each row's place in ``names``, -1 for a row that is left out.
    names
        Of the groups. One without deals has exits without days.
    """
    rows = table.rows(stage)
    every, cause = np.arange(len(table.n))[rows], table.cause[rows]
    # Sorting small numbers takes a single pass over them.
    order = np.argsort(group[rows].astype(np.int16), kind="stable")
    ends = np.searchsorted(group[rows][order], np.arange(len(names) + 1)).tolist()
    parts = [order[start:end] for start, end in pairwise(ends)]
    return tuple(
        _exits(table, every[part], cause[part], (ADVANCED, LOST), stage, name)
        for name, part in zip(names, parts, strict=True)
    )


def _by_next_stage(table: CellTable, rows: slice) -> tuple[tuple[str, ...], IntArray]:
    """Return the causes by next stage, in order of name, and each row's; -1 for an open one."""
    following = np.where(table.advanced[rows], table.following[rows], -1)
    places: list[int] = np.unique(following[following >= 0]).tolist()
    there = sorted(places, key=lambda place: table.stages[place])
    causes = (*(table.stages[place] for place in there), WON, LOST)
    to = np.zeros(len(table.stages) + 1, dtype=np.int64)
    to[there] = np.arange(len(there))
    ended = np.where(table.won[rows], len(there), np.where(table.open[rows], -1, len(there) + 1))
    return causes, np.where(following >= 0, to[following], ended)


def _exits(
    table: CellTable, part: IntArray, cause: IntArray, causes: tuple[str, ...], stage: str, segment: str | None
) -> Exits:
    """Return the exits of rows ``part``, whose causes are given; open ones have the cause -1."""
    day, every = table.day[part], table.n[part]
    known = day >= 0
    kept = part[known]
    there = np.bincount(day[known]) > 0
    days, column = np.flatnonzero(there), (np.cumsum(there) - 1)[day[known]]
    # Open stays come last.
    place = np.where(cause[known] < 0, len(causes), cause[known]) * len(days) + column
    shape = len(causes) + 1, len(days)

    def summed(values: FloatArray | IntArray) -> FloatArray:
        return sums(place, values[kept], shape[0] * shape[1]).reshape(shape)

    n = summed(table.n).astype(np.int64)
    money, squares = summed(table.cents), summed(table.squares)
    amounts = Amounts(money[:-1], money[-1], squares[:-1], squares[-1])
    currencies = table.currency[kept][table.n_amount[kept] > 0]
    several = len(currencies) > 0 and currencies.min() != currencies.max()
    unknown = int(every[~known].sum())
    return Exits(stage, segment, causes, days, n[:-1], n[-1], None if several else amounts, unknown)
