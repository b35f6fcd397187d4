"""The workers of a Dask cluster as a batch's crew. Clients are read and written through a folder that all of them see.

The batch gives each worker as many clients as it has threads, and gives a client once more when its worker is lost:
left to the cluster, nobody would know of it. Only names, steps and outcomes travel by Dask.
"""

from __future__ import annotations

import contextlib
import queue
import time
import uuid
from collections import Counter, deque
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, cast

from gtmdiag.errors import ClusterError, RenderError
from gtmdiag.publish.cluster import connection
from gtmdiag.publish.cluster.fitness import Answer, describe, look, no_answer, why_unfit
from gtmdiag.publish.cluster.there import STEPS, Work, dismiss, render_there
from gtmdiag.publish.marks import make_marks
from gtmdiag.publish.pool import PATIENCE, Crew, Watch
from gtmdiag.publish.task import Options, Outcome, Task, failed
from gtmdiag.publish.worker import GRACE, Limits

_DESERTED = 60.0
"""Seconds to wait for a worker when all that can be used have been lost."""
_SHOWN = 5
_REMEDY = (
    "Every worker needs the versions of this machine, and a folder that it can write to and all of them see; "
    "--dask-root names it as workers see it."
)


@dataclass(frozen=True)
class _Given:
    """A client that a worker renders: the worker's address, Dask's future, since when."""

    task: Task
    worker: str
    future: Any
    since: float


@contextlib.contextmanager
def cluster(
    address: str, root: Path, options: Options, jobs: int | None, limits: Limits, *, seen_as: Path | None = None
) -> Generator[Crew]:
    """Give the workers of a Dask cluster. However they are left, those that can be reached stop.

    Parameters
    ----------
    address
        The scheduler's, ``tcp://…`` or ``tls://…``; Dask's configuration names the certificates.
    root
        The folder of clients, which every worker must see and may write to. The caller holds it alone.
    options
        What they make.
    jobs
        How many clients at a time; by default as many as the workers have threads.
    limits
        What one client may take.
    seen_as
        Where the workers see ``root``; by default at the same path.

    Raises
    ------
    UsageError
        Dask is not installed, or that is no address.
    ClusterError
        Nobody answers at the address, or there is no worker, or one of them would render otherwise than this machine.
    """
    with connection.connected(address) as client:
        marks = make_marks(root)
        there = (seen_as or root.absolute()) / marks.name
        work = Work(f"gtmdiag-{uuid.uuid4().hex}", there, options, limits)
        crew = Workers(client, address, marks, work, jobs)
        crew.call_together()
        try:
            yield crew
        finally:
            crew.dismiss()


