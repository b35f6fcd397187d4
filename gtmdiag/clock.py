"""The clock, which is an input: the environment may set it, so that a run can be repeated."""

from __future__ import annotations

import os
from calendar import timegm
from datetime import UTC, date, datetime

VARIABLE = "SOURCE_DATE_EPOCH"


def today() -> date:
    """Return today's date, or the date of ``SOURCE_DATE_EPOCH`` (whole seconds since 1970, UTC) where that is set."""
    epoch = os.environ.get(VARIABLE, "")
    if epoch.isascii() and epoch.isdigit() and len(epoch) <= 11:
        return datetime.fromtimestamp(int(epoch), tz=UTC).date()
    return datetime.now(tz=UTC).astimezone().date()


def epoch(day: date) -> str:
    """Return what to set ``SOURCE_DATE_EPOCH`` to, so that `today` gives this day."""
    return str(timegm(day.timetuple()))
