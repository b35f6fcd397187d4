"""The command: what it answers, how it ends, and that a user never sees a traceback unasked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gtmdiag import check as check_module
from gtmdiag import clock
from tests.conftest import Run
from tests.engagements import files_in, gtmdiag, sample, write

TRACE = "Traceback (most recent call last)"


def test_new_client_that_cannot_be_checked_at_once(tmp_path: Path) -> None:
    """From nothing to a client without a problem, by the installed command alone."""
    made = gtmdiag("init", "clients/Acme Ü", "--name", "Acme & <Söhne>", "--json", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    answer = json.loads(made.stdout)
    assert (answer["schema"], answer["left"]) == ("gtmdiag.init/1", [])
    folder = tmp_path / "clients" / "Acme Ü"
    assert {Path(name) for name in answer["written"]} == {Path("clients/Acme Ü", name) for name in files_in(folder)}
    before = files_in(tmp_path)
    again = gtmdiag("init", "clients/Acme Ü", "--name", "Other", cwd=tmp_path)
    assert again.returncode == 0
    assert again.stdout.count("kept ") == len(before)
    assert files_in(tmp_path) == before
    checked = gtmdiag("check", "clients/Acme Ü", "--json", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert json.loads(checked.stdout) == {"schema": "gtmdiag.check/1", "errors": 0, "warnings": 0, "problems": []}


def test_doctor_that_finds_something_missing_here() -> None:
    done = gtmdiag("doctor", "--json")
    answer = json.loads(done.stdout)
    assert answer["schema"] == "gtmdiag.doctor/1"
    assert [one for one in answer["checks"] if not one["ok"]] == []
    assert {"Python", "typst", "templates", "notebooks", "Jupyter kernel python3", "PDF"} <= {
        one["what"] for one in answer["checks"]
    }
    assert (done.returncode, done.stderr) == (0, "")


def test_doctor_that_is_content_with_a_missing_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gtmdiag.doctor.requires", lambda _: ["no-such-package>=2", "pytest>=9999"])
    code, said, _ = run("doctor")
    assert code == 1
    assert "MISSING  no-such-package: not installed\n         Run: pip install 'no-such-package>=2'\n" in said
    assert "Run: pip install 'pytest>=9999'" in said


def test_problems_that_are_not_told_in_words_or_as_data(run: Run, tmp_path: Path) -> None:
    write(tmp_path, {"client.yaml": "id: c\nname: Acme\ncompany: {headcont: 3}"})
    code, said, _ = run("check", str(tmp_path))
    assert code == 1
    for words in ("client.yaml", "line 3, company.headcont", "Did you mean 'headcount'?", "1 error, 0 warnings."):
        assert words in said
    code, said, _ = run("check", str(tmp_path), "--json")
    assert (code, json.loads(said)["problems"][0]["place"]) == (1, "line 3, company.headcont")
    code, said, complained = run("render", str(tmp_path))
    assert (code, said) == (1, "")
    assert "Did you mean 'headcount'?" in complained
    code, said, complained = run("render", str(tmp_path), "--json")
    assert (code, complained) == (1, "")
    answer = json.loads(said)
    assert (answer["schema"], answer["error"], len(answer["problems"])) == ("gtmdiag.error/1", "InputError", 1)
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("code", "arguments", "word"),
    [
        (2, ["chekc", "."], "No such command"),
        (2, ["check"], "Missing argument"),
        (2, ["check", ".", "--jsn"], "No such option"),
        (2, ["render", "FOLDER", "--to", "docx"], "allowed: html, pdf"),
        (2, ["render", "FOLDER", "--notebook", "gut_chek"], "Did you mean 'gut_check'?"),
        (2, ["render", "FOLDER", "--wave", "2026-09"], "Did you mean '2026-10'?"),
        (2, ["standup", "FOLDER", "--engine", "wram"], "Did you mean 'warm'?"),
        (2, ["portfolio", "FOLDER/..", "--engine", "wram"], "Did you mean 'warm'?"),
        (2, ["batch", "FOLDER/..", "--memory", "1000"], "Allow at least 4000"),
        (2, ["batch", "FOLDER/..", "--dask-root", "/mnt/clients"], "--dask ADDRESS"),
        (2, ["init", "FOLDER/client.yaml"], "is a file"),
        (1, ["init", "FOLDER/new", "--name", "a\nb"], "one line"),
        (1, ["check", "FOLDER/nowhere"], "gtmdiag init"),
        (1, ["render", "FOLDER/nowhere"], "gtmdiag init"),
        (1, ["render", "FOLDER", "--no-execute"], "Render once without --no-execute"),
    ],
)
def test_wrong_use_or_input_that_ends_otherwise(
    run: Run, tmp_path: Path, code: int, arguments: list[str], word: str
) -> None:
    root = sample(tmp_path / "c")
    before = files_in(root)
    ended, said, complained = run(*(part.replace("FOLDER", str(root)) for part in arguments))
    assert (ended, said) == (code, "")
    assert word in complained
    assert TRACE not in complained
    assert files_in(root) == before


@pytest.mark.parametrize("arguments", [["--debug", "check", "nowhere"], ["check", "nowhere", "--debug"]])
def test_traceback_without_or_not_with_debug(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    debugged = gtmdiag(*arguments, cwd=tmp_path)
    monkeypatch.chdir(tmp_path)
    plain = run(*(part for part in arguments if part != "--debug"))
    assert (debugged.returncode, plain.returncode) == (1, 1)
    assert TRACE in debugged.stderr
    assert plain.stderr.splitlines() == [
        "nowhere is not a folder. Name a client's folder, or make one with 'gtmdiag init nowhere'."
    ]


def test_fault_of_ours_or_a_stop_that_shows_a_traceback(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(error: BaseException) -> Any:
        def instead(*_: object, **__: object) -> None:
            raise error

        return instead

    monkeypatch.setattr(check_module, "check", raises(ZeroDivisionError("x\x1b[2J")))
    code, said, complained = run("check", str(tmp_path))
    assert (code, said) == (1, "")
    assert complained.startswith("This is a fault in gtmdiag itself (ZeroDivisionError: x�[2J).\n")
    with pytest.raises(ZeroDivisionError):
        run("check", str(tmp_path), "--debug")
    monkeypatch.setattr(check_module, "check", raises(KeyboardInterrupt()))
    assert run("check", str(tmp_path)) == (130, "", "Stopped. Nothing that was finished is lost.\n")


def test_text_that_steers_the_terminal_or_that_it_cannot_show(tmp_path: Path) -> None:
    write(tmp_path, {"client.yaml": 'id: "\\e[31m🎉客"\nname: Acme'})
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for arguments in ((), ("--json",)):
        done = gtmdiag("check", str(tmp_path), *arguments, env=env)
        assert done.returncode == 1
        assert "\x1b" not in done.stdout
        assert done.stderr == ""


def test_clock_that_is_not_asked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = "Id,Stage,Created\n1,Won,2026-05-01\n2,Won,2027-05-01\n"
    config = "shape: snapshot\nfile: deals.csv\ncolumns: {deal: Id, stage: Stage, created_at: Created}\n"
    write(
        tmp_path,
        {
            "client.yaml": "id: c\nname: C",
            "crm/deals.csv": export,
            "crm/crm.yaml": config + "stages: [Open]\nwon: [Won]",
        },
    )
    monkeypatch.setenv(clock.VARIABLE, "1793577600")
    assert "1 date after the as-of date" in run("check", str(tmp_path))[1]
    monkeypatch.setenv(clock.VARIABLE, "1999999999")
    assert run("check", str(tmp_path))[1] == "No problems found.\n"


def test_help_that_makes_one_wait() -> None:
    """What takes long to start is left alone until a command needs it."""
    program = (
        "import sys\nfrom gtmdiag.cli import main\ntry:\n    sys.argv = ['gtmdiag', '--help']; main()\nfinally:\n"
        "    print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in ("init", "check", "render", "doctor"))
    heavy = {"numpy", "pandas", "matplotlib", "duckdb", "pydantic", "papermill", "nbconvert", "jinja2", "typst"}
    assert heavy & set(done.stderr.split()) == set()


@pytest.mark.parametrize("command", ["init", "check", "render", "doctor"])
def test_command_without_an_example(run: Run, command: str) -> None:
    code, said, _ = run(command, "--help")
    assert code == 0
    assert f"Example: gtmdiag {command}" in said
    assert "--json" in said


def test_published_rules_that_one_command_does_not_offer_or_take_on(run: Run, tmp_path: Path) -> None:
    status, said, _ = run("adopt", str(tmp_path))
    assert (status, said.count(" free\n")) == (0, 6)
    assert "To adopt: gtmdiag adopt" in said
    status, said, _ = run("adopt", str(tmp_path), "--cs", "Ann", "--json")
    answer = json.loads(said)
    assert (status, answer["written"]) == (0, ["days_to_first_success", "expansion_signals_per_csm"])
    assert [rule["owner"] for rule in answer["rules"]] == ["", "", "", "", "Ann", "Ann"]
    status, said, _ = run("check", str(tmp_path))
    assert (status, "operating_model" in said) == (0, False)
    assert run("adopt", str(tmp_path / "none"))[0] == 1
