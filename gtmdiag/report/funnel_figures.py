"""Figures of the funnel's estimates."""

from __future__ import annotations

from gtmdiag.funnel.leaks import Estimates
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block, fitted, row_height
from gtmdiag.report.panel import Panel
from gtmdiag.report.records import Chart, Series

_MOST_ROWS = 30


def conversion_intervals(estimates: Estimates) -> blocks.Figure | None:
    """Draw each step's conversion with its interval, and the benchmark where there is one."""
    rows = [(stage, stage.conversion) for stage in estimates.stages if stage.conversion is not None]
    if not rows or len(rows) > _MOST_ROWS:
        return None
    marks = {leak.stage: leak for leak in estimates.leaks}
    high = row_height(len(rows), 0.42)
    sheet = drawing(high * len(rows) + 0.75)
    theme, panel = sheet.theme, Panel(sheet, (2.1, 0.9, 0.35, 0.35), x=(0, 1), y=(len(rows) - 0.5, -0.5))
    panel.x_names((0, 0.25, 0.5, 0.75, 1), ["0%", "25%", "50%", "75%", "100%"], grid=True)
    panel.y_names(range(len(rows)), [fitted(f"{stage.stage} → {stage.to}", 2.0) for stage, _ in rows])
    panel.edge("bottom")
    for place, (stage, share) in enumerate(rows):
        leak = marks.get(stage.stage)
        colour = theme.light.bad if leak is not None and leak.flagged else theme.series[0]
        panel.line((share.low, share.high), (place, place), colour, 5, alpha=0.35)
        panel.dots([(share.estimate, place)], colour, 7)
        panel.text(1, place, f"{share.estimate:.0%}", colour, up="center", shift=(8, 0))
        if leak is not None:
            panel.line([leak.benchmark.share] * 2, (place - 0.32, place + 0.32), theme.light.ink, 1.5)
    key = "dot: conversion; bar: 95% interval" + ("; line: benchmark" if marks else "")
    panel.text(1, -0.62, key, theme.light.muted, across="right", up="bottom")
    return figure_block(sheet, _title(estimates), _alt(estimates), data=_data(estimates))


def _data(estimates: Estimates) -> Chart:
    rows = [(stage, stage.conversion) for stage in estimates.stages if stage.conversion is not None]
    marks = {leak.stage: leak.benchmark.share for leak in estimates.leaks}
    conversion = Series(
        "Conversion",
        tuple(share.estimate for _, share in rows),
        tuple(share.low for _, share in rows),
        tuple(share.high for _, share in rows),
        tuple(share.n for _, share in rows),
    )
    benchmark = Series("Benchmark", tuple(marks.get(stage.stage) for stage, _ in rows))
    steps = tuple(f"{stage.stage} → {stage.to}" for stage, _ in rows)
    return Chart("intervals", "share", steps, (conversion, benchmark) if marks else (conversion,), "CRM export")


def _title(estimates: Estimates) -> str:
    flagged = [leak for leak in estimates.leaks if leak.flagged]
    if flagged:
        worst = flagged[0]
        rates = f"{worst.conversion.estimate:.0%} against {worst.benchmark.share:.0%}"
        return f"{worst.stage}→{worst.to} converts below its benchmark: {rates}"
    if estimates.leaks:
        return "No step converts below its benchmark beyond chance"
    shares = [stage.conversion.estimate for stage in estimates.stages if stage.conversion is not None]
    return f"Conversion from stage to stage: {min(shares):.0%} to {max(shares):.0%}"


def _alt(estimates: Estimates) -> str:
    marks = {leak.stage: f", benchmark {leak.benchmark.share:.0%}" for leak in estimates.leaks}
    rows = [
        f"{stage.stage} to {stage.to}: {share.estimate:.0%}, from {share.low:.0%} to {share.high:.0%}, n = {share.n:,}"
        + marks.get(stage.stage, "")
        for stage in estimates.stages
        if (share := stage.conversion) is not None
    ]
    return f"{_title(estimates)}. Dot chart of conversion with 95% intervals. {'; '.join(rows)}."
