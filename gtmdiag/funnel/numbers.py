"""Amounts of money as CRM exports write them, in whole cents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.coded import Coded
from gtmdiag.funnel.parse import MISSING, Convention, Reading, read_column
from gtmdiag.funnel.shapes import by_shape, shapes_of

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


def _amount_readings(texts: Any) -> Mapping[str, NDArray[np.int64]]:
    found: dict[str, NDArray[np.int64]] = {}
    for shape in by_shape(texts):
        usual = _form(shape.text)
        # Of the digits, the grammar asks only whether the first one is a zero: no group of thousands begins so.
        with_zero = _form(shape.text.replace("9", "0", 1))
        if not usual and not with_zero:
            continue
        digits, zero = shape.digits(), shape.starting_with_zero()
        for form, has_it in ((usual, ~zero), (with_zero, zero)):
            for decimal, (decimals, sign) in form.items() if has_it.any() else ():
                if decimal not in found:
                    found[decimal] = np.full(len(texts), MISSING, dtype=np.int64)
                found[decimal][shape.places[has_it]] = sign * _cents(digits[has_it], decimals)
    return found


def _form(text: str) -> dict[str, tuple[int, int]]:
    """Return the number of decimals and the sign of an amount, for each decimal sign that it can be read with."""
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
    # Longer texts are no amounts, and they would be slow to convert.
    fitting = [decimal for decimal, form in _BODY.items() if len(body) <= 40 and form.fullmatch(body)]
    return {decimal: (len(body.partition(decimal)[2]), -1 if negative else 1) for decimal in fitting}


def _cents(digits: NDArray[np.int64], decimals: int) -> NDArray[np.int64]:
    """Return whole cents, half to even."""
    if decimals <= 2:
        cents = digits * 10 ** (2 - decimals)
    else:
        unit = 10 ** (decimals - 2)
        cents, rest = digits // unit, digits % unit * 2
        cents = cents + ((rest > unit) | ((rest == unit) & (cents % 2 == 1)))
    # One above the limit is enough to refuse it; the integer must fit its column.
    return np.minimum(cents, LARGEST * 100 + 1).astype(np.int64)


AMOUNTS = Convention(_amount_readings, "decimal", "amounts")
"""``1.234,50``, ``1,234.50``, ``1 234,50``, ``(120.00)``, ``€ 99``, ``1'000 CHF``.

More than two decimals are rounded, half to even.
"""


def _count_readings(texts: Any) -> Mapping[str, NDArray[np.int64]]:
    read = _amount_readings(texts)
    return {
        decimal: np.where((cents != MISSING) & (cents % 100 == 0), cents // 100, MISSING)
        for decimal, cents in read.items()
    }


COUNTS = Convention(_count_readings, "decimal", "whole numbers")
"""Numbers of deals: ``1,200`` is twelve hundred, since there are no parts of deals."""


def read_amounts(texts: Coded, file: str, column: str, preferred: str | None, *, one_currency: bool) -> Reading:
    """Read a column of amounts into cents.

    Parameters
    ----------
    texts
        The column.
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
        marks = sorted(_marks(texts, reading.values != MISSING))
        if len(marks) > 1:
            remedy = "Export the currency as a column and name it in crm.yaml; currencies are never added."
            problems.append(Problem(file, where, shorten(", ".join(marks)), "amounts in one currency", remedy))
    return Reading(reading.values, reading.unread, tuple(problems))


def _marks(column: Coded, readable: NDArray[np.bool_]) -> set[str]:
    """Return the marks of currencies in the readable rows."""
    stored = readable
    if column.places is not None:
        stored = np.zeros(len(column.stored), dtype=np.bool_)
        stored[column.places[readable]] = True
    found: set[str] = set()
    for place, texts in column.parts():
        forms, codes = shapes_of(texts)
        used = np.bincount(codes[stored[place]], minlength=len(forms))
        found |= {mark for form, n in zip(forms, used, strict=True) if n for mark in _MARK.findall(form)}
    return found
