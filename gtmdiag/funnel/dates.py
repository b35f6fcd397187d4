"""Dates and times as CRM exports write them, in seconds since 1970 by the clocks of one zone, UTC unless named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from gtmdiag.funnel.parse import Convention

_FORM = re.compile(
    r"(?P<a>\d{1,4})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})"
    r"(?:(?:T|,?[ ]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?:[ ]*(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?:[ ]*(?:(?P<utc>Z|UTC|GMT)|(?P<sign>[-+])(?P<off_hour>\d{2}):?(?P<off_minute>\d{2})?))?)?",
    re.ASCII,
)
_YEARS = range(1900, 2201)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _date_readings(text: str, zone: ZoneInfo | None) -> Mapping[str, int]:
    match = _FORM.fullmatch(text)
    if match is None:
        return {}
    clock = _seconds(match)
    if clock is None:
        return {}
    found: dict[str, int] = {}
    for order, (year, month, day) in _orders(match).items():
        try:
            midnight = datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            continue
        if year in _YEARS:
            seconds = (midnight - _EPOCH) // timedelta(seconds=1) + clock
            found[order] = _on_the_wall(seconds, zone) if zone and (match["utc"] or match["sign"]) else seconds
    return found


def _orders(match: re.Match[str]) -> dict[str, tuple[int, int, int]]:
    """Return (year, month, day) for each order that the number of digits allows."""
    first, second, third = match["a"], int(match["b"]), match["c"]
    if len(first) == 4 and len(third) <= 2:
        return {"ymd": (int(first), second, int(third))}
    if len(first) > 2 or len(third) not in (2, 4):
        return {}
    year = int(third) if len(third) == 4 else _full_year(int(third))
    orders = {"dmy": (year, second, int(first)), "mdy": (year, int(first), second)}
    # Two digits all along, with hyphens: a shortened ISO date is as likely as the others.
    if len(first) == len(third) == 2 and match["sep"] == "-":
        orders["ymd"] = (_full_year(int(first)), second, int(third))
    return orders


def _full_year(two_digits: int) -> int:
    """Return the year of two digits, by the POSIX rule: 69 to 99 are of the last century."""
    return two_digits + (1900 if two_digits >= 69 else 2000)


def _seconds(match: re.Match[str]) -> int | None:
    """Return the seconds to add to midnight UTC; None where the clock shows no such time."""
    if match["hour"] is None:
        return 0
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if minute > 59 or second > 59 or hour > 23 or (match["half"] and not 1 <= hour <= 12):
        return None
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    offset = 0
    if match["sign"]:
        offset = int(match["off_hour"]) * 3600 + int(match["off_minute"] or 0) * 60
        offset = -offset if match["sign"] == "-" else offset
        if abs(offset) > 14 * 3600:
            return None
    return hour * 3600 + minute * 60 + second - offset


def _on_the_wall(seconds: int, zone: ZoneInfo) -> int:
    """Return what the clocks of a zone show, never going back: in autumn they stand still for the repeated hour."""
    local = (_EPOCH + timedelta(seconds=seconds)).astimezone(zone)
    wall = seconds + _offset(local)
    if local.fold == 0:
        return wall
    repeated = _offset(local.replace(fold=0)) - _offset(local)
    return (wall // repeated + 1) * repeated - 1 if repeated > 0 else wall


def _offset(local: datetime) -> int:
    return (local.utcoffset() or timedelta()) // timedelta(seconds=1)


def dates(timezone: str | None) -> Convention:
    """Return how dates and times are read.

    ISO, d/m/y and m/d/y with years of two or four digits, separated by ``/``, ``.`` or ``-``, with or without a time.
    Fractions of seconds are cut off. Years outside 1900 to 2200 are unread.

    Parameters
    ----------
    timezone
        Where the client's clocks hang, an IANA name; None for UTC. A time with an offset becomes what these clocks
        show; one without is taken as it is. So days and weeks are the client's, and a date is the same day on either
        side of a clock change.
    """
    zone = ZoneInfo(timezone) if timezone else None
    return Convention(lambda text: _date_readings(text, zone), "date_order", "dates")


def end_of(day: date) -> int:
    """Return the last second of a day, in seconds since 1970."""
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1) + 86_399


def day_of(seconds: int) -> date:
    """Return the day of a time in seconds since 1970."""
    return (_EPOCH + timedelta(seconds=int(seconds))).date()
