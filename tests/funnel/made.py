"""Funnels made by hand: cells of so many deals, and a configuration for them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.funnel.cells import merge
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.estimates.table import CellTable, read_cells

STAGES = ("Lead", "MQL", "SQL")
HISTORY = "shape: history\nfile: f.csv\ncolumns: {deal: Id, stage: Stage, entered_at: Since}\n"


@dataclass(frozen=True)
class Move:
    """So many deals that left a stage on a day: for another stage, ``won`` or ``lost``; or are ``open`` since."""

    stage: str
    to: str
    day: int
    n: int
    euros: int = 0
    currency: str = "EUR"
    segment: str = ""
    entered: int = 20_454


def cells(moves: Sequence[Move], stages: Sequence[str] = STAGES) -> pd.DataFrame:
    rows = [
        {
            "segment": move.segment,
            "currency": move.currency,
            "stage": move.stage,
            "outcome": "advanced" if move.to in stages else move.to,
            "next_stage": move.to if move.to in stages else "",
            "day": move.day,
            "back": 0,
            "entered": move.entered,
            "n": move.n,
            "n_amount": move.n if move.euros else 0,
            "amount_cents": move.n * move.euros * 100,
            "amount_sq": move.n * (move.euros * 100.0) ** 2,
        }
        for move in moves
    ]
    return merge(pd.DataFrame(rows))


def table(moves: Sequence[Move], stages: Sequence[str] = STAGES) -> CellTable:
    return read_cells(cells(moves, stages), stages)


def config(more: str = "", stages: Sequence[str] = STAGES) -> CrmConfig:
    text = f"{HISTORY}stages: {json.dumps(list(stages))}\nwon: [Closed Won]\nlost: [Closed Lost]\n{more}"
    return validate(CrmConfig, parse_yaml(text, "crm.yaml"))
