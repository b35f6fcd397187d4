"""The picture of the trends: one small panel a step, with band and threshold."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from itertools import pairwise

from matplotlib.axes import Axes

from gtmdiag.funnel.trend import StepTrend, Trend
from gtmdiag.funnel.trend_words import span_of
from gtmdiag.report import blocks
from gtmdiag.report.drawing import FULL_WIDTH, drawing, figure_block, fitted
from gtmdiag.report.funnel_charts import trend_data
from gtmdiag.report.theme import Theme

MOST_PANELS = 6
_PANEL, _HEAD, _FOOT, _GUTTER = 1.25, 0.42, 0.3, 0.55


def trend_panels(trend: Trend) -> blocks.Figure | None:
    """Draw the conversion of each step by week; of many steps those that changed, then those with a threshold."""
    steps = _chosen(trend)
    if not steps:
        return None
    across = min(2, len(steps))
    down = -(-len(steps) // across)
    each = _HEAD + _PANEL + _FOOT
    height, margins = down * each, (0.5, 0.6, 0.0, 0.0)
    inner = FULL_WIDTH - margins[0] - margins[1]
    wide = (inner - (across - 1) * (_GUTTER + margins[0])) / across
    with drawing(height, margins) as (figure, axes, theme):
        axes.set_axis_off()
        for place, step in enumerate(steps):
            left = (place % across) * (wide + _GUTTER + margins[0])
            bottom = height - (place // across + 1) * each + _FOOT
            panel = axes.inset_axes((left / inner, bottom / height, wide / inner, _PANEL / height))
            _panel(panel, step, theme, wide)
            ends = ((0, _week(step.points[0].week), "left"), (len(step.points) - 1, _week(trend.last_week), "right"))
            for at, week, align in ends:
                panel.annotate(
                    week,
                    (at, 0),
                    xytext=(0, -4),
                    textcoords="offset points",
                    ha=align,
                    va="top",
                    color=theme.light.muted,
                )
        told = trend_title(trend), _alt(trend, steps), _caption(trend, steps)
        return figure_block(figure, *told, trend_data(steps))


def _chosen(trend: Trend) -> list[StepTrend]:
    known = [step for step in trend.steps if not step.lacking]
    ranked = sorted(known, key=lambda step: (not step.changed, step.threshold is None))[:MOST_PANELS]
    return [step for step in known if step in ranked]


def _panel(axes: Axes, step: StepTrend, theme: Theme, width: float) -> None:
    colour = theme.light.bad if step.changed and (step.moved is None or step.moved.estimate < 0) else theme.series[0]
    last = len(step.points) - 1
    shares = [(place, point.share) for place, point in enumerate(step.points) if point.share is not None]
    axes.set(xlim=(-0.3, last + 0.3), ylim=(0, 1), yticks=[0, 0.5, 1], xticks=[])
    axes.set_yticklabels(["0%", "50%", "100%"])
    axes.tick_params(length=0)
    axes.grid(axis="y", color=theme.light.line, linewidth=0.6)
    for side in ("left", "top", "right"):
        axes.spines[side].set_visible(False)
    for (here, share), (there, following) in pairwise(shares):
        if there == here + 1:
            band = ([here, there], [share.low, following.low], [share.high, following.high])
            axes.fill_between(*band, color=colour, alpha=0.18, linewidth=0)
            axes.plot([here, there], [share.estimate, following.estimate], color=colour, linewidth=1.6)
    alone = {place for place, _ in shares}
    for place, share in shares:
        if not {place - 1, place + 1} & alone:
            axes.plot([place, place], [share.low, share.high], color=colour, linewidth=3, alpha=0.25)
    axes.plot([place for place, _ in shares], [share.estimate for _, share in shares], "o", color=colour, markersize=3)
    if step.threshold is not None:
        line = step.threshold.share
        axes.axhline(line, color=theme.light.ink, linewidth=1, linestyle=(0, (4, 3)))
        axes.annotate(
            f"{line:.0%}",
            (1, line),
            xycoords=axes.get_yaxis_transform(),
            xytext=(0, 2 if line < 0.9 else -2),
            textcoords="offset points",
            ha="right",
            va="bottom" if line < 0.9 else "top",
            fontsize=theme.sizes.tiny,
        )
    if shares and shares[-1][0] == last:
        told = f"{shares[-1][1].estimate:.0%}"
        at = (last, shares[-1][1].estimate)
        axes.annotate(told, at, xytext=(7, 0), textcoords="offset points", va="center", color=colour, fontweight="bold")
    title = fitted(f"{step.stage} → {step.to}", width - 0.7, theme.sizes.body)
    axes.set_title(title, loc="left", fontsize=theme.sizes.body, color=theme.light.ink)
    axes.text(
        1, 1.07, _each(step), transform=axes.transAxes, ha="right", color=theme.light.muted, fontsize=theme.sizes.tiny
    )


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
