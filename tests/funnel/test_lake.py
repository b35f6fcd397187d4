from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from gtmdiag.errors import InputError
from gtmdiag.funnel.analyse import analyse

CONFIG = """
shape: history
file: moves.%s
columns: {deal: Id, stage: Stage, entered_at: Since, amount: Amount, segment: Region, owner: Who}
stages: [Lead, MQL, SQL]
won: [Won]
lost: [Lost]
"""


def _moves() -> pd.DataFrame:
    stages = ["Lead", "MQL", "SQL", "Won", "Lead", "Lost", "Elsewhere", "MQL", "Lead", "SQL"]
    deals = ["001", "001", "001", "001", "NA", "NA", "NA", "d3", "d4", ""]
    times = pd.date_range("2026-01-05 23:59:59", periods=10, freq="37h")
    amounts = [10.5, 10.5, 12.25, 12.25, None, 7.0, 7.0, 1e6, -3.0, 1.0]
    regions = ["EU", "EU", "US", "EU", "", "NA", "NA", "EU", "EU", "EU"]
    owners = ["a", "a", "b", "b", "", "", "", "c", "", "c"]
    return pd.DataFrame(
        {"Id": deals, "Stage": stages, "Since": times, "Amount": amounts, "Region": regions, "Who": owners}
    )


def test_typed_file_that_is_told_otherwise_than_its_texts(tmp_path: Path) -> None:
    told: list[dict[str, object]] = []
    for kind in ("csv", "parquet"):
        crm = tmp_path / kind / "crm"
        crm.mkdir(parents=True)
        (crm / "crm.yaml").write_text(CONFIG % kind)
        moves = _moves()
        moves.to_csv(crm / "moves.csv", index=False) if kind == "csv" else moves.to_parquet(crm / "moves.parquet")
        result = analyse(crm, today=date(2026, 3, 1))
        assert result is not None
        told.append({name: value for name, value in result.to_dict().items() if name not in ("rows", "warnings")})
    assert told[0] == told[1]


def test_typed_amount_that_would_overflow(tmp_path: Path) -> None:
    (tmp_path / "crm.yaml").write_text(CONFIG % "parquet")
    _moves().assign(Amount=1e15).to_parquet(tmp_path / "moves.parquet")
    with pytest.raises(InputError, match="1,000,000,000,000"):
        analyse(tmp_path, today=date(2026, 3, 1))
