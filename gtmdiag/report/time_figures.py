"""Time in stage: when a quarter, half and three quarters of the deals have left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gtmdiag.diagnostics.numbers import listed
from gtmdiag.funnel.estimates.survival import Quantile
from gtmdiag.funnel.leaks import Estimates, StageEstimate
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block, fitted
from gtmdiag.report.funnel_charts import time_data
from gtmdiag.report.panel import Panel, even_steps
from gtmdiag.report.text import cut

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
    edge = longest * 1.06
    sheet = drawing(0.52 * len(rows) + 0.95)
    theme, panel = sheet.theme, Panel(sheet, (1.9, 1.45, 0.35, 0.5), x=(0, edge), y=(len(rows) - 0.45, -0.55))
    days = even_steps(0, edge, 6, whole=True)
    panel.x_names(days, [f"{day:.0f}" for day in days], label="days since entry", grid=True)
    panel.y_names(range(len(rows)), [fitted(stage.stage, 1.8) for stage in rows])
    panel.edge("bottom")
    for place, stage in enumerate(rows):
        for quartile, (_, shift, alpha) in zip(stage.quartiles, _PARTS, strict=True):
            _draw(panel, theme.series[0], quartile, place + shift, edge, alpha)
        told = " · ".join(_day(quartile) for quartile in stage.quartiles)
        panel.text(edge, place, told, theme.series[0], up="center", shift=(10, 0))
    ends = all(quartile.high is not None for stage in rows for quartile in stage.quartiles)
    key = "from above: a quarter, half, three quarters have left; bar: 95% interval"
    key += "" if ends else "; ▷: not reached"
    panel.text(edge, -0.55, key, theme.light.muted, across="right", up="bottom", shift=(0, 0.02 * panel.height))
    caption = "By any way out. Open deals count for as long as they have stayed."
    if not ends:
        caption += " An interval that ends in ▷ has no upper end within the time watched; – was not reached."
    title = _title(rows)
    return figure_block(sheet, title, _alt(title, rows), caption, time_data(rows))


def _draw(panel: Panel, colour: str, quartile: Quantile, y: float, edge: float, alpha: float) -> None:
    if quartile.low is not None:
        until = edge if quartile.high is None else quartile.high
        panel.line((quartile.low, until), (y, y), colour, 4, alpha=0.35, cap="butt")
    if quartile.high is None:
        # The interval, and perhaps the quartile itself, lies beyond what was watched.
        panel.dots([(edge, y)], colour, 6, mark=">", fill="none", whole=True)
    if quartile.day is not None:
        panel.dots([(quartile.day, y)], colour, 7 if quartile.share == 0.5 else 5, alpha=alpha)


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
