"""Which results files there are: each client's of its last wave, as text, with every problem of every client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gtmdiag.engagement.clients import find_clients
from gtmdiag.engagement.folder import last_wave
from gtmdiag.engagement.reports import RESULTS, report_folder
from gtmdiag.engagement.stale import is_stale
from gtmdiag.errors import GtmdiagError, Problem

MOST_BYTES = 64_000_000
_NOT_RENDERED = "no results of the last wave"
_STALE = "results that rest on answers which were withdrawn"


@dataclass(frozen=True)
class Source:
    """The results file of one client: its folder, its name for messages, and its text."""

    root: Path
    shown_as: str
    text: str


@dataclass(frozen=True)
class Refused:
    """A client that cannot be taken in: its folder, why in a few words that name nobody, and the problem in full."""

    root: Path
    why: str
    problem: Problem


@dataclass(frozen=True)
class Sources:
    """The results files of all clients, by folder, and the clients without one that can be read."""

    read: tuple[Source, ...]
    refused: tuple[Refused, ...]


def read_sources(root: Path) -> Sources:
    """Return the results file of the last wave of every client under a folder.

    Raises
    ------
    MissingError, StorageError, UsageError
        As `gtmdiag.engagement.clients.find_clients`.
    """
    clients, _ = find_clients(root)
    found = [_read(client) for client in clients]
    read = tuple(one for one in found if isinstance(one, Source))
    return Sources(read, tuple(one for one in found if isinstance(one, Refused)))


def refused(root: Path, file: str, why: str, found: str, remedy: str) -> Refused:
    """Return a client that cannot be taken in, with the problem of its results file."""
    return Refused(root, why, Problem(f"{root.name}/{file}", "", found, "what gtmdiag render writes", remedy))


def render_again(root: Path) -> str:
    """Return what to do about results that cannot be used."""
    return f"Run 'gtmdiag render {root}' first."


def problems_of(refusals: Sequence[Refused]) -> tuple[Problem, ...]:
    """Return the problems, by folder."""
    return tuple(one.problem for one in sorted(refusals, key=lambda one: one.root))


def _read(root: Path) -> Source | Refused:
    shown_as = "reports"
    try:
        wave = last_wave(root)
        path = report_folder(root, wave) / RESULTS
        shown_as = path.relative_to(root).as_posix()
        if is_stale(root, path.parent.name):
            return refused(root, shown_as, _STALE, _STALE, render_again(root))
        if not path.is_file():
            return refused(root, shown_as, _NOT_RENDERED, "no such file", render_again(root))
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            found = f"a link, or more than {MOST_BYTES:,} bytes"
            return refused(root, shown_as, "results that cannot be read", found, render_again(root))
        return Source(root, shown_as, path.read_text(encoding="utf-8"))
    except GtmdiagError as error:
        return refused(root, shown_as, "results that cannot be read", str(error), render_again(root))
    except (OSError, UnicodeDecodeError) as error:
        found = "text that is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror).lower()
        return refused(root, shown_as, "results that cannot be read", found, render_again(root))
