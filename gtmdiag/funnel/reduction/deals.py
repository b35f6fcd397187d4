"""One row a deal from a history of stages: when it entered each stage first, and how it ended.

A single grouping by deal, without any sorting: of each stage the first and the last time that the deal was seen in it,
as a time before the as-of day's end in 32 bits. All that follows is arithmetic on these columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import narwhals as nw

from gtmdiag.funnel.reduction.attributes import completed, extremes, last_known
from gtmdiag.funnel.reduction.engines import Engine
from gtmdiag.funnel.stages import IGNORED

WON: Final = 1
LOST: Final = 2
OPEN: Final = 3

NOW: Final = 2**31 - 2
"""The last second that is used; a second earlier is one less, so that 136 years fit."""
UNDATED: Final = 2**31 - 1
"""An unknown time, after all others."""
_UNDATED_EARLY: Final = -(2**31)


@dataclass(frozen=True, eq=False)
class Deals:
    """Deals, one row each.

    Attributes
    ----------
    frame
        ``deal`` (key), the attributes of `gtmdiag.funnel.reduction.attributes`, ``outcome`` (`WON`, `LOST`, `OPEN`),
        ``ended`` (seconds since 1970 of the closing, null where open or unknown), ``first_0`` … (first time in each
        stage, null where not entered; see `seconds`), and where a history tells it ``last_0`` … (last time in each
        stage but the furthest).
    stages
        Number of stages on the map.
    until
        Last second that is used, since 1970.
    history
        Whether there are ``last_0`` ….
    """

    frame: nw.LazyFrame[Any]
    stages: int
    until: int
    history: bool

    def seconds(self, time: nw.Expr) -> nw.Expr:
        """Return a time of ``first_0`` … in seconds since 1970; null where it is unknown."""
        return nw.when(time < UNDATED).then(time.cast(nw.Int64) + (self.until - NOW))


def stored(seconds: nw.Expr, until: int, *, unknown: int = UNDATED) -> nw.Expr:
    """Return seconds since 1970, none after ``until``, as they stand in ``first_0`` …; null becomes ``unknown``."""
    before = nw.max_horizontal(seconds - (until - NOW), nw.lit(_UNDATED_EARLY + 1))
    return nw.when(~seconds.is_null()).then(before).otherwise(nw.lit(unknown))


def begun(deals: Deals) -> Deals:
    """Return the deals without those that began after the last second that is used."""
    return replace(deals, frame=deals.frame.filter(~nw.col("not_yet")).drop("not_yet"))


def deals_of(
    events: nw.LazyFrame[Any],
    second: nw.LazyFrame[Any] | None,
    engine: Engine,
    *,
    stages: int,
    until: int,
    held: Sequence[str],
    held_second: Sequence[str] = (),
) -> Deals:
    """Reduce events to deals.

    The last event decides whether a deal is open; a date of winning or losing, or a status that says so, closes it in
    any case. Of several closings the last one counts; at one time losing comes after winning, and both after any stage.
    Deals with nothing but rows to ignore are left out; those that began after ``until`` have ``not_yet``.

    Parameters
    ----------
    events
        ``deal``, ``code`` (place of the stage on the map; ``stages`` for won, ``stages + 1`` for lost, -1 for a stage
        not on the map, `IGNORED`), ``entered_at`` (seconds since 1970 or null) and the attributes in ``held``.
    second
        A second table with each deal once and the attributes in ``held_second``, which hold before those of events.
    engine
        Where both live.
    stages, until
        See `Deals`.
    held, held_second
        Attributes that the two have.
    """
    in_events = [role for role in held if role not in held_second]
    deals = last_known(_grouped(events, in_events, stages, until), events, in_events, engine)
    deals = deals.with_columns(in_events=nw.lit(1))
    if second is not None:
        # Both keys stand in the result of a full join.
        other = second.select("deal", *held_second).rename({"deal": "deal_2"})
        deals = deals.join(other, left_on="deal", right_on="deal_2", how="full")
        deals = deals.with_columns(deal=nw.coalesce(nw.col("deal"), nw.col("deal_2"))).drop("deal_2")
    deals = completed(deals, (*in_events, *held_second))
    return Deals(_ended(deals, stages, until), stages, until, history=True)


def _grouped(events: nw.LazyFrame[Any], held: Sequence[str], stages: int, until: int) -> nw.LazyFrame[Any]:
    """Return of each deal its first and last time in each stage, and the extremes of what its rows hold."""
    code, time = nw.col("code"), nw.col("entered_at")
    used = (code != IGNORED) & (time.is_null() | (time <= until))
    rows = events.with_columns(
        early=nw.when(used).then(stored(time, until)).cast(nw.Int32),
        late=nw.when(used).then(stored(time, until, unknown=_UNDATED_EARLY)).cast(nw.Int32),
    )
    early, late = nw.col("early"), nw.col("late")
    per_stage = {f"first_{s}": nw.when(code == s).then(early) for s in range(stages)}
    per_stage |= {f"last_{s}": nw.when(code == s).then(late) for s in range(stages - 1)}
    rows = rows.with_columns(
        **per_stage,
        open_last=nw.when(code < stages).then(late),
        won_last=nw.when(code == stages).then(early),
        lost_last=nw.when(code == stages + 1).then(early),
        counted=nw.when(code != IGNORED).then(code),
    )
    return rows.group_by("deal").agg(
        *(nw.col(f"first_{s}").min() for s in range(stages)),
        *(nw.col(f"last_{s}").max() for s in range(stages - 1)),
        *(nw.col(name).max() for name in ("open_last", "won_last", "lost_last", "counted")),
        *extremes(held),
    )


def _ended(deals: nw.LazyFrame[Any], stages: int, until: int) -> nw.LazyFrame[Any]:
    """Tell how each deal ended, from its events and from what else says so."""
    facts: dict[str, nw.Expr] = {}
    late = nw.lit(value=False)
    for place, outcome in ((stages, "won"), (stages + 1, "lost")):
        dated = nw.col(f"{outcome}_at")
        by_status = (nw.col("status") == place) & dated.is_null() & nw.col(f"{outcome}_last").is_null()
        at = nw.when(~dated.is_null()).then(dated).otherwise(nw.col("closed_at"))
        told = ~dated.is_null() | by_status
        facts[f"{outcome}_told"] = nw.when(told & (at.is_null() | (at <= until))).then(stored(at, until))
        late = late | (told & (at > until))
    deals = deals.with_columns(**facts, is_late=nw.coalesce(late | (nw.col("created_at") > until), nw.lit(value=False)))
    never = nw.lit(_UNDATED_EARLY - 1)
    last = {name: nw.coalesce(nw.col(f"{name}_last").cast(nw.Int64), never) for name in ("open", "won", "lost")}
    deals = deals.with_columns(
        won_final=nw.max_horizontal(last["won"], nw.coalesce(nw.col("won_told"), never)),
        lost_final=nw.max_horizontal(last["lost"], nw.coalesce(nw.col("lost_told"), never)),
        by_event=nw.max_horizontal(last["won"], last["lost"]),
        open_final=last["open"],
    )
    closing = nw.max_horizontal(nw.col("won_final"), nw.col("lost_final"))
    told = ~nw.col("won_told").is_null() | ~nw.col("lost_told").is_null()
    closed = told | ((nw.col("by_event") >= nw.col("open_final")) & (nw.col("by_event") > _UNDATED_EARLY - 1))
    deals = deals.with_columns(closing=nw.when(closed).then(closing))
    outcome = nw.when(nw.col("lost_final") >= nw.col("won_final")).then(nw.lit(LOST)).otherwise(nw.lit(WON))
    seconds = nw.col("closing") + (until - NOW)
    deals = deals.with_columns(
        outcome=nw.when(~nw.col("closing").is_null()).then(outcome).otherwise(nw.lit(OPEN)),
        ended=nw.when(nw.col("closing") < UNDATED).then(seconds),
        was_won=nw.col("won_final") > _UNDATED_EARLY - 1,
        was_closed=closing > _UNDATED_EARLY - 1,
    )
    unseen = (nw.max_horizontal(nw.col("by_event"), nw.col("open_final")) <= _UNDATED_EARLY - 1) & ~told
    ignored = ~nw.col("in_events").is_null() & nw.col("counted").is_null()
    not_yet = unseen & (~nw.col("in_events").is_null() | nw.col("is_late"))
    inner = ("in_events", "counted", "open_last", "won_last", "lost_last", "won_told", "lost_told", "is_late")
    final = ("won_final", "lost_final", "by_event", "open_final", "closing")
    return deals.with_columns(not_yet=not_yet & ~ignored).filter(~ignored).drop([*inner, *final])
