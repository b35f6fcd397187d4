"""The meetings of the cadence as recurring dates, to day 90 of the plan, on none of the client's holidays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from gtmdiag.engagement.hours import WEEKDAYS, BusinessHours
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
    rule
        A recurrence rule (RFC 5545), without its start.
    held
        Every date of the rule to day 90 of the plan, with the day on which the meeting is held: the same one, another
        where it is a holiday, or None where it is left out for one.
    own
        Whether the client has it already.
    """

    id: str
    name: str
    purpose: str
    frequency: Frequency
    minutes: int | None
    rule: str
    held: tuple[tuple[date, date | None], ...]
    own: bool

    @property
    def dates(self) -> tuple[date, ...]:
        """Every day on which it is held."""
        return tuple(day for _, day in self.held if day is not None)


def planned_meetings(
    model: OperatingModel | None, rules: OperatingRules, monday: date, hours: BusinessHours | None, *, launches: bool
) -> tuple[PlannedMeeting, ...]:
    """Return the client's own meetings, and the published ones that it lacks where the cadence is to be launched.

    An own meeting stays on the weekday on which it was last held; others are on Mondays, or the first day of a week on
    which the client works. None is on a holiday: what comes every two weeks or oftener is left out, what is rarer is
    held on the next day of work (suite method).
    """
    own = model.cadence if model is not None else ()
    found: list[PlannedMeeting] = []
    for rule in rules.meetings:
        mine = [one for one in own if one.kind == rule.id]
        found += [_own(one, number, rule, monday, hours) for number, one in enumerate(mine)]
        if not mine and launches:
            found.append(_new(rule, monday, hours))
    return tuple(found)


def _new(rule: MeetingRule, monday: date, hours: BusinessHours | None) -> PlannedMeeting:
    weekday = min(map(WEEKDAYS.index, hours.days)) if hours is not None else 0
    first = monday + timedelta(days=LAUNCH + weekday)
    return _planned(rule.id, rule.label, rule, rule.frequency, rule.minutes, first, monday, hours, own=False)


def _own(meeting: Meeting, number: int, rule: MeetingRule, monday: date, hours: BusinessHours | None) -> PlannedMeeting:
    last = max((one.date for one in meeting.held), default=None)
    first = monday + timedelta(days=last.weekday() if last is not None else 0)
    frequency = meeting.frequency or rule.frequency
    name = f"{rule.id}-{number + 1}"
    minutes = meeting.minutes or rule.minutes
    return _planned(name, meeting.meeting, rule, frequency, minutes, first, monday, hours, own=True)


def _planned(
    name: str,
    label: str,
    rule: MeetingRule,
    frequency: Frequency,
    minutes: int | None,
    first: date,
    monday: date,
    hours: BusinessHours | None,
    *,
    own: bool,
) -> PlannedMeeting:
    until = monday + timedelta(days=DAYS - 1)
    recurrence = _recurrence(frequency, first, until, hours)
    held = tuple((one.date(), _held(one.date(), frequency, hours)) for one in recurrence)
    text = next(line.removeprefix("RRULE:") for line in str(recurrence).splitlines() if line.startswith("RRULE:"))
    return PlannedMeeting(name, label, rule.purpose, frequency, minutes, text, held, own)


def _held(day: date, frequency: Frequency, hours: BusinessHours | None) -> date | None:
    """Return the day on which the meeting of a day is held; None where it is left out, or nobody works for a week."""
    if hours is None or day not in hours.holidays:
        return day
    if frequency not in ("monthly", "quarterly"):
        return None
    return next((later for n in range(1, 8) if hours.works(later := day + timedelta(days=n))), None)


def _recurrence(frequency: Frequency, first: date, until: date, hours: BusinessHours | None) -> rrule:
    """Return the dates; a monthly or quarterly meeting keeps its weekday and its place in the month."""
    start, end = datetime.combine(first, time()), datetime.combine(until, time())
    if frequency == "daily":
        days = [WEEKDAYS.index(one) for one in hours.days] if hours is not None else range(5)
        return rrule(WEEKLY, dtstart=start, until=end, byweekday=days)
    if frequency in ("weekly", "biweekly"):
        return rrule(WEEKLY, dtstart=start, until=end, interval=1 if frequency == "weekly" else 2)
    nth = min((first.day - 1) // 7 + 1, 4)
    interval = 1 if frequency == "monthly" else 3
    return rrule(MONTHLY, dtstart=start, until=end, interval=interval, byweekday=weekday(first.weekday(), nth))
