"""What is estimated of a funnel: conversion with intervals, leaks and their worth, time in stage."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.estimates.survival import Quantile
from gtmdiag.funnel.leaks import Estimates, Leak
from gtmdiag.funnel.limits import FALSE_ALARMS, LONGEST, MINIMUM_DEALS
from gtmdiag.funnel.what_if import what_if
from gtmdiag.report.blocks import Block, Column, Table
from gtmdiag.report.funnel_figures import conversion_intervals
from gtmdiag.report.leak_figures import leak_waterfall
from gtmdiag.report.time_figures import time_in_stage


def leak_blocks(estimates: Estimates) -> list[Block]:
    """Return conversion as a picture and a table, and each gap to a benchmark with what it is worth."""
    picture = conversion_intervals(estimates)
    blocks: list[Block] = [*([picture] if picture is not None else []), _conversions(estimates)]
    if not estimates.leaks:
        return blocks
    blocks.append(_leaks(estimates))
    gains = any(leak.value is not None and leak.value > 0 for leak in estimates.leaks)
    today = what_if(estimates.model, {}) if gains and estimates.model is not None else None
    waterfall = leak_waterfall(estimates, None if today is None else today.value.estimate)
    return [*blocks, waterfall] if waterfall is not None else blocks


def time_blocks(estimates: Estimates) -> list[Block]:
    """Return the picture and the table of time in stage; nothing where no stage has enough deals."""
    if not any(stage.quartiles for stage in estimates.stages):
        return []
    picture = time_in_stage(estimates)
    return [*([picture] if picture is not None else []), _times(estimates)]


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
                str(share.horizon_days) if share.horizon_days else "–",
                f"{share.open_share:.0%}" if share.horizon_days else "–",
            )
            rows.append((step, *cells))
    note = (
        "Share that moves on within the days stated. Open deals count for as long as they were followed, so that young "
        f"ones do not pull it down. From {MINIMUM_DEALS} deals up. Suite method: Aalen–Johansen, Wilson at effective n."
    )
    if not any(stage.quartiles for stage in estimates.stages):
        note = (
            "As counted: a deal that is still open counts as one that did not move on. "
            f"From {MINIMUM_DEALS} deals up; Wilson's interval."
        )
    return Table("Conversion from stage to stage", columns, tuple(rows), note)


def _leaks(estimates: Estimates) -> Table:
    columns = (
        Column("Step"),
        Column("Conversion (95 % interval)", "right"),
        Column("n", "right"),
        Column("Benchmark", "right"),
        Column("Source"),
        Column("Worth up to (95 % interval)", "right"),
        Column("Reading"),
    )
    rows = tuple(_leak(leak, estimates.currency) for leak in estimates.leaks)
    note = (
        "Worth: what meeting the benchmark here adds on the deals of this export, as its part of the whole gap, if the "
        "later stages hold; minus where the step is better than its benchmark. A difference, not a cause. Benchmark: "
        "the client's own target; else a published value; else its own better quarter or segment, where these differ "
        "beyond chance, after allowing for the best being best by luck. "
        f"Steps are tested together, so that on average at most {FALSE_ALARMS:.0%} of the leaks named are false alarms."
    )
    return Table("Leaks against their benchmarks", columns, rows, note)


def _leak(leak: Leak, currency: str) -> tuple[str, ...]:
    step = f"{leak.stage} → {leak.to}" + (f" ({leak.handoff})" if leak.handoff else "")
    mark = f"{leak.benchmark.share:.0%}" + (f" to {leak.benchmark.high:.0%}" if leak.benchmark.high is not None else "")
    share, worth = leak.conversion, "not known"
    if leak.value is not None and leak.low is not None and leak.high is not None:
        worth = f"{money(leak.value, currency)} ({money(leak.low, currency)} to {money(leak.high, currency)})"
    converted = f"{share.estimate:.1%} ({share.low:.1%} to {share.high:.1%})"
    reading = "leak" if leak.flagged else "better" if leak.conversion.low >= leak.benchmark.share else "within chance"
    return step, converted, f"{share.n:,}", mark, leak.benchmark.source, worth, reading


def _times(estimates: Estimates) -> Table:
    names = ("n", "Quarter left by", "Half", "Three quarters", "Mean days", "Open beyond twice the median")
    columns = (Column("Stage"), *(Column(name, "right") for name in names))
    rows: list[tuple[str, ...]] = []
    for stage in estimates.stages:
        if stage.conversion is None or not stage.quartiles:
            continue
        days = tuple(_day(quartile) for quartile in stage.quartiles)
        late = "–"
        if stage.beyond is not None and stage.beyond.of_open:
            late = f"{stage.beyond.open:,} of {stage.beyond.of_open:,} ({stage.beyond.expected.estimate:.0%} of all)"
        mean = "–" if stage.mean_days is None else f"{stage.mean_days.days:.1f}"
        rows.append((stage.stage, f"{stage.conversion.n:,}", *days, mean, late))
    note = (
        "By any way out, open deals included (Kaplan–Meier), with 95 % intervals; the mean counts no stay beyond the "
        f"{LONGEST} days or fewer within which conversion is told. Twice the median is the published alarm (OE); many "
        "quite normal deals stay longer, so the share of all deals that does stands beside it."
    )
    return Table("Time in stage", columns, tuple(rows), note)


def _day(quartile: Quantile) -> str:
    if quartile.day is None:
        return "not reached"
    return f"day {quartile.day} ({quartile.low} {'or later' if quartile.high is None else f'to {quartile.high}'})"
