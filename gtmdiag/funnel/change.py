"""Why conversion changed between two periods: other shares within segments, or another mix of segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from gtmdiag.funnel.change_groups import Sides, StageStays, common_horizon, groups_of, read_stages
from gtmdiag.funnel.estimates.difference import Contrast, contrast, p_value
from gtmdiag.funnel.estimates.intervals import Share, effective_n, wilson
from gtmdiag.funnel.estimates.mix import Decomposition, decompose
from gtmdiag.funnel.estimates.multiple import benjamini_hochberg
from gtmdiag.funnel.estimates.table import WON, CellTable, FloatArray
from gtmdiag.funnel.limits import FALSE_ALARMS, MINIMUM_DEALS
from gtmdiag.funnel.weeks import day_number, last_complete_monday, week_name

QUARTER: Final = 13
HALF: Final = 26


@dataclass(frozen=True)
class SegmentChange:
    """One segment's deals and conversion (None where it has no deals) before and after, and its parts of the change."""

    segment: str
    n_before: int
    n_after: int
    before: float | None
    after: float | None
    rate: float
    mix: float


@dataclass(frozen=True)
class StepChange:
    """The change of one step's conversion between two periods of entry.

    Attributes
    ----------
    stage, to
        The step.
    lacking
        Why nothing is told; empty where something is. Without it, all that follows is 0, empty or None.
    weeks
        Whole weeks of each period, one after the other.
    first, turn, last
        ISO weeks: the first of the earlier period, the first and the last of the later one.
    horizon_days
        Whole days since entry within which a move counts, the same in both periods and all segments.
    n_before, n_after
        Deals that entered.
    before, after
        Conversion at the horizon: segments' Aalen–Johansen estimates by their shares of the deals.
    change, rate, mix
        After less before, and what of it segments' own conversions and their mix make up (Kitagawa), with intervals.
        Rate and mix add to the change.
    changed
        Whether the change is beyond chance, with all steps tested together.
    segments
        By name; one only where the export has no segments, or not enough deals in them.
    against
        ``"rise"`` where every segment rises while the total falls, ``"fall"`` the other way round, else empty.
    """

    stage: str
    to: str
    lacking: str
    weeks: int = 0
    first: str = ""
    turn: str = ""
    last: str = ""
    horizon_days: int = 0
    n_before: int = 0
    n_after: int = 0
    before: float = 0.0
    after: float = 0.0
    change: Contrast | None = None
    rate: Contrast | None = None
    mix: Contrast | None = None
    changed: bool = False
    segments: tuple[SegmentChange, ...] = ()
    against: Literal["", "rise", "fall"] = ""


def change(table: CellTable, horizons: Sequence[int], *, as_of: date) -> tuple[StepChange, ...]:
    """Compare each step's conversion in the last 13 complete weeks of entry with that of the 13 weeks before.

    Where these are too thin, the last 26 weeks with the 26 before. Deals still open count for as long as they were
    followed.

    Parameters
    ----------
    table
        Cells of a history, by first entry.
    horizons
        For each stage the longest age in days to which enough deals were followed, as `gtmdiag.funnel.leaks` uses it.
    as_of
        Last day that is used.
    """
    until = last_complete_monday(as_of) + timedelta(weeks=1)
    steps = [
        _step(StepChange(stage, to, ""), part, longest, until)
        for stage, to, part, longest in zip(
            table.stages, (*table.stages[1:], WON), read_stages(table), horizons, strict=True
        )
    ]
    tested = [step for step in steps if step[1] is not None]
    if not tested:
        return tuple(step for step, _ in steps)
    flags = iter(benjamini_hochberg([chance for _, chance in tested if chance is not None], FALSE_ALARMS).flagged)
    return tuple(step if chance is None else replace(step, changed=next(flags)) for step, chance in steps)


