"""Every error the suite raises on purpose, and the form in which a problem of an input is told.

::

    GtmdiagError
    ├── InputError (ValueError)            what a user wrote cannot be used; carries every problem
    ├── MissingError (FileNotFoundError)   a file or folder that was named is not there
    ├── StorageError (OSError)             something cannot be written or read
    ├── UsageError (ValueError)            a command or function was called in a wrong way (exit status 2)
    ├── ClusterError (ConnectionError)     other machines cannot be reached, or cannot do what was asked
    └── RenderError (RuntimeError)         a report could not be made
        ├── CellError                      a cell of a notebook raised
        └── KernelStartError               a process for it did not start, which may go better the next time
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with one input, told so that a user can mend it.

    Attributes
    ----------
    file
        Path as the user knows it, relative to the engagement folder.
    place
        Where in the file: ``"line 4"``, ``"line 4, company.headcount"``, ``"column Amount"``; may be empty.
    found
        What stands there, shortened, as text.
    allowed
        What may stand there.
    remedy
        What to do about it.
    severity
        ``"error"`` stops the analysis of that input, ``"warning"`` does not.
    """

    file: str
    place: str
    found: str
    allowed: str
    remedy: str
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: found {self.found}; allowed: {self.allowed}. {self.remedy}"


class GtmdiagError(Exception):
    """Base of all errors that are meant for a user. ``str(error)`` is a plain message."""

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """Give IPython the message instead of a traceback."""
        return str(self).splitlines()


class InputError(GtmdiagError, ValueError):
    """What a user wrote cannot be used. ``problems`` holds all that was found, not the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        # As it was called, so that it can be sent to another process.
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class MissingError(GtmdiagError, FileNotFoundError):
    """A file or folder that was named is not there."""


class StorageError(GtmdiagError, OSError):
    """Something cannot be written or read: no permission, no space, a broken disk."""


class UsageError(GtmdiagError, ValueError):
    """A command or function was called in a wrong way."""

    exit_code = 2


class ClusterError(GtmdiagError, ConnectionError):
    """Other machines cannot be reached, or cannot do what this one would."""


class RenderError(GtmdiagError, RuntimeError):
    """A report could not be made."""


class CellError(RenderError):
    """A cell of a notebook raised. The notebook is kept for looking."""


class KernelStartError(RenderError):
    """A process that a report needs did not start. Nothing of the client's was at fault; another attempt may do."""


def has_error(problems: Iterable[Problem]) -> bool:
    """Tell whether one of the problems is an error."""
    return any(problem.severity == "error" for problem in problems)


def reason(error: OSError) -> str:
    """Return why the system refused something, in words that can follow a colon, without a full stop."""
    return error.strerror.lower() if error.strerror else str(error).rstrip(".")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``"Did you mean 'x'?"`` for the nearest known word, or an empty string."""
    near = difflib.get_close_matches(word.casefold(), list(known), n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else ""


def shorten(value: object, width: int = 60) -> str:
    """Return ``value`` on one line of at most ``width`` characters, quoted when it is text."""
    text = repr(value) if isinstance(value, str) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"
