"""The commands that gather answers, from the form's file to the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.assess.answering import ROADMAP, form, sent
from tests.conftest import Run
from tests.engagements import files_in, gtmdiag, sample

EXPORT = Path(__file__).with_name("assess") / "exports" / "typeform.csv"


def test_way_from_a_form_to_answers_and_back_out(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = sample(tmp_path / "c")
    who = ["--respondent", "jane", "--role", "cmo"]
    made = gtmdiag("form", "c", *who, "--wave", "2026-11", "--instrument", "gut_check", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    page = tmp_path / "northlight-2026-11-jane.html"
    size = f"{page.stat().st_size / 1000:.0f} kB"
    assert made.stdout.startswith(f"{page.name}\nMail it to jane: 11 questions from gut_check; {size}.\n")
    assert "Does winning in your industry" in page.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    sent(tmp_path / "jane.json", form({ROADMAP: "yes"}, client="northlight"))
    done = run("collect", "c", "jane.json", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert answer["schema"] == "gtmdiag.collect/1"
    assert answer["files"][0]["taken"][0]["added"] == [ROADMAP]
    found = json.loads(run("status", "c", "--json").stdout)
    assert [(one["respondent"], one["state"]) for one in found["people"]] == [("jane", "begun")]
    gone = run("withdraw", "c", "--respondent", "jane", "--json")
    assert json.loads(gone.stdout)["waves"] == ["2026-11"]
    assert not [name for name in files_in(root) if "jane" in name]
    assert run("withdraw", "c", "--respondent", "jane").returncode == 1


def test_survey_that_is_taken_before_its_draft_is_accepted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample(tmp_path / "c")
    monkeypatch.chdir(tmp_path)
    collect = ["collect", "c", str(EXPORT), "--wave", "2026-11"]
    refused = run(*collect, "--write", "draft.yaml")
    assert refused.returncode == 1
    assert "nearly the words of gut_check.shared_journey.centralize" in refused.stderr
    assert all(len(line) <= 80 for line in refused.stdout.splitlines())
    done = run(*collect, "--accept", "draft.yaml")
    assert done.returncode == 0, done.stderr
    assert "ana-sol (cro), wave 2026-11: 4 new" in done.stdout
    assert run(*collect, "--write", "draft.yaml").returncode == 2


@pytest.mark.parametrize("command", ["form", "collect", "status", "withdraw", "assess"])
def test_command_without_an_example(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"Example: gtmdiag {command}" in done.stdout
    assert "--json" in done.stdout
