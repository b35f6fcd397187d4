"""What the rules on a client's metrics yield when they are run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.kpis.data import KpiWeek
from gtmdiag.trail import Sentence


@dataclass(frozen=True)
class Alarm:
    """One firing: misses in consecutive weeks, from the first miss on.

    ``week`` is the one at whose end the rule fired; ``weeks`` are all of the run, which is its evidence.
    """

    week: str
    sunday: date
    weeks: tuple[KpiWeek, ...]


@dataclass(frozen=True)
class FalseAlarm:
    """How often the rule fires for nothing.

    Attributes
    ----------
    chance
        Probability, from 0 to 1, that it fires at least once in 52 weeks at this volume.
    rate
        The true share for which this holds: a fifth better than the threshold.
    volume
        Mean n of a week.
    """

    chance: float
    rate: float
    volume: float


@dataclass(frozen=True)
class Recent:
    """The last weeks with an n together against the threshold: share, its 95 % interval, and exact binomial p-value."""

    weeks: int
    share: float
    low: float
    high: float
    n: int
    p_value: float


@dataclass(frozen=True)
class QuarterOutcome:
    """One calendar quarter: its result, and how early the rule fired in it.

    Attributes
    ----------
    quarter
        ``"2026-Q3"``; a week belongs to the quarter of its Thursday.
    metric, value, missed
        The lagging metric, its last value in the quarter, and whether that misses its threshold.
    alarm
        First week of the quarter at whose end the rule stood fired, or empty.
    weeks_early
        Whole weeks from the end of that week to the quarter's last day, or None.
    """

    quarter: str
    metric: str
    value: float
    missed: bool
    alarm: str
    weeks_early: int | None


@dataclass(frozen=True)
class Backtest:
    """What the rule would have done over the history.

    ``judged`` weeks with a value, ``fired`` of them with the rule standing fired, in so many ``alarms``.
    """

    judged: int
    fired: int
    alarms: int
    quarters: tuple[QuarterOutcome, ...]


@dataclass(frozen=True)
class RuleReading:
    """One rule run on its data.

    Attributes
    ----------
    source
        Where its values are from: ``"kpis.csv"`` or ``"CRM export"``.
    window
        Weeks running; 1 where the client names none.
    weeks
        The history up to the as-of date, complete weeks only.
    alarms
        Every firing, in order.
    fires
        Whether it stands fired at the end of the last complete week.
    running
        Consecutive misses up to that week.
    gaps
        Weeks between the first and that last complete one that have no value; each ends a run.
    partial
        The week that is not over, which is not judged, or empty.
    by_itself
        Probability, from 0 to 1, that it fires by the spread of single deals alone; None where that is not in question.
    """

    kpi: Kpi
    source: str
    window: int
    weeks: tuple[KpiWeek, ...]
    alarms: tuple[Alarm, ...]
    fires: bool
    running: int
    gaps: tuple[str, ...]
    partial: str
    false_alarm: FalseAlarm | None
    by_itself: float | None
    recent: Recent | None
    backtest: Backtest
    says: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class KpiResult:
    """All rules that have data, in the client's order; ``idle`` are metrics without data or without a whole rule."""

    as_of: date
    last_week: str
    readings: tuple[RuleReading, ...]
    idle: tuple[str, ...]

    @property
    def firing(self) -> tuple[RuleReading, ...]:
        """The rules that stand fired."""
        return tuple(reading for reading in self.readings if reading.fires)
