"""Conversion and time in stage with intervals, and what each stage's gap to its benchmark is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Final, Literal, TypeVar

import numpy as np
import pandas as pd

from gtmdiag.funnel.config import CrmConfig, name_key
from gtmdiag.funnel.estimates.exits import ADVANCED, Exits, exits
from gtmdiag.funnel.estimates.gap import gap
from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.estimates.moves import Value, bounds, chain_of, draw_chains, first_entries, moves, won_value
from gtmdiag.funnel.estimates.multiple import benjamini_hochberg
from gtmdiag.funnel.estimates.survival import Beyond, Quantile, survival
from gtmdiag.instruments.rules import references

MINIMUM_DEALS: Final = 30
"""Deals that must have entered a stage before its conversion is estimated (suite method)."""
FOLLOWED: Final = 20
"""Deals that must have been followed to the horizon."""
LONGEST: Final = 180
"""Days of the longest horizon."""
MINIMUM_WON: Final = 10
"""Won deals with an amount that money rests on (suite method); the mean of fewer tells nothing."""
MOST_STAGES: Final = 50
"""Stages up to which money is told; drawing the ways through more takes memory by the square of their number."""
SEED: Final = 20_261
DRAWS: Final = 2_000
_Told = TypeVar("_Told")
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
        (Shapley), with its interval; signed. None where fewer than 10 won deals have amounts, where amounts are in
        several currencies, or where those of won deals come to nothing or less; nor for more than 50 stages.
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

    ``won_amount`` is the mean amount of a won deal, None where no money is told, and ``won_n`` the deals that it rests
    on; ``seed`` and ``draws`` are those of the intervals in money.
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
    left = [exits(cells, stage) for stage in stages]
    horizons = [one.longest_horizon(FOLLOWED, LONGEST) for one in left]
    found = tuple(
        _stage(one, to, horizon) for one, to, horizon in zip(left, (*stages[1:], "won"), horizons, strict=True)
    )
    currencies = sorted(set(cells.loc[cells["n_amount"] > 0, "currency"]))
    worth = won_value(cells, currencies[0]) if len(currencies) == 1 and len(stages) <= MOST_STAGES else None
    if worth is not None and (worth.n < MINIMUM_WON or worth.mean <= 0):
        worth = None
    return Estimates(
        stages=found,
        leaks=_leaks(cells, config, found, horizons, worth),
        currency=currencies[0] if len(currencies) == 1 else "",
        won_amount=None if worth is None else worth.mean,
        won_n=0 if worth is None else worth.n,
    )


def _stage(left: Exits, to: str, horizon: int) -> StageEstimate:
    if left.entered < MINIMUM_DEALS or horizon == 0:
        return StageEstimate(left.stage, to, None, (), None)
    stay = survival(left)
    quartiles = stay.quantiles((0.25, 0.5, 0.75))
    median = quartiles[1].day
    return StageEstimate(
        stage=left.stage,
        to=to,
        conversion=incidence(left).at(ADVANCED, horizon),
        quartiles=quartiles,
        beyond=None if median is None else stay.beyond(left, 2 * median),
    )


def _leaks(
    cells: pd.DataFrame, config: CrmConfig, found: Sequence[StageEstimate], horizons: Sequence[int], worth: Value | None
) -> tuple[Leak, ...]:
    known = {one.stage for one in found if one.conversion is not None}
    benchmarks = {stage: mark for stage, mark in benchmarks_of(config).items() if stage in known}
    handoffs = next_steps(config, config.handoffs)
    places = [place for place, one in enumerate(found) if one.stage in benchmarks]
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
            handoff=f"{handoff.giving} → {handoff.taking}" if (handoff := handoffs.get(found[place].stage)) else "",
        )
        for place, (share, mark), flagged in zip(places, told, flags.flagged, strict=True)
        if share is not None
    ]
    return tuple(
        sorted(leaks, key=lambda leak: (-(leak.value or 0.0), leak.conversion.estimate - leak.benchmark.share))
    )


def benchmarks_of(config: CrmConfig) -> dict[str, Benchmark]:
    """Return what each stage is measured against: the client's own target first, else a published value by role."""
    right = next(reference for reference in references() if reference.id == "mql_sql_right")
    marks: dict[str, Benchmark] = {}
    roles = {name_key(role): stage for role, stage in config.roles.items()}
    if "mql" in roles and "sql" in roles and right.low is not None:
        published = Benchmark(right.low, right.high, right.source, "published")
        marks |= next_steps(config, {(roles["mql"], roles["sql"]): published})
    targets = {step: Benchmark(share, None, "crm.yaml, targets", "target") for step, share in config.targets.items()}
    return marks | next_steps(config, targets)


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


def _below(share: Share, benchmark: float) -> float:
    """Return the probability of so low a share, or a lower one, were the benchmark true (score test)."""
    if benchmark == 1:
        return 0.0 if share.estimate < 1 else 1.0
    z = (share.estimate - benchmark) / sqrt(benchmark * (1 - benchmark) / share.effective_n)
    return 0.5 * erfc(-z / sqrt(2))


def _money(
    cells: pd.DataFrame,
    stages: Sequence[str],
    horizons: Sequence[int],
    benchmarks: Mapping[str, Benchmark],
    worth: Value | None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return each stage's part of the whole gap with its interval, or None where nothing is known of value.

    A stage with few deals counts with all that is known of it; its interval tells how little that is.
    """
    if worth is None:
        return None
    found = [
        moves(exits(cells, stage, by_next_stage=True), stages, horizon or LONGEST)
        for stage, horizon in zip(stages, horizons, strict=True)
    ]
    marks = np.array([benchmarks[stage].share if stage in benchmarks else np.nan for stage in stages])
    chain = chain_of(stages, found, first_entries(cells, stages), worth)
    low, high = bounds(gap(draw_chains(chain, found, worth, np.random.default_rng(SEED), DRAWS), marks).shapley)
    return gap(chain, marks).shapley, low, high
