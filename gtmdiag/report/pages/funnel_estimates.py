"""What is estimated of a funnel: conversion with intervals, leaks and their worth, time in stage."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.leaks import FALSE_ALARMS, MINIMUM_DEALS, Estimates, Leak
from gtmdiag.report.blocks import Block, Column, Table
from gtmdiag.report.funnel_figures import conversion_intervals


def estimated(estimates: Estimates) -> list[Block]:
    """Return picture and tables of the estimates."""
    picture = conversion_intervals(estimates)
    blocks: list[Block] = [picture] if picture is not None else []
    blocks.append(_conversions(estimates))
    if estimates.leaks:
        blocks.append(_leaks(estimates))
    if any(stage.quartiles for stage in estimates.stages):
        blocks.append(_times(estimates))
    return blocks


def _conversions(estimates: Estimates) -> Table:
    names = ("Conversion", "95 % interval", "n", "Within days", "Still open then")
    columns = (Column("Step"), *(Column(name, "right") for name in names))
    rows: list[tuple[str, ...]] = []
    for stage in estimates.stages:
        share = stage.conversion
        step = f"{stage.stage} → {stage.to}"
        if share is None:
            rows.append((step, "not enough data", "–", "–", "–", "–"))
        else:
            interval = f"{share.low:.1%} to {share.high:.1%}"
            cells = (
                f"{share.estimate:.1%}",
                interval,
                f"{share.n:,}",
                str(share.horizon_days),
                f"{share.open_share:.0%}",
            )
            rows.append((step, *cells))
    note = (
        "Share that moves on within the days stated. Open deals count for as long as they were followed, so that young "
        f"ones do not pull it down. From {MINIMUM_DEALS} deals up. Suite method: Aalen–Johansen, Wilson at effective n."
    )
    return Table("Conversion from stage to stage", columns, tuple(rows), note)


def _leaks(estimates: Estimates) -> Table:
    columns = (
        Column("Step"),
        Column("Conversion", "right"),
        Column("Benchmark", "right"),
        Column("Source"),
        Column("Worth up to", "right"),
        Column("95 % interval", "right"),
        Column("Reading"),
    )
    rows = tuple(_leak(leak, estimates.currency) for leak in estimates.leaks)
    note = (
        "Worth: what meeting the benchmark here adds on the deals of this export, as its part of the whole gap, if the "
        "later stages hold; minus where the step is better than its benchmark. A difference, not a cause. "
        f"Leaks are tested together; {FALSE_ALARMS:.0%} of those named may be false."
    )
    return Table("Leaks against their benchmarks", columns, rows, note)


def _leak(leak: Leak, currency: str) -> tuple[str, ...]:
    step = f"{leak.stage} → {leak.to}" + (f" ({leak.handoff})" if leak.handoff else "")
    mark = f"{leak.benchmark.share:.0%}" + (f" to {leak.benchmark.high:.0%}" if leak.benchmark.high is not None else "")
    worth, interval = "not known", "–"
    if leak.value is not None and leak.low is not None and leak.high is not None:
        worth, interval = money(leak.value, currency), f"{money(leak.low, currency)} to {money(leak.high, currency)}"
    reading = "leak" if leak.flagged else "better" if leak.conversion.low >= leak.benchmark.share else "within chance"
    return step, f"{leak.conversion.estimate:.1%}", mark, leak.benchmark.source, worth, interval, reading


def _times(estimates: Estimates) -> Table:
    names = ("Quarter left by", "Half", "Three quarters", "Open beyond twice the median", "Expected")
    columns = (Column("Stage"), *(Column(name, "right") for name in names))
    rows: list[tuple[str, ...]] = []
    for stage in estimates.stages:
        if not stage.quartiles:
            continue
        days = tuple("–" if quartile.day is None else f"day {quartile.day}" for quartile in stage.quartiles)
        late = ("–", "–")
        if stage.beyond is not None and stage.beyond.of_open:
            late = (
                f"{stage.beyond.open:,} of {stage.beyond.of_open:,}",
                f"{stage.beyond.expected.estimate:.0%} of all",
            )
        rows.append((stage.stage, *days, *late))
    note = (
        "By any way out, open deals included (Kaplan–Meier). Twice the median is the published alarm (OE); a share of "
        "quite normal deals stays longer than that, so the expected share stands beside it."
    )
    return Table("Time in stage", columns, tuple(rows), note)
