"""All clients under one folder: which there are, and which of them are to be rendered."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from gtmdiag.engagement.clients import find_clients, folder_names, require_folder
from gtmdiag.engagement.folder import wave_names
from gtmdiag.engagement.init import CLIENT_FILE
from gtmdiag.engagement.lock import locked
from gtmdiag.errors import GtmdiagError, InputError, Problem, UsageError, did_you_mean, shorten
from gtmdiag.publish.engines import require_engine
from gtmdiag.publish.failurelog import clear_log
from gtmdiag.publish.marks import clear_marked
from gtmdiag.publish.places import require_formats
from gtmdiag.publish.pool import Crew, Watch, run
from gtmdiag.publish.skip import Suite, changes, this_suite
from gtmdiag.publish.task import Options, Outcome, Task, failed, left


@dataclass(frozen=True)
class BatchPlan:
    """What a batch will do.

    Attributes
    ----------
    tasks
        The clients to render, by folder.
    settled
        What is known without rendering: clients that are unchanged or left, and those whose id is taken.
    passed_over
        Folders that look like a client's and hold no client.yaml.
    """

    tasks: tuple[Task, ...]
    settled: tuple[Outcome, ...]
    passed_over: tuple[Path, ...]


@contextlib.contextmanager
def alone(root: Path) -> Generator[None]:
    """Hold a folder of clients for one batch. The system lets go of it when the batch ends, however it ends.

    What machines that were lost, now or under an earlier batch, left half made in it is removed.

    Raises
    ------
    MissingError
        There is no such folder.
    StorageError
        Another batch holds it.
    """
    require_folder(root)
    told = f"Another batch is at work on {root}. Nothing was done here; try again when it has ended."
    with locked(root, patience=0, busy=told), contextlib.ExitStack() as at_the_end:
        clear_marked(root)
        at_the_end.callback(clear_marked, root)
        yield


def plan(
    root: Path, options: Options, *, only: Collection[str] = (), force: bool = False, limit: int | None = None
) -> BatchPlan:
    """Find the clients under a folder and tell which are to be rendered.

    Parameters
    ----------
    root
        The folder that holds one folder a client.
    options
        Formats, the clock and the wave.
    only
        Ids or folder names; by default all.
    force
        Render unchanged clients too.
    limit
        How many clients to render at most; by default all.

    Raises
    ------
    MissingError, StorageError
        There is no such folder, or it cannot be read.
    UsageError
        It is a client's folder itself or holds none; or there is no such format, engine, client or wave.
    """
    require_formats(options.formats)
    require_engine(options.engine)
    clients, passed_over = find_clients(root)
    _require_known(root, only, clients)
    owners = {client_id: client for client, client_id in reversed(clients.items())}
    chosen = [one for one in clients.items() if not only or not {one[0].name, one[1]}.isdisjoint(only)]
    suite = this_suite()

    def planned(client: Path, client_id: str) -> Task | Outcome:
        return _planned(client, client_id, owners[client_id], options, suite, force=force)

    # Reading and hashing leave the interpreter to others.
    with ThreadPoolExecutor(processors()) as threads:
        found = list(threads.map(planned, *zip(*chosen, strict=True)))
    tasks = [one for one in found if isinstance(one, Task)]
    settled = [one for one in found if isinstance(one, Outcome)]
    if limit is not None:
        settled += (left(task, f"not begun, since --limit is {limit}") for task in tasks[limit:])
        tasks = tasks[:limit]
    _require_wave(root, options.wave, clients, settled)
    return BatchPlan(tuple(tasks), tuple(settled), passed_over)


def render_all(
    todo: BatchPlan, crew: AbstractContextManager[Crew], watch: Watch, *, fail_fast: bool = False
) -> tuple[Outcome, ...]:
    """Do what a plan says and return the outcome of every client, by folder.

    Parameters
    ----------
    todo
        What to do.
    crew
        Those who do it, called together where there is anything to render.
    watch, fail_fast
        See `gtmdiag.publish.pool.run`.
    """
    done: tuple[Outcome, ...] = ()
    if todo.tasks:
        with crew as those:
            done = run(todo.tasks, those, watch, fail_fast=fail_fast)
    return tuple(sorted((*todo.settled, *done), key=lambda outcome: outcome.root))


def _planned(
    client: Path, client_id: str, owner: Path, options: Options, suite: Suite, *, force: bool
) -> Task | Outcome:
    """Return that a client is to be rendered and why, or what is known of it without."""
    task = Task(client, client_id, "forced")
    if client_id and owner != client:
        return failed(task, _taken(client_id, owner))
    if options.wave and options.wave not in _waves(client, options.wave):
        return left(task, f"has no wave {options.wave}")
    if force:
        return task
    if why := changes(client, options.formats, wave=options.wave, today=options.today, suite=suite):
        return replace(task, why=why)
    clear_log(client)
    return Outcome(client, client_id, "unchanged", "")


def _waves(client: Path, wanted: str) -> tuple[str, ...]:
    try:
        return wave_names(client)
    except GtmdiagError:
        # What is wrong is for the render to tell.
        return (wanted,)


def _require_wave(root: Path, wave: str, clients: Mapping[Path, str], settled: Collection[Outcome]) -> None:
    """Refuse a wave that no client has."""
    known = sorted({name for client in clients for name in _waves(client, wave)}) if wave else []
    if wave and settled and wave not in known:
        there = f"There are {', '.join(known)}." if known else "There are no waves."
        raise UsageError(f"No client under {root} has a wave {shorten(wave)}. {did_you_mean(wave, known) or there}")


def _require_known(root: Path, only: Collection[str], clients: Mapping[Path, str]) -> None:
    known = sorted({name for client, client_id in clients.items() for name in (client.name, client_id) if name})
    unknown = [name for name in only if name not in known]
    if unknown:
        hints = " ".join(filter(None, (did_you_mean(name, known) for name in unknown)))
        there = f"It holds {folder_names(tuple(clients))}."
        raise UsageError(f"No client {', '.join(map(shorten, unknown))} under {root}. {hints or there}")


def _taken(client_id: str, owner: Path) -> InputError:
    found = f"'{client_id}', which is the id of the folder {shorten(owner.name)} too"
    return InputError([Problem(CLIENT_FILE, "id", found, "an id of its own", "Change one of the two.")])


def processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
