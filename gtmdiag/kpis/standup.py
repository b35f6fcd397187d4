"""The weekly stand-up: each function's worse leading indicator against its threshold, and an action for every miss.

Leading indicators only, the worse one of each function first, an owner and an action of one week for each miss: OE.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from gtmdiag.diagnostics.operating_model.metrics import audit
from gtmdiag.engagement.action_log import TeamAction
from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.engagement.schema import slug
from gtmdiag.instruments.operating_rules import OperatingRules, plain
from gtmdiag.kpis.data import KpiData, KpiWeek
from gtmdiag.kpis.run import last_complete, misses, run
from gtmdiag.kpis.words import rule_in_words, value_in_words

Status = Literal["fires", "miss", "met", "no value"]
UNNAMED = "to be named in the room"


@dataclass(frozen=True)
class Indicator:
    """One leading indicator in the week that is judged.

    Attributes
    ----------
    rule, value
        In words; ``value`` is empty where the week has none.
    status
        ``"miss"`` lies on the wrong side of the threshold, ``"fires"`` has done so for the whole window.
    last, source
        The last week with a value, as ``"2026-W05"``, and where it is from; both may be empty.
    beneath
        Whether another indicator of the function is worse and is shown before it.
    action
        The open action on it, or None.
    """

    metric: str
    label: str
    team: str
    rule: str
    value: str
    status: Status
    last: str
    source: str
    beneath: bool
    action: TeamAction | None


@dataclass(frozen=True)
class StandUp:
    """One stand-up.

    Attributes
    ----------
    week, judged
        The ISO week in which it is held, and the last whole week before, which is judged.
    indicators
        By function, the worse one first.
    carried
        Open actions of earlier weeks on what does not miss any more, or on no metric.
    left_out
        Metrics that have no place here: lagging, or without threshold or direction.
    log
        All actions ever, those opened now among them.
    """

    week: str
    monday: date
    judged: str
    indicators: tuple[Indicator, ...]
    carried: tuple[TeamAction, ...]
    left_out: tuple[str, ...]
    log: tuple[TeamAction, ...]

    @property
    def opened(self) -> tuple[TeamAction, ...]:
        """The actions opened this week."""
        return tuple(one for one in self.log if one.opened == self.week)

    def overdue(self, action: TeamAction) -> bool:
        """Tell whether an open action is past its deadline on the Monday of this week."""
        return action.state == "open" and action.due < self.monday


def stand_up(
    kpis: Sequence[Kpi], data: KpiData, log: Sequence[TeamAction], rules: OperatingRules, *, today: date
) -> StandUp:
    """Return the stand-up of the week of a day.

    Parameters
    ----------
    kpis
        The client's metrics, the adopted published rules among them.
    data
        Their weekly values.
    log
        The team's actions so far. Calling this twice with what it returned opens nothing twice.
    rules
        For functions, published actions and what lags whatever it is declared to be.
    today
        A day of the week in which the stand-up is held.
    """
    monday = today - timedelta(days=today.weekday())
    week, judged = f"{monday:%G-W%V}", last_complete(monday)
    lagging = {one.metric for one in audit(kpis, rules) if not one.leading or one.misdeclared}
    fit = [one for one in kpis if one.metric not in lagging and one.threshold is not None and one.direction is not None]
    found = {one.metric: _status(one, data.weeks.get(plain(one.metric), ()), judged) for one in fit}
    actions = _with_new(fit, found, log, rules, week, monday)
    open_on = {plain(one.metric): one for one in actions if one.state == "open" and one.metric is not None}
    indicators = _ordered(fit, found, data, open_on, rules)
    shown = {one.action.id for one in indicators if one.action is not None}
    left_out = tuple(one.label for one in kpis if one not in fit)
    carried = tuple(one for one in actions if one.state == "open" and one.id not in shown)
    return StandUp(week, monday, f"{judged:%G-W%V}", indicators, carried, left_out, tuple(actions))


@dataclass(frozen=True)
class _Found:
    """``distance`` is how far on the good side the value lies, in thresholds; worse ones are lower."""

    status: Status
    value: float | None
    distance: float
    last: str


def _status(kpi: Kpi, weeks: Sequence[KpiWeek], judged: date) -> _Found:
    value = next((one.value for one in weeks if one.monday == judged), None)
    last = max((one.name for one in weeks if one.value is not None and one.monday <= judged), default="")
    if value is None:
        return _Found("no value", None, 0.0, last)
    threshold = kpi.threshold or 0.0
    distance = (value - threshold if kpi.direction == "below" else threshold - value) / (abs(threshold) or 1.0)
    if not misses(kpi, value):
        return _Found("met", value, distance, last)
    ran = run(kpi, weeks, judged + timedelta(days=6))
    return _Found("fires" if ran.running >= (kpi.window or 1) else "miss", value, distance, last)


def _with_new(
    fit: Sequence[Kpi],
    found: Mapping[str, _Found],
    log: Sequence[TeamAction],
    rules: OperatingRules,
    week: str,
    monday: date,
) -> list[TeamAction]:
    """Return the log with an action for each miss that has none open; due on the day of the next stand-up."""
    actions = list(log)
    for kpi in fit:
        mine = [one for one in actions if one.metric is not None and plain(one.metric) == plain(kpi.metric)]
        settled = any(one.state == "open" or one.opened == week for one in mine)
        if found[kpi.metric].status in ("miss", "fires") and not settled:
            taken = {one.id for one in actions}
            name = f"{week}-{slug(kpi.metric)}"[:100]
            number = next(n for n in range(1, len(actions) + 2) if (name if n == 1 else f"{name}-{n}") not in taken)
            actions.append(
                TeamAction(
                    id=name if number == 1 else f"{name}-{number}",
                    opened=week,
                    metric=kpi.metric,
                    finding=kpi.finding,
                    action=_action(kpi, rules),
                    owner=kpi.owner or UNNAMED,
                    due=monday + timedelta(days=7),
                )
            )
    return actions


def _action(kpi: Kpi, rules: OperatingRules) -> str:
    vague = plain(kpi.action.rstrip(".")) in rules.vague_actions
    published = next((rule.action for rule in rules.kpis if rule.id == kpi.metric), "")
    return (kpi.action if kpi.action and not vague else published) or "Name one action of a week in the room."


def _ordered(
    fit: Sequence[Kpi],
    found: Mapping[str, _Found],
    data: KpiData,
    open_on: Mapping[str, TeamAction],
    rules: OperatingRules,
) -> tuple[Indicator, ...]:
    labels = {team.id: team.label for team in rules.teams}
    teams = list(dict.fromkeys([*labels, *(kpi.team for kpi in fit)]))
    made: list[Indicator] = []
    for team in teams:
        # A metric without a value is not known to be worse than any other.
        known = sorted(
            (kpi for kpi in fit if kpi.team == team),
            key=lambda kpi: (found[kpi.metric].status == "no value", found[kpi.metric].distance),
        )
        for place, kpi in enumerate(known):
            one = found[kpi.metric]
            made.append(
                Indicator(
                    metric=kpi.metric,
                    label=kpi.label,
                    team=labels.get(team, team.capitalize()),
                    rule=rule_in_words(kpi),
                    value="" if one.value is None else value_in_words(kpi, one.value),
                    status=one.status,
                    last=one.last,
                    source=data.source(kpi),
                    beneath=place > 0,
                    action=open_on.get(plain(kpi.metric)),
                )
            )
    return tuple(made)
