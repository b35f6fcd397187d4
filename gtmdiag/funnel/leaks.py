"""Conversion and time in stage with intervals, and what each stage's gap to its benchmark is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Final, Literal

import numpy as np
import pandas as pd

from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.estimates.exits import ADVANCED, exits
from gtmdiag.funnel.estimates.gap import gap
from gtmdiag.funnel.estimates.incidence import Incidence, incidence
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.estimates.moves import Value, bounds, chain_of, draw_chains, first_entries, moves, won_value
from gtmdiag.funnel.estimates.multiple import benjamini_hochberg
from gtmdiag.funnel.estimates.survival import Beyond, Quantile, survival
from gtmdiag.instruments.rules import references

MINIMUM_DEALS: Final = 30
"""Deals that must have entered a stage before its conversion is estimated (suite method)."""
FOLLOWED: Final = 20
"""Deals that must still be followed at the horizon."""
LONGEST: Final = 180
"""Days of the longest horizon."""
SEED: Final = 20_261
DRAWS: Final = 2_000
FALSE_ALARMS: Final = 0.10
"""Share of flagged leaks that may be false on average (Benjamini–Hochberg)."""


@dataclass(frozen=True)
class StageEstimate:
    """Conversion and time in one stage.

    Attributes
    ----------
    stage, to
        The stage, and the next one of the map or ``"won"``.
    conversion
        Share that moves on within the horizon, with its interval (Aalen–Johansen, Wilson at effective n); None below
        30 deals.
    quartiles
        Days in which a quarter, half and three quarters have left, by any exit (Kaplan–Meier).
    beyond
        Open deals older than twice the median, beside the share expected; None where the median is not reached.
    """

    stage: str
    to: str
    conversion: Share | None
    quartiles: tuple[Quantile, ...]
    beyond: Beyond | None


@dataclass(frozen=True)
class Benchmark:
    """What a conversion is measured against: the client's own target, or a published value (near end of its range)."""

    share: float
    high: float | None
    source: str
    kind: Literal["target", "published"]


@dataclass(frozen=True)
class Leak:
    """The gap of one step to its benchmark.

    Attributes
    ----------
    stage, to
        The step.
    conversion
        As estimated.
    benchmark
        What it is measured against.
    flagged
        Whether the conversion lies below the benchmark beyond chance, with all steps tested together.
    value, low, high
        What meeting the benchmark here adds in whole units of ``currency``, as this step's part of the whole gap
        (Shapley), with its interval; signed. None where won deals have no amounts in one currency.
    handoff
        Who hands over to whom, from crm.yaml; may be empty.
    """

    stage: str
    to: str
    conversion: Share
    benchmark: Benchmark
    flagged: bool
    value: float | None
    low: float | None
    high: float | None
    handoff: str


@dataclass(frozen=True)
class Estimates:
    """Everything that is estimated of a funnel.

    ``won_amount`` is the mean amount of a won deal and ``won_n`` the deals that it rests on; ``seed`` and ``draws`` are
    those of the intervals in money.
    """

    stages: tuple[StageEstimate, ...]
    leaks: tuple[Leak, ...]
    currency: str
    won_amount: float | None
    won_n: int
    seed: int = SEED
    draws: int = DRAWS


def estimate(cells: pd.DataFrame, config: CrmConfig) -> Estimates:
    """Estimate conversion, time in stage and leaks from cells.

    Parameters
    ----------
    cells
        Of a history, by first entry.
    config
        Stages, roles, targets and handoffs.
    """
    stages = config.stages
    curves = [incidence(exits(cells, stage)) for stage in stages]
    horizons = [min(curve.longest_horizon(FOLLOWED) or 0, LONGEST) for curve in curves]
    found = tuple(
        _stage(cells, stage, _following(stages, place), curves[place], horizons[place])
        for place, stage in enumerate(stages)
    )
    currencies = sorted(set(cells.loc[cells["n_amount"] > 0, "currency"]))
    worth = won_value(cells, currencies[0]) if len(currencies) == 1 else None
    return Estimates(
        stages=found,
        leaks=_leaks(cells, config, found, horizons, worth),
        currency=currencies[0] if len(currencies) == 1 else "",
        won_amount=None if worth is None else worth.mean,
        won_n=0 if worth is None else worth.n,
    )


