"""Read a column of text by one convention, decided on its distinct values, or refuse it.

A column of dates has one order and a column of numbers one decimal sign. A value that reads in one way only decides
for all; where nothing decides, or values contradict each other, the user is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gtmdiag.errors import Problem, shorten

MISSING: int = int(np.iinfo(np.int64).min)
"""Stands for an empty or unread value in integer columns (seconds, cents)."""

_LISTED = 20
_LONGEST = 60


@dataclass(frozen=True)
class Unread:
    """Values of one column that could not be read.

    Attributes
    ----------
    file, column
        Where they stand.
    values
        The most frequent ones, cut to 60 characters, with their number; at most 20.
    n
        Number of all unread values of the column.
    """

    file: str
    column: str
    values: tuple[tuple[str, int], ...]
    n: int


@dataclass(frozen=True)
class Reading:
    """A column in integers.

    Attributes
    ----------
    values
        Seconds since 1970 (UTC) or cents, `MISSING` where empty or unread.
    unread
        What could not be read, None where all could.
    problems
        Why the column cannot be used; empty where it can.
    """

    values: NDArray[np.int64]
    unread: Unread | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Convention:
    """How a kind of column is read.

    Attributes
    ----------
    readings
        From one text to what it means under each convention it fits: ``{"dmy": 1704412800}``. Empty: not readable.
    asked_by
        The key of ``crm.yaml`` that decides: ``"date_order"``.
    kind
        What the column holds, in words: ``"dates"``.
    """

    readings: Callable[[str], Mapping[str, int]]
    asked_by: str
    kind: str


def read_column(texts: pd.Series[str], file: str, column: str, how: Convention, preferred: str | None) -> Reading:
    """Read a column by the one convention that fits all its readable values.

    Parameters
    ----------
    texts
        Stripped texts.
    file, column
        For messages.
    how
        The kind of column.
    preferred
        What ``crm.yaml`` says; used only where the values do not decide.
    """
    codes, distinct_index = pd.factorize(texts)
    distinct = [str(text) for text in distinct_index]
    readings: list[Mapping[str, int]] = [how.readings(text) if text else {} for text in distinct]
    convention, clash = _decide(distinct, readings, preferred)
    nothing = np.full(len(texts), MISSING, dtype=np.int64)
    if clash:
        where = f"column {column}"
        asked = f"Write '{how.asked_by}: …' in crm.yaml to say how to read it."
        return Reading(nothing, None, (Problem(file, where, clash, f"{how.kind} of one form", asked),))
    values = np.array([reading.get(convention, MISSING) for reading in readings], dtype=np.int64)
    counts = Counter[str]()
    for text, value, n in zip(distinct, values, np.bincount(codes, minlength=len(distinct)), strict=True):
        if text and value == MISSING:
            counts[text[:_LONGEST]] += int(n)
    if counts and not (values != MISSING).any():
        examples = ", ".join(shorten(text) for text, _ in counts.most_common(3))
        remedy = "Name the right column in crm.yaml, or mend the values."
        return Reading(nothing, None, (Problem(file, f"column {column}", examples, how.kind, remedy),))
    listed = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_LISTED])
    unread = Unread(file, column, listed, counts.total()) if counts else None
    return Reading(values[codes] if len(values) else nothing, unread, ())


def _decide(distinct: Sequence[str], readings: Sequence[Mapping[str, int]], preferred: str | None) -> tuple[str, str]:
    """Return the convention, or why there is none."""
    readable = [(text, reading) for text, reading in zip(distinct, readings, strict=True) if reading]
    known = sorted({name for _, reading in readable for name in reading})
    fitting = [name for name in known if all(name in reading for _, reading in readable)]
    if not readable:
        return "", ""
    if not fitting:
        if preferred in known:
            return str(preferred), ""
        witnesses = _witnesses(readable)
        return "", f"values of different forms: {witnesses}"
    open_to = next((text for text, reading in readable if len({reading[name] for name in fitting}) > 1), None)
    if open_to is None:
        return fitting[0], ""
    if preferred in fitting:
        return str(preferred), ""
    return "", f"{shorten(open_to)}, which reads as {' or '.join(fitting)}, and no value that decides"


def _witnesses(readable: Sequence[tuple[str, Mapping[str, int]]]) -> str:
    """Return an example of each form that occurs."""
    examples: dict[str, str] = {}
    for text, reading in readable:
        examples.setdefault("/".join(sorted(reading)), text)
    strictest = sorted(examples.items(), key=lambda item: (item[0].count("/"), item[0]))[:3]
    return ", ".join(f"{shorten(text)} ({names})" for names, text in strictest)
