"""One client of a batch: what to render, and what came of it. All of it can be sent to another process or machine."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gtmdiag.errors import GtmdiagError, InputError, KernelStartError, Problem
from gtmdiag.publish.engines import WARM
from gtmdiag.publish.failurelog import clear_log, write_log

if TYPE_CHECKING:
    from gtmdiag.publish.running import Progress

State = Literal["done", "unchanged", "failed", "left"]
ATTEMPTS = 3
"""How often a client is begun whose failure may be a passing one."""


@dataclass(frozen=True)
class Options:
    """What is the same for every client of a batch: formats, the day that counts as today, a wave, what runs notebooks.

    An empty wave is each client's last one.
    """

    formats: tuple[str, ...]
    today: date
    wave: str = ""
    engine: str = WARM


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
    retried
        Why each earlier attempt failed, in a few words.
    """

    root: Path
    id: str
    why: str
    retried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came of one client.

    Attributes
    ----------
    root, id
        The client's folder and id, as in `Task`.
    state
        ``done``, ``unchanged`` (nothing was rendered), ``failed`` (what was there before is as it was) or ``left`` (not
        begun).
    reason
        Why, in one short line; may be empty.
    message, problems
        Of a failure: all of it in words, and every problem of the inputs where they are at fault.
    outputs, kept, warnings
        Of a report: see `gtmdiag.publish.render.Rendered`.
    seconds
        Time it took.
    retried
        Why each earlier attempt failed.
    passing
        Whether another attempt may go better: nothing of the client was at fault.
    trace, printed
        Of a failure, for the log: Python's traceback, and the end of what the processes at work printed.
    log
        Of a failure: where all of it is written down.
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
    retried: tuple[str, ...] = ()
    passing: bool = False
    trace: str = ""
    printed: str = ""
    log: Path | None = None


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
    return Outcome(
        task.root,
        task.id,
        "failed",
        _brief(message, problems),
        message,
        problems,
        seconds=seconds,
        retried=task.retried,
        passing=isinstance(error, KernelStartError),
        trace="".join(traceback.format_exception(error)),
    )


def logged(outcome: Outcome) -> Outcome:
    """Write a failure's log and return the outcome with its place."""
    log = write_log(
        outcome.root,
        {
            "Why it failed": "\n".join(map(str, outcome.problems)) or outcome.message,
            "Earlier attempts": "\n".join(outcome.retried),
            "What the processes printed": outcome.printed,
            "Where, for those who maintain gtmdiag": outcome.trace,
        },
    )
    return replace(outcome, log=log, trace="", printed="")


def left(task: Task, reason: str) -> Outcome:
    """Return that a client was not begun."""
    return Outcome(task.root, task.id, "left", reason)


def again(task: Task, outcome: Outcome) -> Task | None:
    """Return what to do once more after a failure that may be a passing one; None where that is no use."""
    if not outcome.passing or len(task.retried) + 1 >= ATTEMPTS:
        return None
    return replace(task, retried=(*task.retried, outcome.reason))


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

        made = render(
            task.root,
            wave=options.wave,
            formats=options.formats,
            today=options.today,
            engine=options.engine,
            progress=progress,
        )
    except Exception as error:  # noqa: BLE001
        return failed(task, error, time.perf_counter() - begun)
    clear_log(task.root)
    said = [f"edited {path.name} kept in {path.parent.name}/.history" for path in made.kept] or [task.why]
    if made.warnings:
        said.append("1 warning" if len(made.warnings) == 1 else f"{len(made.warnings)} warnings")
    if task.retried:
        said.append(f"begun {len(task.retried) + 1} times: {task.retried[-1]}")
    return Outcome(
        task.root,
        task.id,
        "done",
        "; ".join(said),
        outputs=made.outputs,
        kept=made.kept,
        warnings=made.warnings,
        seconds=time.perf_counter() - begun,
        retried=task.retried,
    )


def _brief(message: str, problems: tuple[Problem, ...]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"] or list(problems)
    if not errors:
        return message.partition("\n")[0]
    first = errors[0]
    where = f"{first.file}, {first.place}" if first.place else first.file
    several = f"{len(errors)} problems; " if len(errors) > 1 else ""
    return f"{several}{where}: {first.found}"
