"""The leak waterfall: from revenue at today's conversions, step by step, to revenue at the benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gtmdiag.diagnostics.numbers import capital, money
from gtmdiag.funnel.leaks import Estimates, Leak
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block, fitted
from gtmdiag.report.panel import Panel
from gtmdiag.report.records import Chart, Series
from gtmdiag.report.text import cut

_MOST_STEPS: Final = 12
_NAME: Final = 30
_ROOM: Final = 2.0
"""Inches of a step's name."""


@dataclass(frozen=True)
class _Step:
    """One bar: where it begins and ends, its interval as ends of the bar, and whether the step leaks beyond chance.

    There is no interval for the two totals and for the sum of small steps.
    """

    name: str
    start: float
    end: float
    interval: tuple[float, float] | None = None
    flagged: bool = True

    @property
    def value(self) -> float:
        return self.end - self.start


def leak_waterfall(estimates: Estimates, today: float | None) -> blocks.Figure | None:
    """Draw what each step's gap to its benchmark adds to revenue or takes from it.

    Parameters
    ----------
    estimates
        With leaks in money; None is drawn where no money is told.
    today
        What the deals of the export bring in the end at today's conversions, in whole units of the currency.
    """
    steps = [] if today is None else _steps(estimates, today)
    if today is None or not steps:
        return None
    there = steps[-1].end
    title = _title(estimates, today, there)
    rows = [_Step("At today's conversions", 0, today), *steps, _Step("At the benchmarks", 0, there)]
    ends = [0.0, *(end for row in rows for end in (row.start, row.end, *(row.interval or ())))]
    least, most = min(ends), max(ends)
    sheet = drawing(0.42 * len(rows) + 0.55)
    theme, panel = sheet.theme, Panel(sheet, (2.1, 1.75, 0.35, 0.1), x=(least, most), y=(len(rows) - 0.5, -0.5))
    panel.y_names(range(len(rows)), [_label(row.name) for row in rows])
    for place, row in enumerate(rows[:-1]):
        panel.line((row.end, row.end), (place, place + 1), theme.light.muted, 0.6)
    for place, row in enumerate(rows):
        whole = place in (0, len(rows) - 1)
        colour = theme.series[1] if whole else theme.series[0] if row.value >= 0 else theme.light.warn
        panel.bar(row.start, row.end, place, 0.56, colour, alpha=1 if row.flagged else 0.45)
        told = money(row.value, estimates.currency) if whole else _signed(row.value, estimates.currency)
        panel.text(most, place, told, colour, bold=whole, up="center", shift=(10, 0))
    panel.upright(0, theme.light.line)
    for place, row in enumerate(rows):
        if row.interval is not None:
            panel.line(row.interval, (place, place), theme.light.ink, 1.2)
            for end in row.interval:
                panel.line((end, end), (place - 0.12, place + 0.12), theme.light.ink, 1.2)
    key = "whisker: 95% interval; pale: within chance; minus: better than its benchmark"
    panel.text(most, -0.62, key, theme.light.muted, across="right", up="bottom")
    caption = (
        "All deals of this export followed to their end. Each step's part of the whole gap, if the later stages "
        "hold; the parts add to it. A difference, not a cause."
    )
    data = _data(rows, estimates.currency)
    return figure_block(sheet, title, _alt(title, rows, estimates.currency), caption, data)


def _data(rows: Sequence[_Step], currency: str) -> Chart:
    bounds = [row.interval or (None, None) for row in rows]
    lows, highs = (
        tuple(None if end is None else end - row.start for row, end in zip(rows, ends, strict=True))
        for ends in zip(*bounds, strict=True)
    )
    added = Series(f"Revenue, {currency}", tuple(row.value for row in rows), lows, highs)
    return Chart("bars", "money", tuple(row.name for row in rows), (added,), "CRM export")


def _steps(estimates: Estimates, today: float) -> list[_Step]:
    """Return the steps in order of the map; beyond twelve, the small ones as one."""
    known = sorted((leak for leak in estimates.leaks if leak.value is not None), key=lambda leak: -abs(leak.value or 0))
    kept = known if len(known) <= _MOST_STEPS else known[: _MOST_STEPS - 1]
    order = {stage.stage: place for place, stage in enumerate(estimates.stages)}
    steps, here = list[_Step](), today
    for leak in sorted(kept, key=lambda leak: order.get(leak.stage, len(order))):
        value, low, high = leak.value or 0.0, leak.low, leak.high
        interval = None if low is None or high is None else (here + low, here + high)
        steps.append(_Step(f"{leak.stage} → {leak.to}", here, here + value, interval, leak.flagged or value < 0))
        here += value
    if rest := known[len(kept) :]:
        steps.append(_Step(f"{len(rest)} other steps", here, here + sum(leak.value or 0.0 for leak in rest)))
    return steps


def _label(name: str) -> str:
    """Return a step's name in one line, both of its stages still to be seen."""
    if fitted(name, _ROOM) == name:
        return name
    leaving, _, entering = name.partition(" → ")
    return f"{fitted(leaving, _ROOM * 0.5)} → {fitted(entering, _ROOM * 0.36)}"


def _title(estimates: Estimates, today: float, there: float) -> str:
    gains = [leak for leak in estimates.leaks if leak.flagged and leak.low is not None and leak.low > 0]
    if not gains:
        return "No step's gap to its benchmark is worth anything beyond chance"
    whole = f"from {money(today, estimates.currency)} to {money(there, estimates.currency)}"
    if there <= today:
        return f"{_step(gains[0])} lies below its benchmark, but better steps make up for it: {whole}"
    worth = f"Meeting the benchmarks is worth up to {money(there - today, estimates.currency)}"
    share = (gains[0].value or 0) / (there - today)
    return f"{worth}, {'most of it' if share > 0.5 else 'the largest part'} at {_step(gains[0])}"


def _step(leak: Leak) -> str:
    return f"{cut(leak.stage, _NAME)}→{cut(leak.to, _NAME)}"


def _signed(value: float, currency: str) -> str:
    text = money(value, currency)
    return text if value < 0 else f"+{text}"


def _alt(title: str, rows: Sequence[_Step], currency: str) -> str:
    first, *steps, last = rows
    told = [
        f"{step.name}: {_signed(step.value, currency)}"
        + (
            ""
            if step.interval is None
            else f", from {_signed(step.interval[0] - step.start, currency)} to "
            f"{_signed(step.interval[1] - step.start, currency)}"
        )
        for step in steps
    ]
    return (
        f"{title}. Waterfall of revenue. {capital(first.name)}: {money(first.value, currency)}; {'; '.join(told)}; "
        f"{last.name[:1].lower() + last.name[1:]}: {money(last.value, currency)}."
    )
