"""What a worker of a Dask cluster does for a batch: tell what it would render with, and render in processes of its own.

Its threads only wait: rendering goes by signals, limits and drawing that belong to a whole process.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from gtmdiag.publish.marks import mark
from gtmdiag.publish.pool import Processes
from gtmdiag.publish.task import Options, Outcome, Task, left
from gtmdiag.publish.worker import Limits

STEPS = "gtmdiag"
"""The topic of the cluster's log under which steps are told."""
_LINGER = 60.0
"""Seconds that a process waits for a further client of its batch, which may have been killed."""
_PAUSE = 0.1

_idle: defaultdict[str, list[Processes]] = defaultdict(list)
_busy: set[tuple[str, str]] = set()


@dataclass(frozen=True)
class Work:
    """What is the same for every client of a batch: its name, the folder of its marks as workers see it, what to do."""

    batch: str
    marks: Path
    options: Options
    limits: Limits


def render_there(task: Task, work: Work) -> Outcome:
    """Render one client in a process of this machine, until nobody wants it any more."""
    worker: Any = import_module("distributed").get_worker()
    key = str(worker.get_current_task())
    processes = _process(work)
    _busy.add((work.batch, key))
    try:
        processes.give(deque([task]))
        for one in processes.workers:
            mark(work.marks, one.process.pid)
        while _wanted(worker, key):
            for _, outcome in processes.news(_Told(worker, key)):
                return outcome
        return left(task, "not wanted any more")
    finally:
        _put_back(work.batch, processes)
        _busy.remove((work.batch, key))


async def dismiss(batch: str) -> None:
    """End the processes of a batch. Its clients at work, which must not be wanted any more, are waited for."""
    while any(of == batch for of, _ in list(_busy)):
        await asyncio.sleep(_PAUSE)
    await asyncio.gather(*(asyncio.to_thread(processes.close) for processes in _idle.pop(batch, [])))


class _Told:
    """Passes steps on to the batch."""

    def __init__(self, worker: Any, key: str) -> None:
        self._worker, self._key = worker, key

    def step(self, task: Task, what: str, done: int, total: int) -> None:  # noqa: ARG002
        self._worker.log_event(STEPS, [self._key, what, done, total])

    def retried(self, task: Task) -> None:
        """Say nothing: the batch itself gives a client once more."""

    def noted(self, text: str) -> None:
        """Say nothing: there is only this client."""

    def finished(self, outcome: Outcome) -> None:
        """Say nothing: the outcome is what comes back."""


def _wanted(worker: Any, key: str) -> bool:
    """Tell whether the batch still waits: a task whose client is gone stays with its thread but is cancelled."""
    task = worker.state.tasks.get(key)
    return task is not None and task.state == "executing"


def _process(work: Work) -> Processes:
    """Return a process of this batch that waits, or a place for one."""
    # Dask's nanny starts workers as daemons, which may start no process. Ours ends with its worker anyway.
    multiprocessing.current_process().daemon = False
    with contextlib.suppress(IndexError):
        return _idle[work.batch].pop()
    return Processes(work.options, 1, work.limits)


def _put_back(batch: str, processes: Processes) -> None:
    if any(one.task for one in processes.workers):
        processes.close()
        return
    _idle[batch].append(processes)
    late = threading.Timer(_LINGER, _end_idle, (batch, processes))
    late.daemon = True
    late.start()


def _end_idle(batch: str, processes: Processes) -> None:
    # At work again, or ended with its batch.
    with contextlib.suppress(ValueError):
        _idle.get(batch, []).remove(processes)
        processes.close()