class Workers:
    """The threads of a cluster's workers; see `gtmdiag.publish.pool.Crew`."""

    def __init__(self, client: Any, address: str, marks: Path, work: Work, jobs: int | None) -> None:
        self._client, self._address, self._marks, self._work, self._jobs = client, address, marks, work, jobs
        self._ours = describe()
        self._threads: Mapping[str, int] = {}
        self._fit, self._unfit = set[str](), set[str]()
        self._given: dict[str, _Given] = {}
        self._keys = (f"{work.batch}-{number}" for number in count(1))
        self._told = queue.SimpleQueue[str | tuple[str, str, int, int]]()
        self._looked = self._seen = time.monotonic()
        client.subscribe_topic(STEPS, self._step_told)

    def call_together(self) -> None:
        """Wait for a first worker, and refuse a cluster with a worker that does not fit."""
        with self._reached():
            # Told by what is found; the error would tell less.
            with contextlib.suppress(TimeoutError):
                self._client.wait_for_workers(1, timeout=connection.PATIENCE)
            unfit = self._look_around()
        if unfit:
            shown = [f"  {one}" for one in unfit[:_SHOWN]]
            shown += [f"  … and {len(unfit) - _SHOWN} more"] * (len(unfit) > _SHOWN)
            refused = f"Workers of {self._address} would not render as this machine does. Nothing was rendered."
            raise ClusterError("\n".join([refused, *shown, _REMEDY]))
        if not self._fit:
            raise ClusterError(f"The cluster at {self._address} has no workers. Start some: dask worker ADDRESS.")

    def give(self, waiting: deque[Task]) -> None:
        """See `Crew`: to the worker with the most threads free."""
        with self._reached():
            while waiting and (self._jobs is None or len(self._given) < self._jobs):
                busy = Counter(given.worker for given in self._given.values())
                free = {worker: self._threads[worker] - busy[worker] for worker in self._fit}
                worker = max(sorted(free), key=free.__getitem__, default="")
                if not worker or free[worker] < 1:
                    return
                self._begin(waiting.popleft(), worker)

    def news(self, watch: Watch) -> Iterator[tuple[Task, Outcome]]:
        """See `Crew`. A worker that was lost tells something too; one that comes later is taken on if it fits."""
        with contextlib.suppress(queue.Empty):
            told = self._told.get(timeout=PATIENCE)
            if isinstance(told, tuple):
                key, what, done, total = told
                if key in self._given:
                    watch.step(self._given[key].task, what, done, total)
            elif told in self._given and (outcome := self._outcome(told)):
                yield self._given.pop(told).task, outcome
        if time.monotonic() - self._looked < PATIENCE:
            return
        with self._reached():
            unfit = self._look_around()
        for one in unfit:
            watch.noted(f"A worker came that cannot be used: {one}")
        for key, given in [one for one in self._given.items() if one[1].worker not in self._threads]:
            del self._given[key]
            given.future.cancel()
            error = RenderError(f"The worker at {given.worker} was lost.")
            lost = failed(given.task, error, time.monotonic() - given.since)
            # Nothing tells that the client was at fault.
            yield given.task, replace(lost, passing=True)

    def dismiss(self) -> None:
        """Let those at work stop, and wait for it."""
        # Whoever cannot be reached will notice that nobody waits any more.
        with contextlib.suppress(Exception):
            self._client.cancel([given.future for given in self._given.values()])
            self._client.run(dismiss, self._work.batch, workers=sorted(self._fit))

    def _step_told(self, event: tuple[float, Sequence[Any]]) -> None:
        key, what, done, total = event[1]
        self._told.put((key, what, done, total))

    def _begin(self, task: Task, worker: str) -> None:
        key = next(self._keys)
        there = replace(task, root=self._work.marks.parent / task.root.relative_to(self._marks.parent))
        future = self._client.submit(render_there, there, self._work, key=key, workers=[worker], pure=False)
        self._given[key] = _Given(task, worker, future, time.monotonic())
        future.add_done_callback(lambda _: self._told.put(key))  # pyright: ignore[reportUnknownLambdaType]

    def _outcome(self, key: str) -> Outcome | None:
        """Return what came of a client as seen from here; None where its worker was lost on the way."""
        given = self._given[key]
        try:
            outcome = cast("Outcome", given.future.result(timeout=GRACE))
        except TimeoutError:
            self._told.put(key)
            return None
        except Exception as error:
            if given.future.status == "cancelled":
                raise self._gone() from error
            return failed(given.task, error, time.monotonic() - given.since)

        def here(paths: Collection[Path]) -> tuple[Path, ...]:
            return tuple(given.task.root / path.relative_to(outcome.root) for path in paths)

        return replace(outcome, root=given.task.root, outputs=here(outcome.outputs), kept=here(outcome.kept))

    def _look_around(self) -> list[str]:
        """Note which workers there are; return, a line each, which of the new ones do not fit and why."""
        self._threads = cast("Mapping[str, int]", self._client.nthreads())
        self._looked = time.monotonic()
        # One that comes back may be another.
        self._fit &= self._threads.keys()
        self._unfit &= self._threads.keys()
        unfit = self._ask(self._threads.keys() - self._fit - self._unfit)
        if self._fit:
            self._seen = self._looked
        elif self._looked - self._seen > _DESERTED:
            raise ClusterError(
                f"The cluster at {self._address} has had no worker that can be used for {_DESERTED:.0f} s."
            )
        return unfit

    def _ask(self, new: Collection[str]) -> list[str]:
        """Ask workers whether they fit, and note it; return as `_look_around`."""
        if not new:
            return []
        asked: dict[str, Answer | Exception] = self._client.run(
            look, self._work.marks, workers=sorted(new), on_error="return"
        )
        told = {worker: answer for worker, answer in asked.items() if not no_answer(answer)}
        reasons = {
            worker: why_unfit(told[worker], self._ours, self._work.marks, self._marks) for worker in sorted(told)
        }
        unfit = {worker: why for worker, why in reasons.items() if why}
        self._unfit |= unfit.keys()
        self._fit |= told.keys() - unfit.keys()
        return [f"{worker}: {why}" for worker, why in unfit.items()]

    @contextlib.contextmanager
    def _reached(self) -> Generator[None]:
        """Tell in words that the connection was lost."""
        try:
            yield
        except ClusterError:
            raise
        except (OSError, RuntimeError, ValueError) as error:
            raise self._gone() from error

    def _gone(self) -> ClusterError:
        return ClusterError(
            f"The connection to the cluster at {self._address} was lost. What is at work there stops, and what was "
            "finished stays."
        )
