from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from benchmarks.events import AS_OF, LOST, SEGMENTS, STAGES, WON, config, write_events
from benchmarks.rivals import pandas_cells, sql_of
from tests.funnel import oracle
from tests.funnel.oracle import Event


def _assert_same(cells: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert_frame_equal(cells.astype(expected.dtypes.to_dict()), expected, rtol=1e-12, atol=0)


def _with_ties(seed: int) -> list[Event]:
    """Return rows of which many fall on one second, some some on a stage that nobody mapped."""
    rng = random.Random(seed)
    # Half of the days are about the one before which weeks are enough.
    starts = (datetime(2026, 10, 29), datetime(2026, 5, 1))
    days = [at + timedelta(days=day, seconds=rng.choice((0, 1, 86_399))) for day in range(3) for at in starts]
    return [
        Event(
            f"d{rng.randrange(200)}",
            rng.choice([*STAGES, *STAGES, WON, LOST, "Elsewhere"]),
            rng.choice(days),
            rng.choice([*SEGMENTS, None]),
            None,
            rng.choice([None, 5.0, 12.5, -3.25, 1e6]),
        )
        for _ in range(800)
    ]


def _read(path: Path) -> list[Event]:
    frame = pd.read_parquet(path)
    frame = frame.astype({"region": object, "amount": object}).where(frame.notna(), None)
    names = ("deal_id", "stage_name", "entered_at", "region", "amount")
    rows = zip(*(frame[name].tolist() for name in names), strict=True)
    return [Event(deal, stage, at, region, None, amount) for deal, stage, at, region, amount in rows]


@pytest.mark.parametrize("seed", range(3))
def test_the_rivals_give_the_cells_of_loops_where_rows_tie(tmp_path: Path, seed: int) -> None:
    rows, path = _with_ties(seed), tmp_path / "events.parquet"
    frame = pd.DataFrame(rows).drop(columns="currency").astype({"amount": "float64", "segment": "str"})
    names = {"deal": "deal_id", "stage": "stage_name", "segment": "region"}
    frame.rename(columns=names).to_parquet(path)
    expected = oracle.cells(rows, config(), as_of=AS_OF)
    _assert_same(duckdb.connect().sql(sql_of(path)).df(), expected)
    _assert_same(pandas_cells(path), expected)


def test_the_rivals_give_the_cells_of_loops_on_a_generated_history(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    write_events(path, 3_000)
    expected = oracle.cells(_read(path), config(), as_of=AS_OF)
    _assert_same(duckdb.connect().sql(sql_of(path)).df(), expected)
    _assert_same(pandas_cells(path), expected)


def test_a_seed_gives_the_same_rows_again(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_events(tmp_path / name, 2_000)
    assert_frame_equal(pd.read_parquet(tmp_path / "a"), pd.read_parquet(tmp_path / "b"))
