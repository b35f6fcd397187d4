"""Texts for typed cells, such that each reads in one way only."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

# Excel's first system counts a 29th of February 1900 that never was: from March on its days begin two before 1900.
_DAY_ZERO = {1900: datetime(1899, 12, 30), 1904: datetime(1904, 1, 1)}


def text_of(value: object) -> str:
    """Return a typed value as text.

    Dates are ISO, with the year first. A number has a decimal point and never exactly three decimals: ``1.234`` could
    be more than a thousand. ``None`` and NaN are empty.
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | Decimal):
        return _number(Decimal(repr(value)) if isinstance(value, float) else value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number(value: Decimal) -> str:
    if not value.is_finite():
        return str(value)
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, point, decimals = text.partition(".")
    return f"{whole}{point}{decimals}0" if len(decimals) == 3 else text


def excel_day(serial: str, since: Literal[1900, 1904]) -> str:
    """Return the ISO date and time of a day number of one of Excel's two systems, to the second."""
    return (_DAY_ZERO[since] + timedelta(seconds=round(float(serial) * 86_400))).isoformat()
