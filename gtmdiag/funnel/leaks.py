"""Conversion and time in stage with intervals, and what each stage's gap to its benchmark is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gtmdiag.funnel.benchmarks import Benchmark, below, drawn_shares, next_steps, own_benchmarks, stated_benchmarks
from gtmdiag.funnel.by_segment import BySegment, by_segment
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.estimates.exits import Exits, exits
from gtmdiag.funnel.estimates.gap import gap
from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.intervals import Share, wilson
from gtmdiag.funnel.estimates.moves import bounds
from gtmdiag.funnel.estimates.multiple import benjamini_hochberg
from gtmdiag.funnel.estimates.survival import Beyond, Quantile, RestrictedMean, survival
from gtmdiag.funnel.estimates.table import ADVANCED, CellTable, sums
from gtmdiag.funnel.estimates.weighting import value_conversion
from gtmdiag.funnel.limits import DRAWS, FALSE_ALARMS, FOLLOWED, LONGEST, MINIMUM_DEALS, SEED, WITH_AMOUNT
from gtmdiag.funnel.model import Model, model_of, solved


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
    ninetieth
        Days in which nine in ten have left: beyond it a deal is stalled.
    mean_days
        Mean days in the stage, none counted beyond the horizon.
    by_value
        Share of the money that moves on within the horizon; None where deals have several currencies, or more than one
        in ten has no amount.
    """

    stage: str
    to: str
    conversion: Share | None
    quartiles: tuple[Quantile, ...]
    beyond: Beyond | None
    ninetieth: Quantile | None = None
    mean_days: RestrictedMean | None = None
    by_value: Share | None = None


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

    Attributes
    ----------
    stages
        In order of the map.
    leaks
        The dearest first.
    currency
        That of all amounts; empty where there is none or several.
    won_amount, won_n
        The mean amount of a won deal, None where no money is told, and the deals that it rests on.
    seed, draws
        Those of the intervals in money.
    horizons
        Days, one a stage: to which conversions count; 0 where too few deals were followed.
    model
        What a what-if is asked of; None for more than 50 stages.
    segments
        Conversion by segment.
    """

    stages: tuple[StageEstimate, ...]
    leaks: tuple[Leak, ...]
    currency: str
    won_amount: float | None
    won_n: int
    seed: int = SEED
    draws: int = DRAWS
    horizons: tuple[int, ...] = ()
    model: Model | None = None
    segments: BySegment | None = None


def estimate(table: CellTable, config: CrmConfig) -> Estimates:
    """Estimate conversion, time in stage and leaks from cells.

    Parameters
    ----------
    table
        Cells of a history, by first entry.
    config
        Stages, roles, targets and handoffs.
    """
    stages = config.stages
    left = [exits(table, stage) for stage in stages]
    horizons = tuple(one.longest_horizon(FOLLOWED, LONGEST) for one in left)
    counted, with_amount = (sums(table.stage, column, len(stages)) for column in (table.n, table.n_amount))
    amounts = with_amount / np.maximum(counted, 1)
    found = tuple(
        _stage(one, to, horizon, with_amount=bool(amount >= WITH_AMOUNT))
        for one, to, horizon, amount in zip(left, (*stages[1:], "won"), horizons, amounts, strict=True)
    )
    segments = by_segment(table, horizons)
    model = model_of(table, horizons)
    worth = None if model is None else model.value
    currencies = table.amount_currencies
    return Estimates(
        stages=found,
        leaks=_leaks(found, config, _benchmarks(table, config, found, horizons, segments), model),
        currency=currencies[0] if len(currencies) == 1 else "",
        won_amount=None if worth is None else worth.mean,
        won_n=0 if worth is None else worth.n,
        horizons=horizons,
        model=model,
        segments=segments,
    )


def estimate_counts(numbers: Mapping[str, tuple[int, int]], config: CrmConfig) -> Estimates:
    """Estimate conversion and leaks from numbers of deals alone: shares as counted, with Wilson's interval.

    A deal that is still open counts as one that did not move on, so that a share is the least that it can become; there
    is no horizon (0 days), no time and no money.

    Parameters
    ----------
    numbers
        By stage: deals that entered, and those of them that advanced.
    config
        Stages, roles, targets and handoffs.
    """
    following = (*config.stages[1:], "won")
    found = tuple(
        StageEstimate(stage, to, _counted(*numbers.get(stage, (0, 0))), (), None)
        for stage, to in zip(config.stages, following, strict=True)
    )
    known = {one.stage for one in found if one.conversion is not None}
    benchmarks = {stage: mark for stage, mark in stated_benchmarks(config).items() if stage in known}
    return Estimates(found, _leaks(found, config, benchmarks, None), currency="", won_amount=None, won_n=0)


def _counted(entered: int, advanced: int) -> Share | None:
    if entered < MINIMUM_DEALS:
        return None
    share = advanced / entered
    low, high = wilson(share, entered)
    return Share(share, low, high, share * (1 - share) / entered, entered, entered, 0, 0.0)


def _stage(left: Exits, to: str, horizon: int, *, with_amount: bool) -> StageEstimate:
    if left.entered < MINIMUM_DEALS or horizon == 0:
        return StageEstimate(left.stage, to, None, (), None)
    stay = survival(left)
    *quartiles, ninetieth = stay.quantiles((0.25, 0.5, 0.75, 0.9))
    median = quartiles[1].day
    return StageEstimate(
        stage=left.stage,
        to=to,
        conversion=incidence(left).at(ADVANCED, horizon),
        quartiles=tuple(quartiles),
        beyond=None if median is None else stay.beyond(left, 2 * median),
        ninetieth=ninetieth,
        mean_days=stay.restricted_mean(horizon),
        by_value=value_conversion(left, ADVANCED, horizon) if with_amount else None,
    )


def _benchmarks(
    table: CellTable,
    config: CrmConfig,
    found: Sequence[StageEstimate],
    horizons: Sequence[int],
    segments: BySegment,
) -> dict[str, Benchmark]:
    """Return what each stage that has an estimate is measured against, its own better part where nothing is stated."""
    stated = stated_benchmarks(config)
    known = {
        one.stage: (one.conversion, horizon)
        for one, horizon in zip(found, horizons, strict=True)
        if one.conversion is not None
    }
    own = own_benchmarks(table, {stage: told for stage, told in known.items() if stage not in stated}, segments)
    return {stage: mark for stage, mark in (stated | own).items() if stage in known}


def _leaks(
    found: Sequence[StageEstimate], config: CrmConfig, benchmarks: Mapping[str, Benchmark], model: Model | None
) -> tuple[Leak, ...]:
    handoffs = next_steps(config, config.handoffs)
    told = [
        (place, one, one.conversion, benchmarks[one.stage])
        for place, one in enumerate(found)
        if one.conversion is not None and one.stage in benchmarks
    ]
    flags = benjamini_hochberg([below(share, mark) for _, _, share, mark in told], FALSE_ALARMS)
    money = _money(model, [benchmarks.get(one.stage) for one in found]) if told and model is not None else None
    leaks = [
        Leak(
            stage=one.stage,
            to=one.to,
            conversion=share,
            benchmark=mark,
            flagged=flagged,
            value=None if money is None else float(money[0][place]),
            low=None if money is None else float(money[1][place]),
            high=None if money is None else float(money[2][place]),
            handoff=f"{handoff.giving} → {handoff.taking}" if (handoff := handoffs.get(one.stage)) else "",
        )
        for (place, one, share, mark), flagged in zip(told, flags.flagged, strict=True)
    ]
    return tuple(
        sorted(leaks, key=lambda leak: (-(leak.value or 0.0), leak.conversion.estimate - leak.benchmark.share))
    )


def _money(model: Model, marks: Sequence[Benchmark | None]) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return each stage's part of the whole gap with its interval, or None where nothing is known of value."""
    if model.value is None:
        return None
    shares = np.array([np.nan if mark is None else mark.share for mark in marks])
    drawn = shares
    if any(mark is not None and mark.error for mark in marks):
        drawn = drawn_shares(marks, np.random.default_rng(SEED + 1), DRAWS)
    funnel = solved(model)
    low, high = bounds(gap(funnel.drawn, drawn).shapley)
    return gap(funnel.chain, shares).shapley, low, high
