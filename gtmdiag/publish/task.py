"""One client of a batch: what to render, and what came of it. Both can be sent to another process or machine."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gtmdiag.errors import GtmdiagError, InputError, Problem

if TYPE_CHECKING:
    from gtmdiag.publish.running import Progress

State = Literal["done", "unchanged", "failed"]


@dataclass(frozen=True)
class Options:
    """What is the same for every client of a batch: formats, and the day that counts as today."""

    formats: tuple[str, ...]
    today: date


@dataclass(frozen=True)
class Task:
    """One client to render.

    Attributes
    ----------
    root
        The client's folder.
    id
        The client's id; empty where client.yaml does not tell one.
    why
        Why the report must be rendered, in a few words.
    """

    root: Path
    id: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """What came of one client.

    Attributes
    ----------
    root, id
        The client's folder and id, as in `Task`.
    state
        ``done``, ``unchanged`` (nothing was rendered) or ``failed`` (what was there before is as it was).
    reason
        Why, in one short line; may be empty.
    message, problems
        Of a failure: all of it in words, and every problem of the inputs where they are at fault.
    outputs, kept, warnings
        Of a report: see `gtmdiag.publish.render.Rendered`.
    seconds
        Time it took.
    """

    root: Path
    id: str
    state: State
    reason: str
    message: str = ""
    problems: tuple[Problem, ...] = ()
    outputs: tuple[Path, ...] = ()
    kept: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()
    seconds: float = 0.0


def failed(task: Task, error: Exception, seconds: float = 0.0) -> Outcome:
    """Return a failure: briefly by its first problem, and in full."""
    problems = error.problems if isinstance(error, InputError) else ()
    message = str(error)
    if isinstance(error, MemoryError):
        message = "There was not enough memory."
    elif not isinstance(error, GtmdiagError):
        message = (
            f"This is a fault in gtmdiag itself ({type(error).__name__}: {error}).\n"
            f"Run 'gtmdiag render {task.root} --debug' and report what it prints, without client data."
        )
    return Outcome(task.root, task.id, "failed", _brief(message, problems), message, problems, seconds=seconds)


def render_one(task: Task, options: Options, progress: Progress) -> Outcome:
    """Render one client. Whatever goes wrong is an outcome too, so that it harms no other client.

    Parameters
    ----------
    task, options
        What to render. The report is the same as that of `gtmdiag.publish.render.render`.
    progress
        Told of each step.
    """
    begun = time.perf_counter()
    try:
        progress("Starting", 0, 0)
        # Loading takes longer than telling that there is nothing to render.
        from gtmdiag.publish.render import render

        made = render(task.root, formats=options.formats, today=options.today, progress=progress)
    except Exception as error:  # noqa: BLE001
        return failed(task, error, time.perf_counter() - begun)
    said = [f"edited {path.name} kept in {path.parent.name}/.history" for path in made.kept] or [task.why]
    if made.warnings:
        said.append("1 warning" if len(made.warnings) == 1 else f"{len(made.warnings)} warnings")
    return Outcome(
        task.root,
        task.id,
        "done",
        "; ".join(said),
        outputs=made.outputs,
        kept=made.kept,
        warnings=made.warnings,
        seconds=time.perf_counter() - begun,
    )


def _brief(message: str, problems: tuple[Problem, ...]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"] or list(problems)
    if not errors:
        return message.partition("\n")[0]
    first = errors[0]
    where = f"{first.file}, {first.place}" if first.place else first.file
    several = f"{len(errors)} problems; " if len(errors) > 1 else ""
    return f"{several}{where}: {first.found}"
