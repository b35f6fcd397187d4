"""From deals to cells: one number tells all of a stay, so that one grouping sums up all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gtmdiag.funnel.cells import KEYS, SUMS, UNKNOWN_DAY
from gtmdiag.funnel.reduction.deals import NOW, OPEN, UNDATED, Deals, stored
from gtmdiag.funnel.reduction.engines import Engine, whole
from gtmdiag.funnel.reduction.stays import STAGES, with_exits

_DAY: Final = 86_400
_RECENT: Final = 26 * 7 * _DAY
"""Seconds before the as-of day's end within which the day of entry is kept; before, its week is enough."""
_FROM: Final = 25_567
"""Days from 1900 to 1970."""
_ENDS: Final = ("advanced", "won", "lost", "open")
# What one number is made of, from the right: day of entry, days of the stay, back, next stage, end, stage.
_DAYS: Final = 1 << 18


def cells_of(deals: Deals, stages: Sequence[str], engine: Engine) -> pd.DataFrame:
    """Sum up deals to cells; see `gtmdiag.funnel.cells`.

    Parameters
    ----------
    deals
        Without those that began too late.
    stages
        Names of the stages in order, fewer than 1,024.
    engine
        Where they live.
    """
    places = range(deals.stages)
    frame = with_exits(deals, places)
    stays = {f"stay_{s}": _stay(deals, s) for s in places}
    beyond = nw.all_horizontal(*(nw.col(f"first_{s}").is_null() for s in places), ignore_nulls=True)
    stays[f"stay_{deals.stages}"] = nw.when(beyond).then(_unplaced(deals))
    frame = frame.select("segment", "currency", "amount", **stays)
    long = engine.long(frame, list(stays), "stay")
    known = ~nw.col("amount").is_null()
    long = long.with_columns(
        cents=nw.coalesce(nw.col("amount"), nw.lit(0)), has_amount=nw.when(known).then(nw.lit(1)).otherwise(nw.lit(0))
    )
    sums = (
        engine.squared(long, "cents", "square")
        .group_by("segment", "currency", "stay")
        .agg(
            n=nw.len(),
            n_amount=nw.col("has_amount").sum(),
            amount_cents=nw.col("cents").sum(),
            amount_sq=nw.col("square").sum(),
        )
        # DuckDB sums in 128 bits, which would come back as floats and round.
        .with_columns(nw.col("n_amount", "amount_cents").cast(nw.Int64), nw.col("amount_sq").cast(nw.Float64))
    )
    return _told(sums.collect(backend="pandas").to_native(), stages)


def _stay(deals: Deals, s: int) -> nw.Expr:
    """Return the number that tells all of a deal's stay in a stage; null where it did not enter it."""
    first, following, left = nw.col(f"first_{s}"), nw.col(f"next_{s}"), nw.col(f"left_{s}")
    on = ~following.is_null()
    back = nw.lit(0)
    if deals.history and s > 0:
        before = nw.col(f"before_{s}")
        ends = on | (nw.col("outcome") != OPEN)
        back = nw.when((before > first) & ((before < left) | ~ends)).then(nw.lit(1)).otherwise(nw.lit(0))
    end = nw.when(on).then(following).otherwise(nw.col("outcome") * STAGES)
    number = _number((nw.lit(s * len(_ENDS) * STAGES) + end) * 2 + back, first, left, deals)
    return nw.when(~first.is_null()).then(number)


def _unplaced(deals: Deals) -> nw.Expr:
    """Return the same for a deal that entered no stage: from its creation to its end."""
    key = (nw.lit(deals.stages * len(_ENDS) * STAGES) + nw.col("outcome") * STAGES) * 2
    return _number(key, stored(nw.col("created_at"), deals.until), nw.col("stop"), deals)


def _number(key: nw.Expr, first: nw.Expr, left: nw.Expr, deals: Deals) -> nw.Expr:
    """Return key, whole days and one (0 where unknown or negative), and day of entry since 1900 and 7, put together."""
    known = (first < UNDATED) & (left < UNDATED) & (left >= first)
    days = nw.when(known).then(whole(left - first, _DAY) + 1).otherwise(nw.lit(0))
    # 1900 began on a Monday.
    since = whole(first + (deals.until - NOW + (_FROM + 7) * _DAY), _DAY)
    exact = nw.when(left >= NOW - _RECENT).then(since).otherwise(whole(since, 7) * 7)
    day = nw.when(first < UNDATED).then(exact).otherwise(nw.lit(0))
    return (key.cast(nw.Int64) * _DAYS + days) * _DAYS + day


def _told(sums: pd.DataFrame, stages: Sequence[str]) -> pd.DataFrame:
    """Return cells from sums by number."""
    rest, since = np.divmod(sums["stay"].to_numpy(dtype=np.int64), _DAYS)
    rest, days = np.divmod(rest, _DAYS)
    rest, back = np.divmod(rest, 2)
    rest, following = np.divmod(rest, STAGES)
    stage, end = np.divmod(rest, len(_ENDS))
    # Of a stay that ends here nothing follows: the first place is never a next one.
    named = [*stages, ""]
    texts = {
        "segment": pd.factorize(sums["segment"].fillna("").astype("str"), sort=True),
        "currency": pd.factorize(sums["currency"].fillna("").astype("str"), sort=True),
        "stage": _named(named, stage),
        "outcome": _named(_ENDS, end),
        "next_stage": _named(named, np.where(following == 0, len(stages), following)),
    }
    numbers = {"back": back, "day": days - 1, "entered": np.where(since == 0, UNKNOWN_DAY, since - 7 - _FROM)}
    # Sorting by places of names is much faster than by names.
    keys = {**{name: places for name, (places, _) in texts.items()}, **numbers}
    order = _sorted([keys[name] for name in KEYS])
    columns = {name: pd.Series(names.take(places[order])) for name, (places, names) in texts.items()}
    columns |= {name: pd.Series(values[order]) for name, values in numbers.items()}
    for name in SUMS:
        kind = "float64" if name == "amount_sq" else "int64"
        columns[name] = pd.Series(sums[name].to_numpy(dtype=kind)[order])
    return pd.DataFrame({name: columns[name] for name in (*KEYS, *SUMS)})


def _named(names: Sequence[str], places: NDArray[np.int64]) -> tuple[NDArray[np.int64], pd.Index[str]]:
    """Return each place in the sorted names, and these."""
    known = sorted(set(names))
    return np.array([known.index(name) for name in names])[places], pd.Index(known, dtype="str")


def _sorted(keys: Sequence[NDArray[np.int64]]) -> NDArray[np.intp]:
    """Return the order by several keys, the first one first: put together into one number where it can hold them."""
    together, size = np.zeros(len(keys[0]), dtype=np.int64), 1
    for key in keys:
        least = int(key.min(initial=0))
        span = int(key.max(initial=0)) - least + 1
        together, size = together * span + (key - least), size * span
    return np.argsort(together) if size < 2**63 else np.lexsort(keys[::-1])
