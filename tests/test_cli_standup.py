"""The command ``gtmdiag standup``: a table at 80 columns, one page, and actions carried from week to week."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from gtmdiag.engagement.action_log import read_actions
from gtmdiag.publish.engines import STOCK
from gtmdiag.publish.manifest import hash_inputs, read_manifest
from gtmdiag.publish.notebooks import find_notebook
from gtmdiag.publish.standup import make_standup
from tests.conftest import Run
from tests.engagements import files_in, gtmdiag, sample


def test_week_that_breaks_at_80_columns_or_takes_two_pages(tmp_path: Path) -> None:
    root = sample(tmp_path / "client")
    done = gtmdiag("standup", str(root), "--week", "2026-W45")
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if str(tmp_path) not in line]
    assert max(map(len, lines)) <= 80
    assert "FIRES" in done.stdout
    assert "New ARR" in " ".join(done.stdout.partition("Not for this meeting")[2].split())
    folder = root / "standups" / "2026-W45"
    reader = PdfReader(folder / "standup.pdf")
    assert len(reader.pages) == 1
    text = reader.pages[0].extract_text()
    assert "VP Marketing" in text
    assert "2026-11-09" in text
    assert {one.opened for one in read_actions(root).actions} == {"2026-W45"}
    assert read_manifest(folder).renders["standup"].outputs.keys() == {"standup.ipynb", "standup.pdf"}


def test_json_that_programs_cannot_rely_on_and_a_week_that_is_none(run: Run, tmp_path: Path) -> None:
    root = sample(tmp_path / "client")
    told = json.loads(run("standup", str(root), "--week", "2026-W45", "--json").stdout)
    assert told["schema"] == "gtmdiag.standup/1"
    assert (told["week"], told["judged"], len(told["opened"])) == ("2026-W45", "2026-W44", 2)
    wrong = run("standup", str(root), "--week", "2026-W60")
    assert wrong.returncode == 2
    assert "ISO week" in wrong.stderr


def test_stand_up_without_metrics_that_does_not_say_what_to_do(run: Run, tmp_path: Path) -> None:
    root = sample(tmp_path / "client")
    (root / "operating_model.yaml").unlink()
    done = run("standup", str(root))
    assert done.returncode == 1
    assert "gtmdiag adopt" in done.stderr


@pytest.mark.parametrize("day", [date(2026, 11, 2), date(2026, 11, 8)])
def test_pack_that_makes_a_report_stale_or_differs_in_a_week_or_by_what_runs_it(tmp_path: Path, day: date) -> None:
    root = sample(tmp_path / "client")
    path, shown_as = find_notebook(root, "client_report")
    first, _ = make_standup(root, today=day, progress=lambda *_: None)
    before, written = hash_inputs(root, [(path, shown_as)], {}), files_in(root / "standups")
    again, made = make_standup(root, today=day, engine=STOCK, progress=lambda *_: None)
    assert files_in(root / "standups") == written
    assert first.stand_up == again.stand_up
    assert made.kept == ()
    assert first.stand_up.week == "2026-W45"
    assert hash_inputs(root, [(path, shown_as)], {}) == before
