"""Calendar weeks: the last complete one, and the weeks before it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

EPOCH: Final = date(1970, 1, 1)


def last_complete_monday(as_of: date) -> date:
    """Return the Monday of the last ISO week that is over at the end of ``as_of``."""
    return as_of - timedelta(days=as_of.isoweekday() + 6 if as_of.isoweekday() < 7 else 6)


def mondays(last: date, windows: int, weeks: int = 1) -> tuple[date, ...]:
    """Return the first Mondays of so many windows of ``weeks`` weeks, oldest first; the newest ends with ``last``."""
    first = last - timedelta(weeks=windows * weeks - 1)
    return tuple(first + timedelta(weeks=weeks * place) for place in range(windows))


def week_name(monday: date) -> str:
    """Return ``2026-W05``."""
    return f"{monday:%G-W%V}"


def day_number(day: date) -> int:
    """Return days since 1970-01-01, as cells count them."""
    return (day - EPOCH).days
