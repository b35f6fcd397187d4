"""A bounded number of processes that render clients. One that dies takes only its own client with it.

Not `concurrent.futures`: when a process of its pool dies, all the others are ended too, and nothing tells whose fault
it was; nor can a pool be stopped while it works. Here each process has a pipe of its own. It is started anew (*spawn*)
on every system, so that it takes over no thread, no lock and no open file.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from math import inf
from multiprocessing import connection
from pathlib import Path
from typing import Protocol

from gtmdiag.engagement.save import process_lives
from gtmdiag.publish.task import Options, Outcome, Task, again, left, logged
from gtmdiag.publish.worker import GRACE, Limits, Worker

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

    def finished(self, outcome: Outcome) -> None:
        """Take note that one client is done or has failed, or is left."""
        ...


def run(
    tasks: Sequence[Task],
    options: Options,
    jobs: int,
    watch: Watch,
    *,
    limits: Limits,
    fail_fast: bool = False,
) -> tuple[Outcome, ...]:
    """Render clients, at most ``jobs`` at a time, and return what came of each.

    However it is left, an interrupt included, no process of it goes on and nothing half made stays.

    Parameters
    ----------
    tasks, options
        What to do.
    jobs
        How many processes.
    watch
        Told of each step.
    limits
        What one client may take.
    fail_fast
        Begin no further client after one has failed; those at work are finished.
    """
    waiting, outcomes, workers = deque(tasks), list[Outcome](), list[Worker]()
    with _scratch() as scratch:
        try:
            while len(outcomes) < len(tasks):
                workers = [worker for worker in workers if worker.task or worker.process.is_alive()]
                while waiting and len(workers) < jobs:
                    workers.append(Worker(options, limits, scratch))
                for worker in workers:
                    if worker.task is None and waiting:
                        worker.give(waiting.popleft())
                for worker, task, outcome in _news(workers, watch):
                    if once_more := again(task, outcome):
                        waiting.append(once_more)
                        watch.retried(once_more)
                        continue
                    outcomes.append(outcome if outcome.state == "done" else logged(outcome, worker.printed()))
                    watch.finished(outcomes[-1])
                    if fail_fast and outcome.state == "failed":
                        while waiting:
                            outcomes.append(left(waiting.popleft(), f"not begun, since {outcome.root.name} failed"))
                            watch.finished(outcomes[-1])
        finally:
            _end(workers)
    return tuple(outcomes)


def _news(workers: Sequence[Worker], watch: Watch) -> Iterator[tuple[Worker, Task, Outcome]]:
    """Wait until some process tells something or takes too long; pass steps on, and yield what came to its end."""
    busy = {worker: worker.task for worker in workers if worker.task}
    until = min(worker.deadline for worker in busy)
    patience = None if until == inf else max(0.0, until - time.monotonic())
    told = connection.wait([worker.pipe for worker in busy], patience)
    for worker, task in busy.items():
        message = worker.take() if worker.pipe in told else None
        if not isinstance(message, Outcome) and time.monotonic() >= worker.deadline:
            message = worker.overdue()
        if isinstance(message, Outcome):
            yield worker, task, message
        elif message is not None:
            watch.step(task, message.what, message.done, message.total)


def _end(workers: Sequence[Worker]) -> None:
    """End the processes: each finds its pipe closed at its next step and leaves; one in a long step is told to."""
    for worker in workers:
        worker.stop()
    until = time.monotonic() + GRACE
    for worker in workers:
        worker.ended(until)


@contextlib.contextmanager
def _scratch() -> Generator[str]:
    """Give a folder for what the processes need while they work; those of batches that were killed are removed."""
    for mark in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*/{_PROCESS}"):
        with contextlib.suppress(OSError, ValueError):
            if not process_lives(int(mark.read_text())):
                shutil.rmtree(mark.parent, ignore_errors=True)
    # A short name: the paths of sockets in it must not become too long.
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, ignore_cleanup_errors=True) as folder:
        (Path(folder) / _PROCESS).write_text(str(os.getpid()))
        yield folder
