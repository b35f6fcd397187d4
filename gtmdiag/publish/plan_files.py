"""The plan as files: plan.csv, of which no cell is a formula, and plan.ics with due dates and meetings."""

# icalendar leaves the value of `add` without a type.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event
from icalendar.prop import vRecur

from gtmdiag.findings.cadence import PlannedMeeting
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.plan import Action
from gtmdiag.publish.places import PLAN_CSV, PLAN_ICS

COLUMNS = (
    "number",
    "part",
    "day",
    "due",
    "action",
    "owner",
    "done_when",
    "effort_days",
    "finding",
    "claim",
    "source",
    "state",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def plan_files(diagnosis: Diagnosis) -> dict[str, bytes]:
    """Return the files of a plan by name: none where there is nothing to plan, no calendar where no date is known."""
    made: dict[str, bytes] = {}
    if diagnosis.plan.actions:
        made[PLAN_CSV] = plan_csv(diagnosis.plan.actions)
    if diagnosis.plan.start is not None and (diagnosis.plan.actions or diagnosis.plan.meetings):
        made[PLAN_ICS] = plan_ics(diagnosis)
    return made


def plan_csv(actions: tuple[Action, ...]) -> bytes:
    """Return the actions as UTF-8 csv with a byte-order mark, which spreadsheets read right by themselves.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, one in enumerate(actions, start=1):
        due = one.due.isoformat() if one.due is not None else ""
        told = (one.part, str(one.day), due, one.text, one.owner, one.measure, f"{one.effort:g}")
        writer.writerow([str(number), *map(_inert, (*told, one.finding, one.claim, one.source, "open"))])
    return text.getvalue().encode("utf-8-sig")


def plan_ics(diagnosis: Diagnosis) -> bytes:
    """Return due dates as whole days and meetings as recurring whole days; the same plan gives the same bytes.

    A meeting's time of day is not known, so none is made up; nothing blocks anybody's time. All are days of the
    client's own calendar, whoever looks at them where. On holidays a date is left out or moved (RFC 5545).
    """
    plan = diagnosis.plan
    assert plan.start is not None
    calendar = Calendar()
    calendar.add("prodid", "-//gtmdiag//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{diagnosis.client.name}: go-to-market plan")
    stamp = datetime.combine(diagnosis.as_of or plan.start, time(), UTC)
    owner = f"{diagnosis.client.id}-{diagnosis.wave or 'no-wave'}"
    for event in (*_due(plan.actions), *_meetings(plan.meetings)):
        event["uid"] = f"{owner}-{event['uid']}@gtmdiag"
        event.add("dtstamp", stamp)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()


def _due(actions: tuple[Action, ...]) -> Iterator[Event]:
    for one in actions:
        if one.due is not None:
            event = Event()
            event["uid"] = f"action-{one.id}"
            event.add("summary", f"Due: {one.text}")
            event.add("description", f"Owner: {one.owner}\nDone when: {one.measure}\nFinding: {one.claim}")
            event.add("dtstart", one.due)
            event.add("dtend", one.due + timedelta(days=1))
            event.add("categories", [one.part])
            yield event


def _meetings(meetings: tuple[PlannedMeeting, ...]) -> Iterator[Event]:
    for one in meetings:
        kept = [day for day, held in one.held if held is not None]
        if not kept:
            continue
        event = _meeting(one, kept[0])
        rule = vRecur.from_ical(one.rule)
        rule["UNTIL"] = [kept[-1]]
        event.add("rrule", rule)
        left_out = [day for day, held in one.held if held is None and kept[0] < day < kept[-1]]
        if left_out:
            event.add("exdate", left_out)
        yield event
        for day, held in one.held:
            if held is not None and held != day:
                moved = _meeting(one, held)
                moved.add("recurrence-id", day)
                yield moved


def _meeting(meeting: PlannedMeeting, day: date) -> Event:
    event = Event()
    event["uid"] = f"meeting-{meeting.id}"
    minutes = f" ({meeting.minutes} minutes)" if meeting.minutes else ""
    event.add("summary", f"{meeting.name}{minutes}")
    event.add("description", f"{meeting.purpose}\nSet the time of day in your calendar.")
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("categories", ["cadence"])
    return event


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
