"""``business_hours`` of client.yaml: when the client's people work."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from gtmdiag.engagement.yamlfile import refusal

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

_SPAN = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)


def zone(value: str) -> str:
    """Return the name of a time zone; refuse one that there is not."""
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError):
        raise refusal("a time zone such as Europe/Berlin or America/New_York", "Correct it.") from None
    return value


def parsed_date(value: Any) -> Any:
    """Return text of the form 2026-10-31 as a date, and all else as it is."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _each_once(value: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
    if len(set(value)) != len(value):
        raise refusal("each day once", "Keep one of them.")
    return tuple(sorted(value, key=WEEKDAYS.index))


def _span(value: str) -> str:
    opening, closing = _minutes(value)
    if not 0 <= opening < closing <= 24 * 60:
        raise refusal("hours of one day such as 09:00-17:30, the end after the beginning", "Write '09:00-17:00'.")
    return value


def _minutes(value: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(value.strip())
    if found is None:
        return -1, -1
    hour, minute, to_hour, to_minute = map(int, found.groups())
    return hour * 60 + minute, to_hour * 60 + to_minute


class BusinessHours(BaseModel):
    """When people work, by the client's clocks.

    Attributes
    ----------
    timezone
        Where the clocks hang: ``Europe/Berlin``.
    days
        Working days in order, ``mon`` to ``sun``; by default Monday to Friday.
    hours
        On each of them: ``09:00-17:30``; ``00:00-24:00`` is the whole day.
    holidays
        Days on which nobody works.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    timezone: Annotated[str, AfterValidator(zone)]
    days: Annotated[tuple[Weekday, ...], Field(min_length=1, strict=False), AfterValidator(_each_once)] = WEEKDAYS[:5]
    hours: Annotated[str, AfterValidator(_span)] = "09:00-17:00"
    holidays: Annotated[
        tuple[Annotated[date, BeforeValidator(parsed_date)], ...], Field(max_length=5_000, strict=False)
    ] = ()

    def works(self, day: date) -> bool:
        """Tell whether people work on a day."""
        return WEEKDAYS[day.weekday()] in self.days and day not in self.holidays

    @property
    def opening(self) -> int:
        """Minute of the day at which work begins, 0 to 1439."""
        return _minutes(self.hours)[0]

    @property
    def closing(self) -> int:
        """Minute of the day at which it ends, up to 1440."""
        return _minutes(self.hours)[1]
