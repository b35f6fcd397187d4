"""The published rule on deal age: an average above twice the median, which skewed ages also pass by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gtmdiag.trail import Sentence, Trail

TIMES = 2.0
FEWEST = 5
"""Open deals of a stage from which on their ages are judged (suite method)."""

_DRAWS = 4000
_MOST = 2000
"""Deals of a draw; with more of them the average and the median hardly move."""


@dataclass(frozen=True)
class StageAge:
    """Ages of the open deals of one stage.

    Attributes
    ----------
    mean, median
        Days since entry.
    spread
        Standard deviation of the logarithm of age + ½ day.
    expected
        Probability, from 0 to 1, that an average above twice the median comes from this spread alone.
    """

    stage: str
    open: int
    mean: float
    median: float
    spread: float
    expected: float

    @property
    def times(self) -> float:
        """The average in medians."""
        return self.mean / self.median if self.median else 0.0

    @property
    def fires(self) -> bool:
        """Whether the published rule fires."""
        return self.mean > TIMES * self.median


def stage_ages(cells: pd.DataFrame, rng: np.random.Generator) -> tuple[StageAge, ...]:
    """Return the ages of open deals by stage, in the order of the cells; stages with fewer than five are left out.

    Parameters
    ----------
    cells
        The funnel's cells: columns stage, outcome, day (-1 where not known) and n are used.
    rng
        For the draws of ages with the same spread: lognormal, as many as there are open deals (suite method; the rule
        itself: OE).
    """
    waiting = cells[(cells["outcome"] == "open") & (cells["day"] >= 0) & (cells["stage"] != "")]
    found: list[StageAge] = []
    for stage, rows in waiting.groupby("stage", sort=False):
        ages = np.repeat(rows["day"].to_numpy(dtype=np.float64), rows["n"].to_numpy(dtype=np.int64))
        if len(ages) >= FEWEST:
            spread = float(np.log(ages + 0.5).std(ddof=1))
            expected = _by_itself(spread, len(ages), rng)
            found.append(StageAge(str(stage), len(ages), float(ages.mean()), float(np.median(ages)), spread, expected))
    return tuple(found)


def age_sentences(ages: tuple[StageAge, ...]) -> Iterator[Sentence]:
    """Yield the stages in which the rule fires, each with how often it would do so by itself."""
    for one in ages:
        if one.fires:
            yield Sentence(
                f"{one.stage}: open deals are {one.mean:.0f} days old on average, {one.times:.1f} times the median. At "
                f"this spread an average above twice the median comes by itself in {one.expected:.0%} of cases.",
                Trail("average age above twice the median, with its rate at this spread", "OE", (one.stage,), one.open),
            )


def _by_itself(spread: float, n: int, rng: np.random.Generator) -> float:
    size = min(n, _MOST)
    passed = 0
    per_draw = max(1_000_000 // size, 1)
    left = _DRAWS
    while left:
        draws = min(left, per_draw)
        ages: NDArray[np.float64] = np.exp(spread * rng.standard_normal((draws, size)))
        passed += int((ages.mean(axis=1) > TIMES * np.median(ages, axis=1)).sum())
        left -= draws
    return passed / _DRAWS
