"""Alarms by rule, such as "below 25 % two weeks running": as they are written, and how often they ring for nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np

from gtmdiag.funnel.benchmarks import Benchmark, next_steps
from gtmdiag.funnel.config import CrmConfig, name_key
from gtmdiag.funnel.estimates.period import Stays
from gtmdiag.funnel.estimates.table import IntArray
from gtmdiag.funnel.estimates.windows import Pooled, Rule, Verdict, Week, evaluate, false_alarm, pooled
from gtmdiag.funnel.weeks import day_number, last_complete_monday, mondays, week_name
from gtmdiag.instruments.rules import references

WEEKS: Final = 13
"""Weeks that a rule is read on."""
_YEAR: Final = 52
_PUBLISHED: Final = {"mql_sql_alarm": ("mql", "sql"), "s1_s3_alarm": ("s1", "s3")}
_OWN: Final = "crm.yaml, rules"


@dataclass(frozen=True)
class StepRule:
    """A rule on one step, and where it is written: ``crm.yaml, rules``, or the short name of a published source."""

    rule: Rule
    source: str

    @property
    def own(self) -> bool:
        """Whether the client wrote it."""
        return self.source == _OWN


@dataclass(frozen=True)
class Alarm:
    """What a rule on one step says.

    Attributes
    ----------
    stage, to
        The step.
    told
        The rule and its source.
    counted
        The rule on the last 13 complete weeks, as a weekly count has them: of the deals that entered in a week, the
        share that has moved on by now.
    days
        Days that a deal is given; 90 % of the moves come within them.
    ripe
        The rule on the last 13 weeks of which every deal has had those days, and the share that moved on within them.
    weeks
        These weeks.
    false_alarm
        Probability that the rule fires at least once in 52 weeks of the client's own volume though the true share is
        ``rate``.
    rate, rate_is
        That share: the client's ``own`` of ripe weeks where it is above the threshold, else the ``benchmark``, else the
        ``threshold`` itself.
    a_week
        Deals that enter in a week, on average of those 52.
    pooled
        The ripe weeks together against the threshold; None without deals.
    """

    stage: str
    to: str
    told: StepRule
    counted: Verdict
    days: int
    ripe: Verdict
    weeks: tuple[Week, ...]
    false_alarm: float
    rate: float
    rate_is: Literal["own", "benchmark", "threshold"]
    a_week: float
    pooled: Pooled | None


def rules_of(config: CrmConfig) -> dict[str, StepRule]:
    """Return the rule on each step to a next stage, by the stage that is left: the client's own, else a published one.

    Published rules bind to roles. One that leads over a stage in between is left out: how deals move on from the next
    stage is not told apart by where they came from.
    """
    roles = {name_key(role): stage for role, stage in config.roles.items()}
    published = {
        (roles[step[0]], roles[step[1]]): StepRule(Rule(one.low, one.weeks or 1), one.source)
        for one in references()
        if (step := _PUBLISHED.get(one.id)) is not None and roles.keys() >= set(step) and one.low is not None
    }
    own = {step: StepRule(Rule(alarm.below, alarm.weeks), _OWN) for step, alarm in config.rules.items()}
    return next_steps(config, published) | next_steps(config, own)


def read_alarm(
    stage: str, to: str, told: StepRule, stays: Stays, days: int, *, as_of: date, marks: Mapping[str, Benchmark]
) -> Alarm:
    """Apply a rule to the weeks of one step.

    Parameters
    ----------
    stage, to, told
        The step and its rule.
    stays
        All stays in the stage.
    days
        Days that a deal is given to move on, 0 or more.
    as_of
        Last day that is used.
    marks
        Benchmarks by stage.
    """
    newest = last_complete_monday(as_of)
    ripe_until = last_complete_monday(as_of - timedelta(days=days))
    moved = stays.cause == 0
    counted = weekly_counts(stays, moved, newest, WEEKS)
    within = weekly_counts(stays, moved & (stays.lasted <= days), ripe_until, _YEAR)
    weeks = within[-WEEKS:]
    volumes = [week.n for week in within] or [0]
    year = np.resize(np.array(volumes), _YEAR).tolist()
    n, successes = sum(volumes), sum(week.successes for week in within)
    own, mark = successes / n if n else 0.0, marks.get(stage)
    rate, rate_is = told.rule.below, "threshold"
    if own > told.rule.below:
        rate, rate_is = own, "own"
    elif mark is not None and mark.share > told.rule.below:
        rate, rate_is = mark.share, "benchmark"
    return Alarm(
        stage=stage,
        to=to,
        told=told,
        counted=evaluate(told.rule, counted),
        days=days,
        ripe=evaluate(told.rule, weeks),
        weeks=tuple(weeks),
        false_alarm=false_alarm(told.rule, year, rate),
        rate=rate,
        rate_is=rate_is,
        a_week=sum(year) / _YEAR,
        pooled=pooled(told.rule, sum(week.successes for week in weeks), sum(week.n for week in weeks)),
    )


def weekly_counts(stays: Stays, moved: np.ndarray, newest: date, most: int) -> list[Week]:
    """Count entries, and those of them that moved, in up to ``most`` weeks that end with ``newest``.

    The first week is the first one in which a deal entered.
    """
    firsts = mondays(newest, most)
    place = (stays.entered - day_number(firsts[0])) // 7
    inside = (place >= 0) & (place < most)
    n = _sums(place[inside], stays.n[inside], most)
    successes = _sums(place[inside & moved], stays.n[inside & moved], most)
    begun = int(place.min()) if len(place) else most
    return [
        Week(week_name(monday), int(successes[row]), int(n[row])) for row, monday in enumerate(firsts) if row >= begun
    ]


def _sums(place: IntArray, n: IntArray, size: int) -> IntArray:
    return np.bincount(place, weights=n, minlength=size).astype(np.int64)
