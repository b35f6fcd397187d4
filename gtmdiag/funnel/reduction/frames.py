"""Stage histories in frames of pandas, polars, pyarrow, DuckDB or Spark: typed, and reduced where they live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd

from gtmdiag.errors import InputError, Problem, did_you_mean
from gtmdiag.funnel.config import TIMES, CrmConfig
from gtmdiag.funnel.dates import end_of
from gtmdiag.funnel.reduction.attributes import ATTRIBUTES, TEXTS, largest_a_deal
from gtmdiag.funnel.reduction.cells import cells_of
from gtmdiag.funnel.reduction.deals import begun, deals_of
from gtmdiag.funnel.reduction.engines import Engine, engine_of
from gtmdiag.funnel.stages import StageMap


def reduce_frame(events: Any, config: CrmConfig, *, as_of: date, deals: Any = None) -> pd.DataFrame:
    """Reduce a stage history to cells, where it lives.

    Parameters
    ----------
    events
        A frame of pandas, polars (eager or lazy), pyarrow (a table), DuckDB (a relation) or PySpark with the columns
        that ``config.columns`` names: ids and names as text, times as dates or timestamps (those with a time zone
        count in UTC), amounts as numbers.
    config
        Stages, outcomes, currency and names of columns. Its files, rates and time zone play no part.
    as_of
        What is later is left out.
    deals
        A second frame of the same kind with one row a deal; what both have is taken from it.

    Returns
    -------
    pandas.DataFrame
        Cells; see `gtmdiag.funnel.cells`. The same numbers from every kind of frame; ``amount_sq``, which is summed as
        floats, to 1e-12 of it.

    Raises
    ------
    InputError
        A column that is named is not there.
    UsageError
        The frame is of a kind that is not known.
    """
    engine = engine_of(events)
    roles = {role: name for role, name in config.columns.model_dump().items() if name is not None}
    rows = engine.frame(events)
    second = None if deals is None else engine.frame(deals)
    in_second = set[str]() if second is None else {role for role in ATTRIBUTES if roles.get(role) in second.columns}
    _check(rows, {role: name for role, name in roles.items() if role not in in_second})
    stage_map = StageMap.of(config)
    held = [role for role in ATTRIBUTES if role in roles and role not in in_second]
    main = typed(rows, {r: roles[r] for r in ("deal", "stage", "entered_at", *held)}, stage_map, engine)
    known = None
    if second is not None:
        wanted = sorted(in_second, key=ATTRIBUTES.index)
        known = typed(second, {r: roles[r] for r in ("deal", *wanted)}, stage_map, engine)
        known = largest_a_deal(known, wanted, add=config.lines == "add")
    found = deals_of(
        main,
        known,
        engine,
        stages=len(config.stages),
        until=end_of(as_of),
        held=held,
        held_second=[role for role in ATTRIBUTES if role in in_second],
    )
    if config.currency is not None:
        currency = nw.coalesce(nw.col("currency"), nw.lit(config.currency))
        found = replace(found, frame=found.frame.with_columns(currency=currency))
    return cells_of(begun(found), config.stages, engine)


def typed(frame: nw.LazyFrame[Any], roles: Mapping[str, str], stage_map: StageMap, engine: Engine) -> nw.LazyFrame[Any]:
    """Return the columns that matter under the names of their roles, as the reduction needs them.

    ``deal`` is a key of 64 bits for ``deal_id``, ``code`` the place of the stage, times are seconds, ``amount`` is
    cents, ``status`` the place of a closing; rows without a deal are left out.
    """
    frame = frame.select(**{role: nw.col(name) for role, name in roles.items()})
    texts = ["deal", *(role for role in (*TEXTS, "status") if role in roles)]
    blanks = [nw.when(nw.col(role) != "").then(nw.col(role)).alias(role) for role in texts]
    frame = frame.with_columns(*blanks).filter(~nw.col("deal").is_null())
    frame = engine.in_seconds(frame, [role for role in TIMES if role in roles])
    if "amount" in roles:
        cents = (nw.col("amount").cast(nw.Float64) * 100 + 0.5).floor()
        frame = frame.with_columns(amount=nw.when(~cents.is_nan()).then(cents).cast(nw.Int64))
    if "currency" in roles:
        frame = frame.with_columns(currency=nw.col("currency").str.to_uppercase())
    if "stage" in roles:
        names = _distinct(frame, "stage")
        codes = dict(zip(names, stage_map.codes(pd.Series(names, dtype="str")).tolist(), strict=True))
        frame = frame.with_columns(code=_looked_up("stage", codes, -1))
    if "status" in roles:
        names = _distinct(frame, "status")
        codes = dict(zip(names, stage_map.status_codes(pd.Series(names, dtype="str")).tolist(), strict=True))
        frame = frame.with_columns(status=_looked_up("status", codes, -1))
        frame = frame.with_columns(status=nw.when(nw.col("status") >= 0).then(nw.col("status")))
    return engine.keyed(frame.rename({"deal": "deal_id"}), "deal_id", "deal")


def _distinct(frame: nw.LazyFrame[Any], column: str) -> list[str]:
    found = frame.select(column).unique().collect(backend="pandas").get_column(column).to_list()
    return sorted(text for text in found if isinstance(text, str))


def _looked_up(column: str, codes: Mapping[str, int], default: int) -> nw.Expr:
    """Return the code of each text, by comparing it with the texts of one code after another."""
    result = nw.lit(default, dtype=nw.Int64)
    for code in sorted(set(codes.values()) - {default}):
        names = [name for name, of in codes.items() if of == code]
        result = nw.when(nw.col(column).is_in(names)).then(nw.lit(code)).otherwise(result)
    return result


def _check(frame: nw.LazyFrame[Any], roles: Mapping[str, str]) -> None:
    there = frame.collect_schema().names()
    problems = [
        Problem(
            "the frame",
            f"column {name}",
            "no such column",
            ", ".join(there),
            did_you_mean(name, there) or "Correct it.",
        )
        for name in roles.values()
        if name not in there
    ]
    if problems:
        raise InputError(problems)
