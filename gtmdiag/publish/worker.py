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
import traceback
from collections.abc import Generator
from dataclasses import dataclass, replace
from math import inf
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Protocol

from gtmdiag.errors import KernelStartError, RenderError
from gtmdiag.publish.engines import WARM
from gtmdiag.publish.forking.parent import WarmError, adopt, fork_worker
from gtmdiag.publish.forking.server import PARENT
from gtmdiag.publish.memory import explain
from gtmdiag.publish.staging import clear_staging, keep_half_made, mark_of
from gtmdiag.publish.surroundings import fixed
from gtmdiag.publish.task import Options, Outcome, Task, failed, render_one

GRACE = 2.0
"""Seconds that a process has to end by itself when it is stopped."""

Pipe = connection.Connection

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
        self.process, self.pipe = _started(options, limits, scratch)
        self.task: Task | None = None
        self._limits = limits
        self._printed = _printed(scratch, self.process.pid)
        self._since = 0.0
        self._begun = False

    @property
    def lives(self) -> bool:
        """Whether the process goes on."""
        return self.process.wait(0) is None

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
        if self.process.wait(max(0.0, until - time.monotonic())) is None:
            self.process.terminate()
        self._end()

    def _lost(self) -> Outcome:
        self.process.wait(GRACE)
        kept = self._keep_half_made()
        self._end()
        message = f"{_told(self.process.wait(0))}{kept}"
        # Before its first step it has touched nothing of the client's.
        return self._failed(RenderError(message) if self._begun else KernelStartError(message))

    def _keep_half_made(self) -> str:
        assert self.task is not None
        kept = keep_half_made(self.task.root, self.process.pid)
        return f"\nThe notebook as far as it came is kept: {kept}" if kept else ""

    def _end(self) -> None:
        if self.process.wait(GRACE) is None:
            self.process.kill()
            self.process.wait()
        if self.task is not None:
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


class _Process(Protocol):
    """A process that was started here."""

    pid: int

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for its end and return its exit status; nothing where it takes longer."""
        ...

    def terminate(self) -> None:
        """Ask it to end."""
        ...

    def kill(self) -> None:
        """Kill it."""
        ...


class _Spawned:
    """A process of `multiprocessing`, as a `_Process`."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        self.pid = process.pid or 0
        self.terminate, self.kill = process.terminate, process.kill

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode


def _started(options: Options, limits: Limits, scratch: str) -> tuple[_Process, Pipe]:
    """Return a process that works, and the pipe to it: forked where that can be, else started anew."""
    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    try:
        with contextlib.suppress(WarmError):
            if options.engine == WARM:
                env = os.environ | fixed(options.today)
                process, address = fork_worker(f"{__name__}.work", env, theirs.fileno())
                pipe.send((options, limits, scratch, address))
                return process, pipe
        spawned = context.Process(target=_spawned, args=(theirs, options, limits, scratch), daemon=True)
        with _interrupts_ignored():
            spawned.start()
        return _Spawned(spawned), pipe
    finally:
        # The pipe tells of the process's end only when nobody else holds its other end.
        theirs.close()


def work() -> None:
    """Be a process that was forked for work; the descriptor of the pipe to it is its argument."""
    # It is for kernels.
    os.environ.pop(PARENT, None)
    pipe: Pipe = connection.Connection(int(sys.argv[1]))
    try:
        with contextlib.suppress(EOFError, OSError, SystemExit):
            options, limits, scratch, address = pipe.recv()
            adopt(address, os.environ | fixed(options.today))
            _work(pipe, options, limits, scratch)
    except Exception:  # noqa: BLE001
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    # As a process of multiprocessing ends: taking everything that was loaded to pieces would take seconds.
    os._exit(0)


def _spawned(pipe: Pipe, options: Options, limits: Limits, scratch: str) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _work(pipe, options, limits, scratch)


def _work(pipe: Pipe, options: Options, limits: Limits, scratch: str) -> None:
    """Render what comes through the pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # An orderly end: the kernel is ended and what is half made is removed on the way out.
    signal.signal(signal.SIGTERM, _leave)
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
