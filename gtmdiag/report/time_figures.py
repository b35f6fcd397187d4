"""Time in stage: when a quarter, half and three quarters of the deals have left."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes

from gtmdiag.diagnostics.numbers import listed
from gtmdiag.funnel.estimates.survival import Quantile
from gtmdiag.funnel.leaks import Estimates, StageEstimate
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block, fitted
from gtmdiag.report.funnel_charts import time_data
from gtmdiag.report.text import cut
from gtmdiag.report.theme import Theme

_MOST_ROWS: Final = 30
_NAME: Final = 26
_PARTS: Final = (("a quarter", -0.24, 0.45), ("half", 0.0, 1.0), ("three quarters", 0.24, 0.7))
"""The quartiles with their place within the row and how dark they are: the median stands out."""


def time_in_stage(estimates: Estimates) -> blocks.Figure | None:
    """Draw the quartiles of the time in each stage with their intervals; what is not reached runs out of the picture.

    None where no stage has enough deals, and beyond 30 stages, for which the table tells more.
    """
    rows = [stage for stage in estimates.stages if len(stage.quartiles) == len(_PARTS)]
    if not rows or len(rows) > _MOST_ROWS:
        return None
    known = [
        day
        for stage in rows
        for quartile in stage.quartiles
        for day in (quartile.day, quartile.low, quartile.high)
        if day is not None
    ]
    longest = max(known, default=0) or 1
    with drawing(0.52 * len(rows) + 0.95, (1.9, 1.45, 0.35, 0.5)) as (figure, axes, theme):
        axes.set(xlim=(0, longest * 1.06), ylim=(len(rows) - 0.45, -0.55))
        axes.set_xlabel("days since entry")
        axes.set_yticks(range(len(rows)), [fitted(stage.stage, 1.8) for stage in rows])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=theme.light.line, linewidth=0.6)
        axes.locator_params(axis="x", nbins=6, integer=True)
        for place, stage in enumerate(rows):
            for quartile, (_, shift, alpha) in zip(stage.quartiles, _PARTS, strict=True):
                _draw(axes, theme, quartile, place + shift, longest * 1.06, alpha)
            axes.annotate(
                " · ".join(_day(quartile) for quartile in stage.quartiles),
                (1, place),
                xycoords=("axes fraction", "data"),
                xytext=(10, 0),
                textcoords="offset points",
                va="center",
                color=theme.series[0],
            )
        ends = all(quartile.high is not None for stage in rows for quartile in stage.quartiles)
        key = "from above: a quarter, half, three quarters have left; bar: 95% interval"
        key += "" if ends else "; ▷: not reached"
        axes.text(1, 1.02, key, color=theme.light.muted, va="bottom", ha="right", transform=axes.transAxes)
        caption = "By any way out. Open deals count for as long as they have stayed."
        if not ends:
            caption += " An interval that ends in ▷ has no upper end within the time watched; – was not reached."
        title = _title(rows)
        return figure_block(figure, title, _alt(title, rows), caption, time_data(rows))


def _draw(axes: Axes, theme: Theme, quartile: Quantile, y: float, edge: float, alpha: float) -> None:
    colour = theme.series[0]
    if quartile.low is not None:
        until = edge if quartile.high is None else quartile.high
        axes.plot([quartile.low, until], [y, y], color=colour, alpha=0.35, linewidth=4, solid_capstyle="butt")
    if quartile.high is None:
        # The interval, and perhaps the quartile itself, lies beyond what was watched.
        axes.plot(edge, y, ">", markersize=6, markerfacecolor="none", markeredgecolor=colour, clip_on=False)
    if quartile.day is not None:
        axes.plot(quartile.day, y, "o", color=colour, alpha=alpha, markersize=7 if quartile.share == 0.5 else 5)


def _day(quartile: Quantile) -> str:
    return "–" if quartile.day is None else f"{quartile.day:,}"


def _title(rows: Sequence[StageEstimate]) -> str:
    medians = [(stage, stage.quartiles[1]) for stage in rows]
    if open_ended := [stage.stage for stage, median in medians if median.day is None]:
        names = listed([cut(name, _NAME) for name in open_ended[:2]]) if len(open_ended) <= 2 else "several stages"
        return f"Not even half of the deals left {names} within the time watched"
    days = {stage.stage: median.day or 0 for stage, median in medians}
    if len(days) == 1:
        return f"Half of the deals leave {cut(rows[0].stage, _NAME)} within {_days(max(days.values()))}"
    slowest, median = max(medians, key=lambda row: row[1].day or 0)
    others = [other for stage, other in medians if stage is not slowest]
    if median.low is not None and all(other.high is not None and other.high < median.low for other in others):
        return f"Deals stay longest in {cut(slowest.stage, _NAME)}: half of them for {_days(median.day or 0)} or more"
    least, most = min(days.values()), max(days.values())
    return (
        f"Half of the deals leave each stage within {_days(most)}"
        if least == most
        else (f"Half of the deals leave within {least} to {_days(most)}, depending on the stage")
    )


def _days(days: int) -> str:
    return "less than a day" if days == 0 else f"{days:,} {'day' if days == 1 else 'days'}"


def _alt(title: str, rows: Sequence[StageEstimate]) -> str:
    told = [
        f"{stage.stage}: "
        + ", ".join(f"{name} {_told(quartile)}" for quartile, (name, _, _) in zip(stage.quartiles, _PARTS, strict=True))
        for stage in rows
    ]
    return f"{title}. Days until deals have left each stage, with 95% intervals. {'; '.join(told)}."


def _told(quartile: Quantile) -> str:
    if quartile.day is None:
        return "not reached"
    until = "or later" if quartile.high is None else f"to {quartile.high}"
    return f"by day {quartile.day} ({quartile.low} {until})"
