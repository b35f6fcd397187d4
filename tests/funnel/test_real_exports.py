from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from gtmdiag.funnel.analyse import analyse
from gtmdiag.funnel.result import FunnelResult

CONFIGS = Path(__file__).parent / "real"


def _analysed(crm_dir: Path, config: str, *files: Path) -> FunnelResult:
    crm_dir.mkdir()
    shutil.copyfile(CONFIGS / config, crm_dir / "crm.yaml")
    for file in files:
        shutil.copyfile(file, crm_dir / file.name)
    result = analyse(crm_dir, today=date(2026, 3, 31))
    assert result is not None
    return result


@pytest.mark.parametrize("shape", ["history", "snapshot"])
def test_salesforce_history_and_snapshot_give_the_same_outcomes(real_data: Path, tmp_path: Path, shape: str) -> None:
    folder = real_data / "salesforce_devorg"
    files = folder / "Opportunity.csv", folder / "OpportunityHistory.csv"
    told = _analysed(tmp_path / "crm", f"salesforce_{shape}.yaml", *files).to_dict()
    assert (told["shape"], told["deals"], told["unread"]) == (shape, 36, [])
    assert told["outcomes"] == {
        "won": {"n": 12, "amount": 2_815_000},
        "lost": {"n": 8, "amount": 830_000},
        "open": {"n": 16, "amount": 2_115_000},
    }


def test_salesforce_history_counts_reopened_deals_and_entries(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "salesforce_devorg"
    result = _analysed(
        tmp_path / "crm",
        "salesforce_history.yaml",
        folder / "Opportunity.csv",
        folder / "OpportunityHistory.csv",
    )
    assert (result.rows, result.as_of, result.as_of_source) == (48, date(2026, 3, 7), "data")
    first = result.stages[0]
    assert (first.entered, first.advanced, first.lost, first.open) == (6, 3, 2, 1)
    assert any("7 deals that went from won to lost" in problem.found for problem in result.warnings)


def test_maven_snapshot_gives_the_published_figures(real_data: Path, tmp_path: Path) -> None:
    result = _analysed(tmp_path / "crm", "maven_snapshot.yaml", real_data / "maven_crm" / "sales_pipeline.csv")
    assert (result.outcomes.won.n, result.outcomes.won.amounts) == (4238, (("", 1_000_553_400),))
    assert (result.outcomes.lost.n, result.outcomes.lost.amounts) == (2473, (("", 0),))
    assert {row.stage: row.open for row in result.stages} == {"Engaging": 1589, "Prospecting": 500}
    assert result.win_rate_of_closed == pytest.approx(0.63150, abs=5e-6)
    assert all(row.entered is row.advanced is row.lost is row.advanced_share_so_far is None for row in result.stages)
    assert result.to_dict()["outcomes"]["open"] == {"n": 2089, "amount": None}


def test_parallel_work_is_no_move_once_the_map_leaves_it_out(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / "loan_applications"
    result = _analysed(tmp_path / "crm", "loan_history.yaml", folder / "LoanApp_simplified.csv.gz")
    oracle = json.loads((folder / "ORACLE.json").read_text())
    done = oracle["activities"]
    outcomes = result.outcomes
    assert (result.rows, result.deals) == (oracle["rows"], oracle["cases"])
    assert (outcomes.won.n, outcomes.lost.n, outcomes.open.n) == (
        done["Approve application"],
        done["Cancel application"] + done["Reject application"],
        0,
    )
    assert [row.entered for row in result.stages] == [done[row.stage] for row in result.stages] == [500, 500, 310]
    assert [row.lost for row in result.stages] == [0, 190, 185]
    cents = sum(cents for outcome in (outcomes.won, outcomes.lost) for _, cents in outcome.amounts)
    assert cents == oracle["amount_sum"] * 100 == 115_700_000
    assert not result.unread
