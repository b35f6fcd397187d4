"""Counts and amounts of outcomes and stages, from cells alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from gtmdiag.funnel.config import Shape, name_key
from gtmdiag.funnel.outcomes import Outcome, Outcomes, StageRow


class Sum(NamedTuple):
    """Sums over the cells of one stage with one outcome and currency."""

    outcome: str
    currency: str
    n: int
    n_amount: int
    cents: int


def sums_of(cells: pd.DataFrame) -> dict[str, list[Sum]]:
    """Add up cells by stage, outcome and currency, for all that follows."""
    found: dict[str, list[Sum]] = {}
    sums = cells.groupby(["stage", "outcome", "currency"])[["n", "n_amount", "amount_cents"]].sum()
    for (stage, outcome, currency), *numbers in sums.itertuples():
        found.setdefault(stage, []).append(Sum(outcome, currency, *numbers))
    return found


def outcomes_of(sums: Iterable[Sum]) -> Outcomes:
    """Count deals by outcome: by the stages in which they end."""
    each = tuple(sums)

    def ended(outcome: str) -> Outcome:
        chosen = [one for one in each if one.outcome == outcome]
        cents: dict[str, int] = {}
        for one in chosen:
            if one.n_amount:
                cents[one.currency] = cents.get(one.currency, 0) + one.cents
        without = sum(one.n - one.n_amount for one in chosen)
        return Outcome(sum(one.n for one in chosen), tuple(sorted(cents.items())), without)

    return Outcomes(ended("won"), ended("lost"), ended("open"))


def stage_rows(
    by_stage: Mapping[str, Sequence[Sum]],
    stages: Sequence[str],
    roles: Mapping[str, str],
    *,
    shape: Shape,
    stage_beside_status: bool,
) -> tuple[StageRow, ...]:
    """Return one row a stage.

    Parameters
    ----------
    by_stage
        As `sums_of` makes them.
    stages
        Names in map order.
    roles
        From role to stage name.
    shape
        A snapshot leaves entered and advanced unknown.
    stage_beside_status
        True where a status column tells the outcome, so that a lost deal keeps its last stage in a snapshot.
    """
    rows: list[StageRow] = []
    for stage in stages:
        sums = by_stage.get(stage, ())
        ending = outcomes_of(sums)
        entered = sum(one.n for one in sums) if shape != "snapshot" else None
        lost_is_told = shape != "snapshot" or stage_beside_status
        advanced = None if entered is None else entered - ending.lost.n - ending.open.n
        rows.append(
            StageRow(
                stage=stage,
                roles=tuple(sorted(role for role, name in roles.items() if name_key(name) == name_key(stage))),
                entered=entered,
                advanced=advanced,
                lost=ending.lost.n if lost_is_told else None,
                open=ending.open.n,
                lost_amounts=ending.lost.amounts if lost_is_told else (),
                open_amounts=ending.open.amounts,
                advanced_share_so_far=advanced / entered if entered and advanced is not None else None,
            )
        )
    return tuple(rows)
