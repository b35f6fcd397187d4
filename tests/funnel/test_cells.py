from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from gtmdiag.funnel.analyse import analyse
from gtmdiag.funnel.cells import KEYS, merge
from gtmdiag.funnel.config import read_config
from gtmdiag.funnel.dates import end_of
from gtmdiag.funnel.history import tidy_history
from gtmdiag.funnel.reduction.cells import cells_of
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel.rows import rows_of
from gtmdiag.funnel.source import read_source
from gtmdiag.funnel.stages import StageMap

STAGES = ("Lead", "MQL", "SQL")
AS_OF = date(2026, 3, 31)
CONFIG = """
shape: history
file: moves.csv
columns: {deal: Id, stage: Stage, entered_at: Since, amount: Amount, segment: Region, currency: Currency}
stages: [Lead, MQL, SQL]
won: [Won]
lost: [Lost]
ignore: [Test]
as_of: 2026-03-31
"""

ROWS = st.lists(
    st.tuples(
        st.integers(0, 8).map("d{}".format),
        st.sampled_from([*STAGES, "Won", "Lost", "Test", "Elsewhere", ""]),
        st.one_of(st.just(""), st.dates(date(2026, 1, 1), date(2026, 4, 10)).map(str)),
        st.sampled_from(["", "5", "12.50", "1000"]),
        st.sampled_from(["", "NA", "EU"]),
        st.sampled_from(["EUR", "USD"]),
    ),
    min_size=1,
    max_size=40,
)
Row = tuple[str, str, str, str, str, str]


def _folder(name: str, rows: list[Row]) -> Path:
    crm = Path(name) / "crm"
    crm.mkdir()
    (crm / "crm.yaml").write_text(CONFIG)
    lines = ["Id,Stage,Since,Amount,Region,Currency", *(",".join(row) for row in rows)]
    (crm / "moves.csv").write_text("\n".join(lines) + "\n")
    return crm


def _cells(rows: list[Row]) -> pd.DataFrame:
    with TemporaryDirectory() as name:
        crm = _folder(name, rows)
        config = read_config(crm)
        assert config is not None
        source = read_source(crm, config)
        typed = rows_of(source, StageMap.of(config))
        tidy = tidy_history(source, typed, config, until=end_of(AS_OF))
        return cells_of(tidy.deals, config.stages, typed.engine)


def _result(rows: list[Row]) -> FunnelResult:
    with TemporaryDirectory() as name:
        result = analyse(_folder(name, rows), today=AS_OF)
        assert result is not None
        return result


@settings(max_examples=3)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_plays_no_part(rows: list[Row], rng: random.Random) -> None:
    shuffled = rows.copy()
    rng.shuffle(shuffled)
    assert_frame_equal(_cells(rows), _cells(shuffled))
    assert _result(rows).to_dict() == _result(shuffled).to_dict()


@settings(max_examples=4)
@given(ROWS)
def test_cells_of_shards_add_up_to_the_whole(rows: list[Row]) -> None:
    shards = [[row for row in rows if (int(row[0][1:]) % 2 == 0) is even] for even in (True, False)]
    whole = _cells(rows)
    assert_frame_equal(merge(*(_cells(shard) for shard in shards if shard)), whole, rtol=1e-12)
    assert list(whole.columns[: len(KEYS)]) == list(KEYS)


@settings(max_examples=4)
@given(ROWS)
def test_every_deal_is_counted_once_and_every_stage_adds_up(rows: list[Row]) -> None:
    result = _result(rows)
    outcomes = (result.outcomes.won, result.outcomes.lost, result.outcomes.open)
    assert result.deals == sum(outcome.n for outcome in outcomes)
    late = {row[0] for row in rows} - {row[0] for row in rows if row[2] <= AS_OF.isoformat() and row[1] != "Test"}
    assert result.deals == len({row[0] for row in rows} - late)
    for row in result.stages:
        assert row.entered == (row.advanced or 0) + (row.lost or 0) + (row.open or 0)
    placed = sum((row.lost or 0) for row in result.stages)
    assert placed + result.unplaced.lost.n == result.outcomes.lost.n
    assert sum((row.open or 0) for row in result.stages) + result.unplaced.open.n == result.outcomes.open.n


def test_a_skip_a_step_back_and_a_win_give_the_cells_a_reader_expects() -> None:
    rows: list[Row] = [
        ("d1", "Lead", "2026-01-05", "100", "EU", "EUR"),
        ("d1", "SQL", "2026-01-08", "100", "EU", "EUR"),
        ("d1", "MQL", "2026-01-10", "100", "EU", "EUR"),
        ("d1", "Won", "2026-01-20", "100", "EU", "EUR"),
    ]
    cells = _cells(rows).set_index("stage")
    assert cells[["outcome", "next_stage", "day", "entered"]].T.to_dict("list") == {
        "Lead": ["advanced", "SQL", 3, 20458],
        "MQL": ["advanced", "SQL", -1, 20463],
        "SQL": ["won", "", 12, 20461],
    }
    assert cells["amount_cents"].tolist() == [10_000] * 3


def test_an_open_stay_lasts_until_the_end_of_the_as_of_day() -> None:
    cells = _cells([("d1", "Lead", "2026-03-30 23:59:59", "", "", "EUR")])
    assert cells["day"].tolist() == [1]
    assert cells["n_amount"].tolist() == [0]
