"""Cells built row by row for tests of what is computed from cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from gtmdiag.funnel.cells import merge
from gtmdiag.funnel.estimates.table import CellTable, read_cells

EPOCH = date(1970, 1, 1)
STAGES = ("Lead", "MQL", "SQL")


@dataclass(frozen=True)
class Row:
    """So many deals that entered a stage on a day and left it, or are seen last, so many days later."""

    stage: str
    to: str
    entered: int
    day: int
    n: int = 1
    segment: str = ""
    back: int = 0


def cells_of(rows: Sequence[Row], stages: Sequence[str] = STAGES) -> pd.DataFrame:
    """Return cells; ``to`` is a stage, or ``won``, ``lost``, ``open``."""
    records = [
        {
            "segment": row.segment,
            "currency": "EUR",
            "stage": row.stage,
            "outcome": "advanced" if row.to in stages else row.to,
            "next_stage": row.to if row.to in stages else "",
            "back": row.back,
            "day": row.day,
            "entered": row.entered,
            "n": row.n,
            "n_amount": 0,
            "amount_cents": 0,
            "amount_sq": 0.0,
        }
        for row in rows
    ]
    names = ["segment", "currency", "stage", "outcome", "next_stage", "back", "day", "entered"]
    names += ["n", "n_amount", "amount_cents", "amount_sq"]
    return merge(pd.DataFrame(records, columns=names))


def table_of(rows: Sequence[Row]) -> CellTable:
    return read_cells(cells_of(rows), STAGES)


def day_of(day: date) -> int:
    return (day - EPOCH).days


def rounded(cells: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return cells in which the entry of stays long over is known to the week only, as large exports are reduced."""
    old = cells["entered"] + cells["day"] < day_of(as_of) - 26 * 7
    monday = cells["entered"] - (cells["entered"] + 3) % 7
    return merge(cells.assign(entered=cells["entered"].where(~old, monday)))
