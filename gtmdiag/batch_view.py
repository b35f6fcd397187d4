"""What ``gtmdiag batch`` shows: a bar a client and one for the whole while it works, and a table at the end."""

from __future__ import annotations

import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, get_args

from gtmdiag.errors import ClusterError
from gtmdiag.publish.batch import BatchPlan
from gtmdiag.publish.task import Outcome, State, Task
from gtmdiag.terminal import WIDTH, printable, say, say_json, say_problems

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_NAME = 24
_STATE = len("unchanged")
_SECONDS = len("99999 s")
_GAP = 2
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


class BatchView:
    """Follows a batch on standard error: bars where somebody watches, a line a client elsewhere."""

    def __init__(self, todo: BatchPlan) -> None:
        self._all, self._done = len(todo.tasks), 0
        self._progress: Progress | None = None
        self._bars: dict[Path, TaskID] = {}
        self._whole: TaskID | None = None

    def __enter__(self) -> BatchView:
        if self._all and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            name, what = (TextColumn(f"{{task.{field}}}", markup=False) for field in ("description", "fields[what]"))
            columns = (name, BarColumn(16), TimeElapsedColumn(), what)
            self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self._progress.start()
            self._whole = self._progress.add_task(_fitted("all clients"), total=self._all, what=f"0 of {self._all}")
        return self

    def step(self, task: Task, what: str, done: int, total: int) -> None:
        """Move a client's bar."""
        if self._progress is None:
            return
        if task.root not in self._bars:
            self._bars[task.root] = self._progress.add_task(_fitted(label(task.root, task.id)), total=None, what=what)
        # A step of unknown length leaves the bar where it is.
        completed = done if total else None
        self._progress.update(self._bars[task.root], completed=completed, total=total or None, what=what)

    def retried(self, task: Task) -> None:
        """Say on the client's bar, or on a line, that it is begun again."""
        told = f"begun again: {task.retried[-1]}"
        if self._progress is None:
            say(f"{label(task.root, task.id)} {told}", error=True)
        self.step(task, told, 0, 0)

    def noted(self, text: str) -> None:
        """Say it, above the bars where there are any."""
        if self._progress is None:
            say(text, error=True)
        else:
            self._progress.console.print(printable(text), markup=False, highlight=False)

    def finished(self, outcome: Outcome) -> None:
        """Take a client's bar away and move that of the whole; or print a line."""
        self._done += 1
        if self._progress is not None and self._whole is not None:
            if outcome.root in self._bars:
                self._progress.remove_task(self._bars.pop(outcome.root))
            self._progress.update(self._whole, completed=self._done, what=f"{self._done} of {self._all}")
        else:
            say(f"[{self._done}/{self._all}] {_line(outcome)}", error=True)
            sys.stderr.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
        if kind is KeyboardInterrupt or (kind is ClusterError and self._done):
            say(f"{self._done} of {self._all} clients were finished. Run it again to go on.", error=True)


class BatchLines:
    """Follows a batch on standard output for programs: a JSON object a line, ``event`` tells of what.

    ``begin``, then ``client`` for each client as its outcome is known, ``retry`` for each further attempt and ``note``
    for what is of no single client, then ``end``; a batch that is stopped ends with ``stopped``.
    """

    def __init__(self, root: Path, todo: BatchPlan) -> None:
        self._root, self._todo = root, todo
        self._begun = time.monotonic()
        self._states = Counter[str]()

    def __enter__(self) -> BatchLines:
        folders = [str(path) for path in self._todo.passed_over]
        _say_event("begin", root=self._root, to_render=len(self._todo.tasks), passed_over=folders)
        for outcome in self._todo.settled:
            self.finished(outcome)
        return self

    def step(self, task: Task, what: str, done: int, total: int) -> None:
        """Say nothing of single steps."""

    def retried(self, task: Task) -> None:
        """Print that a client is begun again, and why."""
        _say_event("retry", root=task.root, id=task.id, reason=task.retried[-1])

    def noted(self, text: str) -> None:
        """Print something that is of no single client."""
        _say_event("note", text=text)

    def finished(self, outcome: Outcome) -> None:
        """Print all that is known of a client."""
        self._states[outcome.state] += 1
        _say_event("client", **asdict(outcome))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        counted = {state: self._states[state] for state in get_args(State)}
        _say_event("stopped" if kind else "end", **counted, seconds=time.monotonic() - self._begun)


