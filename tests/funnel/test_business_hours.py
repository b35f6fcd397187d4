"""Business hours: against a count of every single minute, over weekends, holidays and the change of the clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtmdiag.engagement.hours import WEEKDAYS, BusinessHours
from gtmdiag.funnel.business_hours import business_seconds

EPOCH = datetime(1970, 1, 1)
BERLIN = BusinessHours(timezone="Europe/Berlin", hours="09:00-17:00", holidays=(date(2026, 12, 25),))


def seconds(text: str) -> int:
    return int((datetime.fromisoformat(text) - EPOCH).total_seconds())


def hours_between(start: str, end: str, hours: BusinessHours = BERLIN) -> float:
    found = business_seconds(np.array([seconds(start)]), np.array([seconds(end)]), hours)
    return float(found[0]) / 3600


def counted(start: int, end: int, hours: BusinessHours) -> int:
    """Count each minute from start to end, both in minutes since 1970, in which people work."""
    found = 0
    for minute in range(start, end):
        moment = EPOCH + timedelta(minutes=minute)
        inside = hours.opening <= moment.hour * 60 + moment.minute < hours.closing
        found += inside and WEEKDAYS[moment.weekday()] in hours.days and moment.date() not in hours.holidays
    return found


@settings(max_examples=80)
@given(
    st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True),
    st.tuples(st.integers(0, 1440), st.integers(0, 1440)).filter(lambda span: span[0] < span[1]),
    st.lists(st.integers(-4, 16), max_size=4, unique=True),
    st.lists(st.tuples(st.integers(-3 * 1440, 10 * 1440), st.integers(0, 12 * 1440)), min_size=1, max_size=3),
    st.sampled_from([0, -5_000, 20_780]),
)
def test_minute_that_is_counted_wrongly(
    days: list[str], span: tuple[int, int], closed: list[int], waits: list[tuple[int, int]], shift: int
) -> None:
    opening, closing = (f"{minute // 60:02}:{minute % 60:02}" for minute in span)
    holidays = [(EPOCH + timedelta(days=shift + day)).date() for day in closed]
    record = {"timezone": "UTC", "days": days, "hours": f"{opening}-{closing}", "holidays": holidays}
    hours = BusinessHours.model_validate(record)
    start = np.array([shift * 1440 + first for first, _ in waits])
    end = start + np.array([length for _, length in waits])
    expected = [counted(one, other, hours) for one, other in zip(start.tolist(), end.tolist(), strict=True)]
    assert (business_seconds(start * 60, end * 60, hours) / 60).tolist() == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-11-20T16:30:00", "2026-11-23T09:30:00", 1.0),  # Friday to Monday
        ("2026-11-21T10:00:00", "2026-11-22T23:59:59", 0.0),  # a weekend
        ("2026-12-24T16:00:00", "2026-12-28T10:00:00", 2.0),  # over a holiday and a weekend
        ("2026-11-23T12:00:00", "2026-11-23T12:00:01", 1 / 3600),
        ("2026-11-23T12:00:00", "2026-11-23T12:00:00", 0.0),
        ("2026-10-23T16:00:00", "2026-10-26T10:00:00", 2.0),  # the night in which the clocks are set back
    ],
)
def test_hours_that_a_person_would_count_otherwise(start: str, end: str, expected: float) -> None:
    assert hours_between(start, end) == pytest.approx(expected)


def test_work_round_the_clock_that_differs_from_elapsed_time() -> None:
    always = BusinessHours(timezone="UTC", days=WEEKDAYS, hours="00:00-24:00")
    assert hours_between("1969-12-30T22:15:00", "2031-01-02T03:45:00", always) == pytest.approx(534_773.5)
    nothing = np.array([], dtype=np.int64)
    assert business_seconds(nothing, nothing, always).shape == (0,)
