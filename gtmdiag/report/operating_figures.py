"""Figures of the operating-model audit: maturity of the five layers, and a rule over its weeks."""

from __future__ import annotations

import math
from datetime import date, timedelta

from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first
from gtmdiag.diagnostics.operating_model import LayerMaturity, OperatingModelResult
from gtmdiag.kpis import RuleReading
from gtmdiag.kpis.words import rule_in_words, value_in_words
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, drawn_width, figure_block
from gtmdiag.report.panel import Panel, alike, even_steps
from gtmdiag.report.records import Chart, Series

_SHADES = (0.0, 0.10, 0.20, 0.32, 0.45)
"""Opacity of the accent for maturities 0 to 4; text on it keeps its contrast."""


def layer_map(result: OperatingModelResult) -> blocks.Figure:
    """Draw the five layers, the lowest at the foot: claimed, evidenced and effective maturity."""
    rows = tuple(reversed(result.layers))
    names = [name for name in ("CEO says", "Leaders say") if any(_claim(row, name) is not None for row in rows)]
    columns = [*names, "Evidenced", "Effective"]
    sheet = drawing(0.5 * len(rows) + 0.6)
    theme, panel = sheet.theme, Panel(sheet, (1.75, 0.1, 0.4, 0.2), x=(0, len(columns)), y=(len(rows), 0))
    panel.y_names([place + 0.5 for place in range(len(rows))], [row.label for row in rows])
    for column, name in enumerate(columns):
        panel.text(column + 0.04, -0.12, name, theme.light.muted, bold=True, up="bottom")
        for place, row in enumerate(rows):
            value, box = _value(row, name), (column + 0.025, column + 0.975, place + 0.5, 0.84)
            panel.bar(*box, theme.light.wash, edge=theme.light.line)
            if value is not None:
                panel.bar(*box, theme.light.accent, alpha=_SHADES[min(int(value + 0.5), 4)])
            mark, colour = _mark(row, name)
            high = place + (0.36 if mark else 0.5)
            told = "–" if value is None else _told(value, result.maturity_words)
            panel.text(column + 0.08, high, told, theme.light.ink, up="center")
            tint = theme.light.bad if colour == "bad" else theme.light.warn
            panel.text(column + 0.08, place + 0.7, mark, tint, size=theme.sizes.tiny, up="center")
    caption = (
        "0 absent, 1 said, 2 written, 3 used in the last 90 days, 4 improved by its own feedback. Effective: no "
        "more than the layer below. Suite method."
    )
    return figure_block(sheet, _title(result), _alt(result), caption)


def _claim(row: LayerMaturity, name: str) -> float | None:
    if name == "CEO says":
        return None if row.ceo is None else float(row.ceo)
    return row.leaders


def _value(row: LayerMaturity, name: str) -> float | None:
    if name in ("CEO says", "Leaders say"):
        return _claim(row, name)
    return float(row.evidenced if name == "Evidenced" else row.effective)


def _told(value: float, words: tuple[str, ...]) -> str:
    return f"{value:.0f} {words[int(value)]}" if value == int(value) else f"{value:.1f}"


def _mark(row: LayerMaturity, name: str) -> tuple[str, str]:
    if name == "Effective" and row.blind_spot:
        return "▼ blind spot", "bad"
    claimed = "CEO says" if row.ceo is not None else "Leaders say"
    return ("▲ more than shown", "warn") if name == claimed and row.overclaimed else ("", "")


def _title(result: OperatingModelResult) -> str:
    spots = [row for row in result.layers if row.blind_spot]
    if spots:
        verb = "stands" if len(spots) == 1 else "stand"
        return f"{capital(count(len(spots), 'layer'))} {verb} on less than they show"
    words = result.maturity_words
    lowest = min(row.effective for row in result.layers)
    return f"From the ground up, the model is {words[lowest]}" if lowest else "The upper layers are still absent"


