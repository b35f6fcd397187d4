"""Conversion by segment: as counted, as likely, and whether a segment differs from the others beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from math import erfc, sqrt
from typing import Any, Final, Literal

import numpy as np

from gtmdiag.funnel.estimates.exits import Exits, exits_by_group
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.estimates.multiple import benjamini_hochberg
from gtmdiag.funnel.estimates.segments import Heterogeneity, shrink
from gtmdiag.funnel.estimates.table import CellTable, sums
from gtmdiag.funnel.groups import Compared, State, compare
from gtmdiag.funnel.limits import FALSE_ALARMS

MOST_SEGMENTS: Final = 12
"""Segments told one by one, the largest; the deals of all others are told together."""

Reading = Literal["above", "below", "within"]


@dataclass(frozen=True)
class SegmentShare:
    """One segment in one step.

    Attributes
    ----------
    segment
        Its name; empty for deals that have none, and for the rest.
    n
        Its deals that entered the stage, of known length of stay.
    state
        ``told``; or why not: ``few`` (less than 30 deals entered), ``young`` (not followed long enough).
    raw
        Its own conversion with interval (Aalen–Johansen, Wilson at effective n).
    likely, low, high
        The conversion with what the other segments tell of it (posterior mean and 95 % interval), from 0 to 1; None for
        the rest, and where fewer than two segments are told.
    p_value
        Of the test against all other deals, two-sided; None where there is nobody to compare with.
    reading
        ``above`` or ``below`` all other deals beyond chance, with all segments and steps tested together; else
        ``within``.
    """

    segment: str
    n: int
    state: State
    raw: Share | None = None
    likely: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    reading: Reading = "within"


@dataclass(frozen=True)
class StepSegments:
    """One step by segment.

    Attributes
    ----------
    stage, to
        The step.
    horizon_days
        At which the segments are compared; 0 where none is told.
    every
        Conversion of all deals that are compared, weighted by their effective numbers; None where none is told.
    segments
        In the order of `BySegment.segments`, never by rate.
    rest
        All smaller segments together; None where there are none.
    test
        Whether all may convert alike; None with fewer than two told.
    """

    stage: str
    to: str
    horizon_days: int
    every: float | None
    segments: tuple[SegmentShare, ...]
    rest: SegmentShare | None
    test: Heterogeneity | None

    @property
    def compared(self) -> bool:
        """Whether at least two segments, the rest included, are told."""
        return self.test is not None


@dataclass(frozen=True)
class BySegment:
    """Every step by segment.

    Attributes
    ----------
    steps
        In order of stages; empty where the export names no segments.
    segments
        Those told one by one, at most 12, the largest first.
    pooled
        How many smaller ones are told together.
    """

    steps: tuple[StepSegments, ...]
    segments: tuple[str, ...]
    pooled: int

    @property
    def flagged(self) -> tuple[tuple[StepSegments, SegmentShare], ...]:
        """Segments that differ from all other deals beyond chance, in order of steps."""
        return tuple((step, one) for step in self.steps for one in step.segments if one.reading != "within")

    def to_dict(self) -> dict[str, Any]:
        """Return the result for programs."""
        return asdict(self)


def by_segment(table: CellTable, horizons: Sequence[int]) -> BySegment:
    """Estimate the conversion of each segment at each step.

    Parameters
    ----------
    table
        Cells of a history, by first entry.
    horizons
        Days, one a stage; 0 where too few deals were followed.

    Notes
    -----
    A segment is compared with all other deals: difference of shares over √(p(1−p)(1/n₁+1/n₂)), p being that of both
    together and n effective numbers, so that censoring counts; all segments and steps by Benjamini and Hochberg.
    """
    if not any(table.segments):
        return BySegment((), (), 0)
    # A deal has one row that is not 'advanced'.
    deals = sums(table.segment, np.where(table.advanced, 0, table.n), len(table.segments))
    order = np.argsort(-deals, kind="stable")
    shown: list[int] = order[:MOST_SEGMENTS].tolist()
    names, pooled = tuple(table.segments[place] for place in shown), max(len(order) - MOST_SEGMENTS, 0)
    # The rest, which is no segment and tells nothing of one, is last.
    group = np.full(len(order), len(shown), dtype=np.int64)
    group[shown] = np.arange(len(shown))
    groups = [
        exits_by_group(table, stage, group[table.segment], (*names, "")[: len(shown) + bool(pooled)])
        for stage in table.stages
    ]
    steps = [
        _step(parts, to, names, horizon)
        for parts, to, horizon in zip(groups, (*table.stages[1:], "won"), horizons, strict=True)
    ]
    return BySegment(_flagged(steps), names, pooled)


def _step(groups: Sequence[Exits], to: str, shown: Sequence[str], horizon: int) -> StepSegments:
    """Return one step; ``groups`` are the segments shown and, behind them, perhaps all others together."""
    found = compare(groups, horizon)
    shares = [
        SegmentShare("", one.entered, state, share, p_value=_p(found, place))
        for place, (one, state, share) in enumerate(zip(groups, found.states, found.shares, strict=True))
    ]
    told, estimates, n = found.told(among=len(shown))
    if len(told) > 1:
        drawn = shrink(estimates, n)
        for place, mean, low, high in zip(told, drawn.mean, drawn.low, drawn.high, strict=True):
            shares[place] = replace(shares[place], likely=float(mean), low=float(low), high=float(high))
    _, estimates, n = found.told()
    return StepSegments(
        stage=groups[0].stage,
        to=to,
        horizon_days=found.horizon_days,
        every=float(estimates @ n / n.sum()) if len(n) else None,
        segments=tuple(replace(one, segment=name) for one, name in zip(shares, shown, strict=False)),
        rest=shares[-1] if len(shares) > len(shown) else None,
        test=found.test,
    )


def _p(found: Compared, place: int) -> float | None:
    """Return the p-value of one group against all the others."""
    told, estimates, n = found.told()
    if place not in told:
        return None
    own = told.index(place)
    others = np.delete(n, own)
    if not len(others):
        return None
    rest, n_rest = float(np.delete(estimates, own) @ others / others.sum()), float(others.sum())
    both = float(estimates @ n / n.sum())
    if not 0 < both < 1:
        return 1.0
    error = sqrt(both * (1 - both) * (1 / float(n[own]) + 1 / n_rest))
    return erfc(abs(float(estimates[own]) - rest) / error / sqrt(2))


def _flagged(steps: Sequence[StepSegments]) -> tuple[StepSegments, ...]:
    """Return the steps with the readings of all segments, tested together."""
    tested = [one.p_value for step in steps for one in step.segments if one.p_value is not None]
    flags = iter(benjamini_hochberg(tested, FALSE_ALARMS).flagged)

    def read(step: StepSegments, one: SegmentShare) -> SegmentShare:
        if one.p_value is None or not next(flags) or one.raw is None or step.every is None:
            return one
        return replace(one, reading="above" if one.raw.estimate > step.every else "below")

    return tuple(replace(step, segments=tuple(read(step, one) for one in step.segments)) for step in steps)
