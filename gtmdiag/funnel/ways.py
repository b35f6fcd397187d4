"""What weekly metrics ask of the deals themselves: the way from one stage to a later one, closings, and sources."""

from __future__ import annotations

from typing import Any, Final

import narwhals as nw
import numpy as np

from gtmdiag.funnel.estimates.period import Stays
from gtmdiag.funnel.estimates.table import ADVANCED, LOST, IntArray
from gtmdiag.funnel.reduction import deals as codes
from gtmdiag.funnel.reduction.deals import NOW, OPEN, UNDATED, Deals, stored
from gtmdiag.funnel.reduction.engines import whole

_DAY: Final = 86_400


def way(deals: Deals, start: int, goal: int) -> Stays:
    """Return the deals that entered one stage, as stays until they reached a later one or were closed.

    A deal that skipped the goal for a stage beyond it, or was won, has reached it. Unknown times and those that run
    backwards are left out.

    Parameters
    ----------
    deals
        One row each.
    start, goal
        Places of the two stages on the map; ``goal`` is the later one.
    """
    first, later = nw.col(f"first_{start}"), [nw.col(f"first_{place}") for place in range(goal, deals.stages)]
    frame = deals.frame.filter(~first.is_null() & (first < UNDATED)).with_columns(
        since=first.cast(nw.Int64),
        # The first one stands there twice, since Spark takes the least of two or more only.
        reached=nw.min_horizontal(later[0], *later).cast(nw.Int64),
        closed=nw.when(nw.col("outcome") == OPEN).then(nw.lit(NOW)).otherwise(stored(nw.col("ended"), deals.until)),
    )
    # Reached and won are 0, lost is 1, and open comes before both, as causes are counted.
    ended = nw.when(nw.col("outcome") == OPEN).then(nw.lit(-1)).otherwise(nw.col("outcome") - codes.WON)
    frame = frame.with_columns(
        left=nw.coalesce(nw.col("reached"), nw.col("closed")),
        cause=nw.when(nw.col("reached").is_null()).then(ended).otherwise(nw.lit(0)),
    ).filter((nw.col("left") < UNDATED) & (nw.col("left") >= nw.col("since")))
    told = frame.with_columns(
        entered=whole(deals.seconds(nw.col("since")), _DAY), lasted=whole(nw.col("left") - nw.col("since"), _DAY)
    )
    columns = told.group_by("entered", "lasted", "cause").agg(n=nw.len()).collect()
    return Stays((ADVANCED, LOST), *(_whole(columns, name) for name in ("entered", "lasted", "cause", "n")))


def closings(deals: Deals) -> tuple[IntArray, IntArray, IntArray]:
    """Return the days, since 1970, on which deals were closed, with how many were on each and how many of them won."""
    won = nw.when(nw.col("outcome") == codes.WON).then(nw.lit(1)).otherwise(nw.lit(0))
    frame = deals.frame.filter((nw.col("outcome") != OPEN) & (nw.col("ended") >= 0))
    frame = frame.with_columns(day=whole(nw.col("ended"), _DAY), won=won)
    columns = frame.group_by("day").agg(n=nw.len(), won=nw.col("won").sum()).collect()
    return _whole(columns, "day"), _whole(columns, "n"), _whole(columns, "won")


def sources(deals: Deals, place: int) -> tuple[IntArray, IntArray, tuple[str, ...]]:
    """Return the days, since 1970, on which deals first entered a stage, with how many of which source did."""
    first = nw.col(f"first_{place}")
    frame = deals.frame.filter(~first.is_null() & (first < UNDATED))
    frame = frame.with_columns(day=whole(deals.seconds(first), _DAY))
    columns = frame.group_by("day", "source").agg(n=nw.len()).collect()
    names = tuple(name or "" for name in columns.get_column("source").to_list())
    return _whole(columns, "day"), _whole(columns, "n"), names


def _whole(columns: nw.DataFrame[Any], name: str) -> IntArray:
    return np.asarray(columns.get_column(name).to_numpy(), dtype=np.int64)
