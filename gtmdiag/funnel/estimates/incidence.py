"""What share of deals leaves a stage in each way: Aalen–Johansen, in which open deals count for what they show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gtmdiag.funnel.estimates.exits import Exits
from gtmdiag.funnel.estimates.intervals import Share, effective_n, wilson
from gtmdiag.funnel.estimates.table import FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Incidence:
    """Cumulative incidence of competing ways to leave a stage.

    Attributes
    ----------
    causes
        Names of the ways to leave.
    n
        Stays that it rests on, counted at entry.
    days
        Shape (T,): whole days since entry, ascending. The last one is the longest that anyone was watched, or the last
        before a day on which nobody was.
    at_risk
        Shape (T,): stays under observation on that day, before its exits.
    left
        Shape (causes, T): exits on that day.
    share
        Shape (causes, T): share that has left in this way by the end of that day.
    still_open
        Shape (T,): share that has not left. Shares and it add to 1.
    variance
        Shape (causes, T): of the shares.
    """

    causes: tuple[str, ...]
    n: int
    days: IntArray
    at_risk: IntArray | FloatArray
    left: IntArray | FloatArray
    share: FloatArray
    still_open: FloatArray
    variance: FloatArray

    def at(self, cause: str, horizon: int, *, level: float = 0.95) -> Share | None:
        """Return the share that leaves by ``cause`` within ``horizon`` days, with Wilson's interval at effective n.

        None where nobody entered. Raises ValueError for a cause that is not there or a negative horizon.
        """
        if cause not in self.causes:
            raise ValueError(f"{cause!r} is not a way to leave here; there are: {', '.join(self.causes)}")
        row = self.causes.index(cause)
        place, reached = self.place(horizon)
        if self.n == 0 or not len(self.days):
            return None
        estimate, variance, rest = (
            (float(self.share[row, place]), float(self.variance[row, place]), float(self.still_open[place]))
            if place >= 0
            else (0.0, 0.0, 1.0)
        )
        worth = effective_n(estimate, variance, self.n)
        low, high = wilson(estimate, worth, level)
        return Share(estimate, low, high, variance, self.n, worth, reached, rest)

    def place(self, horizon: int) -> tuple[int, int]:
        """Return the index of the last day within the horizon (-1 if none), and the horizon as far as it is known."""
        if horizon < 0:
            raise ValueError(f"a horizon is 0 days or more, not {horizon}")
        if len(self.days) and self.still_open[-1] > 0:
            horizon = min(horizon, int(self.days[-1]))
        return int(np.searchsorted(self.days, horizon, side="right")) - 1, horizon

    def covariance(self, horizon: int) -> FloatArray:
        """Return the covariance of the shares at the horizon, shape (causes, causes); its diagonal is the variance."""
        place, _ = self.place(horizon)
        upto = slice(0, place + 1)
        n, left = self.at_risk[upto], self.left[:, upto]
        before = _before(self.still_open[upto])
        total = left.sum(axis=0)
        ahead = self.share[:, [place]] - self.share[:, upto]
        own = before / n * left / n
        crossed = own @ ahead.T
        return (
            np.diag((before * own).sum(axis=1))
            - (own * n) @ own.T
            - crossed
            - crossed.T
            + (ahead * _remaining(total, n)) @ ahead.T
        )


def incidence(exits: Exits) -> Incidence:
    """Estimate the cumulative incidence of each way to leave a stage; see `incidence_at_risk` for the method."""
    return incidence_at_risk(exits.causes, exits.days, exits.left, exits.at_risk, exits.entered)


def incidence_at_risk(
    causes: tuple[str, ...],
    days: IntArray,
    left: IntArray | FloatArray,
    at_risk: IntArray | FloatArray,
    entered: int,
) -> Incidence:
    """Estimate cumulative incidences from exits and numbers at risk.

    Parameters
    ----------
    causes
        Names of the ways to leave.
    days
        Shape (T,): whole days since entry, ascending.
    left
        Shape (causes, T): exits, or the weight of those who left.
    at_risk
        Shape (T,): stays under observation on that day; from the first 0 on, nothing can be told.
    entered
        Stays that were seen to enter.

    Notes
    -----
    Of those at risk on day k the share h_jk leaves by cause j. S_k = Π (1 − Σ_j h_jk) is still open, and
    F_j(t) = Σ_{k≤t} S_{k−1} h_jk has left by j. The variance takes the exits of a day as one multinomial draw of those
    at risk and carries it to t by the delta method:
    Σ_{k≤t} (F_j(t)−F_jk)² d_k/(n_k(n_k−d_k)) + S²_{k−1} d_jk(n_k−d_jk)/n_k³ − 2(F_j(t)−F_jk) S_{k−1} d_jk/n_k².
    Sums over k are prefix sums, so all days together cost as much as one. With nobody censored it is F(1−F)/n.
    Aalen and Johansen, Scand. J. Statist. 5 (1978) 141–150; Marubini and Valsecchi, Analysing Survival Data (1995).
    """
    watched = len(days) if at_risk.all() else int(np.argmin(at_risk > 0))
    days, left, at_risk = days[:watched], left[:, :watched], at_risk[:watched]
    n = at_risk.astype(np.float64)
    total = left.sum(axis=0)
    stays: FloatArray = np.divide(n - total, n)
    still_open: FloatArray = stays.cumprod()
    before = _before(still_open)
    step = before * left / n
    share = np.minimum(np.cumsum(step, axis=1), 1.0)
    remaining = _remaining(total, n)
    own = step / n
    terms = np.stack([share**2 * remaining + own * before * (1 - left / n) + 2 * share * own, share * remaining + own])
    constant, linear = np.cumsum(terms, axis=2)
    variance = share**2 * np.cumsum(remaining) - 2 * share * linear + constant
    return Incidence(causes, entered, days, at_risk, left, share, still_open, np.maximum(variance, 0.0))


def _before(still_open: FloatArray) -> FloatArray:
    return np.concatenate([[1.0], still_open[:-1]])


def _remaining(total: IntArray | FloatArray, n: IntArray | FloatArray) -> FloatArray:
    """Return d/(n(n−d)); 0 where everyone left, for then nobody is left who could add to the variance."""
    rest = n - total
    return np.where(rest > 0, total / (n * np.where(rest > 0, rest, 1)), 0.0)
