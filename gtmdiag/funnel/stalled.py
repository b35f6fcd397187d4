"""Open deals that have stayed longer in their stage than nine in ten do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from gtmdiag.funnel.history import Tidy
from gtmdiag.funnel.leaks import Estimates
from gtmdiag.funnel.outcomes import Amounts
from gtmdiag.funnel.reduction.deals import OPEN
from gtmdiag.funnel.reduction.engines import whole

LISTED: Final = 25
_DAY: Final = 86_400


@dataclass(frozen=True)
class Stalled:
    """Open deals of one stage: all, and those ``beyond`` the stage's own 90th percentile of ``limit_days``."""

    stage: str
    open: int
    beyond: int
    limit_days: int | None
    value: Amounts


@dataclass(frozen=True)
class StalledDeal:
    """One deal beyond the limit of its stage; age in whole days."""

    deal: str
    stage: str
    age_days: int
    limit_days: int
    owner: str
    amount_cents: int | None
    currency: str


@dataclass(frozen=True)
class StalledDeals:
    """Stalled deals by stage; ``listed`` are at most 25 of the ``n``, by value, then by age."""

    stages: tuple[Stalled, ...]
    listed: tuple[StalledDeal, ...]
    n: int


def stalled_limits(estimates: Estimates) -> dict[str, int | None]:
    """Return by stage the days that nine in ten deals do not exceed; None where that is not known."""
    return {one.stage: None if one.ninetieth is None else one.ninetieth.day for one in estimates.stages}


def stalled_deals(tidy: Tidy, limits: Mapping[str, int | None], stages: tuple[str, ...]) -> StalledDeals:
    """Return the open deals that are older than the limit of their stage.

    Parameters
    ----------
    tidy
        Deals of a history.
    limits
        By stage: whole days that nine in ten deals do not exceed (Kaplan–Meier); None where that is not known.
    stages
        All stages in order. A deal stands in the furthest one it entered, since its first entry.
    """
    frame = _aged(tidy, limits, stages)
    amount = nw.coalesce(nw.col("amount"), nw.lit(0))
    late = nw.when(nw.col("age") > nw.col("limit"))
    sums = (
        frame.with_columns(late=late.then(nw.lit(1)).otherwise(nw.lit(0)), value=late.then(amount).otherwise(nw.lit(0)))
        .group_by("place", "currency")
        .agg(open=nw.len(), late=nw.col("late").sum(), value=nw.col("value").sum())
        .collect()
    )
    counted: dict[int, list[tuple[str, int, int, int]]] = {}
    for place, currency, still, beyond, value in sums.iter_rows():
        counted.setdefault(int(place), []).append((currency or "", int(still), int(beyond), int(value)))
    told = tuple(
        Stalled(
            stage,
            sum(part[1] for part in counted.get(place, ())),
            sum(part[2] for part in counted.get(place, ())),
            limits.get(stage),
            tuple(sorted((part[0], part[3]) for part in counted.get(place, ()) if part[3])),
        )
        for place, stage in enumerate(stages)
    )
    return StalledDeals(told, _listed(tidy, frame, stages), sum(stage.beyond for stage in told))


def _aged(tidy: Tidy, limits: Mapping[str, int | None], stages: tuple[str, ...]) -> nw.LazyFrame[Any]:
    """Return open deals with the place of their stage, their age there in whole days, and its limit."""
    deals = tidy.deals
    place, since = nw.lit(-1), nw.col("first_0")
    limit = nw.lit(10**9)
    for at, stage in enumerate(stages):
        here = ~nw.col(f"first_{at}").is_null()
        place = nw.when(here).then(nw.lit(at)).otherwise(place)
        since = nw.when(here).then(nw.col(f"first_{at}")).otherwise(since)
        days = limits.get(stage)
        limit = nw.when(here).then(nw.lit(10**9 if days is None else days)).otherwise(limit)
    frame = deals.frame.filter(nw.col("outcome") == OPEN).with_columns(place=place, limit=limit, since=since)
    frame = frame.with_columns(start=deals.seconds(nw.col("since"))).filter(nw.col("place") >= 0)
    return tidy.rows.engine.kept(frame.with_columns(age=whole(deals.until - nw.col("start"), _DAY)))


def _listed(tidy: Tidy, frame: nw.LazyFrame[Any], stages: tuple[str, ...]) -> tuple[StalledDeal, ...]:
    late = frame.filter(nw.col("age") > nw.col("limit")).with_columns(worth=nw.coalesce(nw.col("amount"), nw.lit(-1)))
    most = late.sort("worth", "age", "deal", descending=[True, True, False]).head(LISTED)
    columns = ("deal", "place", "age", "limit", "owner", "amount", "currency")
    rows: list[dict[str, Any]] = list(most.select(*columns).collect().iter_rows(named=True))
    names = tidy.rows.names([row["deal"] for row in rows])
    return tuple(
        StalledDeal(
            deal=names[row["deal"]],
            stage=stages[int(row["place"])],
            age_days=int(row["age"]),
            limit_days=int(row["limit"]),
            owner=row["owner"] or "",
            amount_cents=row["amount"],
            currency=row["currency"] or "",
        )
        for row in rows
    )
