"""The picture of the trends: one small panel a step, with band and threshold."""

from __future__ import annotations

from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.trend import StepTrend, Trend
from gtmdiag.funnel.trend_words import span_of
from gtmdiag.report import blocks
from gtmdiag.report.drawing import FULL_WIDTH, drawing, figure_block, fitted
from gtmdiag.report.funnel_charts import trend_data
from gtmdiag.report.panel import Panel
from gtmdiag.report.theme import Theme

MOST_PANELS = 6
_PANEL, _HEAD, _FOOT, _GUTTER, _LEFT, _RIGHT = 1.25, 0.42, 0.3, 0.55, 0.5, 0.6


def trend_panels(trend: Trend) -> blocks.Figure | None:
    """Draw the conversion of each step by week; of many steps those that changed, then those with a threshold."""
    steps = _chosen(trend)
    if not steps:
        return None
    across = min(2, len(steps))
    down = -(-len(steps) // across)
    each = _HEAD + _PANEL + _FOOT
    sheet = drawing(down * each)
    wide = (FULL_WIDTH - _LEFT - _RIGHT - (across - 1) * (_GUTTER + _LEFT)) / across
    for place, step in enumerate(steps):
        row, column = divmod(place, across)
        left, last = _LEFT + column * (wide + _GUTTER + _LEFT), len(step.points) - 1
        margins = (left, FULL_WIDTH - left - wide, row * each + _HEAD, (down - row - 1) * each + _FOOT)
        panel = Panel(sheet, margins, x=(-0.3, last + 0.3), y=(0, 1))
        _draw(panel, step, sheet.theme)
        _tell(panel, step, sheet.theme, fitted(f"{step.stage} → {step.to}", wide - 0.7, sheet.theme.sizes.body))
        weeks, colour = (_week(step.points[0].week), _week(trend.last_week)), sheet.theme.light.muted
        panel.text(0, 0, weeks[0], colour, up="top", shift=(0, -4))
        panel.text(last, 0, weeks[1], colour, across="right", up="top", shift=(0, -4))
    told = trend_title(trend), _alt(trend, steps), _caption(trend, steps)
    return figure_block(sheet, *told, trend_data(steps))


def _chosen(trend: Trend) -> list[StepTrend]:
    known = [step for step in trend.steps if not step.lacking]
    ranked = sorted(known, key=lambda step: (not step.changed, step.threshold is None))[:MOST_PANELS]
    return [step for step in known if step in ranked]


def _draw(panel: Panel, step: StepTrend, theme: Theme) -> None:
    """Draw band, line and dots of each run of points that are known, and the threshold."""
    colour, runs = _colour(step, theme), _runs(step)
    for run in runs:
        upper, lower = [(at, share.high) for at, share in run], [(at, share.low) for at, share in reversed(run)]
        panel.area([*upper, *lower], colour, alpha=0.18)
    panel.y_names((0, 0.5, 1), ["0%", "50%", "100%"], grid=True)
    for run in runs:
        panel.line([at for at, _ in run], [share.estimate for _, share in run], colour, 1.6)
        if len(run) == 1:
            at, share = run[0]
            panel.line((at, at), (share.low, share.high), colour, 3, alpha=0.25)
    panel.dots([(at, share.estimate) for run in runs for at, share in run], colour, 3)
    if step.threshold is not None:
        panel.level(step.threshold.share, theme.light.ink, 1, dash=(4, 3))
    panel.edge("bottom")


def _colour(step: StepTrend, theme: Theme) -> str:
    return theme.light.bad if step.changed and (step.moved is None or step.moved.estimate < 0) else theme.series[0]


def _runs(step: StepTrend) -> list[list[tuple[int, Share]]]:
    """Return what is known of the points with their places, apart where a point between is not known."""
    runs: list[list[tuple[int, Share]]] = [[]]
    for place, point in enumerate(step.points):
        if point.share is not None:
            runs[-1].append((place, point.share))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _tell(panel: Panel, step: StepTrend, theme: Theme, title: str) -> None:
    """Write what a panel shows, its threshold and the last value."""
    last, share = len(step.points) - 1, step.points[-1].share
    if step.threshold is not None:
        line = step.threshold.share
        up, shift = ("bottom", 2) if line < 0.9 else ("top", -2)
        told, size = f"{line:.0%}", theme.sizes.tiny
        panel.text(last + 0.3, line, told, theme.light.ink, size=size, across="right", up=up, shift=(0, shift))
    if share is not None:
        at, told = share.estimate, f"{share.estimate:.0%}"
        panel.text(last, at, told, _colour(step, theme), bold=True, up="center", shift=(7, 0))
    panel.text(-0.3, 1, title, theme.light.ink, size=theme.sizes.body, shift=(0, 6))
    panel.text(last + 0.3, 1.07, _each(step), theme.light.muted, size=theme.sizes.tiny, across="right")


def trend_title(trend: Trend) -> str:
    """Return what the trends show, in one line."""
    known = [step for step in trend.steps if not step.lacking]
    if not known:
        return "Not enough data for a trend"
    moved = [(step.moved.estimate, step) for step in known if step.changed and step.moved is not None]
    if moved:
        size, step = min(moved, key=lambda pair: pair[0])
        if size > 0:
            size, step = max(moved, key=lambda pair: pair[0])
        assert step.before is not None and step.lately is not None
        way = "fell" if size < 0 else "rose"
        rates = f"to {step.lately.estimate:.0%}, from {step.before.estimate:.0%}"
        return f"{step.stage} → {step.to} {way} in {span_of(step)[0]} {rates}"
    low = [step for step in known if _stays_below(step)]
    if low and low[0].threshold is not None:
        return f"{low[0].stage} → {low[0].to} stays below its threshold of {low[0].threshold.share:.0%}"
    return "No step has changed lately beyond chance"


def _stays_below(step: StepTrend) -> bool:
    line = step.threshold.share if step.threshold is not None else 0.0
    return step.lately is not None and step.before is not None and max(step.lately.high, step.before.high) < line


def _caption(trend: Trend, steps: list[StepTrend]) -> str:
    line = "; dashed: threshold" if any(step.threshold is not None for step in steps) else ""
    left_out = sum(not step.lacking for step in trend.steps) - len(steps)
    more = f" {left_out} more are in the table." if left_out else ""
    return f"Line: conversion; band: 95% interval{line}. Gaps: too few deals to tell.{more}"


def _alt(trend: Trend, steps: list[StepTrend]) -> str:
    rows = [_told(step) for step in steps]
    return f"{trend_title(trend)}. Line charts of conversion over time with 95% bands. {' '.join(rows)}"


def _told(step: StepTrend) -> str:
    points = ", ".join(
        f"{point.week} not known"
        if point.share is None
        else f"{point.week} {point.share.estimate:.0%} ({point.share.low:.0%} to {point.share.high:.0%})"
        for point in step.points
    )
    line = "" if step.threshold is None else f"; threshold {step.threshold.share:.0%}"
    return f"{step.stage} to {step.to}, {_each(step)}, within {step.horizon_days} days{line}: {points}."


def _each(step: StepTrend) -> str:
    return "by week" if step.windows.weeks == 1 else f"by {step.windows.weeks} weeks"


def _week(week: str) -> str:
    year, _, number = week.partition("-W")
    return f"W{number} {year}"