def _step(empty: StepChange, stage: StageStays, longest: int, until: date) -> tuple[StepChange, float | None]:
    """Return the change of a step and its p-value, None where there is too little to tell."""
    for weeks in (QUARTER, HALF):
        turn, first = (until - timedelta(weeks=weeks * back) for back in (1, 2))
        bounds = [day_number(day) for day in (first, turn, until)]
        sides = [(stage.entered >= start) & (stage.entered < end) for start, end in pairwise(bounds)]
        n = [int(stage.n[side].sum()) for side in sides]
        if min(n) < MINIMUM_DEALS or longest == 0:
            continue
        horizon = common_horizon(stage, sides, longest)
        if horizon == 0:
            continue
        groups = groups_of(stage, sides, horizon)
        found = decompose(groups.n[0], groups.share[0], groups.n[1], groups.share[1])
        if found is None:
            continue
        names = [week_name(day) for day in (first, turn, until - timedelta(weeks=1))]
        dated = replace(empty, weeks=weeks, first=names[0], turn=names[1], last=names[2], horizon_days=horizon)
        return _told(dated, groups, found)
    lacking = f"fewer than {MINIMUM_DEALS} deals entered in each of two half-years, or too few were followed"
    return replace(empty, lacking=lacking), None


def _told(empty: StepChange, groups: Sides, found: Decomposition) -> tuple[StepChange, float]:
    totals = groups.n.sum(axis=1, keepdims=True)
    mix = groups.n / totals
    # A segment that is new or gone keeps the share of the time at which it was there.
    share = np.where(groups.n > 0, groups.share, groups.share[::-1])
    middle, moved = mix.mean(axis=0), mix[1] - mix[0]
    both = (groups.n > 0).all(axis=0)
    own = np.where(both, share[1] - share[0], 0.0)
    halves = np.where(both, 0.5, 1.0) * moved
    rate_weights = np.where(both, middle, 0.0) * np.array([[-1.0], [1.0]])
    mix_weights = np.where(groups.n > 0, halves, 0.0) * np.ones((2, 1))
    mean = share.mean(axis=0)

    def told(weights: FloatArray, by_mix: Sequence[FloatArray]) -> Contrast:
        more = sum(_multinomial(part, slope, float(n[0])) for part, slope, n in zip(mix, by_mix, totals, strict=True))
        flat = [one.ravel() for one in (weights, groups.share, groups.low, groups.high)]
        return contrast(flat[0], flat[1], flat[2], flat[3], more=more)

    total = [float(part @ one) for part, one in zip(mix, share, strict=True)]
    signs = np.sign(own[both])
    every = len(signs) > 1 and both.all()
    step = replace(
        empty,
        n_before=int(totals[0, 0]),
        n_after=int(totals[1, 0]),
        before=total[0],
        after=total[1],
        change=told(mix * np.array([[-1.0], [1.0]]), [share[0], share[1]]),
        rate=told(rate_weights, [own / 2, own / 2]),
        mix=told(mix_weights, [mean, mean]),
        segments=_segments(groups, found),
        against="rise"
        if every and (signs > 0).all() and found.change < 0
        else "fall"
        if every and (signs < 0).all() and found.change > 0
        else "",
    )
    spreads = [
        float(part**2 @ groups.variance[side]) + _multinomial(part, share[side], float(totals[side, 0]))
        for side, part in enumerate(mix)
    ]
    return step, p_value(*(_share(one, spread, n) for one, spread, n in zip(total, spreads, totals[:, 0], strict=True)))


def _multinomial(part: FloatArray, slope: FloatArray, n: float) -> float:
    """Return the variance that drawing n deals, of segments with these shares, gives a sum with these slopes."""
    return float(part @ slope**2 - (part @ slope) ** 2) / n


def _share(estimate: float, variance: float, n: float) -> Share:
    worth = effective_n(estimate, variance, n)
    low, high = wilson(estimate, worth)
    return Share(estimate, low, high, variance, int(n), worth, 0, 0.0)


def _segments(groups: Sides, found: Decomposition) -> tuple[SegmentChange, ...]:
    return tuple(
        SegmentChange(
            name,
            int(groups.n[0, place]),
            int(groups.n[1, place]),
            float(groups.share[0, place]) if groups.n[0, place] else None,
            float(groups.share[1, place]) if groups.n[1, place] else None,
            float(found.rate[place]),
            float(found.mix[place]),
        )
        for place, name in enumerate(groups.names)
    )
