"""How long deals stay in a stage: Kaplan–Meier, in which open deals count for as long as they have stayed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from gtmdiag.funnel.estimates.exits import Exits
from gtmdiag.funnel.estimates.incidence import Incidence, incidence_at_risk
from gtmdiag.funnel.estimates.intervals import Share, effective_numbers, normal_quantile, wilson_bounds
from gtmdiag.funnel.estimates.table import FloatArray, IntArray

_LEFT = "left"


@dataclass(frozen=True)
class Quantile:
    """The day by the end of which a share of the deals has left.

    Attributes
    ----------
    share
        Between 0 and 1; 0.5 for the median.
    day
        Whole days since entry; None where so many have not left within the time watched.
    low, high
        Its interval; None where that end is not reached.
    """

    share: float
    day: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class RestrictedMean:
    """Mean days in the stage, counting no more than ``horizon_days`` of any stay.

    ``days`` with its interval ``low`` to ``high`` (normal), all from 0 to the horizon. No interval (None) where the
    stays do not differ, so that they tell nothing of their spread.
    """

    days: float
    low: float | None
    high: float | None
    horizon_days: int


@dataclass(frozen=True)
class Beyond:
    """Deals older than a limit.

    Attributes
    ----------
    days
        The limit; older means that more whole days have passed.
    open
        Open deals older than it.
    of_open
        Open deals of known age.
    expected
        Share of all stays that last longer, by Kaplan–Meier.
    """

    days: int
    open: int
    of_open: int
    expected: Share


@dataclass(frozen=True, eq=False)
class Survival:
    """Time in a stage until any exit.

    Attributes
    ----------
    n
        Stays that it rests on.
    days
        Shape (T,): whole days since entry, ascending.
    still_open
        Shape (T,): share still in the stage at the end of that day.
    variance
        Shape (T,): of that share (Greenwood).
    curve
        The same as a cumulative incidence with one cause.
    """

    n: int
    days: IntArray
    still_open: FloatArray
    variance: FloatArray
    curve: Incidence

    def quantiles(self, shares: Sequence[float], *, level: float = 0.95) -> tuple[Quantile, ...]:
        """Return the days by which each of ``shares`` (between 0 and 1) has left.

        An interval holds the days at which a test would not reject that this share has left: those where Wilson's
        interval of the share still open, at effective n, contains the rest (Brookmeyer and Crowley 1982).
        """
        least, most = wilson_bounds(self.still_open, effective_numbers(self.still_open, self.variance, self.n), level)
        found: list[Quantile] = []
        for share in shares:
            rest = 1 - share
            # Products of shares miss the rest by some rounding where they should meet it.
            day = self._first(self.still_open <= rest + 1e-12)
            found.append(Quantile(share, day, self._first(least <= rest), self._first(most <= rest)))
        return tuple(found)

    def _first(self, holds: NDArray[np.bool_]) -> int | None:
        return int(self.days[holds.argmax()]) if holds.any() else None

    def restricted_mean(self, horizon: int, *, level: float = 0.95) -> RestrictedMean | None:
        """Return the mean stay, cut at ``horizon`` days or where the time watched ends; None where nobody entered.

        The share still open is known at whole days; between them it is taken as straight (trapezoid rule), which makes
        good that whole days are rounded down. Its variance is Greenwood's: Σ (area right of k)² d_k/(n_k(n_k−d_k)).
        """
        if self.n == 0:
            return None
        _, horizon = self.curve.place(horizon)
        places = np.searchsorted(self.days, np.arange(horizon), side="right")
        height = np.concatenate([[1.0], self.still_open])[places]
        mean = float(np.trapezoid(np.concatenate([[1.0], height])))
        weight = height.copy()
        weight[-1:] /= 2
        right = np.concatenate([np.cumsum(weight[::-1])[::-1], [0.0]])[np.minimum(self.days, horizon)]
        half = normal_quantile(level) * sqrt(float((right**2 * _hazard_variance(self.curve)).sum()))
        if half == 0:
            return RestrictedMean(mean, None, None, horizon)
        return RestrictedMean(mean, max(mean - half, 0.0), min(mean + half, float(horizon)), horizon)

    def beyond(self, exits: Exits, days: int, *, level: float = 0.95) -> Beyond | None:
        """Return how many open deals are older than ``days``, beside the share expected; None where nobody entered.

        The published convention is twice the median; a stage's own 90th percentile marks stalled deals better, since
        a quarter of quite normal deals lasts longer than twice the median where stays are exponential.
        """
        left = self.curve.at(_LEFT, days, level=level)
        if left is None:
            return None
        expected = Share(
            left.open_share,
            1 - left.high,
            1 - left.low,
            left.variance,
            left.n,
            left.effective_n,
            left.horizon_days,
            left.open_share,
        )
        return Beyond(days, int(exits.open[exits.days > days].sum()), int(exits.open.sum()), expected)


def survival(exits: Exits) -> Survival:
    """Estimate the time in a stage until any exit (Kaplan and Meier, J. Amer. Statist. Assoc. 53 (1958) 457–481).

    S_k = Π (1 − d_k/n_k); on a tied day exits come before censorings.
    """
    left = exits.left.sum(axis=0, keepdims=True)
    curve = incidence_at_risk((_LEFT,), exits.days, left, exits.at_risk, exits.entered)
    variance = curve.still_open**2 * np.cumsum(_hazard_variance(curve))
    return Survival(curve.n, curve.days, curve.still_open, variance, curve)


def _hazard_variance(curve: Incidence) -> FloatArray:
    """Return d/(n(n−d)) a day, 0 where everyone left: beyond that day the share still open is 0 for certain."""
    left = curve.left.sum(axis=0)
    rest = curve.at_risk - left
    return np.where(rest > 0, left / (curve.at_risk * np.maximum(rest, 1)), 0.0)