def _say_event(event: str, **fields: object) -> None:
    say_json("batch", event=event, at=datetime.now(tz=UTC).isoformat(timespec="seconds"), **fields)


def say_outcomes(outcomes: Sequence[Outcome], passed_over: Sequence[Path], seconds: float) -> None:
    """Print the table of all clients, how many there were of each state, and every failure in full."""
    for line in table(outcomes):
        say(line)
    states = Counter(outcome.state for outcome in outcomes)
    n = f"{len(outcomes):,} client" if len(outcomes) == 1 else f"{len(outcomes):,} clients"
    if states["unchanged"] == len(outcomes):
        say(f"\nNothing to do: {n}, unchanged since the last render.")
    else:
        always = ("done", "unchanged", "failed")
        counted = ", ".join(f"{states[state]:,} {state}" for state in (*always, *(["left"] if states["left"] else [])))
        say(f"\n{n} in {seconds:.1f} s: {counted}.")
    for path in passed_over:
        remedy = f"If it is a client's folder, run 'gtmdiag init {path}'."
        say(f"passed over: {label(path)} holds no client.yaml. {remedy}", error=True)
    for outcome in outcomes:
        for warning in outcome.warnings:
            say(f"warning: {label(outcome.root, outcome.id)}: {warning}", error=True)
    for outcome in outcomes:
        if outcome.state == "failed":
            say(f"\n{label(outcome.root, outcome.id)} failed:", error=True)
            if outcome.problems:
                say_problems(outcome.problems, error=True)
            else:
                say(outcome.message, error=True)
            if outcome.log is not None:
                say(f"Log: {outcome.log}", error=True)


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the table's lines, none wider than 80 columns, a client in one or two of them."""
    from rich.cells import cell_len

    labels = [label(outcome.root, outcome.id) for outcome in outcomes]
    name = min(_NAME, max(cell_len(text) for text in (*labels, "client")))
    reason = WIDTH - name - _STATE - _SECONDS - 3 * _GAP
    gap = " " * _GAP
    lines = [gap.join((_fitted("client", name), "state".ljust(_STATE), "time".rjust(_SECONDS), "reason"))]
    for text, outcome in zip(labels, outcomes, strict=True):
        first, *rest = _wrapped(outcome.reason, reason)
        seconds = f"{outcome.seconds:.{0 if outcome.seconds >= 100 else 1}f} s" if outcome.seconds else ""
        lines.append(gap.join((_fitted(text, name), outcome.state.ljust(_STATE), seconds.rjust(_SECONDS), first)))
        lines += [" " * (WIDTH - reason) + line for line in rest]
    return [line.rstrip() for line in lines]


def label(root: Path, client_id: str = "") -> str:
    """Return a name of a client that leaves the rest of its line alone.

    The folder's name, where it reads from left to right and nothing in it is invisible; else the id; else the name's
    characters by number.
    """
    name = root.name
    steady = name.isprintable() and not any(unicodedata.bidirectional(one) in _RIGHT_TO_LEFT for one in name)
    return name if steady else client_id or ascii(name)[1:-1]


def _line(outcome: Outcome) -> str:
    return f"{outcome.state:{_STATE}} {label(outcome.root, outcome.id)} ({outcome.seconds:.1f} s) {outcome.reason}"


def _fitted(text: str, width: int = _NAME) -> str:
    """Return text of exactly ``width`` columns; what does not fit ends in ``…``."""
    from rich.cells import cell_len, set_cell_size

    return set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…"


def _wrapped(text: str, width: int) -> list[str]:
    """Return text on one or two lines of at most ``width`` columns; what does not fit ends in ``…``."""
    from rich.console import Console
    from rich.text import Text

    shown = Text(printable(" ".join(text.split())))
    lines = [line.plain.rstrip() for line in shown.wrap(Console(width=width), width, overflow="fold")] or [""]
    return [lines[0]] if len(lines) == 1 else [lines[0], _fitted(" ".join(lines[1:]), width).rstrip()]
