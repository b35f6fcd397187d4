"""Outputs and their manifest are moved in together or not at all, wherever it is interrupted, and edits are kept."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from gtmdiag.errors import StorageError
from gtmdiag.publish.manifest import NAME, Render, hash_bytes, read_manifest
from gtmdiag.publish.saving import ASIDE, READY, Made, finish, save_made
from tests.engagements import files_in, write
from tests.faults import BROKEN, KILL, NO_PERMISSION, NO_SPACE, in_child, posix

FAILED = "report.failed.ipynb"


def made(*version: str) -> tuple[Made, ...]:
    """Return a report of three files, one of which is the same in every version."""
    outputs = {"report.html": f"page {version}", "report.pdf": f"print {version}", "results.json": "always"}
    data = {name: (text * 1000).encode() for name, text in outputs.items()}
    render = Render(
        notebook="client_report",
        wave="w",
        clock="2026-11-02",
        executed=True,
        inputs={"v": "".join(version)},
        outputs={name: hash_bytes(content) for name, content in data.items()},
        versions={},
    )
    return (Made("report", data, render, ()),)


def begun(folder: Path) -> Path:
    """Return a folder of a first report, one file of which was edited since, with a notebook that failed."""
    save_made(folder, made("one"))
    return write(folder, {"report.html": "my own words", FAILED: "half made"})


def state(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in files_in(folder).items() if name != ".lock"}


def ends(tmp_path: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return how a folder may be left: as it was, or with everything of the second report."""
    folder = begun(tmp_path / "undisturbed")
    before = state(folder)
    assert save_made(folder, made("two"), [FAILED]) == (folder / "report.html",)
    return before, state(folder)


def test_edit_that_is_lost_and_notebook_that_failed_that_stays(tmp_path: Path) -> None:
    before, after = ends(tmp_path)
    assert after[".history/report.html.1"] == b"my own words"
    assert before.keys() - after.keys() == {FAILED}
    assert after["report.pdf"].startswith(b"print ('two',)")
    folder = tmp_path / "undisturbed"
    untouched = (folder / "results.json").stat().st_mtime_ns
    assert save_made(folder, made("three")) == ()
    assert (folder / "results.json").stat().st_mtime_ns == untouched


@posix
def test_kill_at_any_write_that_mixes_two_reports_or_takes_an_output_for_an_edit(tmp_path: Path) -> None:
    before, after = ends(tmp_path)
    whole = {*before.values(), *after.values()}
    seen: list[bool] = []
    for number in itertools.count(1):
        folder = begun(tmp_path / str(number))
        reached, _ = in_child(lambda folder=folder: save_made(folder, made("two"), [FAILED]), folder, number, KILL)
        assert {data for name, data in state(folder).items() if ASIDE not in name} <= whole
        # Whoever finishes it may be killed, too.
        in_child(lambda folder=folder: finish(folder), folder, number % 7 + 1, KILL)
        finish(folder)
        assert state(folder) in (before, after), number
        seen.append(state(folder) == after)
        kept = save_made(folder, made("two"), [FAILED])
        assert state(folder) == after, number
        assert len(kept) <= 1
        assert read_manifest(folder).renders["report"] == made("two")[0].render
        if not reached:
            break
    assert seen.count(False) > 5
    assert seen.count(True) > 5


@posix
@pytest.mark.parametrize("fault", [NO_SPACE, NO_PERMISSION, BROKEN])
def test_disk_that_refuses_any_write_costs_the_former_report(tmp_path: Path, fault: int) -> None:
    before, after = ends(tmp_path)
    refused: set[str] = set()
    for number in itertools.count(1):
        folder = begun(tmp_path / str(number))
        reached, told = in_child(lambda folder=folder: save_made(folder, made("two"), [FAILED]), folder, number, fault)
        if not reached:
            break
        assert told.startswith("StorageError: ") or state(folder) == after, (number, told)
        if "is unchanged" in told or "Nothing was saved" in told:
            assert {name: data for name, data in state(folder).items() if ASIDE not in name} == before
        else:
            assert "the next run moves the rest of it in" in told or not told
        save_made(folder, made("two"), [FAILED])
        assert state(folder) == after, number
        refused.add(told.replace(str(number), "n"))
    assert len(refused) > 3


def test_note_of_somebody_else_that_removes_files_elsewhere_or_is_believed(tmp_path: Path) -> None:
    write(
        tmp_path, {"precious": "x", f"r/{ASIDE}/{READY}": '{"schema": "gtmdiag.moving/1", "obsolete": ["../precious"]}'}
    )
    write(tmp_path, {f"elsewhere/{READY}": '{"schema": "gtmdiag.moving/1", "obsolete": []}', "elsewhere/x": "x"})
    assert finish(tmp_path / "r") == ()
    assert not (tmp_path / "r" / ASIDE).exists()
    (tmp_path / "r" / ASIDE).symlink_to(tmp_path / "elsewhere")
    save_made(tmp_path / "r", made("one"))
    assert (tmp_path / "precious").exists()
    assert (tmp_path / "elsewhere" / "x").exists()


def test_output_that_cannot_be_replaced_stops_the_rest_for_good(tmp_path: Path) -> None:
    folder = begun(tmp_path)
    (folder / "report.pdf").unlink()
    (folder / "report.pdf" / "mine").mkdir(parents=True)
    with pytest.raises(StorageError, match=r"report\.pdf cannot be replaced: .*the next run moves the rest of it in"):
        save_made(folder, made("two"))
    (folder / "report.pdf" / "mine").rmdir()
    (folder / "report.pdf").rmdir()
    finish(folder)
    assert (folder / "report.pdf").read_bytes().startswith(b"print ('two',)")
    assert sorted(read_manifest(folder).renders) == ["report"]
    assert (folder / NAME).is_file()
