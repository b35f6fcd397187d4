"""What moved by more than noise since the wave before, as each client's own report tells it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from duckdb import DuckDBPyConnection

from gtmdiag.portfolio import form
from gtmdiag.portfolio.groups import shares
from gtmdiag.portfolio.measures import wording
from gtmdiag.portfolio.result import Move, Moved

ROSE, FELL, STAYED = "rose", "fell", "within noise"


def moves(database: DuckDBPyConnection, labels: Mapping[int, str]) -> tuple[Move, ...]:
    """Return every index of every client that moved by more than its noise, the largest move first."""
    found = [
        Move(labels[place], told, who, (low, high), (low_now, high_now), change, noise, (change > 0) == higher)
        for (place, _, who, higher, low, high, low_now, high_now, change, noise, reading), told in _rows(database)
        if reading == "moved"
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.change), one.client, one.label, one.who)))


def moved(database: DuckDBPyConnection, minimum: int) -> tuple[Moved, ...]:
    """Return for each index that enough clients have in two waves how many of them moved which way."""
    ways: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (_, _, who, *_, change, _, reading), told in _rows(database):
        ways[told, who].append(STAYED if reading != "moved" else ROSE if change > 0 else FELL)
    return tuple(
        Moved(told, who, len(found), shares(found, minimum))
        for (told, who), found in ways.items()
        if len(found) >= minimum
    )


def _rows(database: DuckDBPyConnection) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield the rows with the suite's own wording of their index, in its order."""
    known = wording()
    order = list(known)
    rows = [row for row in database.execute(form.MOVES).fetchall() if row[1] in known]
    for row in sorted(rows, key=lambda row: (order.index(row[1]), row[2])):
        yield row, known[row[1]][1]
