"""A bounded number of processes that render clients. One that dies takes only its own client with it.

Not `concurrent.futures`: when a process of its pool dies, all the others are ended too, and nothing tells whose fault
it was; nor can a pool be stopped while it works. Here each process has a pipe of its own. It is started anew (*spawn*)
on every system, so that it takes over no thread, no lock and no open file.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from typing import Protocol

from gtmdiag.errors import RenderError
from gtmdiag.publish.staging import clear_staging
from gtmdiag.publish.task import Options, Outcome, Task, failed, render_one

GRACE = 2.0
"""Seconds that a process has to end by itself when the batch is stopped."""

_KILLED = 9


class Watch(Protocol):
    """Is told what happens, in the process and thread that called `run`."""

    def step(self, task: Task, what: str, done: int, total: int) -> None:
        """Take note of a step of one client."""
        ...

    def finished(self, outcome: Outcome) -> None:
        """Take note that one client is done or has failed."""
        ...


@dataclass(frozen=True)
class _Step:
    what: str
    done: int
    total: int


def run(tasks: Sequence[Task], options: Options, jobs: int, watch: Watch) -> tuple[Outcome, ...]:
    """Render clients, at most ``jobs`` at a time, and return what came of each, in the order of ``tasks``.

    However it is left, an interrupt included, no process of it goes on and nothing half made stays.
    """
    waiting, outcomes = deque(tasks), dict[Task, Outcome]()
    workers: list[_Worker] = []
    # A short name: the paths of sockets in it must not become too long.
    with tempfile.TemporaryDirectory(prefix="gtm-", ignore_cleanup_errors=True) as scratch:
        try:
            while len(outcomes) < len(tasks):
                workers = [worker for worker in workers if worker.task or worker.process.is_alive()]
                while waiting and len(workers) < jobs:
                    workers.append(_Worker(options, scratch))
                for worker in workers:
                    if worker.task is None and waiting:
                        worker.give(waiting.popleft())
                busy = [worker for worker in workers if worker.task]
                told = connection.wait([worker.pipe for worker in busy])
                for worker in (worker for worker in busy if worker.pipe in told):
                    task, message = worker.take()
                    if isinstance(message, _Step):
                        watch.step(task, message.what, message.done, message.total)
                    else:
                        outcomes[task] = message
                        watch.finished(message)
        finally:
            _end(workers)
    return tuple(outcomes[task] for task in tasks)


class _Worker:
    """A process, the pipe to it, and the client that it renders at present."""

    def __init__(self, options: Options, scratch: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, options, scratch), daemon=True)
        with _interrupts_ignored():
            self.process.start()
        # The pipe tells of the process's end only when nobody else holds its other end.
        theirs.close()
        self.task: Task | None = None
        self._begun = 0.0

    def give(self, task: Task) -> None:
        self.task, self._begun = task, time.monotonic()
        # A process that has died is noticed when its answer is read.
        with contextlib.suppress(OSError):
            self.pipe.send(task)

    def take(self) -> tuple[Task, _Step | Outcome]:
        """Return the present task and what the process says of it; its death is an outcome."""
        task = self.task
        assert task is not None
        try:
            message: _Step | Outcome = self.pipe.recv()
        except (EOFError, OSError):
            self.process.join(GRACE)
            self.process.kill()
            self.process.join()
            message = failed(task, RenderError(_told(self.process.exitcode)), time.monotonic() - self._begun)
            self.clear()
        if isinstance(message, Outcome):
            self.task = None
        return task, message

    def clear(self) -> None:
        """Remove what the process, which has ended, left half made."""
        if self.task is not None and self.process.pid is not None:
            clear_staging(self.task.root, self.process.pid)


def _told(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        hint = "; the machine may have run out of memory. Try fewer --jobs." if exit_code == -_KILLED else "."
        return f"Its process was ended by the system (signal {-exit_code}){hint}"
    return f"Its process ended before its work was done (exit status {exit_code})."


def _end(workers: Sequence[_Worker]) -> None:
    """End the processes: each finds its pipe closed at its next step and leaves; one in a long step is told to."""
    for worker in workers:
        worker.pipe.close()
    deadline = time.monotonic() + GRACE
    for worker in workers:
        worker.process.join(max(0.0, deadline - time.monotonic()))
    for worker in workers:
        if worker.process.is_alive():
            worker.process.terminate()
    for worker in workers:
        worker.process.join(GRACE)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.clear()


@contextlib.contextmanager
def _interrupts_ignored() -> Generator[None]:
    """Let a process start with interrupts ignored: one that is still loading would print a traceback at Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _work(pipe: connection.Connection, options: Options, scratch: str) -> None:
    """Render what comes through the pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # An orderly end: the kernel is ended and what is half made is removed on the way out.
    signal.signal(signal.SIGTERM, _leave)
    _silence()
    tempfile.tempdir = scratch

    def step(what: str, done: int, total: int) -> None:
        pipe.send(_Step(what, done, total))

    with contextlib.suppress(EOFError, OSError):
        while True:
            pipe.send(render_one(pipe.recv(), options, step))


def _leave(*_: object) -> None:
    sys.exit(1)


def _silence() -> None:
    """Keep what libraries and kernels print off the terminal, where the progress is shown."""
    sys.stdout.flush()
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