def _following(stages: Sequence[str], place: int) -> str:
    return stages[place + 1] if place + 1 < len(stages) else "won"


def _stage(cells: pd.DataFrame, stage: str, to: str, curve: Incidence, horizon: int) -> StageEstimate:
    left = exits(cells, stage)
    if left.entered < MINIMUM_DEALS or horizon == 0:
        return StageEstimate(stage, to, None, (), None)
    stay = survival(left)
    quartiles = stay.quantiles((0.25, 0.5, 0.75))
    median = quartiles[1].day
    return StageEstimate(
        stage=stage,
        to=to,
        conversion=curve.at(ADVANCED, horizon),
        quartiles=quartiles,
        beyond=None if median is None else stay.beyond(left, 2 * median),
    )


def _leaks(
    cells: pd.DataFrame, config: CrmConfig, found: Sequence[StageEstimate], horizons: Sequence[int], worth: Value | None
) -> tuple[Leak, ...]:
    benchmarks = _benchmarks(config)
    places = [place for place, one in enumerate(found) if one.conversion is not None and one.stage in benchmarks]
    if not places:
        return ()
    told = [(found[place].conversion, benchmarks[found[place].stage]) for place in places]
    flags = benjamini_hochberg([_below(share, mark.share) for share, mark in told if share is not None], FALSE_ALARMS)
    money = _money(cells, config.stages, horizons, benchmarks, worth)
    leaks = [
        Leak(
            stage=found[place].stage,
            to=found[place].to,
            conversion=share,
            benchmark=mark,
            flagged=flagged,
            value=None if money is None else float(money[0][place]),
            low=None if money is None else float(money[1][place]),
            high=None if money is None else float(money[2][place]),
            handoff=_handoff(config, found[place]),
        )
        for place, (share, mark), flagged in zip(places, told, flags.flagged, strict=True)
        if share is not None
    ]
    return tuple(
        sorted(leaks, key=lambda leak: (-(leak.value or 0.0), leak.conversion.estimate - leak.benchmark.share))
    )


def _benchmarks(config: CrmConfig) -> dict[str, Benchmark]:
    """Return what each stage is measured against: the client's own target first, else a published value by role."""
    right = next(reference for reference in references() if reference.id == "mql_sql_right")
    marks: dict[str, Benchmark] = {}
    mql, sql = config.roles.get("mql"), config.roles.get("sql")
    if mql is not None and sql is not None and right.low is not None:
        marks[mql] = Benchmark(right.low, right.high, right.source, "published")
    for (stage, _), share in config.targets.items():
        marks[stage] = Benchmark(share, None, "crm.yaml, targets", "target")
    return marks


def _below(share: Share, benchmark: float) -> float:
    """Return the probability of so low a share, or a lower one, were the benchmark true (score test)."""
    z = (share.estimate - benchmark) / sqrt(benchmark * (1 - benchmark) / share.effective_n) if benchmark < 1 else -9.0
    return 0.5 * erfc(-z / sqrt(2))


def _money(
    cells: pd.DataFrame,
    stages: Sequence[str],
    horizons: Sequence[int],
    benchmarks: Mapping[str, Benchmark],
    worth: Value | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return each stage's part of the whole gap with its interval, or None where nothing is known of value."""
    if worth is None:
        return None
    found = [
        moves(exits(cells, stage, by_next_stage=True), stages, horizon)
        for stage, horizon in zip(stages, horizons, strict=True)
    ]
    if any(move.conversion is None for move in found):
        return None
    marks = np.array([benchmarks[stage].share if stage in benchmarks else np.nan for stage in stages])
    chain = chain_of(stages, found, first_entries(cells, stages), worth)
    low, high = bounds(gap(draw_chains(chain, found, worth, np.random.default_rng(SEED), DRAWS), marks).shapley)
    return gap(chain, marks).shapley, low, high


def _handoff(config: CrmConfig, found: StageEstimate) -> str:
    handoff = config.handoffs.get((found.stage, found.to))
    return "" if handoff is None else f"{handoff.giving} → {handoff.taking}"
