"""The picture of a portfolio: quartiles over clients, each client a dot."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.portfolio.result import Compared, Reading, Spread
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block, row_height
from gtmdiag.report.panel import Panel
from gtmdiag.report.portfolio.wording import named, value
from gtmdiag.report.records import Chart, Series
from gtmdiag.report.text import cut
from gtmdiag.report.theme import Theme

_NAME = 46


def widest(compared: Sequence[Compared]) -> str:
    """Return where the clients lie furthest apart, as a finding."""
    apart = max(compared, key=_width)
    if apart.spread is None or _width(apart) <= 0:
        return "The clients lie close together"
    lower, upper = (value(apart.measure, *part) for part in (apart.spread.lower, apart.spread.upper))
    if len(compared) == 1:
        return f"{named(apart.measure)}: the middle half of clients from {lower} to {upper}"
    return f"Clients lie furthest apart in {named(apart.measure)}: the middle half from {lower} to {upper}"


def spread_figure(compared: Sequence[Compared]) -> blocks.Figure:
    """Draw the middle half and the median of each measure over clients, and each client as a dot."""
    rows = [(one, one.spread) for one in compared if one.spread is not None]
    whole = 1 if rows[0][0].measure.family == "conversion" else 100
    sheet = drawing(row_height(len(rows), 0.36) * len(rows) + 0.75)
    theme, panel = sheet.theme, Panel(sheet, (2.8, 0.75, 0.3, 0.3), x=(0, whole), y=(len(rows) - 0.5, -0.5))
    marks = (0, 25, 50, 75, 100)
    panel.x_names(
        [whole * mark / 100 for mark in marks], [f"{mark}{'%' if whole == 1 else ''}" for mark in marks], grid=True
    )
    panel.y_names(range(len(rows)), [cut(named(one.measure), _NAME) for one, _ in rows])
    panel.edge("bottom")
    for place, (one, spread) in enumerate(rows):
        _row(panel, theme, place, spread, one.readings)
        told = value(one.measure, *spread.median)
        panel.text(whole, place, told, theme.series[0], bold=True, up="center", shift=(8, 0))
    key = "bar: the middle half of clients; line and number: median; dot: a client"
    panel.text(whole, -0.5, key, theme.light.muted, across="right", up="bottom", shift=(0, 0.01 * panel.height))
    title = widest(compared)
    return figure_block(sheet, title, _alt(title, rows), data=_data(rows, whole))


def _row(panel: Panel, theme: Theme, place: int, spread: Spread, readings: Sequence[Reading]) -> None:
    panel.bar(spread.lower[0], spread.upper[1], place, 0.56, theme.series[0], alpha=0.22)
    for middle in dict.fromkeys(spread.median):
        panel.line((middle, middle), (place - 0.28, place + 0.28), theme.series[0], 2)
    for one in readings:
        if one.estimate is None and one.low < one.high:
            panel.line((one.low, one.high), (place, place), theme.series[1], 1, alpha=0.5)
    middles = [(one.low + one.high) / 2 if one.estimate is None else one.estimate for one in readings]
    panel.dots([(middle, place) for middle in middles], theme.series[1], 3.5, alpha=0.7, whole=True)


def _width(one: Compared) -> float:
    """Return what surely lies between the quartiles, as a share of the scale; money is taken by its median."""
    if one.spread is None:
        return 0.0
    gap = one.spread.upper[0] - one.spread.lower[1]
    return gap / abs(one.spread.median[0] or 1) if one.measure.family == "money" else gap


def _alt(title: str, rows: Sequence[tuple[Compared, Spread]]) -> str:
    told = "; ".join(
        f"{named(one.measure)}: {len(one.readings)} clients, middle half from {value(one.measure, *spread.lower)} to "
        f"{value(one.measure, *spread.upper)}, median {value(one.measure, *spread.median)}"
        for one, spread in rows
    )
    return f"{title}. Bars of the middle half of clients. {told}."


def _data(rows: Sequence[tuple[Compared, Spread]], whole: int) -> Chart:
    counts = tuple(len(one.readings) for one, _ in rows)
    middles = tuple(sum(spread.median) / 2 for _, spread in rows)
    lows, highs = tuple(spread.lower[0] for _, spread in rows), tuple(spread.upper[1] for _, spread in rows)
    series = Series("Median, with the middle half of clients", middles, lows, highs, counts)
    unit = "share" if whole == 1 else "index"
    return Chart("intervals", unit, tuple(named(one.measure) for one, _ in rows), (series,), "results of the clients")
