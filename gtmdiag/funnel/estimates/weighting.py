"""Conversion by value: what share of the money that entered a stage goes on."""

from __future__ import annotations

import numpy as np

from gtmdiag.funnel.estimates.exits import Exits
from gtmdiag.funnel.estimates.incidence import incidence_at_risk
from gtmdiag.funnel.estimates.intervals import Share, effective_n, wilson
from gtmdiag.funnel.estimates.table import FloatArray


def value_conversion(exits: Exits, cause: str, horizon: int, *, level: float = 0.95) -> Share | None:
    """Estimate the share of value that leaves by ``cause`` within ``horizon`` days.

    Parameters
    ----------
    exits
        With amounts in one currency. Deals without an amount weigh nothing.
    cause
        One of its causes.
    horizon
        Whole days since entry, 0 or more.

    Returns
    -------
    Share or None
        None without amounts, without any value, or where negative amounts leave no positive value in the stage. ``n``
        counts all deals that entered; the effective n falls with the spread of the amounts.

    Notes
    -----
    Aalen–Johansen with each deal weighted by its amount. The variance is the infinitesimal jackknife's: Σ a²·U² over
    deals, U being the derivative of the share by the deal's weight. U depends on how and when a deal left alone, so
    Σ a² by cause and day is all that it takes. Deals are the independent units, not the money in them: intervals that
    forget it are far too narrow. Efron, J. Amer. Statist. Assoc. 76 (1981) 312–319. At a share of 0 or 1 the effective
    n is (Σ a)²/Σ a² (Kish).
    """
    amounts = exits.amounts
    row = exits.causes.index(cause)
    if amounts is None:
        return None
    ended = amounts.left.sum(axis=0) + amounts.open
    at_risk = np.cumsum(ended[::-1])[::-1]
    kept = slice(0, int(np.flatnonzero(ended)[-1]) + 1) if ended.any() else slice(0, 0)
    squares = float(amounts.left_squares.sum() + amounts.open_squares.sum())
    if not ended[kept].size or (at_risk[kept] <= 0).any() or (amounts.left < 0).any():
        return None
    left = amounts.left[:, kept]
    found = incidence_at_risk(exits.causes, exits.days[kept], left, at_risk[kept], exits.entered)
    place, reached = found.place(horizon)
    upto = slice(0, place + 1)
    share = float(found.share[row, place]) if place >= 0 else 0.0
    variance = _jackknife(exits, row, found.share[row, upto], found.still_open[upto], left[:, upto], at_risk[upto])
    worth = effective_n(share, variance, float(at_risk[0]) ** 2 / squares)
    low, high = wilson(share, worth, level)
    rest = float(found.still_open[place]) if place >= 0 else 1.0
    return Share(share, low, high, variance, exits.entered, worth, reached, rest)


def _jackknife(
    exits: Exits, row: int, share: FloatArray, still_open: FloatArray, left: FloatArray, at_risk: FloatArray
) -> float:
    if exits.amounts is None or not len(share):
        return 0.0
    upto, days = slice(0, len(share)), len(share)
    total = left.sum(axis=0)
    before = np.concatenate([[1.0], still_open[:-1]])
    stay = 1 - total / at_risk
    later = np.where(stay > 1e-15, (share[-1] - share) / np.where(stay > 1e-15, stay, 1), 0.0)
    # By staying at risk a deal lowers each day's hazards; by leaving it raises that of its own way on its last day.
    present = np.cumsum((before * left[row] - later * total) / at_risk**2)
    derivative = np.broadcast_to(-later / at_risk - present, left.shape).copy()
    derivative[row] += before / at_risk
    squares = float((exits.amounts.left_squares[:, upto] * derivative**2).sum())
    squares += float((exits.amounts.open_squares[upto] * present**2).sum())
    longer = float(exits.amounts.left_squares[:, days:].sum() + exits.amounts.open_squares[days:].sum())
    return squares + longer * float(present[-1]) ** 2
