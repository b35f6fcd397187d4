"""A process that renders clients, one after the other, seen from both ends of the pipe to it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from math import inf
from multiprocessing import connection
from pathlib import Path

from gtmdiag.errors import KernelStartError, RenderError
from gtmdiag.publish.memory import explain
from gtmdiag.publish.staging import clear_staging, keep_half_made, mark_of
from gtmdiag.publish.task import Options, Outcome, Task, failed, render_one

GRACE = 2.0
"""Seconds that a process has to end by itself when it is stopped."""

_KILLED = 9
_MIB = 2**20
_LOG_BYTES = 20_000


@dataclass(frozen=True)
class Limits:
    """What one client may take.

    Attributes
    ----------
    seconds
        Time from its beginning to its end; 0 for as long as it takes.
    memory
        MiB of address space of each process at work on it; 0 for all there is. Only where the system has such limits.
    """

    seconds: float = 0.0
    memory: int = 0


@dataclass(frozen=True)
class Step:
    """What a process is doing, the steps done, and all steps."""

    what: str
    done: int
    total: int


class Worker:
    """A process, the pipe to it, and the client that it renders at present."""

    def __init__(self, options: Options, limits: Limits, scratch: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, options, limits, scratch), daemon=True)
        try:
            with _interrupts_ignored():
                self.process.start()
        finally:
            # The pipe tells of the process's end only when nobody else holds its other end.
            theirs.close()
        self.task: Task | None = None
        self._limits = limits
        self._printed = _printed(scratch, self.process.pid)
        self._since = 0.0
        self._begun = False

    @property
    def deadline(self) -> float:
        """Until when, by the monotonic clock, the present client may take."""
        return self._since + self._limits.seconds if self._limits.seconds else inf

    def give(self, task: Task) -> None:
        """Let the process render a client."""
        self.task, self._since, self._begun = task, time.monotonic(), False
        # A process that has died is noticed when its answer is read.
        with contextlib.suppress(OSError):
            self.pipe.send(task)

    def take(self) -> Step | Outcome:
        """Return what the process says of its client; its death is an outcome."""
        try:
            message: Step | Outcome = self.pipe.recv()
        except (EOFError, OSError):
            return self._lost()
        self._begun = True
        return self._done(message) if isinstance(message, Outcome) else message

    def overdue(self) -> Outcome:
        """End the process, whose client has taken too long."""
        kept = self._keep_half_made()
        self.pipe.close()
        self.process.terminate()
        self._end()
        limit = f"{self._limits.seconds:g} s"
        return self._failed(RenderError(f"It took longer than --timeout allows, {limit}, and was stopped.{kept}"))

    def stop(self) -> None:
        """Let the process leave at its next step."""
        self.pipe.close()

    def ended(self, until: float) -> None:
        """Wait for the process to leave after `stop`; then tell it to, then end it, and remove what is half made."""
        self.process.join(max(0.0, until - time.monotonic()))
        if self.process.is_alive():
            self.process.terminate()
        self._end()

    def _lost(self) -> Outcome:
        self.process.join(GRACE)
        kept = self._keep_half_made()
        self._end()
        message = f"{_told(self.process.exitcode)}{kept}"
        # Before its first step it has touched nothing of the client's.
        return self._failed(RenderError(message) if self._begun else KernelStartError(message))

    def _keep_half_made(self) -> str:
        assert self.task is not None
        assert self.process.pid is not None
        kept = keep_half_made(self.task.root, self.process.pid)
        return f"\nThe notebook as far as it came is kept: {kept}" if kept else ""

    def _end(self) -> None:
        self.process.join(GRACE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        if self.task is not None and self.process.pid is not None:
            clear_staging(self.task.root, mark_of(self.process.pid))

    def _failed(self, error: RenderError) -> Outcome:
        assert self.task is not None
        return self._done(failed(self.task, error, time.monotonic() - self._since))

    def _done(self, outcome: Outcome) -> Outcome:
        self.task = None
        if outcome.state != "failed":
            return outcome
        with contextlib.suppress(OSError):
            end = self._printed.read_bytes()[-_LOG_BYTES:]
            outcome = replace(outcome, printed=end.decode("utf-8", "replace"))
        return explain(outcome, self._limits.memory)


def _told(exit_code: int | None) -> str:
    if exit_code is not None and exit_code < 0:
        hint = "; the machine may have run out of memory. Try fewer --jobs." if exit_code == -_KILLED else "."
        return f"Its process was ended by the system (signal {-exit_code}){hint}"
    return f"Its process ended before its work was done (exit status {exit_code})."


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


def _work(pipe: connection.Connection, options: Options, limits: Limits, scratch: str) -> None:
    """Render what comes through the pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # An orderly end: the kernel is ended and what is half made is removed on the way out.
    signal.signal(signal.SIGTERM, _leave)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    tempfile.tempdir = scratch
    log = _printed(scratch, os.getpid())
    _print_into(log)
    _limit(limits)

    def step(what: str, done: int, total: int) -> None:
        pipe.send(Step(what, done, total))

    with contextlib.suppress(EOFError, OSError):
        while True:
            task = pipe.recv()
            os.truncate(log, 0)
            pipe.send(render_one(task, options, step))


def _leave(*_: object) -> None:
    sys.exit(1)


def _end_with_parent() -> None:
    """End at once when the batch was killed: the next one may be at work on the same client."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _limit(limits: Limits) -> None:
    """Bound the memory of this process and of those that it starts, and let the system end them before any other."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500")
    if limits.memory and sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory * _MIB, limits.memory * _MIB))


def _printed(scratch: str, process: int | None) -> Path:
    return Path(scratch) / f"printed-{process}"


def _print_into(log: Path) -> None:
    """Keep what libraries and kernels print off the terminal, where the progress is shown."""
    sys.stdout.flush()
    sys.stderr.flush()
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)
