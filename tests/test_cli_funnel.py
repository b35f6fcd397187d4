"""The command ``gtmdiag funnel``: one export in, a readable summary or JSON out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.engagements import gtmdiag

SAMPLE = Path(__file__).resolve().parent.parent / "data_samples" / "northlight" / "crm"


def test_summary_that_breaks_at_80_columns_or_leaves_out_the_leak() -> None:
    done = gtmdiag("funnel", str(SAMPLE / "stage_history.csv"), "--config", str(SAMPLE / "crm.yaml"))
    assert done.returncode == 0, done.stderr
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert "MQL to SQL leaks" in done.stdout
    assert "if the later stages hold" in " ".join(done.stdout.split())


def test_json_that_programs_cannot_rely_on(run: Run) -> None:
    done = run("funnel", str(SAMPLE / "stage_history.csv"), "--config", str(SAMPLE / "crm.yaml"), "--json")
    answer = json.loads(done.stdout)
    assert answer["schema"] == "gtmdiag.funnel/1"
    assert (answer["deals"], answer["outcomes"]["won"]["n"]) == (2400, 30)
    for stage in answer["stages"]:
        assert stage["entered"] == stage["advanced"] + stage["lost"] + stage["open"]
        assert stage["conversion"]["low"] <= stage["conversion"]["estimate"] <= stage["conversion"]["high"]
        assert stage["conversion_closed"] == stage["advanced"] / (stage["advanced"] + stage["lost"])
    (leak,) = answer["leaks"]
    assert (leak["from"], leak["to"], leak["benchmark"], leak["benchmark_source"]) == ("MQL", "SQL", 0.35, "OE")
    assert 0 < leak["low"] < leak["value"] < leak["high"]


def test_json_without_a_part_of_the_result(run: Run) -> None:
    done = run("funnel", str(SAMPLE / "stage_history.csv"), "--config", str(SAMPLE / "crm.yaml"), "--json")
    answer = json.loads(done.stdout)
    parts = {"trend", "definitions", "change", "segments", "forecast", "handoffs", "stalled", "what_if", "hygiene"}
    assert parts <= answer.keys()
    for part in ("definitions", "change", "what_if"):
        assert len(answer[part]) == len(answer["stages"])
    assert [step["from"] for step in answer["trend"]["steps"]] == [stage["stage"] for stage in answer["stages"]]
    (handoff,) = answer["handoffs"]
    assert (handoff["from"], handoff["giving"], handoff["sla_hours"]) == ("MQL", "marketing", 4)
    total = answer["forecast"]["total"]
    assert total["low"] < total["estimate"] < total["high"]


@pytest.mark.parametrize(("by", "name"), [("segment", "Mid-market"), ("owner", "M. Holt"), ("OWNER", "no segment")])
def test_groups_that_are_not_those_of_the_column(run: Run, by: str, name: str) -> None:
    done = run("funnel", str(SAMPLE / "stage_history.csv"), "--config", str(SAMPLE / "crm.yaml"), "--by", by)
    assert done.returncode == 0, done.stderr
    assert name in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_groups_by_a_column_that_there_is_not(run: Run) -> None:
    done = run("funnel", str(SAMPLE / "stage_history.csv"), "--config", str(SAMPLE / "crm.yaml"), "--by", "colour")
    assert done.returncode == 2
    assert "segment (segment), owner (owner)" in done.stderr
    assert "Traceback" not in done.stderr


def test_proposal_that_is_not_written_or_overwrites_a_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SAMPLE / "stage_history.csv", tmp_path / "export.csv")
    monkeypatch.chdir(tmp_path)
    first = run("funnel", "export.csv", "--write", "crm.yaml")
    assert first.returncode == 0, first.stderr
    assert "Taken for" in first.stdout
    again = run("funnel", "export.csv", "--config", "crm.yaml")
    assert again.returncode == 0, again.stderr
    before = (tmp_path / "crm.yaml").read_bytes()
    refused = run("funnel", "export.csv", "--write", "crm.yaml")
    assert (refused.returncode, (tmp_path / "crm.yaml").read_bytes()) == (2, before)
    elsewhere = run("funnel", "export.csv", "--write", "mistyped/crm.yaml")
    assert (elsewhere.returncode, (tmp_path / "mistyped").exists()) == (2, False)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "an empty file"),
        ("id,stage,created\n1,Lead,01/02/2026\n2,Lead,03/04/2026\n", "date_order"),
        ("a,b\n1,2\n", "deal"),
    ],
)
def test_bad_export_that_ends_in_a_traceback(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, told: str
) -> None:
    (tmp_path / "export.csv").write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = run("funnel", "export.csv")
    assert done.returncode == 1
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
