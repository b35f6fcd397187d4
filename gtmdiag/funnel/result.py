"""What the funnel analysis gives: counts, amounts, plain sentences; no frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from gtmdiag.errors import Problem
from gtmdiag.funnel.attributes import AsOfSource
from gtmdiag.funnel.config import Shape
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.leaks import Estimates
from gtmdiag.funnel.parse import Unread
from gtmdiag.trail import Sentence

Amounts = tuple[tuple[str, int], ...]
"""Pairs of currency (empty where not named) and cents, sorted by currency; empty where no amount is known."""


@dataclass(frozen=True)
class Outcome:
    """Deals of one outcome.

    Attributes
    ----------
    n
        Their number.
    amounts
        Their amounts by currency, never added across currencies; empty where none is known.
    n_without_amount
        How many of them have no amount, or none that could be read.
    """

    n: int
    amounts: Amounts
    n_without_amount: int


@dataclass(frozen=True)
class Outcomes:
    """All deals by outcome."""

    won: Outcome
    lost: Outcome
    open: Outcome


@dataclass(frozen=True)
class StageRow:
    """One stage of the map.

    Attributes
    ----------
    stage
        Its name.
    roles
        The roles it plays, from ``crm.yaml``.
    entered
        Deals that entered it, = advanced + lost + open. None in a snapshot, which does not tell.
    advanced
        Of them, those that entered a further stage or were won from here; None in a snapshot.
    lost
        Those that were lost and went no further; None where the export does not tell.
    open
        Those that are open and went no further; None in counts.
    lost_amounts, open_amounts
        Their amounts.
    advanced_share_so_far
        advanced / entered, from 0 to 1; None where unknown or nobody entered. Open deals may still advance, so it is a
        lower bound of what will come and carries no interval.
    """

    stage: str
    roles: tuple[str, ...]
    entered: int | None
    advanced: int | None
    lost: int | None
    open: int | None
    lost_amounts: Amounts
    open_amounts: Amounts
    advanced_share_so_far: float | None


@dataclass(frozen=True)
class FunnelResult:
    """Where the deals of one export stand.

    Attributes
    ----------
    as_of
        Last day that is used.
    as_of_source
        ``config`` (crm.yaml), ``data`` (the last date not in the future) or ``today`` (no date in the data).
    shape
        ``history``, ``wide``, ``snapshot`` or ``counts``.
    rows
        Data rows of the export.
    deals
        Deals counted, = won + lost + open; in counts, those that entered the first stage.
    outcomes
        Deals and amounts by outcome; all zero where `tells_outcomes` is False.
    win_rate_of_closed
        won / (won + lost), from 0 to 1, so far; None where nothing is closed.
    stages
        One row a stage, in map order.
    unplaced
        Deals of which no stage on the map is known, by outcome: closed at once, or in a stage nobody mapped.
    unread
        Values that could not be read.
    warnings
        What weakens the figures.
    cannot
        What this export cannot tell, and what would.
    estimates
        Conversion, time in stage and leaks with intervals; None without a stage history.
    sentences, stage_sentences
        The result in words: of all deals, and stage by stage.
    """

    as_of: date
    as_of_source: AsOfSource
    shape: Shape
    rows: int
    deals: int
    outcomes: Outcomes
    win_rate_of_closed: float | None
    stages: tuple[StageRow, ...]
    unplaced: Outcomes
    unread: tuple[Unread, ...]
    warnings: tuple[Problem, ...]
    cannot: tuple[Sentence, ...]
    sentences: tuple[Sentence, ...]
    stage_sentences: tuple[Sentence, ...]
    estimates: Estimates | None = None

    @property
    def tells_outcomes(self) -> bool:
        """Whether deals have outcomes; counts of stages have none."""
        return self.shape != "counts"

    def to_dict(self) -> dict[str, Any]:
        """Return the result for programs; amounts in whole units, keyed by currency only where there are several."""
        every = (self.outcomes.won, self.outcomes.lost, self.outcomes.open)
        several = len({currency for outcome in every for currency, _ in outcome.amounts}) > 1
        return {
            "as_of": self.as_of.isoformat(),
            "as_of_source": self.as_of_source,
            "shape": self.shape,
            "rows": self.rows,
            "deals": self.deals,
            "outcomes": {
                name: {
                    "n": outcome.n if self.tells_outcomes else None,
                    "amount": _amount(outcome.amounts, several=several),
                }
                for name, outcome in zip(("won", "lost", "open"), every, strict=True)
            },
            "stages": [
                {
                    "stage": row.stage,
                    "entered": row.entered,
                    "advanced": row.advanced,
                    "lost": row.lost,
                    "open": row.open,
                    "advanced_share_so_far": row.advanced_share_so_far,
                    "conversion_closed": _closed_share(row),
                    **_estimated(row.stage, self.estimates),
                }
                for row in self.stages
            ],
            "leaks": [
                {
                    "from": leak.stage,
                    "to": leak.to,
                    "value": leak.value,
                    "low": leak.low,
                    "high": leak.high,
                    "benchmark": leak.benchmark.share,
                    "benchmark_source": leak.benchmark.source,
                    "benchmark_kind": leak.benchmark.kind,
                    "flagged": leak.flagged,
                }
                for leak in (self.estimates.leaks if self.estimates is not None else ())
            ],
            "unplaced": {"won": self.unplaced.won.n, "lost": self.unplaced.lost.n, "open": self.unplaced.open.n},
            "unread": [
                {"column": item.column, "values": [value for value, _ in item.values], "n": item.n}
                for item in self.unread
            ],
            "warnings": [
                {"file": item.file, "place": item.place, "found": item.found, "remedy": item.remedy}
                for item in self.warnings
            ],
        }


def _closed_share(row: StageRow) -> float | None:
    closed = (row.advanced or 0) + (row.lost or 0)
    return None if row.advanced is None or row.lost is None or closed == 0 else row.advanced / closed


def _estimated(stage: str, estimates: Estimates | None) -> dict[str, Any]:
    """Return a stage's conversion by number and value, its days, and the open deals beyond twice the median."""
    found = next((one for one in estimates.stages if one.stage == stage), None) if estimates is not None else None
    ninetieth = found.ninetieth if found is not None else None
    mean = found.mean_days if found is not None else None
    return {
        "conversion": _share(found.conversion if found is not None else None),
        "conversion_by_value": _share(found.by_value if found is not None else None),
        "median_days": found.quartiles[1].day if found is not None and found.quartiles else None,
        "ninetieth_days": None if ninetieth is None else ninetieth.day,
        "mean_days": None if mean is None else mean.days,
        "open_beyond_2x_median": found.beyond.open if found is not None and found.beyond is not None else None,
    }


def _share(share: Share | None) -> dict[str, float] | None:
    if share is None:
        return None
    return {"estimate": share.estimate, "low": share.low, "high": share.high, "horizon_days": share.horizon_days}


def _amount(amounts: Amounts, *, several: bool) -> int | float | dict[str, int | float] | None:
    units = {currency: cents // 100 if cents % 100 == 0 else cents / 100 for currency, cents in amounts}
    if several:
        return units
    return next(iter(units.values()), None)
