"""How each step converts week by week, whether that has changed lately, and what alarms by rule say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from gtmdiag.funnel.alarms import WEEKS, Alarm, StepRule, read_alarm, rules_of
from gtmdiag.funnel.benchmarks import Benchmark, stated_benchmarks
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.estimates.difference import Contrast, difference, p_value
from gtmdiag.funnel.estimates.incidence import Incidence
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.estimates.multiple import benjamini_hochberg
from gtmdiag.funnel.estimates.period import Stays, WeekShare, by_week, period, stays_by_stage
from gtmdiag.funnel.estimates.table import ADVANCED, CellTable
from gtmdiag.funnel.limits import FALSE_ALARMS, MINIMUM_DEALS
from gtmdiag.funnel.weeks import EPOCH, day_number, last_complete_monday, mondays, week_name

MINIMUM_ENTERED: Final = 12
"""Deals that must enter in the median window for a step to be shown (suite method)."""
LATE: Final = 0.95
"""The horizon is the day by which this part of the moves has come."""
LEAST: Final = 0.5
"""Part of the moves that must have come by the longest age which windows can show."""
RIPE: Final = 0.9
"""A week is ripe for a rule when its deals had the days in which this part of the moves comes."""


@dataclass(frozen=True)
class Windows:
    """How time is cut: ``n`` windows of so many weeks, and how many of the newest are "lately"."""

    weeks: int
    n: int
    lately: int


# Cells tell the day of older entries to the week only, from 26 weeks after the stay ended on.
CUTS: Final = (Windows(1, WEEKS, 4), Windows(4, 6, 2))


@dataclass(frozen=True)
class Threshold:
    """The line that a conversion should not fall below: a rule, or what the conversion is measured against."""

    share: float
    source: str
    kind: Literal["rule", "target", "published", "own"]


@dataclass(frozen=True)
class StepTrend:
    """One step over time.

    Attributes
    ----------
    stage, to
        The step.
    threshold
        None where there is none.
    lacking
        Why there is no trend; empty where there is one. Without one, all that follows is 0, empty or None.
    windows
        How time is cut.
    horizon_days
        Whole days since entry within which a move counts, the same in all windows.
    covers
        Part of the step's moves, of all time, that came within the horizon.
    points
        One a window, oldest first: the period Aalen–Johansen estimate at the horizon with its interval. ``share`` is
        None where nobody entered, or nobody was in the stage at some age below the horizon.
    before, lately
        The same for the earlier windows together and for the newest ones.
    moved
        Lately less before, with its interval.
    changed
        Whether that is beyond chance, with all steps tested together.
    """

    stage: str
    to: str
    threshold: Threshold | None
    lacking: str
    windows: Windows = CUTS[0]
    horizon_days: int = 0
    covers: float = 0.0
    points: tuple[WeekShare, ...] = ()
    before: Share | None = None
    lately: Share | None = None
    moved: Contrast | None = None
    changed: bool = False

    @property
    def below(self) -> int:
        """Windows whose estimate lies below the threshold."""
        line = self.threshold.share if self.threshold is not None else 0.0
        return sum(point.share.estimate < line for point in self.points if point.share is not None)


@dataclass(frozen=True)
class Trend:
    """All steps over time.

    Attributes
    ----------
    last_week
        The last complete ISO week, ``2026-W43``; every trend ends with it.
    unfinished
        The week of the as-of day where it is not over and so left out, else empty.
    steps
        In map order.
    alarms
        One for each rule on a step with enough deals.
    """

    last_week: str
    unfinished: str
    steps: tuple[StepTrend, ...]
    alarms: tuple[Alarm, ...]


def trend(table: CellTable, config: CrmConfig, horizons: Sequence[int], *, as_of: date) -> Trend:
    """Estimate the conversion of each step over the last weeks.

    Parameters
    ----------
    table
        Cells of a history, by first entry.
    config
        Stages, roles, targets and rules.
    horizons
        For each stage the longest age in days to which enough deals were followed, as `gtmdiag.funnel.leaks` uses it.
    as_of
        Last day that is used. An ISO week that is not over by then is left out.
    """
    rules, marks = rules_of(config), stated_benchmarks(config)
    newest = last_complete_monday(as_of)
    steps: list[StepTrend] = []
    alarms: list[Alarm] = []
    parts = stays_by_stage(table)
    for stage, to, longest, part in zip(config.stages, (*config.stages[1:], "won"), horizons, parts, strict=True):
        told, mark = rules.get(stage), marks.get(stage)
        empty = StepTrend(stage, to, _threshold(told, mark), "")
        n = int(part.n.sum())
        if n < MINIMUM_DEALS or longest == 0:
            steps.append(replace(empty, lacking=f"{n:,} of at least {MINIMUM_DEALS} deals"))
            continue
        whole = period(part, EPOCH, as_of)
        steps.append(_step(empty, part, whole, longest, newest))
        if told is not None:
            days = moves_come(whole, longest, RIPE)
            alarms.append(read_alarm(stage, to, told, part, days, as_of=as_of, marks=marks))
    this_week = newest + timedelta(weeks=1)
    unfinished = week_name(this_week) if this_week <= as_of else ""
    return Trend(week_name(newest), unfinished, _flagged(steps), tuple(alarms))


def moves_come(whole: Incidence, longest: int, part: float) -> int:
    """Return the day by which this part of the moves within the longest horizon has come."""
    place, _ = whole.place(longest)
    share = whole.share[whole.causes.index(ADVANCED), : place + 1]
    every = float(share[-1]) if place >= 0 else 0.0
    return int(whole.days[np.searchsorted(share, part * every)]) if every > 0 else longest


def _threshold(told: StepRule | None, mark: Benchmark | None) -> Threshold | None:
    if told is not None and (told.own or mark is None or mark.kind == "published"):
        return Threshold(told.rule.below, told.source, "rule")
    return Threshold(mark.share, mark.source, mark.kind) if mark is not None else None


def _step(empty: StepTrend, part: Stays, whole: Incidence, longest: int, newest: date) -> StepTrend:
    cut = next((cut for cut in CUTS if _entering(part, cut, newest) >= MINIMUM_ENTERED), None)
    if cut is None:
        few = f"fewer than {MINIMUM_ENTERED} deals enter in the median window of {CUTS[-1].weeks} weeks"
        return replace(empty, lacking=few)
    firsts = mondays(newest, cut.n, cut.weeks)
    recent = _since(part, firsts[0])
    horizon = moves_come(whole, longest, LATE)
    points = by_week(recent, ADVANCED, horizon, firsts, weeks=cut.weeks)
    reached = sorted(0 if point.share is None else point.share.horizon_days for point in points)
    # A quarter of the windows may stay without an estimate before all of them have to do with a shorter horizon.
    shared = reached[cut.n // 4]
    if shared < horizon:
        horizon = shared
        points = by_week(recent, ADVANCED, horizon, firsts, weeks=cut.weeks)
    covers = _covered(whole, longest, horizon)
    if horizon == 0 or covers < LEAST:
        return replace(empty, lacking=f"too few deals stay under watch for {LEAST:.0%} of the moves to be seen")
    turn, end = firsts[-cut.lately], newest + timedelta(days=6)
    before, lately = (
        _full(period(recent, first, last).at(ADVANCED, horizon), horizon)
        for first, last in ((firsts[0], turn - timedelta(days=1)), (turn, end))
    )
    return replace(
        empty,
        windows=cut,
        horizon_days=horizon,
        covers=covers,
        points=tuple(replace(point, share=_full(point.share, horizon)) for point in points),
        before=before,
        lately=lately,
        moved=None if before is None or lately is None else difference(before, lately),
    )


def _flagged(steps: Sequence[StepTrend]) -> tuple[StepTrend, ...]:
    chances = [
        1.0 if step.before is None or step.lately is None else p_value(step.before, step.lately) for step in steps
    ]
    tested = [place for place, step in enumerate(steps) if step.moved is not None]
    if not tested:
        return tuple(steps)
    flags = benjamini_hochberg([chances[place] for place in tested], FALSE_ALARMS).flagged
    changed = {place for place, flagged in zip(tested, flags, strict=True) if flagged}
    return tuple(replace(step, changed=place in changed) for place, step in enumerate(steps))


def _entering(part: Stays, cut: Windows, newest: date) -> float:
    """Return how many deals enter in the median window, of those since the first entry of all."""
    firsts = [day_number(monday) for monday in mondays(newest, cut.n, cut.weeks)]
    place = (part.entered - firsts[0]) // (7 * cut.weeks)
    inside = (place >= 0) & (place < cut.n)
    n = np.bincount(place[inside], weights=part.n[inside], minlength=cut.n)
    begun = n[max(int(place.min(initial=cut.n)), 0) :]
    return float(np.median(begun)) if len(begun) > cut.lately else 0.0


def _since(part: Stays, first: date) -> Stays:
    """Return the stays that had not ended before a day."""
    lasting = part.entered + part.lasted >= day_number(first)
    return Stays(part.causes, part.entered[lasting], part.lasted[lasting], part.cause[lasting], part.n[lasting])


def _covered(whole: Incidence, longest: int, horizon: int) -> float:
    every, some = whole.at(ADVANCED, longest), whole.at(ADVANCED, horizon)
    return some.estimate / every.estimate if every is not None and some is not None and every.estimate > 0 else 1.0


def _full(share: Share | None, horizon: int) -> Share | None:
    return share if share is not None and share.horizon_days >= horizon else None
