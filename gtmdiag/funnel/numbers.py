"""Amounts of money as CRM exports write them, in whole cents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pandas as pd

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.parse import MISSING, Convention, Reading, read_column

LARGEST = 10**12
"""A single amount above it is refused: sums in cents would overflow."""

_MARK = re.compile(r"[$€£¥₹₩₽₺₪₫₴฿]|[A-Z]{2,3}\$|(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])|(?:kr|zł|Kč|Fr)\.?", re.ASCII)
_GROUPED = r"[1-9]\d{{0,2}}(?:{group}\d{{3}})+|[1-9]\d?(?:{group}\d{{2}})+{group}\d{{3}}"
_SPACED = re.compile(r"\d{1,3}(?:[ '’]\d{3})+(?=\D|$)")
_BODY = {
    decimal: re.compile(
        rf"(?:\d+|{_GROUPED.format(group=re.escape(group))})(?:{re.escape(decimal)}\d+)?"
        rf"|{re.escape(decimal)}\d+",
        re.ASCII,
    )
    for decimal, group in ((".", ","), (",", "."))
}
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-"})


def _amount_readings(text: str) -> Mapping[str, int]:
    body = _MARK.sub("", text.translate(_SPACES), count=1).strip()
    negative = False
    if body.startswith("(") and body.endswith(")"):
        body, negative = body[1:-1].strip(), True
    if body[:1] in ("-", "+"):
        body, negative = body[1:].strip(), negative != (body[0] == "-")
    elif body.endswith("-"):
        body, negative = body[:-1].strip(), not negative
    if spaced := _SPACED.match(body):
        body = re.sub(r"[ '’]", "", spaced[0]) + body[spaced.end() :]
    found: dict[str, int] = {}
    # Longer texts are no amounts, and they would be slow to convert.
    for decimal, form in _BODY.items() if len(body) <= 40 else ():
        if form.fullmatch(body):
            group = "," if decimal == "." else "."
            exact = Decimal(body.replace(group, "").replace(decimal, ".")) * 100
            cents = int(exact.to_integral_value(ROUND_HALF_EVEN))
            # One above the limit is enough to refuse it; the integer must fit its column.
            found[decimal] = min(cents, LARGEST * 100 + 1) * (-1 if negative else 1)
    return found


AMOUNTS = Convention(_amount_readings, "decimal", "amounts")
"""``1.234,50``, ``1,234.50``, ``1 234,50``, ``(120.00)``, ``€ 99``, ``1'000 CHF``.

More than two decimals are rounded, half to even.
"""


def _count_readings(text: str) -> Mapping[str, int]:
    return {decimal: cents // 100 for decimal, cents in _amount_readings(text).items() if cents % 100 == 0}


COUNTS = Convention(_count_readings, "decimal", "whole numbers")
"""Numbers of deals: ``1,200`` is twelve hundred, since there are no parts of deals."""


def read_amounts(
    texts: pd.Series[str], file: str, column: str, preferred: str | None, *, one_currency: bool
) -> Reading:
    """Read a column of amounts into cents.

    Parameters
    ----------
    texts
        Stripped texts.
    file, column
        For messages.
    preferred
        The decimal sign that ``crm.yaml`` names, for a column that does not decide.
    one_currency
        True where no column tells the currency: then two currency signs in the column are refused.
    """
    reading = read_column(texts, file, column, AMOUNTS, preferred)
    problems = list(reading.problems)
    where = f"column {column}"
    known = reading.values[reading.values != MISSING]
    if (np.abs(known) > LARGEST * 100).any():
        too_large = int((np.abs(known) > LARGEST * 100).sum())
        found = f"{too_large} amounts above 1,000,000,000,000"
        problems.append(Problem(file, where, found, "smaller amounts", "Correct them, or name the right column."))
    elif np.abs(known.astype(np.float64)).sum() > 2.0**62:
        found = "amounts whose sum is too large to count in cents"
        problems.append(Problem(file, where, found, "smaller amounts", "Check the decimal sign of the column."))
    if one_currency:
        readable = {text for text, value in zip(texts, reading.values, strict=True) if value != MISSING}
        marks = sorted({mark for text in readable for mark in _MARK.findall(text)})
        if len(marks) > 1:
            remedy = "Export the currency as a column and name it in crm.yaml; currencies are never added."
            problems.append(Problem(file, where, shorten(", ".join(marks)), "amounts in one currency", remedy))
    return Reading(reading.values, reading.unread, tuple(problems))
