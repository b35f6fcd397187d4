"""Run a rule as it is written: calendar weeks one after the other, exact about gaps and weeks that are not over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.kpis.data import KpiWeek
from gtmdiag.kpis.result import Alarm

_ROUNDING = 1e-9
"""A share meets a threshold such as 0.3 also where a sum of decimals is a hair off it."""

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Run:
    """A rule over a series: see `RuleReading`."""

    weeks: tuple[KpiWeek, ...]
    alarms: tuple[Alarm, ...]
    fired: tuple[KpiWeek, ...]
    running: int
    gaps: tuple[str, ...]
    partial: str


def misses(kpi: Kpi, value: float) -> bool:
    """Tell whether a value lies on the wrong side of the threshold; one equal to it does not."""
    if kpi.threshold is None or kpi.direction is None:
        return False
    beyond = kpi.threshold - value if kpi.direction == "below" else value - kpi.threshold
    return beyond > _ROUNDING * max(1.0, abs(kpi.threshold))


def last_complete(as_of: date) -> date:
    """Return the Monday of the last week that is over at the end of a day."""
    return as_of - timedelta(days=as_of.weekday()) - (timedelta(0) if as_of.weekday() == 6 else _WEEK)


def run(kpi: Kpi, weeks: Sequence[KpiWeek], as_of: date) -> Run:
    """Run a rule up to the last complete week, which may itself have no value.

    A week without a value, or missing between others, is not judged and ends a run. Weeks later than the one of
    ``as_of`` are left out.
    """
    last, window = last_complete(as_of), kpi.window or 1
    complete = {week.monday: week for week in weeks if week.monday <= last}
    partial = [week.name for week in weeks if last < week.monday <= as_of]
    alarms: list[Alarm] = []
    fired: list[KpiWeek] = []
    gaps: list[str] = []
    streak: list[KpiWeek] = []
    monday = min(complete, default=last + _WEEK)
    while monday <= last:
        week = complete.get(monday)
        if week is None or week.value is None:
            gaps.append(f"{monday:%G-W%V}")
            streak = []
        elif misses(kpi, week.value):
            streak = [*streak, week]
            if len(streak) >= window:
                fired.append(week)
                if len(streak) > window:
                    alarms.pop()
                start = streak[window - 1]
                alarms.append(Alarm(start.name, start.sunday, tuple(streak)))
        else:
            streak = []
        monday += _WEEK
    held = tuple(complete[day] for day in sorted(complete))
    return Run(held, tuple(alarms), tuple(fired), len(streak), tuple(gaps), partial[0] if partial else "")
