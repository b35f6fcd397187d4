"""Spread and places of a measure over clients, by DuckDB, and only where enough clients have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import duckdb
import pyarrow  # pyright: ignore[reportMissingTypeStubs]

from gtmdiag.portfolio.result import Compared, Measure, Place, Reading, Spread

_arrow: Any = pyarrow
_SPREADS: Final = """
select measure, quantile_cont(coalesce(estimate, low), [0.25, 0.5, 0.75]),
    quantile_cont(coalesce(estimate, high), [0.25, 0.5, 0.75])
from readings group by measure having count(*) >= ? order by measure
"""
# above a client is who lies above all of its interval, below who lies below all of it
_PLACES: Final = """
select one.measure, one.reading, 1 + count(*) filter (other.low > one.high),
    count(*) - count(*) filter (other.high < one.low), count(*)
from readings one join readings other using (measure)
group by one.measure, one.reading having count(*) >= ? order by one.measure, one.reading
"""


def compare(
    database: duckdb.DuckDBPyConnection, found: Sequence[tuple[Measure, Sequence[Reading]]], minimum: int
) -> tuple[Compared, ...]:
    """Return each measure with its spread over clients and each client's place; readings from the highest down.

    Quartiles are those of the estimates, or of all lower and of all upper bounds: between them lie the quartiles of
    whatever the missing answers would have been.

    Parameters
    ----------
    database
        Gets a table ``readings``.
    found
        Readings by measure, one a client.
    minimum
        Clients from which on they are told about together.
    """
    ordered = [(measure, sorted(readings, key=_from_the_highest)) for measure, readings in found]
    rows = [(place, number, one) for place, (_, readings) in enumerate(ordered) for number, one in enumerate(readings)]
    columns = {
        "measure": [place for place, _, _ in rows],
        "reading": [number for _, number, _ in rows],
        "estimate": _arrow.array([one.estimate for *_, one in rows], _arrow.float64()),
        "low": _arrow.array([one.low for *_, one in rows], _arrow.float64()),
        "high": _arrow.array([one.high for *_, one in rows], _arrow.float64()),
    }
    database.register("readings", _arrow.table(columns))
    spreads = {
        measure: Spread(*zip(lows, highs, strict=True))
        for measure, lows, highs in database.execute(_SPREADS, [minimum]).fetchall()
    }
    places: dict[int, list[Place]] = {}
    for measure, _, first, last, of in database.execute(_PLACES, [minimum]).fetchall():
        places.setdefault(measure, []).append(Place(first, last, of))
    database.unregister("readings")
    return tuple(
        Compared(measure, tuple(readings), spreads.get(number), tuple(places.get(number, ())))
        for number, (measure, readings) in enumerate(ordered)
    )


def _from_the_highest(one: Reading) -> tuple[float, str]:
    middle = (one.low + one.high) / 2 if one.estimate is None else one.estimate
    return -middle, one.client
