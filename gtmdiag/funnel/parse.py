"""Read a column of text by one convention, decided on its distinct values, or refuse it.

A column of dates has one order and a column of numbers one decimal sign. A value that reads in one way only decides
for all; where nothing decides, or values contradict each other, the user is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.coded import Coded, arrow

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
        What the texts of an Arrow array mean under each convention that any of them fits, `MISSING` where one does not:
        ``{"dmy": [1704412800, …]}``.
    asked_by
        The key of ``crm.yaml`` that decides: ``"date_order"``.
    kind
        What the column holds, in words: ``"dates"``.
    """

    readings: Callable[[Any], Mapping[str, NDArray[np.int64]]]
    asked_by: str
    kind: str

    def of_column(self, column: Coded) -> dict[str, NDArray[np.int64]]:
        """Return the readings of all stored texts of a column."""
        found: dict[str, NDArray[np.int64]] = {}
        for place, texts in column.parts():
            for name, values in self.readings(texts).items():
                if name not in found:
                    found[name] = np.full(len(column.stored), MISSING, dtype=np.int64)
                found[name][place] = values
        return found

    def readable(self, column: Coded) -> int:
        """Return the number of rows that can be read, by whichever convention."""
        fits = np.zeros(len(column.stored), dtype=np.bool_)
        for values in self.of_column(column).values():
            fits |= values != MISSING
        return int(np.count_nonzero(fits if column.places is None else fits[column.places]))


def read_column(texts: Coded, file: str, column: str, how: Convention, preferred: str | None) -> Reading:
    """Read a column by the one convention that fits all its readable values.

    Parameters
    ----------
    texts
        The column.
    file, column
        For messages.
    how
        The kind of column.
    preferred
        What ``crm.yaml`` says; used only where the values do not decide.
    """
    readings = how.of_column(texts)
    convention, clash = _decide(texts, readings, preferred)
    nothing = np.full(len(texts), MISSING, dtype=np.int64)
    if clash:
        where = f"column {column}"
        asked = f"Write '{how.asked_by}: …' in crm.yaml to say how to read it."
        return Reading(nothing, None, (Problem(file, where, clash, f"{how.kind} of one form", asked),))
    stored = readings.get(convention)
    counts = _unread(texts, stored)
    if counts and stored is None:
        examples = ", ".join(shorten(text) for text, _ in counts.most_common(3))
        remedy = "Name the right column in crm.yaml, or mend the values."
        return Reading(nothing, None, (Problem(file, f"column {column}", examples, how.kind, remedy),))
    listed = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_LISTED])
    unread = Unread(file, column, listed, counts.total()) if counts else None
    values = nothing if stored is None else stored
    return Reading(values if stored is None or texts.places is None else values[texts.places], unread, ())


def _unread(texts: Coded, stored: NDArray[np.int64] | None) -> Counter[str]:
    """Count the texts, cut to a length, that are neither blank nor read."""
    rows = None if texts.places is None else np.bincount(texts.places, minlength=len(texts.stored))
    counts = Counter[str]()
    for place, part in texts.parts():
        missing = np.arange(len(part)) if stored is None else np.flatnonzero(stored[place] == MISSING)
        found = part.take(arrow.array(missing)).dictionary_encode()
        weights = None if rows is None else rows[place][missing]
        n = np.bincount(found.indices.to_numpy(), weights=weights, minlength=len(found.dictionary))
        for text, number in zip(found.dictionary.to_pylist(), n.tolist(), strict=True):
            if number and (stripped := text.strip()):
                counts[stripped[:_LONGEST]] += int(number)
    return counts


def _decide(texts: Coded, readings: Mapping[str, NDArray[np.int64]], preferred: str | None) -> tuple[str, str]:
    """Return the convention, or why there is none."""
    fits = {name: values != MISSING for name, values in sorted(readings.items())}
    known = [name for name, fit in fits.items() if fit.any()]
    if not known:
        return "", ""
    readable = np.logical_or.reduce([fits[name] for name in known])
    n = np.count_nonzero(readable)
    fitting = [name for name in known if np.count_nonzero(fits[name]) == n]
    if not fitting:
        if preferred in known:
            return str(preferred), ""
        return "", f"values of different forms: {_witnesses(texts, known, fits)}"
    first, *others = (readings[name] for name in fitting)
    differing = [int(np.argmax(open_to)) for values in others if (open_to := values != first).any()]
    if not differing:
        return fitting[0], ""
    if preferred in fitting:
        return str(preferred), ""
    witness = shorten(texts.stored[min(differing)].as_py().strip())
    return "", f"{witness}, which reads as {' or '.join(fitting)}, and no value that decides"


def _witnesses(texts: Coded, known: list[str], fits: Mapping[str, NDArray[np.bool_]]) -> str:
    """Return an example of each form that occurs."""
    forms = np.zeros(len(texts.stored), dtype=np.int64)
    for bit, name in enumerate(known):
        forms |= fits[name].astype(np.int64) << bit
    examples: dict[str, str] = {}
    for form, place in zip(*np.unique(forms, return_index=True), strict=True):
        names = "/".join(name for bit, name in enumerate(known) if form >> bit & 1)
        examples[names] = texts.stored[int(place)].as_py().strip()
    examples.pop("", None)
    strictest = sorted(examples.items(), key=lambda item: (item[0].count("/"), item[0]))[:3]
    return ", ".join(f"{shorten(text)} ({names})" for names, text in strictest)
