"""What is known of a deal as a whole: one value of each attribute, whichever and however many rows tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import narwhals as nw

from gtmdiag.funnel.reduction.engines import Engine, unknown

NUMBERS: Final = ("amount", "created_at", "closed_at", "won_at", "lost_at", "status")
"""Attributes in whole numbers: cents, seconds since 1970, and the place of a closing on the map."""
TEXTS: Final = ("segment", "currency", "owner", "source", "lost_reason")
ATTRIBUTES: Final = (*NUMBERS, *TEXTS)


def extremes(held: Sequence[str]) -> list[nw.Expr]:
    """Return the largest value of each attribute, under its name, and the smallest, as ``least:…``."""
    return [nw.col(role).max() for role in held] + [nw.col(role).min().alias(_least(role)) for role in held]


def last_known(
    deals: nw.LazyFrame[Any], rows: nw.LazyFrame[Any], held: Sequence[str], engine: Engine
) -> nw.LazyFrame[Any]:
    """Replace the largest value of each attribute by the last known one, for deals whose rows differ.

    Parameters
    ----------
    deals
        One row a deal with `extremes`.
    rows
        ``deal``, ``entered_at`` and the attributes; of one time the largest value holds, an unknown time comes first.
    held
        Attributes that ``rows`` have.
    engine
        Where they live.
    """
    if not held:
        return deals
    deals = engine.kept(deals)
    differ = nw.any_horizontal(*(nw.col(role) != nw.col(_least(role)) for role in held), ignore_nulls=True)
    differing = deals.filter(differ).select("deal")
    deals = deals.drop([_least(role) for role in held])
    if not differing.select(nw.len()).collect().item():
        return deals
    # Kept, since it is used twice, and DuckDB would read and join all rows for each.
    some = engine.kept(rows.select("deal", "entered_at", *held).join(differing, on="deal", how="inner"))
    time = nw.coalesce(nw.col("entered_at"), nw.lit(-(2**60)))
    some = some.with_columns(time.alias("time"))
    times = some.with_columns(**{_when(role): nw.when(~nw.col(role).is_null()).then(nw.col("time")) for role in held})
    last = times.group_by("deal").agg(*(nw.col(_when(role)).max() for role in held))
    there = some.join(last, on="deal", how="inner").with_columns(
        **{role: nw.when(nw.col("time") == nw.col(_when(role))).then(nw.col(role)) for role in held}
    )
    values = there.group_by("deal").agg(*(nw.col(role).max().alias(_last(role)) for role in held))
    joined = deals.join(values, on="deal", how="left")
    return joined.with_columns(**{role: nw.coalesce(nw.col(_last(role)), nw.col(role)) for role in held}).drop(
        [_last(role) for role in held]
    )


def largest_a_deal(rows: nw.LazyFrame[Any], held: Sequence[str], *, add: bool = False) -> nw.LazyFrame[Any]:
    """Return each deal once with the largest known value of each column, so that the order of rows plays no part.

    A total that is repeated on each row so counts once; with ``add`` the amounts of a deal's rows are added. Rows read
    from a file never come here twice: `gtmdiag.funnel.attributes.one_row_a_deal` keeps one of them whole, and tells of
    the others or asks.
    """
    amount = nw.col("amount").sum() if add else nw.col("amount").max()
    return rows.group_by("deal").agg(*(amount if role == "amount" else nw.col(role).max() for role in held))


def completed(deals: nw.LazyFrame[Any], held: Sequence[str]) -> nw.LazyFrame[Any]:
    """Add the attributes that nothing tells, as unknown."""
    missing = {role: unknown() for role in NUMBERS if role not in held}
    missing |= {role: nw.when(nw.col("deal").is_null()).then(nw.lit("")) for role in TEXTS if role not in held}
    return deals.with_columns(**missing) if missing else deals


def _least(role: str) -> str:
    return f"least_{role}"


def _when(role: str) -> str:
    return f"when_{role}"


def _last(role: str) -> str:
    return f"last_{role}"
