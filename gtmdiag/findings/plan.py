"""The plan: a 30-day build filled with this client's gaps, then a blueprint to day 90."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from gtmdiag.engagement.hours import BusinessHours
from gtmdiag.engagement.operating_model import OperatingModel
from gtmdiag.findings.cadence import PlannedMeeting, planned_meetings
from gtmdiag.findings.finding import Finding
from gtmdiag.findings.plan_gaps import Words, gaps
from gtmdiag.findings.results import Results
from gtmdiag.instruments.operating_rules import OperatingRules
from gtmdiag.instruments.plan_rules import ActionRule, PlanRules

PlanPart = Literal["30-day build", "90-day blueprint"]
APART = 7
"""Days between two actions of one kind in the blueprint, so that they do not all fall due at once (suite method)."""

LAST_DAY = 89
"""The last Friday of the plan; day 1 is a Monday."""


@dataclass(frozen=True)
class Action:
    """One action of the plan.

    Attributes
    ----------
    id
        ``<rule>`` or ``<rule>.<n>``, unique in the plan.
    day
        Of the plan, from 1; always a Friday.
    due
        That day's date, or the last day before it on which the client works; None where the plan has no start.
    finding, claim
        The finding that caused it.
    owner
        A role.
    measure
        What is there when it is done.
    effort
        In person-days.
    source
        Of the rule.
    """

    id: str
    part: PlanPart
    day: int
    due: date | None
    text: str
    finding: str
    claim: str
    owner: str
    measure: str
    effort: float
    source: str


@dataclass(frozen=True)
class Plan:
    """All actions by their day, and the meetings; ``start`` is a Monday, or None where no day is known."""

    start: date | None
    actions: tuple[Action, ...]
    meetings: tuple[PlannedMeeting, ...]

    def of(self, part: PlanPart) -> tuple[Action, ...]:
        """Return the actions of one part."""
        return tuple(one for one in self.actions if one.part == part)


def first_monday(day: date) -> date:
    """Return the first Monday that is not before a day."""
    return day + timedelta(days=-day.weekday() % 7)


def make_plan(
    findings: Sequence[Finding],
    results: Results,
    rules: PlanRules,
    *,
    model: OperatingModel | None,
    cadence: OperatingRules,
    start: date | None,
    hours: BusinessHours | None = None,
) -> Plan:
    """Return the plan.

    Parameters
    ----------
    findings
        In the order of the synthesis; strengths call for nothing.
    results
        What they came from.
    rules
        The actions. Build: OE; days, owners, measures and blueprint: suite method.
    model
        The client's own operating model, whose meetings are taken over.
    cadence
        The published meetings, which are planned where the client lacks them and the stand-up is to be launched.
    start
        The plan begins on the first Monday from this day on; None gives days of the plan and no dates.
    hours
        The client's working days and holidays; by default all days from Monday to Friday.
    """
    open_ = [one for one in findings if one.severity != "strength"]
    monday = None if start is None else first_monday(start)
    made = [
        *_part("30-day build", rules.build, open_, results),
        *_part("90-day blueprint", rules.blueprint, open_, results),
    ]
    dated = [
        replace(one, due=None if monday is None else _due(monday, one.day, hours))
        for one in sorted(made, key=lambda action: action.day)
    ]
    launches = any(one.id == "launch" for one in made)
    meetings = () if monday is None else planned_meetings(model, cadence, monday, hours, launches=launches)
    return Plan(monday, tuple(dated), meetings)


def _due(monday: date, day: int, hours: BusinessHours | None) -> date:
    """Return the last working day up to a day of the plan; that day itself where the four weeks up to it have none."""
    last = monday + timedelta(days=day - 1)
    days = (last - timedelta(days=back) for back in range(min(day, 28)))
    return next((one for one in days if hours is None or hours.works(one)), last)


def _part(part: PlanPart, rules: Sequence[ActionRule], open_: Sequence[Finding], results: Results) -> Iterator[Action]:
    """Yield a part's actions; a finding's own next step is taken by the first rule that answers it."""
    taken: set[str] = set()
    for rule in rules:
        answered = sorted((one for one in open_ if rule.answers(one.id)), key=lambda one: rule.place(one.id))
        if not answered:
            continue
        if rule.per is None:
            yield _action(part, rule, rule.id, {}, answered[0], rule.day)
            continue
        found = gaps(rule.per, results, [one for one in answered if one.id not in taken])
        for number, (words, finding_id) in enumerate(found):
            finding = next((one for one in answered if one.id == finding_id), answered[0])
            # Two a week in the blueprint; all of a week's build at once.
            day = rule.day if part == "30-day build" else min(rule.day + APART * (number // 2), LAST_DAY)
            taken |= {finding_id} - {""}
            yield _action(part, rule, f"{rule.id}.{number + 1}", words, finding, day)


def _action(part: PlanPart, rule: ActionRule, name: str, words: Words, finding: Finding, day: int) -> Action:
    return Action(
        id=name,
        part=part,
        day=day,
        due=None,
        text=rule.text.format_map(words),
        finding=finding.id,
        claim=finding.claim,
        owner=rule.owner.format_map(words),
        measure=rule.measure.format_map(words),
        effort=rule.effort,
        source=rule.source,
    )
