"""Dates and times as CRM exports write them, in seconds since 1970 by the clocks of one zone, UTC unless named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gtmdiag.funnel.parse import MISSING, Convention
from gtmdiag.funnel.shapes import Shape, by_shape

_FORM = re.compile(
    r"(?P<a>\d{1,4})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,4})"
    r"(?:(?:T|,?[ ]+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?:[ ]*(?P<half>[AaPp])\.?[Mm]\.?)?"
    r"(?:[ ]*(?:(?P<utc>Z|UTC|GMT)|(?P<sign>[-+])(?P<off_hour>\d{2}):?(?P<off_minute>\d{2})?))?)?",
    re.ASCII,
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400
# Days since 1970 of the first of each month from January of the first year to that after the last year.
_MONTHS = np.arange(f"{_FIRST_YEAR}-01", f"{_LAST_YEAR + 1}-02", dtype="datetime64[M]").astype("datetime64[D]")
_FIRSTS = _MONTHS.astype(np.int64)
_LENGTHS = np.diff(_FIRSTS)


def _date_readings(texts: Any, zone: ZoneInfo | None) -> Mapping[str, NDArray[np.int64]]:
    found: dict[str, NDArray[np.int64]] = {}
    for shape in by_shape(texts):
        match = _FORM.fullmatch(shape.text)
        orders = _orders(match) if match else ()
        if match is None or not orders:
            continue
        clock = _seconds(match, shape)
        parts = [_part(match, shape, name) for name in "abc"]
        for order in orders:
            days = _days(
                *(parts[order.index(part)] for part in "ymd"), two_digits=len(match["abc"[order.index("y")]]) == 2
            )
            seconds = np.where((days == MISSING) | (clock == MISSING), MISSING, days * _DAY + clock)
            if zone and (match["utc"] or match["sign"]):
                known = seconds != MISSING
                seconds[known] = on_the_wall(seconds[known], zone)
            if order not in found:
                found[order] = np.full(len(texts), MISSING, dtype=np.int64)
            found[order][shape.places] = seconds
    return found


def _orders(match: re.Match[str]) -> tuple[str, ...]:
    """Return the orders that the numbers of digits allow."""
    first, third = len(match["a"]), len(match["c"])
    if first == 4 and third <= 2:
        return ("ymd",)
    if first > 2 or third not in (2, 4):
        return ()
    # Two digits all along, with hyphens: a shortened ISO date is as likely as the others.
    return ("dmy", "mdy", "ymd") if first == third == 2 and match["sep"] == "-" else ("dmy", "mdy")


def _part(match: re.Match[str], shape: Shape, name: str) -> NDArray[np.int64]:
    return shape.number(*match.span(name))


def _days(
    year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64], *, two_digits: bool
) -> NDArray[np.int64]:
    """Return days since 1970, `MISSING` where there is no such day."""
    if two_digits:  # By the POSIX rule, 69 to 99 are of the last century.
        year = year + np.where(year >= 69, 1900, 2000)
    exists = (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (month >= 1) & (month <= 12)
    place = np.where(exists, (year - _FIRST_YEAR) * 12 + month - 1, 0)
    exists &= (day >= 1) & (day <= _LENGTHS[place])
    return np.where(exists, _FIRSTS[place] + day - 1, MISSING)


def _seconds(match: re.Match[str], shape: Shape) -> NDArray[np.int64]:
    """Return the seconds to add to midnight UTC, `MISSING` where a clock shows no such time."""
    if match["hour"] is None:
        return np.zeros(len(shape.places), dtype=np.int64)
    hour, minute = _part(match, shape, "hour"), _part(match, shape, "minute")
    exists = (minute <= 59) & (hour <= 23)
    seconds = minute * 60
    if match["second"]:
        second = _part(match, shape, "second")
        exists &= second <= 59
        seconds += second
    if match["half"]:
        exists &= (hour >= 1) & (hour <= 12)
        hour = hour % 12 + (12 if match["half"] in "Pp" else 0)
    seconds += hour * 3600
    if match["sign"]:
        offset = _part(match, shape, "off_hour") * 3600
        if match["off_minute"]:
            offset += _part(match, shape, "off_minute") * 60
        exists &= offset <= 14 * 3600
        seconds += offset if match["sign"] == "-" else -offset
    return np.where(exists, seconds, MISSING)


def on_the_wall(seconds: NDArray[np.int64], zone: ZoneInfo) -> NDArray[np.int64]:
    """Return what the clocks of a zone show, never going back: in autumn they stand still for the repeated hour.

    Parameters
    ----------
    seconds
        Times in seconds since 1970, UTC, of the years 2 to 9998.
    zone
        Where the clocks hang.
    """
    days, day_codes = np.unique(seconds // _DAY, return_inverse=True)
    # No zone has ever changed its clocks twice within a day: where both ends agree, all of the day does.
    ends = [
        np.array([_wall(end, zone) - end for end in (days * _DAY + last).tolist()], dtype=np.int64)
        for last in (0, _DAY - 1)
    ]
    shown = seconds + ends[0][day_codes]
    apart = np.flatnonzero((ends[0] != ends[1])[day_codes])
    changing, codes = np.unique(seconds[apart], return_inverse=True)
    shown[apart] = np.array([_wall(second, zone) for second in changing.tolist()], dtype=np.int64)[codes]
    return shown


def _wall(seconds: int, zone: ZoneInfo) -> int:
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
    return Convention(lambda texts: _date_readings(texts, zone), "date_order", "dates")


def end_of(day: date) -> int:
    """Return the last second of a day, in seconds since 1970."""
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1) + 86_399


def day_of(seconds: int) -> date:
    """Return the day of a time in seconds since 1970."""
    return (_EPOCH + timedelta(seconds=int(seconds))).date()
