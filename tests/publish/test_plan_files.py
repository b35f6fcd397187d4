"""plan.csv and plan.ics: what spreadsheets and calendars make of them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from dateutil.rrule import rrulestr
from icalendar import Calendar

from gtmdiag.engagement.hours import BusinessHours
from gtmdiag.engagement.operating_model import OperatingModel
from gtmdiag.findings.cadence import planned_meetings
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.instruments.operating_rules import operating_rules
from gtmdiag.publish.plan_files import PLAN_CSV, PLAN_ICS, plan_csv, plan_files


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def test_cell_that_a_spreadsheet_takes_for_a_formula(northlight: Diagnosis) -> None:
    first = northlight.plan.actions[0]
    hostile = tuple(replace(first, text=f"{sign}HYPERLINK(1)", owner=f"{sign}1+1") for sign in "=+-@\t\r")
    for row in rows(plan_csv(hostile)):
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    told = rows(plan_files(northlight)[PLAN_CSV])
    assert [row["action"] for row in told] == [one.text for one in northlight.plan.actions]
    assert [row["due"] for row in told] == [str(one.due) for one in northlight.plan.actions]


def test_calendar_that_differs_from_the_plan_or_from_run_to_run(northlight: Diagnosis) -> None:
    data = plan_files(northlight)[PLAN_ICS]
    assert data == plan_files(northlight)[PLAN_ICS]
    events: dict[str, Any] = {str(one["uid"]): one for one in Calendar.from_ical(data).walk("VEVENT")}
    assert len(events) == len(northlight.plan.actions) + len(northlight.plan.meetings)
    for action in northlight.plan.actions:
        event = events[f"northlight-2026-10-action-{action.id}@gtmdiag"]
        assert event["dtstart"].dt == action.due
        assert type(event["dtstart"].dt) is date
        assert action.text in str(event["summary"])
        assert action.claim in str(event["description"])
    for meeting in northlight.plan.meetings:
        event = events[f"northlight-2026-10-meeting-{meeting.id}@gtmdiag"]
        start = datetime.combine(event["dtstart"].dt, datetime.min.time())
        again = rrulestr(event["rrule"].to_ical().decode(), dtstart=start)
        assert tuple(one.date() for one in again) == meeting.dates


def expanded(events: list[Any]) -> list[date]:
    """Return the days of one meeting as RFC 5545 has them: its rule, without exceptions, with what is moved."""
    (series,) = [one for one in events if "rrule" in one]
    start = datetime.combine(series["dtstart"].dt, datetime.min.time())
    days = {one.date(): one.date() for one in rrulestr(series["rrule"].to_ical().decode(), dtstart=start)}
    for left_out in series["exdate"].dts if "exdate" in series else ():
        del days[left_out.dt]
    for one in events:
        if "recurrence-id" in one:
            assert days[one["recurrence-id"].dt] == one["recurrence-id"].dt
            days[one["recurrence-id"].dt] = one["dtstart"].dt
    return sorted(days.values())


def test_meeting_that_a_calendar_shows_on_a_holiday(northlight: Diagnosis) -> None:
    holidays = ["2026-11-02", "2026-11-16", "2026-11-23", "2027-01-25"]
    for zone in ("Pacific/Auckland", "America/Los_Angeles"):
        hours = BusinessHours.model_validate({"timezone": zone, "holidays": holidays})
        model = OperatingModel.model_validate(
            {"cadence": [{"meeting": "Review", "kind": "quarterly", "frequency": "quarterly"}]}
        )
        meetings = planned_meetings(model, operating_rules(), date(2026, 11, 2), hours, launches=True)
        plan = replace(northlight.plan, actions=(), meetings=meetings)
        data = plan_files(replace(northlight, plan=plan))[PLAN_ICS]
        events: list[Any] = Calendar.from_ical(data).walk("VEVENT")
        for meeting in meetings:
            mine = [one for one in events if str(one["uid"]).endswith(f"-meeting-{meeting.id}@gtmdiag")]
            assert tuple(expanded(mine)) == meeting.dates
            assert not {*meeting.dates} & {date.fromisoformat(one) for one in holidays}
        assert b"RECURRENCE-ID;VALUE=DATE:20261102" in data, "a rare meeting is moved"
        assert data.count(b"BEGIN:VEVENT") > len(meetings)


def test_text_of_a_client_that_ends_its_calendar_entry(northlight: Diagnosis) -> None:
    hostile = "Act\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:other"
    plan = replace(northlight.plan, actions=(replace(northlight.plan.actions[0], text=hostile),), meetings=())
    events = Calendar.from_ical(plan_files(replace(northlight, plan=plan))[PLAN_ICS]).walk("VEVENT")
    assert len(events) == 1


def test_files_of_an_empty_plan_or_one_without_a_date(northlight: Diagnosis) -> None:
    empty = replace(northlight.plan, actions=(), meetings=())
    assert plan_files(replace(northlight, plan=empty)) == {}
    undated = tuple(replace(one, due=None) for one in northlight.plan.actions)
    made = plan_files(replace(northlight, plan=replace(empty, start=None, actions=undated)))
    assert list(made) == [PLAN_CSV]
    assert {row["due"] for row in rows(made[PLAN_CSV])} == {""}
