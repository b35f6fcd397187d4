"""One check of the data: what was looked for, how much was found, and which results it weakens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from gtmdiag.errors import Problem

Unit = Literal["deals", "rows", "values"]

CONVERSION: Final = "conversion"
TIME: Final = "time in stage"
TREND: Final = "trend"
LEAKS: Final = "value of leaks"
FORECAST: Final = "forecast"
STALLED: Final = "stalled deals"
SEGMENTS: Final = "segments"

COMMON: Final = 0.05
"""Share above which a fault is serious that data usually have a little of (suite method)."""
RARE: Final = 0.01
"""The same for one that cannot be right (suite method)."""


@dataclass(frozen=True)
class Check:
    """One check of the data.

    Attributes
    ----------
    id, title
        What is looked for.
    n, of, unit
        How many of how many were found.
    value_share
        Share of the known value that they make, from 0 to 1; None where unknown or in several currencies.
    examples
        Ids of deals, at most five.
    weakens
        Results that suffer.
    serious
        Whether these results are to be read with care: above 5 % of the deals, above 1 % for what cannot be.
    remedy
        What to do.
    problem
        The same for the list of problems of the inputs; None where another one tells it.
    """

    id: str
    title: str
    n: int
    of: int
    unit: Unit
    value_share: float | None
    examples: tuple[str, ...]
    weakens: tuple[str, ...]
    serious: bool
    remedy: str
    problem: Problem | None = None

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where there is nothing to look at."""
        return self.n / self.of if self.of else 0.0
