"""A bounded number of processes that render clients. One that dies takes only its own client with it.

Not `concurrent.futures`: when a process of its pool dies, all the others are ended too, and nothing tells whose fault
it was; nor can a pool be stopped while it works. Here each process has a pipe of its own. It is forked from one
that has loaded what all need and does nothing else, or started anew (*spawn*), so that it takes over no thread, no lock
and no open file.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from multiprocessing import connection
from pathlib import Path
from typing import Protocol

from gtmdiag.engagement.save import process_lives
from gtmdiag.publish.staging import mark_of
from gtmdiag.publish.task import Options, Outcome, Task, again, left, logged
from gtmdiag.publish.worker import GRACE, Limits, Worker

PATIENCE = 1.0
"""Seconds that `Crew.news` waits at most."""
_SCRATCH = "gtm-"
_PROCESS = "gtmdiag.pid"


class Watch(Protocol):
    """Is told what happens, in the process and thread that called `run`."""

    def step(self, task: Task, what: str, done: int, total: int) -> None:
        """Take note of a step of one client."""
        ...

    def retried(self, task: Task) -> None:
        """Take note that a client is begun again; ``task.retried`` tells why."""
        ...

    def noted(self, text: str) -> None:
        """Take note of something that is of no single client."""
        ...

    def finished(self, outcome: Outcome) -> None:
        """Take note that one client is done or has failed, or is left."""
        ...


class Crew(Protocol):
    """Those who render: processes of this machine, or of others."""

    def give(self, waiting: deque[Task]) -> None:
        """Take clients from those that wait, the first ones first, for whoever is free."""
        ...

    def news(self, watch: Watch) -> Iterator[tuple[Task, Outcome]]:
        """Wait a while until something is told; pass steps on, and yield what came to its end."""
        ...


def run(tasks: Sequence[Task], crew: Crew, watch: Watch, *, fail_fast: bool = False) -> tuple[Outcome, ...]:
    """Render clients and return what came of each.

    Parameters
    ----------
    tasks
        What to do.
    crew
        Those who do it.
    watch
        Told of each step.
    fail_fast
        Begin no further client after one has failed; those at work are finished.
    """
    waiting, outcomes = deque(tasks), list[Outcome]()
    while len(outcomes) < len(tasks):
        crew.give(waiting)
        for task, outcome in crew.news(watch):
            if once_more := again(task, outcome):
                waiting.append(once_more)
                watch.retried(once_more)
                continue
            outcomes.append(outcome if outcome.state == "done" else logged(outcome))
            watch.finished(outcomes[-1])
            if fail_fast and outcome.state == "failed":
                while waiting:
                    outcomes.append(left(waiting.popleft(), f"not begun, since {outcome.root.name} failed"))
                    watch.finished(outcomes[-1])
    return tuple(outcomes)


@contextlib.contextmanager
def processes(options: Options, jobs: int, limits: Limits | None = None) -> Generator[Crew]:
    """Give processes of this machine. However they are left, an interrupt included, none goes on.

    Parameters
    ----------
    options
        What they make.
    jobs
        How many at most. More than there are processors are slower.
    limits
        What one client may take.
    """
    with contextlib.closing(Processes(options, jobs, limits or Limits())) as crew:
        yield crew


class Processes:
    """Processes of this machine, at most ``jobs``, until `close`."""

    def __init__(self, options: Options, jobs: int, limits: Limits) -> None:
        self._options, self._jobs, self._limits = options, jobs, limits
        self._scratch = _scratch()
        self.workers: list[Worker] = []

    def give(self, waiting: deque[Task]) -> None:
        """See `Crew`. Processes are started when there is something to do for them."""
        self.workers = [worker for worker in self.workers if worker.task or worker.lives]
        for worker in self.workers:
            if worker.task is None and waiting:
                worker.give(waiting.popleft())
        while waiting and len(self.workers) < self._jobs:
            self.workers.append(Worker(self._options, self._limits, self._scratch.name))
            self.workers[-1].give(waiting.popleft())

    def news(self, watch: Watch) -> Iterator[tuple[Task, Outcome]]:
        """See `Crew`. A process that dies or takes too long tells something too."""
        busy = {worker: worker.task for worker in self.workers if worker.task}
        until = min((worker.deadline for worker in busy), default=0.0)
        patience = max(0.0, min(PATIENCE, until - time.monotonic()))
        told = connection.wait([worker.pipe for worker in busy], patience)
        for worker, task in busy.items():
            message = worker.take() if worker.pipe in told else None
            # What it has told counts, however late it is read: this process may have been stopped for a while.
            if message is None and time.monotonic() >= worker.deadline:
                message = worker.overdue()
            if isinstance(message, Outcome):
                yield task, message
            elif message is not None:
                watch.step(task, message.what, message.done, message.total)

    def close(self) -> None:
        """Stop whoever is at work, and remove what is half made.

        A process finds its pipe closed at its next step and leaves; one in a long step is told to.
        """
        for worker in self.workers:
            worker.stop()
        until = time.monotonic() + GRACE
        for worker in self.workers:
            worker.ended(until)
        self._scratch.cleanup()


def _scratch() -> tempfile.TemporaryDirectory[str]:
    """Make a folder for what processes need while they work; those of processes that were killed are removed."""
    for mark in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*/{_PROCESS}"):
        with contextlib.suppress(OSError, ValueError):
            told = mark.read_text()
            process = int(told.rpartition("-")[2])
            # Several machines may share the folder.
            if told == mark_of(process) and not process_lives(process):
                shutil.rmtree(mark.parent, ignore_errors=True)
    # A short name: the paths of sockets in it must not become too long.
    folder = tempfile.TemporaryDirectory(prefix=_SCRATCH, ignore_cleanup_errors=True)
    (Path(folder.name) / _PROCESS).write_text(mark_of(os.getpid()))
    return folder
