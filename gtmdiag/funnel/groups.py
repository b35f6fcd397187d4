"""Groups of deals in one stage, made comparable: enough deals each, followed for the same number of days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from gtmdiag.funnel.estimates.exits import Exits
from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.estimates.segments import Heterogeneity, heterogeneity
from gtmdiag.funnel.estimates.table import ADVANCED, FloatArray
from gtmdiag.funnel.limits import MINIMUM_DEALS

GROUP_FOLLOWED: Final = 10
"""Deals of each group that must have been followed to the horizon at which groups are compared (suite method)."""

State = Literal["told", "few", "young"]


@dataclass(frozen=True, eq=False)
class Compared:
    """Conversions of G groups at one horizon.

    Attributes
    ----------
    horizon_days
        The longest age, up to that of the stage, to which enough deals of every group that is told were followed.
    states
        ``told``; ``few``: less than 30 deals entered; ``young``: not followed half as long as the stage's horizon.
    shares
        Raw conversions; None unless told.
    test
        Whether those told may all be the same; None with fewer than two.
    """

    horizon_days: int
    states: tuple[State, ...]
    shares: tuple[Share | None, ...]
    test: Heterogeneity | None

    def told(self, *, among: int | None = None) -> tuple[list[int], FloatArray, FloatArray]:
        """Return the places of groups told (of the first ``among``), their shares and effective numbers."""
        known = [(place, share) for place, share in enumerate(self.shares[:among]) if share is not None]
        estimates = np.array([share.estimate for _, share in known])
        return [place for place, _ in known], estimates, np.array([share.effective_n for _, share in known])


def compare(groups: Sequence[Exits], horizon: int) -> Compared:
    """Estimate the conversion of each group at one horizon, and test whether they differ.

    Parameters
    ----------
    groups
        Exits from the same stage, of deals that are in one group each.
    horizon
        That of the stage, in days; 0 where it has none.
    """
    followed = [
        one.longest_horizon(GROUP_FOLLOWED, horizon) if one.entered >= MINIMUM_DEALS and horizon else 0
        for one in groups
    ]
    common = min((days for days in followed if days and 2 * days >= horizon), default=0)
    states = tuple[State, ...](
        "few" if one.entered < MINIMUM_DEALS else "told" if common and days >= common else "young"
        for one, days in zip(groups, followed, strict=True)
    )
    shares = tuple(
        incidence(one).at(ADVANCED, common) if state == "told" else None
        for one, state in zip(groups, states, strict=True)
    )
    found = Compared(common, states, shares, None)
    _, estimates, n = found.told()
    return Compared(common, states, shares, heterogeneity(estimates, n))
