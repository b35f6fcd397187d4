"""Batches over small clients, for the tests of them."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gtmdiag.publish.pool import Watch
from gtmdiag.publish.task import Options, Outcome, Task, render_one
from gtmdiag.publish.worker import Limits, Worker
from tests.engagements import notebook, own, write

EPOCH = "1793577600"
"""Noon or so of TODAY."""

TELLING = "from pathlib import Path\nimport os\nPath(engagement, 'kernel').write_text(str(os.getpid()))"
"""A cell that tells the process of its kernel."""


def client(root: Path, *code: str, client_id: str = "") -> Path:
    """Write a client of a name only, whose report is one small notebook."""
    write(root, {"client.yaml": f"id: {client_id or root.name}\nname: Small Ltd\n"})
    own(root, "client_report", notebook(*code))
    return root


@dataclass
class Recorder:
    """Keeps what a batch told."""

    steps: list[tuple[Path, str]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    again: list[Task] = field(default_factory=list)

    def step(self, task: Task, what: str, done: int, total: int) -> None:
        self.steps.append((task.root, what))

    def retried(self, task: Task) -> None:
        self.again.append(task)

    def noted(self, text: str) -> None:
        raise AssertionError(text)

    def finished(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


def leftovers(root: Path) -> list[str]:
    return [path.name for path in root.rglob("*") if path.name.startswith((".making-", ".moving", ".gtmdiag-"))]


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def awaited(path: Path) -> int:
    """Return the number that a notebook writes into a file."""
    until = time.monotonic() + 60
    while not (path.is_file() and path.read_text()):
        assert time.monotonic() < until, "the notebook does not run"
        time.sleep(0.05)
    return int(path.read_text())


class Here:
    """Renders in this process, for tests of what is done about outcomes, not of who renders."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._given: list[Task] = []

    def give(self, waiting: deque[Task]) -> None:
        if waiting:
            self._given.append(waiting.popleft())

    def news(self, watch: Watch) -> Iterator[tuple[Task, Outcome]]:
        task = self._given.pop()
        yield task, render_one(task, self._options, lambda *_: None)


def late_once_begun(monkeypatch: pytest.MonkeyPatch, limits: Limits) -> None:
    """Let the time of a client be over as soon as its notebook has told its kernel, instead of waiting for it."""
    deadline = Worker.deadline.fget
    assert deadline is not None

    def soon(worker: Worker) -> float:
        kernel = worker.task and worker.task.root / "kernel"
        begun = kernel and kernel.is_file() and kernel.read_text()
        return deadline(worker) - (limits.seconds if begun else 0.0)

    monkeypatch.setattr(Worker, "deadline", property(soon))
