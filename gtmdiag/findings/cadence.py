"""The meetings of the cadence as recurring dates, to day 90 of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from gtmdiag.engagement.operating_model import Frequency, Meeting, OperatingModel
from gtmdiag.instruments.operating_rules import MeetingRule, OperatingRules

DAYS = 90
LAUNCH = 21
"""Days from the plan's start to its fourth week, in which the cadence is launched (OE)."""


@dataclass(frozen=True)
class PlannedMeeting:
    """A meeting on its dates.

    Attributes
    ----------
    name, purpose
        What it is called, and what it is for.
    frequency, minutes
        How often, and how long; minutes are None where neither the client nor a source says.
    dates
        Every date from the first to day 90 of the plan.
    rule
        The same as a recurrence rule (RFC 5545), without its start.
    own
        Whether the client has it already.
    """

    id: str
    name: str
    purpose: str
    frequency: Frequency
    minutes: int | None
    dates: tuple[date, ...]
    rule: str
    own: bool


def planned_meetings(
    model: OperatingModel | None, rules: OperatingRules, monday: date, *, launches: bool
) -> tuple[PlannedMeeting, ...]:
    """Return the client's own meetings, and the published ones that it lacks where the cadence is to be launched.

    An own meeting stays on the weekday on which it was last held; others are on Mondays (suite method).
    """
    own = model.cadence if model is not None else ()
    found: list[PlannedMeeting] = []
    for rule in rules.meetings:
        mine = [one for one in own if one.kind == rule.id]
        found += [_own(one, number, rule, monday) for number, one in enumerate(mine)]
        if not mine and launches:
            first = monday + timedelta(days=LAUNCH)
            found.append(_planned(rule.id, rule.label, rule, rule.frequency, rule.minutes, first, monday, own=False))
    return tuple(found)


def _own(meeting: Meeting, number: int, rule: MeetingRule, monday: date) -> PlannedMeeting:
    last = max((one.date for one in meeting.held), default=None)
    first = monday + timedelta(days=last.weekday() if last is not None else 0)
    frequency = meeting.frequency or rule.frequency
    name = f"{rule.id}-{number + 1}"
    return _planned(name, meeting.meeting, rule, frequency, meeting.minutes or rule.minutes, first, monday, own=True)


def _planned(
    name: str,
    label: str,
    rule: MeetingRule,
    frequency: Frequency,
    minutes: int | None,
    first: date,
    monday: date,
    *,
    own: bool,
) -> PlannedMeeting:
    until = monday + timedelta(days=DAYS - 1)
    recurrence = _recurrence(frequency, first, until)
    dates = tuple(one.date() for one in recurrence)
    text = next(line.removeprefix("RRULE:") for line in str(recurrence).splitlines() if line.startswith("RRULE:"))
    return PlannedMeeting(name, label, rule.purpose, frequency, minutes, dates, text, own)


def _recurrence(frequency: Frequency, first: date, until: date) -> rrule:
    """Return the dates; a monthly or quarterly meeting keeps its weekday and its place in the month."""
    start, end = datetime.combine(first, time()), datetime.combine(until, time())
    if frequency == "daily":
        return rrule(WEEKLY, dtstart=start, until=end, byweekday=range(5))
    if frequency in ("weekly", "biweekly"):
        return rrule(WEEKLY, dtstart=start, until=end, interval=1 if frequency == "weekly" else 2)
    nth = min((first.day - 1) // 7 + 1, 4)
    interval = 1 if frequency == "monthly" else 3
    return rrule(MONTHLY, dtstart=start, until=end, interval=interval, byweekday=weekday(first.weekday(), nth))
