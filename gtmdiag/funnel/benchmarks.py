"""What a conversion is measured against: a target, a published value, or the client's own better quarter or segment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import erfc, sqrt
from typing import Final, Literal, TypeVar

import numpy as np

from gtmdiag.funnel.by_segment import BySegment
from gtmdiag.funnel.config import CrmConfig, name_key
from gtmdiag.funnel.estimates.exits import exits_by_group
from gtmdiag.funnel.estimates.intervals import Share, normal_quantile
from gtmdiag.funnel.estimates.multiple import benjamini_hochberg
from gtmdiag.funnel.estimates.segments import shrink
from gtmdiag.funnel.estimates.table import CellTable
from gtmdiag.funnel.groups import compare
from gtmdiag.funnel.limits import FALSE_ALARMS
from gtmdiag.funnel.weeks import EPOCH
from gtmdiag.instruments.rules import references

QUARTERS: Final = 8
"""Quarters of entry, the last ones, among which a better one is looked for."""
_Told = TypeVar("_Told")


@dataclass(frozen=True)
class Benchmark:
    """What a conversion is measured against.

    Attributes
    ----------
    share, high
        From 0 to 1: the near end, and the far one where a range is published.
    source
        Where it is from, in words.
    kind
        ``target``: the client's own. ``published``. ``own``: the client's own better period or segment.
    error
        Standard error, where the benchmark is itself an estimate (``own``); else 0.
    """

    share: float
    high: float | None
    source: str
    kind: Literal["target", "published", "own"]
    error: float = 0.0


def stated_benchmarks(config: CrmConfig) -> dict[str, Benchmark]:
    """Return what each stage is measured against: the client's own target first, else a published value by role."""
    right = next(reference for reference in references() if reference.id == "mql_sql_right")
    marks: dict[str, Benchmark] = {}
    roles = {name_key(role): stage for role, stage in config.roles.items()}
    if "mql" in roles and "sql" in roles and right.low is not None:
        published = Benchmark(right.low, right.high, right.source, "published")
        marks |= next_steps(config, {(roles["mql"], roles["sql"]): published})
    targets = {step: Benchmark(share, None, "crm.yaml, targets", "target") for step, share in config.targets.items()}
    return marks | next_steps(config, targets)


def own_benchmarks(
    table: CellTable, conversions: Mapping[str, tuple[Share, int]], segments: BySegment
) -> dict[str, Benchmark]:
    """Return the client's own better quarter or segment for the stages that are to be measured against it.

    Parameters
    ----------
    table
        Cells of a history, by first entry.
    conversions
        The stages in question: the conversion of all their deals, and the horizon in days.
    segments
        The same cells by segment.

    Returns
    -------
    dict
        Only where quarters or segments differ beyond chance, all these tests taken together, and the best lies above
        the conversion of all deals. The best of several is too high by chance alone, so its share is drawn towards the
        others (posterior mean). Where a quarter and a segment qualify, the lower one.
    """
    candidates = [*_segments(conversions, segments), *_quarters(table, conversions)]
    flags = benjamini_hochberg([one.p_value for one in candidates], FALSE_ALARMS).flagged
    found: dict[str, Benchmark] = {}
    for one, flagged in zip(candidates, flags, strict=True):
        mark = one.best() if flagged else None
        if mark is None or mark.share <= conversions[one.stage][0].estimate:
            continue
        if one.stage not in found or mark.share < found[one.stage].share:
            found[one.stage] = mark
    return found


@dataclass(frozen=True)
class _Candidates:
    """Groups of deals in one stage that may hold a better one."""

    stage: str
    names: tuple[str, ...]
    shares: tuple[Share, ...]
    p_value: float

    def best(self) -> Benchmark:
        n = np.array([share.effective_n for share in self.shares])
        drawn = shrink(np.array([share.estimate for share in self.shares]), n)
        place = int(drawn.mean.argmax())
        error = float(drawn.high[place] - drawn.low[place]) / (2 * normal_quantile(0.95))
        return Benchmark(float(drawn.mean[place]), None, self.names[place], "own", error)


def _segments(conversions: Mapping[str, tuple[Share, int]], segments: BySegment) -> Iterator[_Candidates]:
    for step in segments.steps:
        told = [(one.segment, one.raw) for one in step.segments if one.raw is not None and one.segment]
        if step.stage in conversions and step.test is not None and len(told) > 1:
            names = tuple(f"own better segment: {name}" for name, _ in told)
            yield _Candidates(step.stage, names, tuple(share for _, share in told), step.test.p_value)


def _quarters(table: CellTable, conversions: Mapping[str, tuple[Share, int]]) -> Iterator[_Candidates]:
    known = table.entered >= 0
    if not conversions or not known.any():
        return
    # Old entries are known by their week alone; 1970-01-01 was a Thursday.
    mondays = table.entered - (table.entered + 3) % 7
    weeks, place = np.unique(mondays[known], return_inverse=True)
    labels = [_quarter(EPOCH + timedelta(days=week)) for week in weeks.tolist()]
    quarters, of_week = np.unique(labels, return_inverse=True)
    left_out = max(len(quarters) - QUARTERS, 0)
    group = np.full(len(mondays), -1, dtype=np.int64)
    group[known] = np.maximum(of_week[place] - left_out, -1)
    names = tuple(f"own better quarter: entries of {name}" for name in quarters[left_out:].tolist())
    for stage, (_, horizon) in conversions.items():
        found = compare(exits_by_group(table, stage, group, names), horizon)
        if found.test is not None:
            told = [(name, share) for name, share in zip(names, found.shares, strict=True) if share is not None]
            yield _Candidates(stage, tuple(n for n, _ in told), tuple(share for _, share in told), found.test.p_value)


def _quarter(day: date) -> str:
    return f"{day.year} Q{(day.month + 2) // 3}"


def next_steps(config: CrmConfig, told: Mapping[tuple[str, str], _Told]) -> dict[str, _Told]:
    """Return what is told of steps from a stage to the next one, by the stage that is left.

    A step may name a stage, in any case, or its role. One that leads elsewhere is not the conversion that is estimated.
    """
    end = len(config.stages)
    stages = {name_key(stage): place for place, stage in enumerate(config.stages)}
    places = {name_key(role): stages[name_key(stage)] for role, stage in config.roles.items()}
    places |= {"won": end, **{name_key(name): end for name in config.won}, **stages}
    found: dict[str, _Told] = {}
    for (leaving, entering), what in told.items():
        place = places.get(name_key(leaving))
        if place is not None and places.get(name_key(entering)) == place + 1:
            found[config.stages[place]] = what
    return found


def below(share: Share, mark: Benchmark) -> float:
    """Return the probability of so low a share, or a lower one, were the benchmark true (score test).

    A benchmark that is itself an estimate adds its own variance. Its deals are among those measured, which makes the
    test a cautious one.
    """
    variance = mark.share * (1 - mark.share) / share.effective_n + mark.error**2
    if variance == 0:
        return 0.0 if share.estimate < mark.share else 1.0
    return 0.5 * erfc(-(share.estimate - mark.share) / sqrt(variance) / sqrt(2))


def drawn_shares(
    marks: Sequence[Benchmark | None], rng: np.random.Generator, draws: int
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the benchmarks' shares, shape (K, draws), NaN where there is none; those estimated vary by their error."""
    share = np.array([np.nan if mark is None else mark.share for mark in marks])[:, np.newaxis]
    error = np.array([0.0 if mark is None else mark.error for mark in marks])[:, np.newaxis]
    return np.clip(share + error * rng.standard_normal((len(marks), draws)), 0, 1)
