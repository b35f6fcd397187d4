"""Histories for the proofs of the reduction: drawn, or made from a seed; and the frames that hold them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import duckdb
import pandas as pd
import polars as pl
from hypothesis import strategies as st

from gtmdiag.funnel.config import CrmConfig
from tests.funnel.oracle import Deal, Event

AS_OF = date(2026, 3, 31)
STAGES = ("Lead", "MQL", "SQL", "Proposal")
CONFIG = CrmConfig.model_validate(
    {
        "shape": "history",
        "file": "moves.parquet",
        "columns": {
            "deal": "Id",
            "stage": "Stage",
            "entered_at": "Since",
            "segment": "Region",
            "currency": "Currency",
            "amount": "Amount",
        },
        "stages": list(STAGES),
        "won": ["Won"],
        "lost": ["Lost", "Disqualified"],
        "ignore": ["Test"],
        "currency": "EUR",
    }
)
WITH_DEALS = CrmConfig.model_validate(
    {
        **CONFIG.model_dump(exclude_none=True),
        "deals": "deals.parquet",
        "columns": {
            **CONFIG.columns.model_dump(exclude_none=True),
            "status": "Status",
            "created_at": "Created",
            "closed_at": "Closed",
            "won_at": "Won At",
            "lost_at": "Lost At",
        },
    }
)

_EVENT_COLUMNS = ("Id", "Stage", "Since", "Region", "Currency", "Amount")
_DEAL_COLUMNS = ("Id", "Status", "Amount", "Created", "Closed", "Won At", "Lost At")
_TIMES = {"Since", "Created", "Closed", "Won At", "Lost At"}
_IDS = [f"00{number}" for number in range(7)]
_NAMES = (*STAGES, *STAGES, "Won", "Lost", "disqualified", " mql ", "Test", "Elsewhere", "", None)
_CLOCK = (0, 0, 1, 43_200, 86_399)
# Some are longer than 26 weeks before the day of the export, some after it.
_DAYS = (*range(-300, -290), *range(-184, -180), *range(-9, 4))
_AMOUNTS = (None, None, 5.0, 12.5, 12.5, -3.25, 0.0, 1_000_000.01)
_SEGMENTS = (None, "", "NA", "EU", "Süd, 1")
_CURRENCIES = (None, "EUR", "usd")
_STATUSES = (None, None, "", "open", "Won", "lost", "Elsewhere")


def _moment(day: int, second: int) -> datetime:
    return datetime(AS_OF.year, AS_OF.month, AS_OF.day) + timedelta(days=day, seconds=second)


_moments = st.one_of(st.none(), *[st.builds(_moment, st.sampled_from(_DAYS), st.sampled_from(_CLOCK))] * 4)
events_drawn = st.lists(
    st.builds(
        Event,
        st.sampled_from(_IDS),
        st.sampled_from(_NAMES),
        _moments,
        st.sampled_from(_SEGMENTS),
        st.sampled_from(_CURRENCIES),
        st.sampled_from(_AMOUNTS),
    ),
    min_size=1,
    max_size=40,
)
deals_drawn = st.lists(
    st.builds(
        Deal,
        st.sampled_from([*_IDS, "alone"]),
        st.sampled_from(_STATUSES),
        st.sampled_from(_AMOUNTS),
        _moments,
        _moments,
        st.one_of(st.none(), _moments),
        st.one_of(st.none(), _moments),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda deal: deal.deal,
)


def made(seed: int, deals: int) -> tuple[list[Event], list[Deal]]:
    """Return a history and a table of deals, the same for the same seed."""
    rng = random.Random(seed)

    def moment() -> datetime | None:
        return None if rng.random() < 0.15 else _moment(rng.choice(_DAYS), rng.choice(_CLOCK))

    ids = [f"{number:04}" for number in range(deals)]
    events = [
        Event(name, rng.choice(_NAMES), moment(), rng.choice(_SEGMENTS), rng.choice(_CURRENCIES), rng.choice(_AMOUNTS))
        for name in ids
        for _ in range(rng.randrange(7))
    ]
    rng.shuffle(events)
    facts = [
        Deal(
            name,
            rng.choice(_STATUSES),
            rng.choice(_AMOUNTS),
            moment(),
            moment(),
            moment() if rng.random() < 0.15 else None,
            moment() if rng.random() < 0.15 else None,
        )
        for name in ids
        if rng.random() < 0.8
    ]
    return events, facts


def as_pandas(rows: Sequence[Event] | Sequence[Deal]) -> pd.DataFrame:
    columns = _EVENT_COLUMNS if isinstance(rows[0], Event) else _DEAL_COLUMNS
    frame = pd.DataFrame(rows, columns=pd.Index(columns))
    kinds = {name: "datetime64[us]" if name in _TIMES else "float64" if name == "Amount" else "str" for name in columns}
    return frame.astype(kinds)


def as_polars(rows: Sequence[Event] | Sequence[Deal]) -> pl.DataFrame:
    columns = _EVENT_COLUMNS if isinstance(rows[0], Event) else _DEAL_COLUMNS
    kinds = {
        name: pl.Datetime("us") if name in _TIMES else pl.Float64 if name == "Amount" else pl.String for name in columns
    }
    return pl.DataFrame([tuple(row) for row in rows], schema=kinds, orient="row")


def as_arrow(rows: Sequence[Event] | Sequence[Deal]) -> object:
    return as_polars(rows).to_arrow()


def as_lazy_polars(rows: Sequence[Event] | Sequence[Deal]) -> pl.LazyFrame:
    return as_polars(rows).lazy()


def as_duckdb(rows: Sequence[Event] | Sequence[Deal]) -> duckdb.DuckDBPyRelation:
    # One connection for both frames: relations of two connections cannot be joined.
    return duckdb.from_df(as_pandas(rows))


ENGINES: dict[str, Callable[[Sequence[Event] | Sequence[Deal]], object]] = {
    "pandas": as_pandas,
    "polars": as_polars,
    "polars, lazy": as_lazy_polars,
    "DuckDB": as_duckdb,
    "Arrow": as_arrow,
}
