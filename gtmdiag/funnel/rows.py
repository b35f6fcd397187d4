"""The rows of an export where they can be reduced: typed, with keys for the ids of deals."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pyarrow  # pyright: ignore[reportMissingTypeStubs]

from gtmdiag.funnel.config import TIMES
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.reduction.attributes import ATTRIBUTES, TEXTS
from gtmdiag.funnel.reduction.engines import Engine, engine_of
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import UNMAPPED, StageMap

_arrow: Any = pyarrow
EXAMPLES: Final = 5
"""Ids of deals that are shown as examples."""
FEW: Final = 50_000
"""Rows up to which Arrow has answered before DuckDB has planned its queries."""


@dataclass(frozen=True, eq=False)
class Rows:
    """One or two tables of an export.

    Attributes
    ----------
    main
        ``deal`` (key), ``deal_id``, ``stage`` (null where empty), ``code`` (see `StageMap`), ``entered_at`` (seconds
        since 1970) and the attributes in ``held``; null where unknown.
    second
        The second table, each deal once; None where there is none.
    held, held_second
        Attributes of the two; what both have is taken from the second, and is not in ``held``.
    engine
        Where they live.
    """

    main: nw.LazyFrame[Any]
    second: nw.LazyFrame[Any] | None
    held: tuple[str, ...]
    held_second: tuple[str, ...]
    engine: Engine

    def ids(self, deals: nw.LazyFrame[Any], most: int = EXAMPLES) -> tuple[str, ...]:
        """Return the ids of the first deals of a frame with ``deal``, by key."""
        keys = deals.select("deal").unique().sort("deal").head(most).collect().get_column("deal").to_list()
        known = self.names(keys)
        return tuple(known[key] for key in keys)

    def names(self, keys: list[int]) -> dict[int, str]:
        """Return the ids of deals by key."""
        found: dict[int, str] = {}
        for frame in (self.main, self.second):
            if frame is not None and keys:
                told = frame.filter(nw.col("deal").is_in(keys)).select("deal", "deal_id").unique().collect()
                found |= dict(zip(told.get_column("deal").to_list(), told.get_column("deal_id").to_list(), strict=True))
        return found


def connected() -> duckdb.DuckDBPyConnection:
    """Return a database in memory that fetches nothing from any network and spills into the folder of scratch files."""
    settings = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    return duckdb.connect(config={**settings, "temp_directory": tempfile.gettempdir()})


def rows_of(source: Source, stage_map: StageMap) -> Rows:
    """Return the tables of a source in frames of Arrow, large ones of DuckDB; keys follow the order of the ids."""
    tables = [source.main] if source.deals is None else [source.main, source.deals]
    keys, _ = pd.factorize(pd.concat([table["deal"] for table in tables]), sort=True)
    natives: list[Any] = []
    start = 0
    for table in tables:
        columns: dict[str, Any] = {"deal": keys[start : start + len(table)], "deal_id": _texts(table["deal"])}
        start += len(table)
        for role in (*TIMES, "amount"):
            if role in table:
                values = table[role].to_numpy(dtype=np.int64)
                columns[role] = _arrow.array(values, mask=values == MISSING)
        columns |= {role: _texts(table[role]) for role in TEXTS if role in table}
        if "stage" in table:
            columns |= {"stage": _texts(table["stage"]), "code": stage_map.codes(table["stage"])}
        if "status" in table:
            codes = stage_map.status_codes(table["status"])
            columns["status"] = _arrow.array(codes, mask=codes == UNMAPPED)
        natives.append(_arrow.table(columns))
    if len(keys) > FEW:
        connection = connected()
        natives = [connection.from_arrow(native) for native in natives]
    engine = engine_of(natives[0])
    frames = [engine.frame(native) for native in natives]
    second = frames[1] if len(frames) > 1 else None
    in_second = set[str]() if source.deals is None else {role for role in ATTRIBUTES if role in source.deals}
    held = tuple(role for role in ATTRIBUTES if role in source.main and role not in in_second)
    held_second = tuple(role for role in ATTRIBUTES if role in in_second)
    return Rows(frames[0], second, held, held_second, engine)


def _texts(series: pd.Series[str]) -> Any:
    """Return texts, each kept once, with null for an empty one."""
    codes, distinct = pd.factorize(series)
    empty = np.isin(codes, np.flatnonzero(np.asarray(distinct) == ""))
    return _arrow.DictionaryArray.from_arrays(
        _arrow.array(codes, mask=empty | (codes < 0)), _arrow.array(distinct.array, _arrow.string())
    )
