"""All clients under one folder: which there are, and which of them are to be rendered."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.schema import CLIENT_ID
from gtmdiag.engagement.yamlfile import load_yaml
from gtmdiag.errors import (
    GtmdiagError,
    InputError,
    MissingError,
    Problem,
    StorageError,
    UsageError,
    did_you_mean,
    shorten,
)
from gtmdiag.publish.places import require_formats
from gtmdiag.publish.pool import Watch, run
from gtmdiag.publish.skip import changes, this_suite
from gtmdiag.publish.task import Options, Outcome, Task, failed

CLIENT_FILE = "client.yaml"
# A folder with one of these but no client.yaml was probably meant to be a client's.
_SIGNS = ("answers", "crm", "client.yml")


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
    clients, passed_over = _find(root)
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


def _find(root: Path) -> tuple[dict[Path, str], tuple[Path, ...]]:
    """Return the clients' folders under ``root`` with their ids, sorted, and the folders that only look like one."""
    if not root.is_dir():
        raise MissingError(f"{root} is not a folder. Name the folder that holds one folder a client.")
    if (root / CLIENT_FILE).is_file():
        raise UsageError(
            f"{root} is itself a client's folder. Use 'gtmdiag render {root}', or name the folder above it."
        )
    try:
        folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise StorageError(f"{root} cannot be read: {error.strerror}.") from error
    clients = {path: _id(path) for path in folders if _there(path / CLIENT_FILE)}
    others = (path for path in folders if path not in clients)
    passed_over = tuple(path for path in others if any(_there(path / sign) for sign in _SIGNS))
    if not clients:
        near = f" {_names(passed_over)} would be one with a client.yaml." if passed_over else ""
        raise UsageError(
            f"No client's folder under {root}: none of its folders holds a client.yaml.{near} "
            f"Make one with 'gtmdiag init {root / 'acme'}'."
        )
    return clients, passed_over


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # Nobody may look: rendering tells why.
        return path.name == CLIENT_FILE


def _id(client: Path) -> str:
    """Return the id that client.yaml tells; empty where it tells none, which rendering will tell in full."""
    try:
        found = load_yaml(inside(client, CLIENT_FILE), CLIENT_FILE).data.get("id")
    except (GtmdiagError, OSError):
        return ""
    return found if isinstance(found, str) and CLIENT_ID.fullmatch(found) else ""


def _require_known(root: Path, only: Collection[str], clients: Mapping[Path, str]) -> None:
    known = sorted({name for client, client_id in clients.items() for name in (client.name, client_id) if name})
    unknown = [name for name in only if name not in known]
    if unknown:
        hints = " ".join(filter(None, (did_you_mean(name, known) for name in unknown)))
        there = f"It holds {_names(tuple(clients))}."
        raise UsageError(f"No client {', '.join(map(shorten, unknown))} under {root}. {hints or there}")


def _names(folders: Sequence[Path]) -> str:
    """Return the first folders' names, and how many more there are."""
    names = [shorten(path.name, 40) for path in folders[:5]]
    more = len(folders) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _taken(client_id: str, owner: Path) -> InputError:
    found = f"'{client_id}', which is the id of the folder {shorten(owner.name)} too"
    return InputError([Problem(CLIENT_FILE, "id", found, "an id of its own", "Change one of the two.")])


def _processors() -> int:
    """Return how many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
