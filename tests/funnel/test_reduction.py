from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from gtmdiag.funnel.cells import KEYS, SUMS, merge
from gtmdiag.funnel.reduction import reduce_frame
from tests.conftest import ROOT, optional
from tests.funnel import oracle
from tests.funnel.histories import AS_OF, CONFIG, ENGINES, WITH_DEALS, deals_drawn, events_drawn, made
from tests.funnel.oracle import Deal, Event


def _cells(engine: str, events: Sequence[Event], deals: Sequence[Deal] | None = None) -> pd.DataFrame:
    frame = ENGINES[engine]
    if deals is None:
        return reduce_frame(frame(events), CONFIG, as_of=AS_OF)
    return reduce_frame(frame(events), WITH_DEALS, as_of=AS_OF, deals=frame(deals))


def _assert_same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert list(found.columns) == [*KEYS, *SUMS]
    # Only sums of squares are floats, and they depend on the order of adding.
    assert_frame_equal(found, expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=5)
@given(events_drawn)
def test_cells_of_a_history_are_those_of_loops_over_its_deals(engine: str, events: list[Event]) -> None:
    _assert_same(_cells(engine, events), oracle.cells(events, CONFIG, as_of=AS_OF))


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=5)
@given(events_drawn, deals_drawn)
def test_cells_of_a_history_with_a_table_of_deals_are_those_of_loops(
    engine: str, events: list[Event], deals: list[Deal]
) -> None:
    _assert_same(_cells(engine, events, deals), oracle.cells(events, WITH_DEALS, as_of=AS_OF, deals=deals))


@pytest.mark.parametrize("engine", ["pandas", "DuckDB"])
@settings(max_examples=3)
@given(events_drawn, st.randoms(use_true_random=False))
def test_the_order_of_rows_plays_no_part(engine: str, events: list[Event], rng: random.Random) -> None:
    shuffled = rng.sample(events, len(events))
    assert_frame_equal(_cells(engine, shuffled), _cells(engine, events), rtol=1e-12, atol=0)


@pytest.mark.parametrize("engine", ["polars, lazy", "DuckDB"])
@settings(max_examples=3)
@given(events_drawn)
def test_cells_of_shards_add_up_to_those_of_the_whole(engine: str, events: list[Event]) -> None:
    shards = [[event for event in events if int(event.deal) % 3 == shard] for shard in range(3)]
    together = merge(*(_cells(engine, shard) for shard in shards if shard))
    assert_frame_equal(together, _cells(engine, events), rtol=1e-12, atol=0)


@pytest.mark.parametrize("seed", range(3))
def test_cells_of_hundreds_of_deals_are_those_of_loops_on_every_engine(seed: int) -> None:
    events, deals = made(seed, 400)
    expected = oracle.cells(events, WITH_DEALS, as_of=AS_OF, deals=deals)
    for engine in ENGINES:
        _assert_same(_cells(engine, events, deals), expected)


@pytest.mark.parametrize("more", [{}, {"amount": "Amount"}, {"segment": "Region"}], ids=["bare", "amount", "segment"])
def test_a_history_needs_no_more_than_deal_stage_and_time(more: dict[str, str]) -> None:
    columns = CONFIG.columns.model_copy(update={"segment": None, "currency": None, "amount": None, **more})
    bare = CONFIG.model_copy(update={"columns": columns})
    events, _ = made(1, 50)
    known = [
        event._replace(
            currency=None,
            segment=event.segment if "segment" in more else None,
            amount=event.amount if "amount" in more else None,
        )
        for event in events
    ]
    expected = oracle.cells(known, bare, as_of=AS_OF)
    for frame in ENGINES.values():
        _assert_same(reduce_frame(frame(events), bare, as_of=AS_OF), expected)


def test_amounts_between_two_cents_are_rounded_up_on_every_engine() -> None:
    at = datetime(2026, 3, 1)
    events = [Event(str(place), "Lead", at, "EU", "EUR", amount) for place, amount in enumerate((0.125, 0.375, -0.125))]
    found = {engine: int(_cells(engine, events)["amount_cents"].sum()) for engine in ENGINES}
    assert set(found.values()) == {13 + 38 - 12}, found


def test_sums_of_cents_beyond_what_floats_hold_are_exact_on_every_engine() -> None:
    at = datetime(2026, 3, 1)
    events = [Event(str(place), "Lead", at, "EU", "EUR", 999_999_999_999.99) for place in range(101)]
    found = {engine: int(_cells(engine, events)["amount_cents"].sum()) for engine in ENGINES}
    assert set(found.values()) == {101 * 99_999_999_999_999}, found


def test_parts_of_seconds_are_cut_off_alike_on_every_engine() -> None:
    enters = [datetime(2026, 3, 1, 12, 0, 0, 900_000), datetime(1969, 12, 31, 23, 59, 59, 500_000)]
    events = [Event(f"{place}", "Lead", at, "EU", "EUR", 5.0) for place, at in enumerate(enters)]
    events += [Event("0", "MQL", datetime(2026, 3, 2, 12, 0, 0, 100_000), "EU", "EUR", 5.0)]
    expected = oracle.cells(events, CONFIG, as_of=AS_OF)
    for engine in ENGINES:
        _assert_same(_cells(engine, events), expected)


def _with_zone(rows: Sequence[Event] | Sequence[Deal]) -> list[tuple[object, ...]]:
    """Name UTC, or Spark takes times to be those of this machine's clocks."""
    return [tuple(v.replace(tzinfo=UTC) if isinstance(v, datetime) else v for v in row) for row in rows]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    builder = optional("pyspark.sql", "spark").SparkSession.builder
    settings = {
        "spark.master": "local[1]",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@pytest.mark.proof
@pytest.mark.needs("java")
def test_a_spark_frame_gives_the_same_cells(spark: Any) -> None:
    events, deals = made(7, 400)
    event_frame = spark.createDataFrame(
        _with_zone(events),
        "Id string, Stage string, Since timestamp, Region string, Currency string, Amount double",
    )
    deal_frame = spark.createDataFrame(
        _with_zone(deals),
        "Id string, Status string, Amount double, Created timestamp, Closed timestamp,"
        " `Won At` timestamp, `Lost At` timestamp",
    )
    found = reduce_frame(event_frame, WITH_DEALS, as_of=AS_OF, deals=deal_frame)
    _assert_same(found, oracle.cells(events, WITH_DEALS, as_of=AS_OF, deals=deals))


@pytest.mark.proof
@pytest.mark.needs("java")
def test_documented_spark_example_that_does_not_run_as_it_stands(
    spark: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")
    reduce, tell, on_spark = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    (expected,) = re.findall(r"```text\n(.*?)```", text, flags=re.DOTALL)
    few = [("1", "Lead", datetime(2026, 9, 1), 5.0), ("1", "SQL", datetime(2026, 9, 8), 5.0)]
    columns = ["deal_id", "stage", "entered_at", "amount"]
    names: dict[str, Any] = {"frame": pd.DataFrame(few, columns=columns)}
    for example in (reduce, tell):
        exec(example, names)
    assert "Lead → MQL: fewer than 30 deals" in capsys.readouterr().out
    exec(on_spark, names)
    assert capsys.readouterr().out == expected
    here = pd.DataFrame(names["rows"], columns=columns)
    _assert_same(names["cells"], reduce_frame(here, names["config"], as_of=names["date"](2026, 10, 31)))
