"""What the funnel analysis gives: counts, estimates, plain sentences; no frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from gtmdiag.errors import Problem
from gtmdiag.funnel.attributes import AsOfSource
from gtmdiag.funnel.change import StepChange
from gtmdiag.funnel.checks import CONVERSION, FORECAST, LEAKS, SEGMENTS, STALLED, TIME, TREND, Check
from gtmdiag.funnel.config import Shape
from gtmdiag.funnel.deal_age import StageAge
from gtmdiag.funnel.definitions import StepDefinitions
from gtmdiag.funnel.forecast import Forecast
from gtmdiag.funnel.handoffs import HandoffRow
from gtmdiag.funnel.leaks import Estimates
from gtmdiag.funnel.outcomes import Outcomes, StageRow
from gtmdiag.funnel.parse import Unread
from gtmdiag.funnel.records import (
    amount_record,
    check_records,
    leak_record,
    stage_record,
    stalled_record,
    what_if_records,
)
from gtmdiag.funnel.stalled import StalledDeals
from gtmdiag.funnel.time_records import change_record, definition_record, trend_record
from gtmdiag.funnel.trend import Trend
from gtmdiag.funnel.trust import TrustGate, trust_gate
from gtmdiag.funnel.weekly import WeeklySeries
from gtmdiag.trail import Sentence


@dataclass(frozen=True)
class FunnelResult:
    """Where the deals of one export stand, and where they are lost.

    Attributes
    ----------
    as_of
        Last day that is used.
    as_of_source
        ``config`` (crm.yaml), ``data`` (the last date not in the future) or ``today`` (no date in the data).
    later_dates
        Whether on a later day ``as_of`` could be another.
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
    sentences, stage_sentences
        The result in words: of all deals, and stage by stage.
    estimates
        Conversion, time in stage, leaks and segments with intervals; None without a stage history.
    trend
        Conversion over time, with alarms by rule; None without a stage history.
    definitions, change
        One a step: three definitions of conversion, and two periods compared; empty without a stage history.
    forecast
        The open pipeline at its own odds; None without a stage history.
    handoffs
        One for each handoff of ``crm.yaml``.
    checks
        Every check of the data that was made, those without a fault too.
    stalled
        Open deals older than nine in ten of their stage get; None where that was not looked for.
    ages
        Ages of open deals by stage; without a stage history, and for stages with few open deals, none.
    weekly
        Weekly values of metrics, for rules on them; empty without a stage history.
    """

    as_of: date
    as_of_source: AsOfSource
    later_dates: bool
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
    trend: Trend | None = None
    definitions: tuple[StepDefinitions, ...] = ()
    change: tuple[StepChange, ...] = ()
    forecast: Forecast | None = None
    handoffs: tuple[HandoffRow, ...] = ()
    checks: tuple[Check, ...] = ()
    stalled: StalledDeals | None = None
    ages: tuple[StageAge, ...] = ()
    weekly: tuple[WeeklySeries, ...] = ()

    @property
    def tells_outcomes(self) -> bool:
        """Whether deals have outcomes; counts of stages have none."""
        return self.shape != "counts"

    @property
    def trust(self) -> TrustGate:
        """Which of the results that this analysis has stand, and which are to be read with care."""
        return trust_gate(self.checks, tuple(self._results()))

    def _results(self) -> Iterator[str]:
        estimates = self.estimates
        if estimates is not None:
            if any(stage.conversion is not None for stage in estimates.stages):
                yield CONVERSION
            if any(leak.value is not None for leak in estimates.leaks):
                yield LEAKS
            if any(stage.quartiles for stage in estimates.stages):
                yield TIME
        if self.stalled is not None and any(stage.limit_days is not None for stage in self.stalled.stages):
            yield STALLED
        if self.trend is not None and any(not step.lacking for step in self.trend.steps):
            yield TREND
        segments = estimates.segments if estimates is not None else None
        if segments is not None and any(step.compared for step in segments.steps):
            yield SEGMENTS
        if self.forecast is not None and self.forecast.total is not None:
            yield FORECAST

    def to_dict(self) -> dict[str, Any]:
        """Return the result for programs; amounts in whole units, keyed by currency only where there are several."""
        every = (self.outcomes.won, self.outcomes.lost, self.outcomes.open)
        several = len({currency for outcome in every for currency, _ in outcome.amounts}) > 1
        estimates, trust = self.estimates, self.trust
        segments = estimates.segments if estimates is not None else None
        return {
            "as_of": self.as_of.isoformat(),
            "as_of_source": self.as_of_source,
            "shape": self.shape,
            "rows": self.rows,
            "deals": self.deals,
            "outcomes": {
                name: {
                    "n": outcome.n if self.tells_outcomes else None,
                    "amount": amount_record(outcome.amounts, several=several),
                }
                for name, outcome in zip(("won", "lost", "open"), every, strict=True)
            },
            "stages": [stage_record(row, estimates) for row in self.stages],
            "leaks": [leak_record(leak) for leak in (estimates.leaks if estimates is not None else ())],
            "what_if": what_if_records(estimates) if estimates is not None else [],
            "trend": None if self.trend is None else trend_record(self.trend),
            "definitions": [definition_record(step) for step in self.definitions],
            "change": [change_record(step) for step in self.change],
            "segments": None if segments is None else segments.to_dict(),
            "forecast": None if self.forecast is None else self.forecast.to_dict(),
            "handoffs": [row.to_dict() for row in self.handoffs],
            "stalled": None if self.stalled is None else stalled_record(self.stalled),
            "hygiene": check_records(self.checks),
            "trust": {"stand": list(trust.stand), "with_care": list(trust.with_care)},
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
