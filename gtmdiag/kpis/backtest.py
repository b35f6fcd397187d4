"""What a rule would have done over the history: how often it fired, and how early before a quarter's result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.instruments.operating_rules import plain
from gtmdiag.kpis.data import KpiWeek
from gtmdiag.kpis.result import Backtest, QuarterOutcome
from gtmdiag.kpis.run import Run, last_complete, misses


def backtest(done: Run, kpis: Sequence[Kpi], series: Mapping[str, Sequence[KpiWeek]], as_of: date) -> Backtest:
    """Hold one rule against the results of the quarters.

    A quarter's result is the last value in it of each lagging metric that has a threshold and a direction (suite
    method). Quarters are the calendar's; only those that are over count, and only where the rule had a value in them.
    """
    quarters = tuple(_quarters(done, kpis, series, as_of))
    judged = sum(week.value is not None for week in done.weeks)
    return Backtest(judged, len(done.fired), len(done.alarms), quarters)


def quarter_of(monday: date) -> str:
    """Return the quarter of a week's Thursday: ``"2026-Q3"``."""
    thursday = monday + timedelta(days=3)
    return f"{thursday.year}-Q{(thursday.month + 2) // 3}"


def end_of(quarter: str) -> date:
    """Return a quarter's last day."""
    year, number = int(quarter[:4]), int(quarter[-1])
    following = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    return following - timedelta(days=1)


def _quarters(
    done: Run, kpis: Sequence[Kpi], series: Mapping[str, Sequence[KpiWeek]], as_of: date
) -> Iterator[QuarterOutcome]:
    seen = {quarter_of(week.monday) for week in done.weeks if week.value is not None}
    for kpi in kpis:
        if kpi.kind != "lagging" or kpi.threshold is None or kpi.direction is None:
            continue
        results: dict[str, float] = {}
        for week in series.get(plain(kpi.metric), ()):
            if week.value is not None and week.monday <= last_complete(as_of):
                results[quarter_of(week.monday)] = week.value
        for quarter, value in results.items():
            if quarter in seen and end_of(quarter) <= as_of:
                yield _outcome(done, kpi, quarter, value)


def _outcome(done: Run, kpi: Kpi, quarter: str, value: float) -> QuarterOutcome:
    first = next((week for week in done.fired if quarter_of(week.monday) == quarter), None)
    early = None if first is None else max((end_of(quarter) - first.sunday).days // 7, 0)
    name = "" if first is None else first.name
    return QuarterOutcome(quarter, kpi.label, value, misses(kpi, value), name, early)
