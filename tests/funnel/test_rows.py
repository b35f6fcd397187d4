"""Few rows are reduced by Arrow, many by DuckDB: nobody may see by which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gtmdiag.funnel import rows
from gtmdiag.funnel.analyse import analyse
from tests.funnel.histories import as_pandas, made
from tests.funnel.oracle import Deal, Event

COLUMNS = "deal: Id, stage: Stage, segment: Region, currency: Currency, amount: Amount, owner: Who"
FACTS = "status: Status, created_at: Created, closed_at: Closed, won_at: Won At, lost_at: Lost At"
MAP = """
stages: [Lead, MQL, SQL, Proposal]
won: [Won]
lost: [Lost, Disqualified]
ignore: [Test]
currency: EUR
rates: {USD: 0.92}
handoffs: {"MQL→SQL": marketing → sales}
roles: {mql: MQL, sql: SQL, onboarding: SQL, first_success: Proposal}
lines: once
as_of: 2026-03-31
"""
SHAPES = {
    "history": f"shape: history\nfile: moves.csv\ncolumns: {{{COLUMNS}, entered_at: Since}}",
    "two tables": f"shape: history\nfile: moves.csv\ndeals: deals.csv\n"
    f"columns: {{{COLUMNS}, entered_at: Since, {FACTS}}}",
    "snapshot": f"shape: snapshot\nfile: moves.csv\ncolumns: {{{COLUMNS}, created_at: Since}}",
}


def _written(rows: Sequence[Event] | Sequence[Deal], seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = as_pandas(rows).assign(Who=rng.choice(["Zoe", "Ann", ""], len(rows)))
    # Up to the largest amounts that there may be, whose squares no float holds.
    return frame.assign(Amount=frame["Amount"] * rng.choice([1, 999_983, 900_000], len(rows)))


@pytest.mark.parametrize("shape", SHAPES)
def test_figure_that_tells_by_which_engine_it_was_counted(
    shape: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events, deals = made(11, 300)
    (tmp_path / "crm.yaml").write_text(SHAPES[shape] + MAP, encoding="utf-8")
    _written(events, 1).to_csv(tmp_path / "moves.csv", index=False)
    # Some deals have no events, and count by their present stage.
    _written(deals, 2).assign(Stage="Lead").to_csv(tmp_path / "deals.csv", index=False)
    few = analyse(tmp_path, today=date(2026, 4, 30))
    monkeypatch.setattr(rows, "FEW", 0)
    many = analyse(tmp_path, today=date(2026, 4, 30))
    assert few is not None
    assert few.deals > 100
    assert repr(many) == repr(few)
