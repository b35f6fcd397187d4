"""Batches in odd surroundings: streams that are closed, folders that go, pipes, a process that was stopped."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest

from gtmdiag.publish.batch import plan, render_all
from gtmdiag.publish.formats import convert_document
from gtmdiag.publish.pool import processes, run
from gtmdiag.publish.task import Options, Outcome, Task
from gtmdiag.publish.worker import Limits, Step
from gtmdiag.report.document import Document
from tests.engagements import TODAY, environment, gtmdiag
from tests.publish.batches import Here, Recorder, client

PAGES = Options(("html",), TODAY)

posix = pytest.mark.skipif(os.name != "posix", reason="streams and pipes are those of POSIX")


def test_client_that_is_removed_or_renamed_while_it_is_rendered_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = client(tmp_path / "clients" / "acme", "1")
    client(tmp_path / "clients" / "other", "1")

    def renamed(document: Document, stem: str, formats: Sequence[str]) -> tuple[dict[str, bytes], tuple[str, ...]]:
        if root.exists():
            root.rename(tmp_path / "elsewhere")
        return convert_document(document, stem, formats)

    monkeypatch.setattr("gtmdiag.publish.render.convert_document", renamed)
    outcomes = render_all(plan(tmp_path / "clients", PAGES), nullcontext(Here(PAGES)), Recorder())
    assert [one.state for one in outcomes] == ["failed", "done"]
    assert "cannot be written: no such file or directory" in outcomes[0].reason
    assert not root.exists()


@posix
def test_pipe_in_the_place_of_a_file_that_all_others_wait_for(tmp_path: Path) -> None:
    client(tmp_path / "acme")
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / "client.yaml")
    assert [task.id for task in plan(tmp_path, PAGES, only=["acme"]).tasks] == ["acme"]


def test_batch_that_takes_the_scratch_of_another_machine_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with monkeypatch.context() as elsewhere, processes(PAGES, 1):
        (scratch,) = tmp_path.iterdir()
        elsewhere.setattr("socket.gethostname", lambda: "elsewhere")
        elsewhere.setattr("os.getpid", lambda: 2**30)
        with processes(PAGES, 1):
            (theirs,) = (path for path in tmp_path.iterdir() if path != scratch)
            elsewhere.undo()
            with processes(PAGES, 1):
                assert theirs.exists()


def test_batch_that_was_stopped_for_a_while_takes_a_finished_client_for_a_late_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = multiprocessing.Pipe()
    process = SimpleNamespace(pid=0, wait=lambda *_: 0, terminate=lambda: None)
    monkeypatch.setattr("gtmdiag.publish.worker._started", lambda *_: (process, here))
    for told in (Step("Starting", 0, 0), Step("Making the formats", 0, 0), Outcome(tmp_path, "a", "done", "")):
        there.send(told)
    with processes(PAGES, 1, Limits(seconds=1e-9)) as crew:
        (outcome,) = run([Task(tmp_path, "a", "")], crew, Recorder())
    assert outcome.state == "done"


@posix
def test_scheduler_that_closes_the_standard_streams_lets_all_clients_fail(tmp_path: Path) -> None:
    client(tmp_path / "clients" / "a", "print(1)")
    closed = ("sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh")
    ended = gtmdiag("batch", "clients", "--to", "html", prefix=closed, cwd=tmp_path, env=environment(tmp_path / "home"))
    assert ended.returncode == 0
    assert (tmp_path / "clients" / "a" / "reports" / "no-wave" / "report.html").is_file()
