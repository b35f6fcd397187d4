"""All clients under one folder: which there are, and which of them are to be rendered."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gtmdiag.engagement.clients import find_clients, folder_names
from gtmdiag.engagement.init import CLIENT_FILE
from gtmdiag.errors import InputError, Problem, UsageError, did_you_mean, shorten
from gtmdiag.publish.places import require_formats
from gtmdiag.publish.pool import Watch, run
from gtmdiag.publish.skip import changes, this_suite
from gtmdiag.publish.task import Options, Outcome, Task, failed


@dataclass(frozen=True)
class BatchPlan:
    """What a batch will do.

    Attributes
    ----------
    tasks
        The clients to render, by folder.
    settled
        What is known without rendering: clients that are unchanged, and those whose id is taken.
    passed_over
        Folders that look like a client's and hold no client.yaml.
    """

    tasks: tuple[Task, ...]
    settled: tuple[Outcome, ...]
    passed_over: tuple[Path, ...]


def plan(root: Path, options: Options, *, only: Collection[str] = (), force: bool = False) -> BatchPlan:
    """Find the clients under a folder and tell which are to be rendered.

    Parameters
    ----------
    root
        The folder that holds one folder a client.
    options
        Formats and the clock.
    only
        Ids or folder names; by default all.
    force
        Render unchanged clients too.

    Raises
    ------
    MissingError, StorageError
        There is no such folder, or it cannot be read.
    UsageError
        It is a client's folder itself or holds none; or there is no such format or client.
    """
    require_formats(options.formats)
    clients, passed_over = find_clients(root)
    _require_known(root, only, clients)
    suite = this_suite()
    tasks: list[Task] = []
    settled: list[Outcome] = []
    owners: dict[str, Path] = {}
    for client, client_id in clients.items():
        owner = owners.setdefault(client_id, client)
        if only and client.name not in only and client_id not in only:
            continue
        task = Task(client, client_id, "forced" if force else "")
        if client_id and owner != client:
            settled.append(failed(task, _taken(client_id, owner)))
        elif force:
            tasks.append(task)
        elif why := changes(client, options.formats, today=options.today, suite=suite):
            tasks.append(replace(task, why=why))
        else:
            settled.append(Outcome(client, client_id, "unchanged", ""))
    return BatchPlan(tuple(tasks), tuple(settled), passed_over)


def render_all(todo: BatchPlan, options: Options, jobs: int | None, watch: Watch) -> tuple[Outcome, ...]:
    """Do what a plan says and return the outcome of every client, by folder.

    Parameters
    ----------
    todo, options
        What to do.
    jobs
        How many clients to render at a time; by default as many as there are processors. More than that is slower.
    watch
        Told of each step.
    """
    done = run(todo.tasks, options, min(jobs or _processors(), len(todo.tasks)), watch) if todo.tasks else ()
    return tuple(sorted((*todo.settled, *done), key=lambda outcome: outcome.root))


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


def _processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
