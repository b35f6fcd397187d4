"""Rules on metrics, run on weekly values: which fire, on what evidence, how often for nothing, how early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.instruments.operating_rules import plain
from gtmdiag.kpis.backtest import backtest
from gtmdiag.kpis.chance import chance_for_nothing, recent
from gtmdiag.kpis.computed import with_computed
from gtmdiag.kpis.data import KPI_FILE, KpiData, KpiWeek, read_kpi_data
from gtmdiag.kpis.result import (
    Alarm,
    Backtest,
    FalseAlarm,
    KpiResult,
    QuarterOutcome,
    Recent,
    RuleReading,
)
from gtmdiag.kpis.run import last_complete, run
from gtmdiag.kpis.words import sentences

__all__ = [
    "KPI_FILE",
    "Alarm",
    "Backtest",
    "FalseAlarm",
    "KpiData",
    "KpiResult",
    "KpiWeek",
    "QuarterOutcome",
    "Recent",
    "RuleReading",
    "read_kpi_data",
    "run_rules",
    "with_computed",
]


def run_rules(kpis: Sequence[Kpi], data: KpiData, *, as_of: date) -> KpiResult:
    """Run every rule on a leading metric that has a threshold, a direction and data.

    Parameters
    ----------
    kpis
        The client's metrics, the adopted published rules among them.
    data
        Their weekly values: those of ``kpis.csv``, and of the funnel where that has none.
    as_of
        The date that the report speaks for; the week in which it lies is judged only where that day is a Sunday.
    """
    readings: list[RuleReading] = []
    idle: list[str] = []
    for kpi in kpis:
        weeks = data.weeks.get(plain(kpi.metric), ())
        whole = kpi.threshold is not None and kpi.direction is not None
        if kpi.kind == "leading" and not (whole and weeks):
            idle.append(kpi.label)
        elif kpi.kind == "leading":
            readings.append(_reading(kpi, weeks, kpis, data, as_of))
    return KpiResult(as_of, f"{last_complete(as_of):%G-W%V}", tuple(readings), tuple(idle))


def _reading(kpi: Kpi, weeks: Sequence[KpiWeek], kpis: Sequence[Kpi], data: KpiData, as_of: date) -> RuleReading:
    done = run(kpi, weeks, as_of)
    window, counted = kpi.window or 1, data.counted.get(plain(kpi.metric))
    reading = RuleReading(
        kpi=kpi,
        source=data.source(kpi),
        window=window,
        weeks=done.weeks,
        alarms=done.alarms,
        fires=done.running >= window,
        running=done.running,
        gaps=done.gaps,
        partial=done.partial,
        false_alarm=chance_for_nothing(kpi, done.weeks),
        by_itself=counted.by_itself if counted is not None else None,
        recent=recent(kpi, done.weeks),
        backtest=backtest(done, kpis, data.weeks, as_of),
    )
    return replace(reading, says=(*sentences(reading), *(counted.says if counted is not None else ())))
