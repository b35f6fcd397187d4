"""When each deal left each stage, and for which: what cells sum up, deal by deal."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import narwhals as nw

from gtmdiag.funnel.reduction.deals import NOW, OPEN, Deals, stored
from gtmdiag.funnel.reduction.engines import unknown, whole

STAGES: Final = 1 << 10
"""More stages than there can be."""
_LIFT: Final = 2**31
"""Makes stored times positive."""


def with_exits(deals: Deals, of: Collection[int]) -> nw.LazyFrame[Any]:
    """Add for some stages ``s`` when each was left (``left_s``), and for which one (``next_s``, null for none).

    With a history, ``before_s`` tells when an earlier stage was seen last.
    """
    places = range(deals.stages)
    seen = [f"first_{s}" for s in places] + [f"last_{s}" for s in places[:-1] if deals.history]
    frame = deals.frame.with_columns(nw.col(*seen).cast(nw.Int64))
    # The stage stands behind the time: of equal times, the one that comes first on the map.
    frame = frame.with_columns(
        stop=stored(nw.col("ended"), deals.until),
        **{f"rank_{s}": nw.col(f"first_{s}") * STAGES + (_LIFT * STAGES + s) for s in range(min(of) + 1, deals.stages)},
    )
    ranks = {s: [nw.col(f"rank_{t}") for t in range(s + 1, deals.stages)] for s in of}
    lasts = {
        # The first one stands there twice, since Spark takes the greatest and the least of two or more only.
        f"before_{s}": nw.max_horizontal(nw.col("last_0"), *(nw.col(f"last_{t}") for t in range(s)))
        for s in of
        if deals.history and s > 0
    }
    frame = frame.with_columns(
        stop=nw.when(nw.col("outcome") == OPEN).then(nw.lit(NOW)).otherwise(nw.col("stop")),
        **{f"went_{s}": nw.min_horizontal(ranks[s][0], *ranks[s]) if ranks[s] else unknown() for s in of},
        **lasts,
    )
    frame = frame.with_columns(**{f"at_{s}": whole(nw.col(f"went_{s}"), STAGES) for s in of})
    return frame.with_columns(
        **{f"next_{s}": nw.col(f"went_{s}") - nw.col(f"at_{s}") * STAGES for s in of},
        **{f"left_{s}": nw.coalesce(nw.col(f"at_{s}") - _LIFT, nw.col("stop")) for s in of},
    )
