"""Counts and amounts of outcomes and stages, from cells alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from gtmdiag.funnel.config import Shape, name_key
from gtmdiag.funnel.outcomes import Amounts, Outcome, Outcomes, StageRow


def outcomes_of(cells: pd.DataFrame) -> Outcomes:
    """Count deals by outcome: the cells in which deals end."""

    def one(name: str) -> Outcome:
        chosen = cells[cells["outcome"] == name]
        n = int(chosen["n"].sum())
        return Outcome(n, _amounts(chosen), n - int(chosen["n_amount"].sum()))

    return Outcomes(one("won"), one("lost"), one("open"))


def unplaced_of(cells: pd.DataFrame) -> Outcomes:
    """Count by outcome the deals of which no stage on the map is known."""
    return outcomes_of(cells[cells["stage"] == ""])


def stage_rows(
    cells: pd.DataFrame,
    stages: Sequence[str],
    roles: Mapping[str, str],
    *,
    shape: Shape,
    stage_beside_status: bool,
) -> tuple[StageRow, ...]:
    """Return one row a stage.

    Parameters
    ----------
    cells
        As `gtmdiag.funnel.cells.reduce` makes them.
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
    by_stage = {str(name): part for name, part in cells.groupby("stage")}
    for stage in stages:
        part = by_stage.get(stage, cells.iloc[:0])
        ending = outcomes_of(part)
        entered = int(part["n"].sum()) if shape != "snapshot" else None
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


def _amounts(cells: pd.DataFrame) -> Amounts:
    known = cells[cells["n_amount"] > 0].groupby("currency")["amount_cents"].sum()
    return tuple(sorted((str(name), int(cents)) for name, cents in known.items()))
