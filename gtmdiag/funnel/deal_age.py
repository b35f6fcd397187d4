"""The published rule on deal age: an average above twice the median, which skewed ages also pass by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gtmdiag.funnel.estimates.period import Stays
from gtmdiag.funnel.estimates.table import IntArray
from gtmdiag.funnel.weeks import day_number
from gtmdiag.trail import Sentence, Trail

TIMES: Final = 2.0
FEWEST: Final = 5
"""Open deals of a stage from which on their ages are judged (suite method)."""

_DRAWS: Final = 4000
_MOST: Final = 2000
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


def open_ages(stays: Stays, day: date) -> IntArray:
    """Return the days since entry of every deal that is in a stage at the end of a day."""
    at = day_number(day)
    there = (stays.entered <= at) & ((stays.cause < 0) | (stays.entered + stays.lasted > at))
    return np.repeat(at - stays.entered[there], stays.n[there])


def stage_ages(
    stages: Sequence[str], stays: Sequence[Stays], rng: np.random.Generator, *, as_of: date
) -> tuple[StageAge, ...]:
    """Return the ages of open deals by stage; stages with fewer than five of them are left out.

    Parameters
    ----------
    stages, stays
        Names of the stages, and the stays in each.
    rng
        For the draws of ages with the same spread: lognormal, as many as there are open deals (suite method; the rule
        itself: OE).
    as_of
        Last day that is used.
    """
    found: list[StageAge] = []
    for stage, part in zip(stages, stays, strict=True):
        ages = open_ages(part, as_of)
        if len(ages) >= FEWEST:
            spread = float(np.log(ages + 0.5).std(ddof=1))
            expected = _at_spread(spread, len(ages), rng)
            found.append(StageAge(stage, len(ages), float(ages.mean()), float(np.median(ages)), spread, expected))
    return tuple(found)


def age_sentences(ages: Sequence[StageAge]) -> Iterator[Sentence]:
    """Yield how often the rule would fire by itself at the spread of each stage, and the stages in which it fires."""
    rule = "average age above twice the median, with its rate at this spread"
    if ages:
        most = max(ages, key=lambda one: one.expected)
        yield Sentence(
            "A few old deals lift an average: at the spread of these ages it passes twice the median by itself in "
            f"{by_itself(ages):.0%} of cases in some stage, most often in {most.stage} ({most.expected:.0%}).",
            Trail(rule, "suite", ("crm, open deals by stage",), sum(one.open for one in ages)),
        )
    for one in ages:
        if one.fires:
            times = f"{one.times:.1f} times the median" if one.median else "with a median of 0"
            yield Sentence(
                f"{one.stage}: open deals are {one.mean:.0f} days old on average, {times}.",
                Trail(rule, "OE", (f"crm, stage {one.stage}",), one.open),
            )


def by_itself(ages: Sequence[StageAge]) -> float:
    """Return the probability that the rule fires in any of the stages by their spread alone."""
    return 1 - prod(1 - one.expected for one in ages)


def _at_spread(spread: float, n: int, rng: np.random.Generator) -> float:
    size = min(n, _MOST)
    passed = 0
    per_draw = max(1_000_000 // size, 1)
    left = _DRAWS
    while left:
        draws = min(left, per_draw)
        ages: NDArray[np.float64] = np.exp(spread * rng.standard_normal((draws, size)))
        passed += int(_above_medians(ages, ages.mean(axis=1) / TIMES).sum())
        left -= draws
    return passed / _DRAWS


def _above_medians(ages: NDArray[np.float64], limits: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell of each row whether its limit is above its median: counting those below is faster than ordering them."""
    below = (ages < limits[:, np.newaxis]).sum(axis=1)
    middle = ages.shape[1] / 2
    above = below > middle
    # Where the limit parts the row into halves, it may lie between the two ages whose mean the median is.
    halved = below == middle
    above[halved] = limits[halved] > np.median(ages[halved], axis=1)
    return above
