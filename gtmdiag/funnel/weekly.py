"""Weekly values of metrics that an export tells by itself, as rules on metrics are run on them.

A week's value is what was known at its end: of deals that take four weeks to move on, the value of this week is that of
the entries of four weeks ago. A week that is not over has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final, Literal

import numpy as np

from gtmdiag.funnel.alarms import weekly_counts
from gtmdiag.funnel.config import CrmConfig, name_key
from gtmdiag.funnel.deal_age import FEWEST, StageAge, age_sentences, by_itself, open_ages
from gtmdiag.funnel.estimates.exits import Exits
from gtmdiag.funnel.estimates.period import Stays, period
from gtmdiag.funnel.estimates.table import IntArray
from gtmdiag.funnel.limits import FOLLOWED, LONGEST, MINIMUM_DEALS
from gtmdiag.funnel.reduction.deals import Deals
from gtmdiag.funnel.trend import RIPE, moves_come
from gtmdiag.funnel.ways import closings, sources, way
from gtmdiag.funnel.weeks import EPOCH, day_number, last_complete_monday, mondays
from gtmdiag.funnel.words import counted
from gtmdiag.trail import Sentence, Trail

MOST: Final = 104
"""Weeks of history."""
EXACT: Final = 26
"""Weeks for which the ages of deals are known to the day; see `gtmdiag.funnel.cells`."""


@dataclass(frozen=True)
class WeekValue:
    """The value of the week that begins on a Monday, and the number of deals it rests on; None where there are none."""

    monday: date
    value: float | None
    n: int


@dataclass(frozen=True)
class WeeklySeries:
    """One metric.

    Attributes
    ----------
    names
        Names by which it may be called: the id of a published rule, or a step between stages such as ``"MQL→SQL"``.
    unit
        Of its values; shares run from 0 to 1.
    weeks
        Without a gap, the last one over.
    says
        How it is counted, and what to bear in mind.
    by_itself
        Probability, from 0 to 1, that the published rule on it fires at the spread of these deals alone; None where
        that is not its question.
    """

    names: tuple[str, ...]
    unit: Literal["share", "days", "times"]
    weeks: tuple[WeekValue, ...]
    says: tuple[Sentence, ...]
    by_itself: float | None = None


def weekly_series(
    deals: Deals, stays: Sequence[Stays], ages: Sequence[StageAge], config: CrmConfig, *, as_of: date
) -> tuple[WeeklySeries, ...]:
    """Return every metric that the export tells.

    Parameters
    ----------
    deals
        One row each.
    stays
        Of each stage, in map order.
    ages
        Ages of the deals that are open now.
    config
        Stages, roles, and which sources are marketing's.
    as_of
        Last day that is used. An ISO week that is not over by then is left out.
    """
    newest = last_complete_monday(as_of)
    found = [
        *_conversions(deals, stays, config, newest, as_of),
        _age_ratio(config.stages, stays, ages, newest),
        _first_success(deals, config, newest),
        _marketing_share(deals, config, newest),
        _win_rate(deals, newest),
    ]
    return tuple(one for one in found if one is not None and one.weeks)


def _conversions(
    deals: Deals, stays: Sequence[Stays], config: CrmConfig, newest: date, as_of: date
) -> Iterator[WeeklySeries | None]:
    places = _places(config)
    published = {"mql_sql_conversion": ("mql", "sql"), "s1_s3_conversion": ("s1", "s3")}
    steps: dict[tuple[int, int], list[str]] = {}
    for place, (stage, following) in enumerate(zip(config.stages, config.stages[1:], strict=False)):
        steps[place, place + 1] = [f"{stage}→{following}", f"{stage}→{following} conversion"]
    for name, (leaving, entering) in published.items():
        start, goal = places.get(leaving), places.get(entering)
        if start is not None and goal is not None and start < goal:
            steps.setdefault((start, goal), []).append(name)
    for (start, goal), names in steps.items():
        part = stays[start] if goal == start + 1 else way(deals, start, goal)
        step = f"{config.stages[start]}→{config.stages[goal]}"
        yield _conversion(step, tuple(names), part, newest, as_of)


def _conversion(step: str, names: tuple[str, ...], part: Stays, newest: date, as_of: date) -> WeeklySeries | None:
    n = int(part.n.sum())
    longest = _followed(part) if n >= MINIMUM_DEALS else 0
    if not longest:
        return None
    days = moves_come(period(part, EPOCH, as_of), longest, RIPE)
    later = ceil(days / 7)
    moved = (part.cause == 0) & (part.lasted <= days)
    entries = weekly_counts(part, moved, newest - timedelta(weeks=later), MOST)
    known = mondays(newest, len(entries))
    weeks = tuple(
        WeekValue(monday, week.successes / week.n if week.n else None, week.n)
        for monday, week in zip(known, entries, strict=True)
    )
    entered = f"{counted(later, 'week')} before" if later else "in it"
    text = (
        f"Counted from the CRM export: each week's value is the share of the deals that entered {entered} and moved on "
        f"within {counted(days, 'day')}, in which {RIPE:.0%} of the moves come."
    )
    return WeeklySeries(names, "share", weeks, (_told(text, f"crm, {step}", n),))


def _followed(part: Stays) -> int:
    """Return the longest age in days to which enough of the deals were followed."""
    days, place = np.unique(part.lasted, return_inverse=True)
    left, still = np.zeros((2, len(days)), dtype=np.int64), np.zeros(len(days), dtype=np.int64)
    gone = part.cause >= 0
    np.add.at(left, (part.cause[gone], place[gone]), part.n[gone])
    np.add.at(still, place[~gone], part.n[~gone])
    return Exits("", None, part.causes, days, left, still).longest_horizon(FOLLOWED, LONGEST)


def _age_ratio(
    stages: Sequence[str], stays: Sequence[Stays], ages: Sequence[StageAge], newest: date
) -> WeeklySeries | None:
    weeks: list[WeekValue] = []
    for monday in mondays(newest, EXACT):
        told: list[tuple[float, int]] = []
        for part in stays:
            open_ = open_ages(part, monday + timedelta(days=6))
            median = float(np.median(open_)) if len(open_) >= FEWEST else 0.0
            if median:
                told.append((float(open_.mean()) / median, len(open_)))
        if told or weeks:
            value, n = max(told, default=(None, 0))
            weeks.append(WeekValue(monday, value, n))
    text = (
        "Counted from the CRM export at the end of each week: average age of the open deals of a stage in medians, the "
        f"highest of the {len(stages)} stages, of those with at least {FEWEST} open deals."
    )
    says = (_told(text, "crm, open deals by stage", sum(one.open for one in ages)), *age_sentences(ages))
    return WeeklySeries(("deal_age_ratio",), "times", tuple(weeks), says, by_itself(ages))


def _first_success(deals: Deals, config: CrmConfig, newest: date) -> WeeklySeries | None:
    places = _places(config)
    start, goal = places.get("onboarding"), places.get("first_success")
    if start is None or goal is None or start >= goal:
        return None
    part = way(deals, start, goal)
    there = part.cause == 0
    n, days = (
        _by_week(part.entered[there] + part.lasted[there], weights[there], newest)
        for weights in (part.n, part.n * part.lasted)
    )
    text = (
        f"Counted from the CRM export: average days from {config.stages[start]} to {config.stages[goal]} of the "
        "customers that got there in the week; those still on their way are not among them."
    )
    says = (_told(text, f"crm, {config.stages[start]}→{config.stages[goal]}", int(part.n[there].sum())),)
    return WeeklySeries(("days_to_first_success",), "days", _weeks(days, n, newest), says)


def _marketing_share(deals: Deals, config: CrmConfig, newest: date) -> WeeklySeries | None:
    places = _places(config)
    place = places.get("s1", places.get("sql"))
    own = {name_key(name) for name in config.marketing_sources}
    if place is None or not own:
        return None
    day, n, names = sources(deals, place)
    of_marketing = np.array([name_key(name) in own for name in names], dtype=bool)
    entered, hits = _by_week(day, n, newest), _by_week(day[of_marketing], n[of_marketing], newest)
    text = (
        f"Counted from the CRM export: of the deals that first entered {config.stages[place]} in the week, the share "
        f"whose source is among marketing's: {', '.join(config.marketing_sources)}."
    )
    says = (_told(text, f"crm, {config.columns.source or 'source'}", int(n.sum())),)
    return WeeklySeries(("marketing_pipeline_share",), "share", _weeks(hits, entered, newest), says)


def _win_rate(deals: Deals, newest: date) -> WeeklySeries | None:
    """Return won deals among those closed, each week's from the beginning of its quarter on: the last is its result."""
    day, n, won = closings(deals)
    weeks: list[WeekValue] = []
    quarter, closed, hits = "", 0, 0
    for monday, more, good in zip(
        mondays(newest, MOST), _by_week(day, n, newest), _by_week(day, won, newest), strict=True
    ):
        thursday = monday + timedelta(days=3)
        name = f"{thursday.year} {(thursday.month + 2) // 3}"
        closed, hits = (closed + int(more), hits + int(good)) if name == quarter else (int(more), int(good))
        quarter = name
        if weeks or closed:
            weeks.append(WeekValue(monday, hits / closed if closed else None, closed))
    text = "Counted from the CRM export: won deals among those closed since the beginning of the quarter."
    return WeeklySeries(("win_rate", "win rate"), "share", tuple(weeks), (_told(text, "crm, outcomes", int(n.sum())),))


def _by_week(day: IntArray, n: IntArray, newest: date) -> IntArray:
    """Add numbers by the week of their day, for the last weeks up to ``newest``."""
    place = (day - day_number(mondays(newest, MOST)[0])) // 7
    inside = (place >= 0) & (place < MOST)
    return np.bincount(place[inside], weights=n[inside], minlength=MOST).astype(np.int64)


def _weeks(sums: IntArray, n: IntArray, newest: date) -> tuple[WeekValue, ...]:
    """Return each week's sum over its number, from the first week on that has any."""
    begun = int(np.argmax(n > 0)) if n.any() else MOST
    rows = zip(mondays(newest, MOST), sums.tolist(), n.tolist(), strict=True)
    return tuple(WeekValue(monday, total / k if k else None, k) for monday, total, k in rows)[begun:]


def _places(config: CrmConfig) -> dict[str, int]:
    at = {name_key(stage): place for place, stage in enumerate(config.stages)}
    return {name_key(role): at[name_key(stage)] for role, stage in config.roles.items()}


def _told(text: str, place: str, n: int) -> Sentence:
    return Sentence(text, Trail("weekly values from the export", "suite", (place,), n))
