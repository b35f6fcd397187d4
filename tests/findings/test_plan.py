"""The plan: every action has a finding, an owner, a date and a measure, and comes from a gap that is there."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.engagement.hours import BusinessHours
from gtmdiag.engagement.operating_model import OperatingModel
from gtmdiag.findings.cadence import PlannedMeeting, planned_meetings
from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.findings.plan import first_monday
from gtmdiag.instruments.operating_rules import operating_rules
from gtmdiag.instruments.plan_rules import plan_rules
from tests.engagements import TODAY, diagnosed, sample, write

SAMPLES = ("northlight", "kestrel-labs")


@pytest.mark.parametrize("name", SAMPLES)
def test_action_without_finding_owner_date_or_measure(name: str) -> None:
    diagnosis = diagnosed(name)
    plan = diagnosis.plan
    open_ = {one.id: one.claim for one in diagnosis.findings if one.severity != "strength"}
    assert len({one.id for one in plan.actions}) == len(plan.actions)
    assert plan.start
    for one in plan.actions:
        assert open_[one.finding] == one.claim
        assert one.owner
        assert one.measure
        assert one.effort > 0
        assert one.due is not None
        assert one.due == plan.start + timedelta(days=one.day - 1)
        assert one.due.weekday() == 4
        assert not {"{", "}"} & {*one.text, *one.owner, *one.measure}
    assert all(one.day <= 30 for one in plan.of("30-day build"))
    assert max(one.day for one in plan.actions) <= 90
    assert [one.day for one in plan.actions] == sorted(one.day for one in plan.actions)


def test_action_due_on_a_day_on_which_nobody_works(tmp_path: Path) -> None:
    root = sample(tmp_path / "client")
    text = (root / "client.yaml").read_text("utf-8")
    hours = "{timezone: Europe/Berlin, holidays: [2026-11-06, 2026-11-05, 2026-12-25]}"
    text = re.sub(r"^business_hours:.*\n(?:[ #].*\n)*", "", text, flags=re.MULTILINE)
    write(root, {"client.yaml": f"{text}\nbusiness_hours: {hours}\n"})
    plan = diagnose(root, today=TODAY).plan
    due = {one.day: one.due for one in plan.actions}
    assert (due[5], due[12], due[54]) == (date(2026, 11, 4), date(2026, 11, 13), date(2026, 12, 24))
    with_sundays = BusinessHours.model_validate({"timezone": "Asia/Dubai", "days": ["sun", "mon", "tue", "wed", "thu"]})
    assert {with_sundays.works(date(2026, 11, day)) for day in (1, 2, 5)} == {True}
    assert not with_sundays.works(date(2026, 11, 6))


def test_early_company_that_is_asked_for_a_council_or_a_hand_over() -> None:
    early = diagnosed("kestrel-labs")
    assert early.stage.stage == "early"
    texts = " ".join(one.text for one in early.plan.actions)
    assert "council" not in texts
    assert "Hand over" not in texts


def test_gap_without_its_action(northlight: Diagnosis) -> None:
    assert northlight.operating_model
    texts = [one.text for one in northlight.plan.actions]
    for row in northlight.operating_model.owners:
        assert any(text.startswith(f"{row.activity}: name one") for text in texts) == row.unowned
    answered = {one.finding for one in northlight.plan.actions}
    assert {one.id for one in northlight.findings if one.severity in ("critical", "high")} <= answered


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_plan_that_begins_before_its_day_or_on_no_monday(day: date) -> None:
    monday = first_monday(day)
    assert monday.weekday() == 0
    assert timedelta() <= monday - day < timedelta(days=7)


def test_start_of_client_yaml_that_is_passed_over(tmp_path: Path) -> None:
    root = sample(tmp_path / "client")
    text = (root / "client.yaml").read_text("utf-8")
    write(root, {"client.yaml": text + "\nplan_start: 2027-02-03\n"})
    plan = diagnose(root, today=TODAY).plan
    monday = date(2027, 2, 8)
    assert plan.start == monday
    for one in plan.meetings:
        assert all(monday <= day < monday + timedelta(days=90) for day in one.dates)


def test_meeting_off_its_rhythm_or_new_where_the_client_has_one(northlight: Diagnosis) -> None:
    meetings = {one.id: one for one in northlight.plan.meetings}
    gaps = {(b - a).days for a, b in zip(meetings["standup-1"].dates, meetings["standup-1"].dates[1:], strict=False)}
    assert gaps == {7}
    assert {one.weekday() for one in meetings["standup-1"].dates} == {0}, "as last held"
    assert [one.id for one in meetings.values() if not one.own] == ["operating"]
    assert northlight.plan.start
    assert meetings["operating"].dates[0] >= northlight.plan.start + timedelta(days=21)


def meetings(holidays: list[str], *cadence: dict[str, str], **hours: object) -> dict[str, PlannedMeeting]:
    """Return the meetings of a plan that begins on Monday, 2 November 2026."""
    told = BusinessHours.model_validate({"timezone": "Asia/Tokyo", "holidays": holidays, **hours})
    model = OperatingModel.model_validate({"cadence": [*cadence]})
    found = planned_meetings(model, operating_rules(), date(2026, 11, 2), told, launches=True)
    return {one.id: one for one in found}


def test_meeting_on_a_holiday_or_a_rare_one_that_is_lost_to_it() -> None:
    found = meetings(["2026-11-23", "2026-12-28", "2026-12-29"])
    assert found["standup"].dates[:3] == (date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 14))
    assert date(2026, 12, 28) not in found["standup"].dates
    assert found["operating"].dates == (date(2026, 11, 24), date(2026, 12, 30), date(2027, 1, 25))
    assert (date(2026, 11, 23), date(2026, 11, 24)) in found["operating"].held
    for one in found.values():
        assert not {date(2026, 11, 23), date(2026, 12, 28), date(2026, 12, 29)} & {*one.dates}
    shut = [str(date(2026, 11, 23) + timedelta(days=n)) for n in range(14)]
    assert meetings(shut)["operating"].held[0] == (date(2026, 11, 23), None), "moved by a week at most"


def test_daily_meeting_on_a_day_on_which_the_client_never_works() -> None:
    daily = {"meeting": "Huddle", "kind": "standup", "frequency": "daily"}
    found = meetings([], daily, days=["sun", "mon", "tue", "wed", "thu"])
    assert {one.weekday() for one in found["standup-1"].dates} == {6, 0, 1, 2, 3}
    late = meetings([], days=["tue", "wed", "thu"])
    assert {one.weekday() for one in late["standup"].dates} == {1}


def test_rule_that_answers_no_finding_there_can_be() -> None:
    known = {one.id for name in SAMPLES for one in diagnosed(name).findings}
    rules = plan_rules()
    answered = [rule.id for rule in (*rules.build, *rules.blueprint) if any(rule.answers(one) for one in known)]
    assert answered == [rule.id for rule in (*rules.build, *rules.blueprint)]
