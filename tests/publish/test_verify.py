"""Verify tells every output that is not as it was made and every input that changed, and takes nothing else for one."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from gtmdiag.publish import saving
from gtmdiag.publish.manifest import NAME
from gtmdiag.publish.portfolio import KEY, make_portfolio
from gtmdiag.publish.render import convert
from gtmdiag.publish.skip import this_suite
from gtmdiag.publish.verify import Deviation, Verified, verify, verify_all
from gtmdiag.publish.verify_portfolio import verify_portfolio
from gtmdiag.verify_view import verified_lines
from tests.conftest import Run
from tests.engagements import TODAY, notebook, own, rendered, write
from tests.portfolio.made import client as portfolio_client
from tests.portfolio.made import results


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client of one wave, rendered."""
    files = {"client.yaml": "id: acme\nname: Acme", "answers/2026-07/ann.yaml": "role: ceo", "notes/a.txt": "x"}
    root = write(tmp_path_factory.mktemp("verify") / "clients" / "acme", files)
    own(root, "client_report", notebook("1"))
    rendered(root, "client_report", "html", "pdf")
    return root


@pytest.fixture
def client(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "clients" / "acme")


def told(root: Path) -> list[str]:
    return [f"{one.path.relative_to(root)} {one.state}" for one in verify(root, this_suite()).deviations]


def test_report_as_it_was_made_told_as_another(client: Path, tmp_path: Path) -> None:
    assert verify(client, this_suite()).deviations == ()
    assert verify(client, this_suite()).outputs == 4
    write(client, {"answers/2026-10/ann.yaml": "role: ceo", "reports/2026-07/report.failed.ipynb": "{}"})
    assert told(client) == [], "a report of an earlier wave is a record of its time"
    write(tmp_path / "clients" / "new", {"client.yaml": "id: new"})
    found = verify_all(tmp_path / "clients", this_suite(), lambda *_: None)
    assert [(one.root.name, one.outputs, one.deviations, one.problem) for one in found] == [
        ("acme", 4, (), ""),
        ("new", 0, (), ""),
    ]


def test_edit_loss_or_change_of_an_input_that_is_not_told(client: Path) -> None:
    folder = client / "reports" / "2026-07"
    (folder / "report.html").write_text("my own words")
    (folder / "report.pdf").unlink()
    (folder / "results.json").unlink()
    (folder / "results.json").mkdir()
    write(client, {"notes/a.txt": "y", "notes/b.txt": "z"})
    assert verify(client, this_suite()).deviations == (
        Deviation(folder / "report.html", "report", "edited"),
        Deviation(folder / "report.pdf", "report", "missing"),
        Deviation(folder / "results.json", "report", "unreadable"),
        Deviation(folder, "report", "inputs changed", ("notes/a.txt", "notes/b.txt")),
    )
    (folder / NAME).write_text("{")
    assert told(client) == ["reports/2026-07/manifest.json unreadable"]
    (folder / NAME).unlink()
    assert told(client) == ["reports/2026-07/manifest.json missing"]


def test_notebook_that_a_report_was_made_of_and_that_is_gone_or_was_edited_since(client: Path) -> None:
    own(client, "mine", notebook("2"))
    rendered(client, "mine")
    (client / "notebooks" / "mine.ipynb").unlink()
    assert "reports/2026-07 inputs changed" in told(client)
    folder = client / "reports" / "2026-07"
    edited = (folder / "report.ipynb").read_bytes() + b"\n"
    (folder / "report.ipynb").write_bytes(edited)
    convert(client, today=TODAY)
    assert told(client) == ["reports/2026-07 inputs changed"], "that of the notebook that is gone"
    (folder / "report.ipynb").write_bytes(edited + b"\n")
    assert [one.state for one in verify(client, this_suite()).deviations if one.render == "report"] == [
        "inputs changed"
    ]


def test_report_that_an_interrupted_run_had_made_told_as_edited(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(client, {"notes/a.txt": "y"})

    def stopped(folder: Path) -> tuple[Path, ...]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(saving, "_move_in", stopped)
        rendered(client, "client_report", "html", "pdf")
    assert told(client) == []


def test_command_that_ends_well_although_something_was_edited(run: Run, client: Path) -> None:
    fine = run("verify", str(client.parent))
    assert (fine.returncode, fine.stdout) == (0, "acme: 4 outputs as made\n\n1 client: 0 not as made.\n")
    (client / "reports" / "2026-07" / "report.html").write_text("my own words")
    (client / "notes" / "a.txt").write_text("y")
    edited = run("verify", str(client))
    assert edited.returncode == 1
    assert edited.stdout.splitlines()[:2] == [
        "acme: reports/2026-07/report.html: edited",
        "acme: reports/2026-07, report: inputs changed (notes/a.txt)",
    ]
    (found,) = json.loads(run("verify", str(client), "--json").stdout)["clients"]
    assert [one["state"] for one in found["deviations"]] == ["edited", "inputs changed"]


def test_portfolio_that_was_edited_or_rests_on_other_results_and_is_told_as_made(tmp_path: Path) -> None:
    for name in ("acme", "umbrella"):
        portfolio_client(tmp_path, results(name, f"{name} Ltd"))
    for hidden in (False, True):
        make_portfolio(tmp_path, formats=("html",), hide_names=hidden, today=TODAY, progress=lambda *_: None)
    folder = tmp_path / "portfolio"
    assert verify_portfolio(tmp_path, this_suite()) == Verified(folder, 6)
    (folder / "portfolio.html").write_text("my own words")
    (folder / "names-hidden" / "portfolio.html").unlink()
    shutil.rmtree(tmp_path / "acme")
    portfolio_client(tmp_path, results("acme", "acme Ltd", theme="another"))
    found = verify_portfolio(tmp_path, this_suite())
    assert found is not None
    lines = list(verified_lines([], found))
    assert lines[:3] == [
        "portfolio: portfolio.html: edited",
        "portfolio: portfolio: inputs changed (acme Ltd)",
        "portfolio: names-hidden/portfolio.html: missing",
    ]
    assert re.fullmatch(r"portfolio: names-hidden, portfolio: inputs changed \(Client \w+\)", lines[3])
    (tmp_path / KEY).unlink()
    assert "inputs changed (.portfolio-key is gone)" in "\n".join(
        verified_lines([], verify_portfolio(tmp_path, this_suite()))
    )
    assert not (tmp_path / KEY).exists()
    assert verify_portfolio(tmp_path / "acme", this_suite()) is None
