"""The method page: how the numbers of the funnel are made, as far as this analysis used them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gtmdiag.funnel.leaks import Estimates
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.report.blocks import Block, Column, Table
from gtmdiag.report.pages.funnel_methods import METHODS, Method


def method_blocks(used: Collection[Method]) -> list[Block]:
    """Return how the numbers are made, only for the methods that this analysis used."""
    columns = (Column("Figure"), Column("How it is made"))
    rows = tuple(
        (title, f"{text} Source: {source}.") for method, (title, text, source) in METHODS.items() if method in used
    )
    note = "No figure of the funnel is worded as a cause: it tells a difference and what that is worth."
    return [Table("How the figures of the funnel are made", columns, rows, note)] if rows else []


def methods_of(result: FunnelResult) -> frozenset[Method]:
    """Return the methods that the result rests on: none where there was not enough data for any."""
    used = set[Method](_of_estimates(result.estimates)) if result.estimates is not None else set[Method]()
    told: dict[Method, object] = {
        "stages": result.shape != "counts" and any(row.entered is not None for row in result.stages),
        "definitions": result.definitions,
        "forecast": result.forecast is not None and result.forecast.total,
        "stalled": result.stalled,
        "trend": result.trend is not None and any(not step.lacking for step in result.trend.steps),
        "rules": result.trend is not None and result.trend.alarms,
        "mix": any(step.change is not None and len(step.segments) > 1 for step in result.change),
        "handoffs": any(row.quartiles for row in result.handoffs),
        "hygiene": result.checks,
    }
    used.update(method for method, found in told.items() if found)
    return frozenset(used)


def _of_estimates(estimates: Estimates) -> Iterator[Method]:
    # Counts have no horizon: their shares are those counted.
    if any(stage.conversion is not None and stage.conversion.horizon_days for stage in estimates.stages):
        yield "conversion"
        yield "interval"
        yield "time"
        yield "mean_days"
    if any(stage.by_value is not None for stage in estimates.stages):
        yield "by_value"
    if estimates.leaks:
        yield "benchmarks"
        yield "multiple"
    if any(leak.value is not None for leak in estimates.leaks):
        yield "leaks"
    if estimates.model is not None and estimates.model.value is not None:
        yield "what_if"
    if estimates.segments is not None and any(step.compared for step in estimates.segments.steps):
        yield "segments"
