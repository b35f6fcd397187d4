"""What a bound on memory explains: where it is too low for anything, and failures that come of it."""

from __future__ import annotations

import signal
from dataclasses import replace

from gtmdiag.errors import UsageError
from gtmdiag.publish.task import Outcome

LEAST = 1_500
"""MiB that a process addresses when it has loaded what every report needs, and done nothing yet."""
ENOUGH = 4_000
_CERTAIN = ("not enough memory", "MemoryError", "Memory allocation", "Cannot allocate memory")
# What dies of it without a word, or tells something else since even telling takes memory. Signal 9 is none of these: so
# the system ends a process when the whole machine has no memory left.
_POSSIBLE = (
    *(f"(signal {number})" for number in (signal.SIGABRT, signal.SIGSEGV)),
    "Its process ended before",
    "DeadKernelError",
    "KernelStartError",
    "CellExecutionError",
)


def require_memory(bound: int) -> None:
    """Refuse a bound within which nothing can be rendered; 0 is none.

    Raises
    ------
    UsageError
        It is too low.
    """
    if 0 < bound < LEAST:
        raise UsageError(
            f"No report can be made with --memory {bound}: loading what it needs alone takes {LEAST} MiB.\n"
            f"Allow at least {ENOUGH}, or leave --memory out."
        )


def explain(outcome: Outcome, bound: int) -> Outcome:
    """Say first of a failure that comes, or may come, of a bound on memory that it does, and what to do."""
    told = f"{outcome.message}\n{outcome.printed}\n{outcome.trace}"
    certain = any(sign in told for sign in _CERTAIN)
    if not bound or not (certain or any(sign in told for sign in _POSSIBLE)):
        return outcome
    reason = f"{'It ran' if certain else 'It may have run'} out of memory: --memory allows {bound} MiB a process."
    remedy = f"Allow {ENOUGH} at least, more for larger inputs, or leave --memory out."
    if bound >= ENOUGH:
        remedy = "If its inputs are that large, allow more, or leave --memory out."
    return replace(outcome, reason=reason, message=f"{reason} {remedy}\n{outcome.message}")