def _alt(result: OperatingModelResult) -> str:
    words = result.maturity_words
    rows = [
        f"{row.label}: {f'CEO says {row.ceo}, ' if row.ceo is not None else ''}evidenced {row.evidenced} "
        f"({words[row.evidenced]}), effective {row.effective}" + (", a blind spot" if row.blind_spot else "")
        for row in result.layers
    ]
    return f"Maturity of five layers, lowest first, from 0 to 4. {'; '.join(rows)}."


def rule_weeks(reading: RuleReading) -> blocks.Figure:
    """Draw a metric over its weeks with the threshold, and mark the weeks in which the rule stood fired."""
    kpi, weeks = reading.kpi, reading.weeks
    fired = {week.monday for alarm in reading.alarms for week in alarm.weeks[reading.window - 1 :]}
    scale = 100 if kpi.unit == "share" else 1
    by_monday = {week.monday: week.value for week in weeks if week.value is not None}
    first, last = weeks[0].monday, weeks[-1].monday
    mondays = [first + timedelta(weeks=number) for number in range((last - first).days // 7 + 1)]
    # A week without a value breaks the line, as it ends a run.
    values = [scale * by_monday[monday] if monday in by_monday else math.nan for monday in mondays]
    threshold = scale * (kpi.threshold or 0)
    known = [threshold, *(scale * value for value in by_monday.values())]
    foot, head = min(0, *known[1:]), max(known) + 0.05 * ((max(known) - min(known)) or 1)
    air = 0.05 * max(len(mondays) - 1, 1)
    sheet, right = drawing(2.5), len(mondays) - 1 + air
    theme, panel = sheet.theme, Panel(sheet, (0.55, 1.2, 0.15, 0.35), x=(-air, right), y=(foot, head))
    panel.line(range(len(values)), values, theme.series[0], 1.2)
    panel.level(threshold, theme.light.warn, 1.2, dash=(4, 2))
    told = f"threshold {value_in_words(kpi, kpi.threshold or 0)}"
    panel.text(right, threshold, told, theme.light.warn, up="center", shift=(5, 0))
    panel.edge("left", "bottom")
    hot = [(x, y) for x, (y, monday) in enumerate(zip(values, mondays, strict=True)) if monday in fired]
    panel.dots(hot, theme.light.bad, 4.69, mark="v")
    steps = even_steps(foot, head, 7)
    panel.y_names(steps, [f"{value:.0f}%" for value in steps] if kpi.unit == "share" else alike(steps))
    each = max(len(mondays) // int(drawn_width() / 1.15), 1)
    panel.x_names(range(0, len(mondays), each), [f"{monday:%G-W%V}" for monday in mondays[::each]])
    caption = "▼ weeks in which the rule stood fired."
    return figure_block(sheet, _rule_title(reading), _rule_alt(reading), caption, _rule_data(reading, mondays))


def _rule_data(reading: RuleReading, mondays: list[date]) -> Chart:
    kpi, weeks = reading.kpi, {week.monday: week for week in reading.weeks}
    found = [weeks.get(monday) for monday in mondays]
    values = tuple(None if week is None else week.value for week in found)
    counts = tuple(None if week is None or week.n is None else int(week.n) for week in found)
    threshold = Series("Threshold", (kpi.threshold,) * len(mondays))
    names = tuple(f"{monday:%G-W%V}" for monday in mondays)
    unit = "share" if kpi.unit == "share" else "count"
    return Chart("lines", unit, names, (Series(kpi.label, values, n=counts), threshold), reading.source)


def _rule_title(reading: RuleReading) -> str:
    kpi = reading.kpi
    if reading.fires:
        return f"{kpi.label}: the rule fires, after {count(reading.running, 'week')} {kpi.direction} the threshold"
    return f"{kpi.label}: the rule does not fire"


def _rule_alt(reading: RuleReading) -> str:
    kpi = reading.kpi
    last = [week for week in reading.weeks if week.value is not None][-4:]
    told = listed([f"{week.name} {value_in_words(kpi, week.value or 0)}" for week in last])
    alarms = count(len(reading.alarms), "firing")
    return f"{kpi.label} by week; the rule is {lower_first(rule_in_words(kpi))}. {capital(alarms)}. The last: {told}."
