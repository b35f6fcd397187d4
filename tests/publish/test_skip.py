"""A report counts as unchanged where it would come out the same, and nowhere else."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from gtmdiag.publish import saving
from gtmdiag.publish.manifest import NAME
from gtmdiag.publish.render import convert, render
from gtmdiag.publish.skip import Suite, changes, this_suite
from tests.engagements import TODAY, write
from tests.publish.batches import client, leftovers


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = client(tmp_path_factory.mktemp("skip") / "small", "1 + 1")
    render(root, today=TODAY, progress=lambda *_: None)
    return root


@pytest.fixture
def small(rendered: Path, tmp_path: Path) -> Path:
    """Copy the client with its report."""
    return shutil.copytree(rendered, tmp_path / "small")


def why(
    root: Path, formats: tuple[str, ...] = ("html", "pdf"), *, day: date = TODAY, suite: Suite | None = None
) -> str:
    return changes(root, formats, today=day, suite=suite or this_suite())


def test_change_of_inputs_outputs_or_suite_that_is_taken_for_none(small: Path) -> None:
    reports = small / "reports" / "no-wave"
    assert why(small) == ""
    suite = this_suite()
    assert why(small, suite=Suite({**suite.hashes, "templates": "0"}, suite.versions)) == "another version of gtmdiag"
    assert why(small, suite=Suite(suite.hashes, {**suite.versions, "typst": "0"})) == "other versions of packages"
    page = (reports / "report.html").read_bytes()
    (reports / "report.html").write_bytes(page + b"<!-- a word of mine -->")
    assert why(small) == "report.html edited"
    assert why(small, ("pdf",)) == ""
    (reports / "report.html").unlink()
    assert why(small) == "report.html not there yet"
    (reports / "report.html").write_bytes(page)
    (small / "README").write_text("new")
    assert why(small) == "README changed"
    (small / "own.ipynb").write_text("new")
    assert why(small) == "README and 1 more changed"
    for name in ("README", "own.ipynb"):
        (small / name).unlink()
    write(small, {"answers/2026-10/ann.yaml": "role: ceo\nanswers: {}\n"})
    assert why(small) == "first report", "a new wave has a report of its own"
    (reports / NAME).write_text("{")
    assert why(small) == "first report"


def test_link_to_another_export_that_is_taken_for_no_change(small: Path) -> None:
    for name in ("one", "two"):
        write(small, {f"notes/{name}.txt": name})
    link = small / "notes" / "current.txt"
    link.symlink_to("one.txt")
    render(small, formats=("html",), today=TODAY, progress=lambda *_: None)
    assert why(small, ("html",)) == ""
    link.unlink()
    link.symlink_to("two.txt")
    assert why(small, ("html",)) == "notes/current.txt changed"


def test_report_that_was_made_and_not_moved_in_is_made_again(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small / "notes.txt").write_text("new")

    def stopped(folder: Path) -> tuple[Path, ...]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(saving, "_move_in", stopped)
        render(small, today=TODAY, progress=lambda *_: None)
    assert why(small) == ""
    assert leftovers(small) == []


def test_format_of_an_earlier_state_that_is_taken_for_this_one(small: Path) -> None:
    (small / "notes.txt").write_text("new")
    render(small, formats=("html",), today=TODAY, progress=lambda *_: None)
    assert why(small, ("html",)) == ""
    assert why(small) == "report.pdf not there yet", "the PDF there is of the inputs before"


def test_report_converted_from_an_edit_that_is_taken_for_what_the_inputs_give(small: Path) -> None:
    convert(small, today=TODAY)
    assert why(small) == "was converted from an edited notebook"


def test_later_day_that_is_taken_for_a_change_or_for_none_when_it_is_one(tmp_path: Path) -> None:
    deals = "Id,Stage,Created\n1,Won,2026-10-01\n2,Open,2026-10-20\n"
    config = (
        "shape: snapshot\nfile: deals.csv\ncolumns:\n  deal: Id\n  stage: Stage\n  created_at: Created\n"
        "stages: [Open]\nwon: [Won]\nlost: [Lost]\n"
    )
    for name, row in (("past", ""), ("future", "3,Open,2026-12-24\n")):
        root = client(tmp_path / name)
        write(root, {"crm/deals.csv": deals + row, "crm/crm.yaml": config})
        render(root, formats=("html",), today=TODAY, progress=lambda *_: None)
    tomorrow = TODAY + timedelta(days=1)
    assert why(tmp_path / "past", ("html",), day=tomorrow) == ""
    assert why(tmp_path / "past", ("html",), day=TODAY - timedelta(days=1)) == "another day"
    assert why(tmp_path / "future", ("html",), day=tomorrow) == "another day"
    assert why(tmp_path / "future", ("html",)) == ""
