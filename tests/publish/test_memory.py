"""A failure for want of memory says so, however it shows, and no other does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gtmdiag.errors import CellError, InputError, KernelStartError, Problem, RenderError
from gtmdiag.publish.memory import explain
from gtmdiag.publish.task import Task, failed

TASK = Task(Path("acme"), "acme", "forced")
KILLED = RenderError("Its process was ended by the system (signal 11).")


@pytest.mark.parametrize(
    ("error", "printed", "said"),
    [
        (MemoryError(), "", "It ran out of memory: --memory allows 2500 MiB a process."),
        (CellError("cell 3 failed: not enough memory (MemoryError)"), "", "It ran out of memory"),
        (RenderError("Its process ended (exit status 1)."), "OpenBLAS error: Memory allocation failed", "It ran out"),
        (CellError("client_report.ipynb, cell 3 failed: CellExecutionError"), "", "It may have run out of memory"),
        (KernelStartError("The kernel did not start."), "", "It may have run out of memory"),
        (KILLED, "", "It may have run out of memory"),
    ],
)
def test_want_of_memory_that_tells_something_else(error: Exception, printed: str, said: str) -> None:
    outcome = failed(TASK, error)
    explained = explain(replace(outcome, printed=printed), 2500)
    assert explained.reason.startswith(said)
    first, *rest = explained.message.splitlines()
    assert "Allow 4000 at least" in first
    assert "\n".join(rest) == outcome.message


@pytest.mark.parametrize(
    ("error", "bound"),
    [
        (CellError("cell 1 failed: division by zero (ZeroDivisionError)"), 2500),
        (InputError([Problem("client.yaml", "", "a", "b", "c")]), 2500),
        (RenderError("It took longer than --timeout allows, 25 s, and was stopped."), 2500),
        (KILLED, 0),
        (RenderError("Its process was ended by the system (signal 9); the machine may have run out."), 2500),
    ],
)
def test_failure_that_is_put_down_to_memory_and_has_another_cause(error: Exception, bound: int) -> None:
    outcome = failed(TASK, error)
    assert explain(outcome, bound) == outcome
