"""Time between two instants in which people work."""

from __future__ import annotations

from typing import Final

import numpy as np

from gtmdiag.engagement.hours import WEEKDAYS, BusinessHours
from gtmdiag.funnel.estimates.table import IntArray

_DAY: Final = 86_400


def business_seconds(start: IntArray, end: IntArray, hours: BusinessHours) -> IntArray:
    """Count the seconds of business hours from ``start`` to ``end``.

    Parameters
    ----------
    start, end
        Shape (n,): seconds since 1970-01-01 00:00 by the client's clocks; ``end`` is not before ``start``. As the
        clocks show them, so a night in which they are set has no effect on the hours of a working day.
    hours
        Working days, their hours and holidays.

    Returns
    -------
    IntArray
        Shape (n,): 0 or more.
    """
    calendar = np.busdaycalendar([day in hours.days for day in WEEKDAYS], list(hours.holidays))
    opening, closing = 60 * hours.opening, 60 * hours.closing
    first, last = (np.floor_divide(instants, _DAY) for instants in (start, end))

    def elapsed(instants: IntArray, days: IntArray) -> IntArray:
        worked = np.clip(instants - _DAY * days - opening, 0, closing - opening)
        return np.where(np.is_busday(_dates(days), busdaycal=calendar), worked, 0)

    whole = np.busday_count(_dates(first), _dates(last), busdaycal=calendar)
    return whole * (closing - opening) + elapsed(end, last) - elapsed(start, first)


def _dates(days: IntArray) -> np.ndarray:
    return days.astype("datetime64[D]")
