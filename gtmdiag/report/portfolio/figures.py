"""The picture of a portfolio: quartiles over clients, each client a dot."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from gtmdiag.portfolio.result import Compared, Reading, Spread
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block, row_height
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
    return f"Clients lie furthest apart in {named(apart.measure)}: the middle half from {lower} to {upper}"


def spread_figure(compared: Sequence[Compared]) -> blocks.Figure:
    """Draw the middle half and the median of each measure over clients, and each client as a dot."""
    rows = [(one, one.spread) for one in compared if one.spread is not None]
    whole = 1 if rows[0][0].measure.family == "conversion" else 100
    with drawing(row_height(len(rows), 0.36) * len(rows) + 0.75, (2.8, 0.75, 0.3, 0.3)) as (figure, axes, theme):
        axes.set(xlim=(0, whole), ylim=(len(rows) - 0.5, -0.5), xticks=[0, whole / 4, whole / 2, 3 * whole / 4, whole])
        axes.set_xticklabels([f"{part}{'%' if whole == 1 else ''}" for part in (0, 25, 50, 75, 100)])
        axes.set_yticks(range(len(rows)), [cut(named(one.measure), _NAME) for one, _ in rows])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=theme.light.line, linewidth=0.6)
        for place, (one, spread) in enumerate(rows):
            _row(axes, theme, place, spread, one.readings)
            axes.annotate(
                value(one.measure, *spread.median),
                (1, place),
                xycoords=("axes fraction", "data"),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                color=theme.series[0],
                fontweight="bold",
            )
        key = "bar: the middle half of clients; line and number: median; dot: a client"
        axes.text(1, 1.01, key, color=theme.light.muted, va="bottom", ha="right", transform=axes.transAxes)
        title = widest(compared)
        return figure_block(figure, title, _alt(title, rows), data=_data(rows, whole))


def _row(axes: Axes, theme: Theme, place: int, spread: Spread, readings: Sequence[Reading]) -> None:
    low, high = spread.lower[0], spread.upper[1]
    axes.barh(place, high - low, left=low, height=0.56, color=theme.series[0], alpha=0.22)
    for middle in dict.fromkeys(spread.median):
        axes.plot([middle, middle], [place - 0.28, place + 0.28], color=theme.series[0], linewidth=2)
    for one in readings:
        if one.estimate is None and one.low < one.high:
            axes.plot([one.low, one.high], [place, place], color=theme.series[1], linewidth=1, alpha=0.5)
    middles = [(one.low + one.high) / 2 if one.estimate is None else one.estimate for one in readings]
    axes.plot(middles, [place] * len(middles), "o", color=theme.series[1], markersize=3.5, alpha=0.7, clip_on=False)


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
