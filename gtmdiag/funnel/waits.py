"""How long deals wait at a handoff until the taking team answers: Kaplan–Meier in hours in which people work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from gtmdiag.engagement.hours import BusinessHours
from gtmdiag.funnel.business_hours import business_seconds
from gtmdiag.funnel.estimates.exits import Exits
from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.estimates.survival import Quantile, survival
from gtmdiag.funnel.estimates.table import IntArray
from gtmdiag.funnel.limits import FOLLOWED, MINIMUM_DEALS
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.reduction.deals import LOST, OPEN, WON, Deals
from gtmdiag.funnel.reduction.stays import with_exits

TAKEN: Final = 0
TURNED_DOWN: Final = 1
WAITING: Final = 2

Clock = Literal["business hours", "hours", "days"]
"""How waiting is counted: in business hours; by the clock; or, where the export has no times of day, in whole days."""

_HOUR: Final = 3_600
_DAY: Final = 86_400
_ANSWERED: Final = "answered"


@dataclass(frozen=True, eq=False)
class Waits:
    """Deals that one team handed over, each with its first stay in the stage where it waits.

    Attributes
    ----------
    entered, left
        Shape (n,), int64: seconds since 1970-01-01 00:00 by the client's clocks, or ``MISSING``; ``left`` too where
        the deal is still there.
    ended
        Shape (n,), int8: 0 taken up (it advanced or was won), 1 turned down (lost), 2 still waiting.
    until
        The last second that is used, up to which a deal still waits.
    """

    entered: IntArray
    left: IntArray
    ended: NDArray[np.int8]
    until: int


@dataclass(frozen=True)
class WaitQuantile:
    """Hours by which ``share`` of the deals had an answer, with its interval; None where that is not reached."""

    share: float
    hours: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False)
class Stays:
    """Waits of known length, counted in seconds of ``clock``.

    Attributes
    ----------
    exits
        By length; its ``days`` are seconds, and its one cause is an answer of either kind.
    clock
        How they are counted.
    taken, turned_down, waiting
        Deals by what became of them.
    """

    exits: Exits
    clock: Clock
    taken: int = 0
    turned_down: int = 0
    waiting: int = 0

    @property
    def quartiles(self) -> tuple[WaitQuantile, ...]:
        """Waits until a quarter, half and three quarters had an answer; empty below 30 deals.

        Not reached is what lies beyond the age to which 20 deals were followed: a few would answer for all.
        """
        if self.exits.entered < MINIMUM_DEALS:
            return ()
        followed = self.exits.longest_horizon(FOLLOWED, int(self.exits.days[-1]))
        return tuple(_in_hours(one, followed) for one in survival(self.exits).quantiles((0.25, 0.5, 0.75)))

    def within(self, hours: float) -> Share | None:
        """Return the share answered within so many hours.

        None below 30 deals, where fewer than 20 were followed that long, and where only whole days are known.
        """
        limit = round(hours * _HOUR)
        too_few = self.exits.entered < MINIMUM_DEALS or self.exits.longest_horizon(FOLLOWED, limit) < limit
        return None if too_few or self.clock == "days" else incidence(self.exits).at(_ANSWERED, limit)

    def overdue(self, hours: float) -> int | None:
        """Count the deals that still wait for longer than so many hours; None where only whole days are known."""
        late = self.exits.days > round(hours * _HOUR)
        return None if self.clock == "days" else int(self.exits.open[late].sum())


_EMPTY = np.zeros(0, dtype=np.int64)
NOTHING: Final = Stays(Exits("", None, (_ANSWERED,), _EMPTY, _EMPTY[np.newaxis], _EMPTY), "hours")
"""What there is of a handoff of which the export tells nothing."""


def stays(waits: Waits, hours: BusinessHours | None) -> Stays:
    """Measure waits in business hours, or by the clock where these are not known.

    Where most entries stand at midnight the export has days and no times: then whole days are counted.
    """
    waiting = waits.ended == WAITING
    end = np.where(waiting, waits.until, waits.left)
    known = (waits.entered != MISSING) & (end != MISSING) & (end >= waits.entered)
    entered, end, waiting = waits.entered[known], end[known], waiting[known]
    if len(entered) and np.mean(entered % _DAY == 0) > 0.5:
        clock: Clock = "days"
        length = (end // _DAY - entered // _DAY) * _DAY
    elif hours is None:
        clock, length = "hours", end - entered
    else:
        clock, length = "business hours", business_seconds(entered, end, hours)
    lengths, place = np.unique(length, return_inverse=True)
    still = np.bincount(place[waiting], minlength=len(lengths))
    answered = np.bincount(place[~waiting], minlength=len(lengths))
    ended = np.bincount(waits.ended[known], minlength=3).tolist()
    exits = Exits("", None, (_ANSWERED,), lengths, answered[np.newaxis], still, unknown=int((~known).sum()))
    return Stays(exits, clock, ended[TAKEN], ended[TURNED_DOWN], ended[WAITING])


def _in_hours(quantile: Quantile, followed: int) -> WaitQuantile:
    hours, low, high = (
        None if seconds is None or seconds > followed else seconds / _HOUR
        for seconds in (quantile.day, quantile.low, quantile.high)
    )
    return WaitQuantile(quantile.share, hours, low, high)


def waits_of(deals: Deals, waiting: Sequence[str], stages: Sequence[str]) -> dict[str, Waits]:
    """Return the waits in each of the stages ``waiting``, from their first entry; those not on the map are left out.

    A deal that is lost or still open in its furthest stage was turned down, or waits, there; elsewhere it went on.
    """
    places = {stage: stages.index(stage) for stage in waiting if stage in stages}
    if not places:
        return {}
    frame = with_exits(deals, places.values())
    found: dict[str, Waits] = {}
    for stage, place in places.items():
        on, outcome = ~nw.col(f"next_{place}").is_null(), nw.col("outcome")
        ended = nw.when(on | (outcome == WON)).then(nw.lit(TAKEN)).otherwise(outcome - LOST + TURNED_DOWN)
        left = nw.when(on | (outcome != OPEN)).then(deals.seconds(nw.col(f"left_{place}")))
        here = frame.filter(~nw.col(f"first_{place}").is_null())
        columns = here.select(entered=deals.seconds(nw.col(f"first_{place}")), left=left, ended=ended).collect()
        entered, gone = (columns.get_column(name).fill_null(MISSING).to_numpy() for name in ("entered", "left"))
        found[stage] = Waits(entered, gone, columns.get_column("ended").to_numpy().astype(np.int8), deals.until)
    return found
