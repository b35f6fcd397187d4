"""Two periods of one step, by groups of segments that are large enough to stand alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from gtmdiag.funnel.estimates.exits import Exits
from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.table import ADVANCED, LOST, CellTable, FloatArray, IntArray
from gtmdiag.funnel.limits import FOLLOWED

MINIMUM_SEGMENT: Final = 20
"""Deals that a segment needs in a period to stand alone, unless it has none there at all (suite method)."""
MOST_SEGMENTS: Final = 30
LATE: Final = 0.9
"""The horizon is the day by which this part of the moves has come, or an earlier one that both periods have seen."""
LEAST: Final = 0.5
"""Part of the moves that must have come by the horizon."""
OTHERS: Final = "all other segments"
_SEGMENT_FOLLOWED: Final = 5

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class StageStays:
    """Stays in one stage as arrays; ``cause`` is 0 advanced, 1 lost, -1 open; ``segment`` a place in ``names``."""

    names: tuple[str, ...]
    segment: IntArray
    entered: IntArray
    lasted: IntArray
    cause: IntArray
    n: IntArray

    def part(self, chosen: Mask) -> Exits:
        """Return the exits of some of the stays."""
        lasted, cause, n = self.lasted[chosen], self.cause[chosen], self.n[chosen]
        size = int(lasted.max(initial=0)) + 1
        place = np.where(cause >= 0, cause, 2) * size + lasted
        counts = np.bincount(place, weights=n, minlength=3 * size).astype(np.int64).reshape(3, size)
        return Exits("", None, (ADVANCED, LOST), np.arange(size, dtype=np.int64), counts[:2], counts[2])


@dataclass(frozen=True, eq=False)
class Sides:
    """Groups of segments in the two periods: arrays of shape (2, S), before and after; 0 where a group has no deals."""

    names: tuple[str, ...]
    n: FloatArray
    share: FloatArray
    low: FloatArray
    high: FloatArray
    variance: FloatArray


def read_stages(table: CellTable) -> list[StageStays]:
    """Read the stays in each stage from cells; those of unknown length or entry are left out."""
    known, cause = (table.day >= 0) & (table.entered >= 0), table.cause
    parts = [table.rows(stage) for stage in table.stages]
    columns = (table.segment, table.entered, table.day, cause, table.n)
    return [StageStays(table.segments, *(column[part][known[part]] for column in columns)) for part in parts]


def common_horizon(stage: StageStays, sides: Sequence[Mask], longest: int) -> int:
    """Return a horizon that both periods have seen, in days; 0 where they have not seen half of the moves come."""
    whole = incidence(stage.part(np.ones(len(stage.n), dtype=np.bool_)))
    place, _ = whole.place(longest)
    share = whole.share[0, : place + 1]
    every = float(share[-1]) if place >= 0 else 0.0
    if every == 0:
        return 0
    least, late = (int(whole.days[np.searchsorted(share, part * every)]) for part in (LEAST, LATE))
    seen = min(late, *(stage.part(side).longest_horizon(FOLLOWED, longest) for side in sides))
    return seen if seen >= max(least, 1) else 0


def groups_of(stage: StageStays, sides: Sequence[Mask], horizon: int) -> Sides:
    """Return the segments that can stand alone, and all others as one group that can too.

    A group can where in each period it has deals enough, followed to the horizon, or none at all.
    """
    size = len(stage.names)
    counts = np.array([np.bincount(stage.segment[side], weights=stage.n[side], minlength=size) for side in sides])
    enough = ((counts == 0) | (counts >= MINIMUM_SEGMENT)).all(axis=0) & (counts.sum(axis=0) > 0)
    # The fewest deals last, so that they are the first to join the others.
    order = np.argsort(-counts.sum(axis=0), kind="stable")
    largest: list[int] = order[enough[order]][:MOST_SEGMENTS].tolist()
    parts = {one: _parts(stage, sides, stage.segment == one) for one in largest}
    kept = [one for one in largest if _told(parts[one], horizon)]
    others = _parts(stage, sides, ~np.isin(stage.segment, kept))
    while kept and not _told(others, horizon):
        kept.pop()
        others = _parts(stage, sides, ~np.isin(stage.segment, kept))
    groups = [(stage.names[one], parts[one]) for one in sorted(kept)]
    if any(part.entered for part in others):
        groups.append((OTHERS if kept else "", others))
    found = [[incidence(part[side]).at(ADVANCED, horizon) for _, part in groups] for side in (0, 1)]

    def field(name: str) -> FloatArray:
        rows = [[0.0 if one is None else float(getattr(one, name)) for one in row] for row in found]
        return np.array(rows, dtype=np.float64)

    names = tuple(name for name, _ in groups)
    return Sides(names, field("n"), field("estimate"), field("low"), field("high"), field("variance"))


def _parts(stage: StageStays, sides: Sequence[Mask], chosen: Mask) -> list[Exits]:
    return [stage.part(side & chosen) for side in sides]


def _told(parts: Sequence[Exits], horizon: int) -> bool:
    return all(
        part.entered == 0
        or (part.entered >= MINIMUM_SEGMENT and part.longest_horizon(_SEGMENT_FOLLOWED, horizon) >= horizon)
        for part in parts
    )
