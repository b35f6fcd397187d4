"""Whether a worker of a cluster would make the same bytes as this machine, in the same folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from gtmdiag import __version__
from gtmdiag.errors import GtmdiagError, reason, shorten
from gtmdiag.publish.marks import mark
from gtmdiag.publish.skip import this_suite

Answer = tuple[Mapping[str, str], str | OSError]
"""What a worker would render with, and the name of the mark that it left in the folder, or why it could leave none."""

_FILES = {"package": "other files of gtmdiag", "templates": "other templates"}


def describe() -> dict[str, str]:
    """Return what changes an output's bytes: files and versions of gtmdiag, versions of packages, kind of system."""
    suite = this_suite()
    return {**suite.hashes, **suite.versions, "system": os.name}


def look(marks: Path) -> Answer:
    """Return a worker's answer; called there."""
    suite = describe()
    try:
        return suite, mark(marks, os.getpid())
    except OSError as error:
        return suite, error


def no_answer(told: Answer | Exception) -> bool:
    """Tell whether the worker was lost before it answered."""
    return isinstance(told, OSError) and not isinstance(told, GtmdiagError)


def why_unfit(told: Answer | Exception, ours: Mapping[str, str], there: Path, here: Path) -> str:
    """Return in a few words why a worker does not fit; nothing where it does.

    Parameters
    ----------
    told
        Its answer, or what went wrong when it was asked.
    ours
        What this machine would render with.
    there, here
        The folder of marks, as the worker sees it and as this machine does.
    """
    if isinstance(told, Exception):
        return f"does not have gtmdiag {__version__} ({shorten(str(told), 120)})"
    theirs, name = told
    if isinstance(name, FileNotFoundError):
        return f"does not see {there.parent}"
    if isinstance(name, OSError):
        return f"cannot write in {there.parent}: {reason(name)}"
    if not (here / name).exists():
        return f"sees another folder at {there.parent}"
    differing = [one for one in sorted({*theirs, *ours}) if theirs.get(one) != ours.get(one)]
    files = [_FILES[one] for one in differing if one in _FILES]
    rest = [one for one in differing if one not in _FILES]
    return "; ".join([*files, *(f"{one} {theirs.get(one, 'none')} instead of {ours.get(one, 'none')}" for one in rest)])
