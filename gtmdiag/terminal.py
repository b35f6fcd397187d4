"""What the command line prints: plain text at any width, JSON for programs, progress for people."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gtmdiag.errors import GtmdiagError, InputError, Problem

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

WIDTH = 80
"""Columns within which everything is readable."""


def say(text: str, *, error: bool = False) -> None:
    """Print a line. Control characters, which could steer a terminal, are shown as a mark."""
    shown = printable(text)
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(shown.encode(encoding, "replace").decode(encoding) + "\n")


def printable(text: str) -> str:
    """Return text with a mark in the place of each character, new lines apart, that is not for the eye."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)


def cut_to(text: str, width: int) -> str:
    """Return printable text in at most ``width`` characters, with an ellipsis where some are left out."""
    shown = printable(text)
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def wrapped(text: str, first: str = "", then: str = "  ") -> list[str]:
    """Return printable text in lines of at most 80 characters; ``first`` begins the first, ``then`` each other one."""
    return textwrap.wrap(printable(text), WIDTH, initial_indent=first, subsequent_indent=then)


def say_json(what: str, **fields: Any) -> None:
    """Print ``{"schema": "gtmdiag.<what>/1", …}`` on one line, at once; dataclasses become objects."""
    text = json.dumps({"schema": f"gtmdiag.{what}/1", **fields}, default=_plain, ensure_ascii=True)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say_problems(problems: Sequence[Problem], *, error: bool = False) -> None:
    """Print problems file by file, and how many there are."""
    if not problems:
        say("No problems found.")
        return
    file = ""
    for problem in problems:
        if problem.file != file:
            file = problem.file
            say(f"\n{file}", error=error)
        say(f"  {problem.severity}: {problem.place or 'the file'}", error=error)
        say(f"    found:   {problem.found}", error=error)
        say(f"    allowed: {problem.allowed}", error=error)
        if problem.remedy:
            say(f"    do:      {problem.remedy}", error=error)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    say(f"\n{_number(errors, 'error')}, {_number(warnings, 'warning')}.", error=error)


def say_error(error: GtmdiagError, *, as_json: bool) -> None:
    """Print an error that ends a command, as JSON on standard output or in words on standard error."""
    problems = error.problems if isinstance(error, InputError) else ()
    if as_json:
        say_json("error", error=type(error).__name__, message=str(error), problems=problems)
    elif problems:
        say_problems(problems, error=True)
    else:
        say(str(error), error=True)


class Steps:
    """A progress bar on standard error while a command works; silent where nobody watches."""

    def __init__(self, *, silent: bool) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._silent = silent or not sys.stderr.isatty()

    def __enter__(self) -> Steps:
        if not self._silent:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}", markup=False), BarColumn(24), TimeElapsedColumn())
            self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._progress.start()
            self._task = self._progress.add_task("", total=None)
        return self

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show what is being done, and how much of it is done where ``total`` is known."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, description=what, completed=done, total=total or None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()


def _number(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return str(value)
