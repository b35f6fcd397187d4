"""Figures: each is a function from a result to a figure block, with a title that states the finding and alt text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult, DomainView, Reading
from gtmdiag.diagnostics.numbers import span
from gtmdiag.funnel.result import FunnelResult, StageRow
from gtmdiag.instruments.scoring import Index
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, drawn_width, figure_block, fitted, row_height
from gtmdiag.report.lettering import label_size, width_of
from gtmdiag.report.panel import Panel
from gtmdiag.report.records import Chart, Series
from gtmdiag.report.sheet import Across, Up

MINIMUM_DEALS = 30
"""Deals that must have entered a stage before a title singles it out (suite method)."""

_SQUARE = 3.25
"""Inches of a side of the quadrants."""
_DOT = 2.5
"""Half of a dot, in units of the axes."""
_Box = tuple[float, float, float, float]
_CORNERS: Final[tuple[tuple[float, float, Across, Up, str], ...]] = (
    (2, 97, "left", "top", "Operator"),
    (98, 97, "right", "top", "Hands-on"),
    (2, 3, "left", "bottom", "Absent or self-running"),
    (98, 3, "right", "bottom", "Champion"),
)


def role_quadrant(result: ChampionOperatorResult) -> blocks.Figure | None:
    """Draw champion practice against operator habit, for the CEO and for the leaders as a group."""
    points = [
        (name, reading)
        for name, reading in (("CEO", result.ceo), ("Leaders", result.team))
        if reading is not None and reading.balance is not None
    ]
    if not points:
        return None
    side = (drawn_width() - _SQUARE - 0.55) / 2
    sheet = drawing(_SQUARE + 0.65)
    theme, panel = sheet.theme, Panel(sheet, (side, side, 0.15, 0.5), x=(0, 100), y=(0, 100))
    marks = (0, 50, 100)
    panel.x_names(marks, [f"{mark}" for mark in marks], label="Champion practice")
    panel.y_names(marks, [f"{mark}" for mark in marks], label="Operator habit")
    panel.level(50, theme.light.line)
    panel.upright(50, theme.light.line)
    for x, y, across, up, name in _CORNERS:
        panel.text(x, y, name, theme.light.muted, across=across, up=up)
    taken = [_corner(*corner) for corner in _CORNERS] + [_dot(reading) for _, reading in points]
    for (name, reading), colour in zip(points, (theme.series[0], theme.series[1]), strict=False):
        x, y = _bounds(reading.champion), _bounds(reading.operator)
        centre = (sum(x) / 2, sum(y) / 2)
        panel.line(x, (centre[1], centre[1]), colour, 2)
        panel.line((centre[0], centre[0]), y, colour, 2)
        panel.dots([centre], colour, 10, fill=colour if name == "CEO" else theme.light.paper, edge=2, whole=True)
        told = name if name == "CEO" else f"{name} (n = {reading.n})"
        place = _beside(centre, told, taken)
        taken.append(_box(place, told))
        panel.text(*place, told, colour, bold=True, across="center", up="center")
    panel.edge("left", "bottom")
    caption, data = _quadrant_caption(points), _quadrant_data(points)
    return figure_block(sheet, _quadrant_title(points), _quadrant_alt(points), caption, data)


def _box(centre: tuple[float, float], text: str) -> _Box:
    """Return left, bottom, right and top of a label with a little air, in units of the axes."""
    across, up = (50 * inches / _SQUARE for inches in (width_of(text, label_size()) * 1.1, label_size() / 60))
    return centre[0] - across, centre[1] - up, centre[0] + across, centre[1] + up


def _dot(reading: Reading) -> _Box:
    x, y = sum(_bounds(reading.champion)) / 2, sum(_bounds(reading.operator)) / 2
    return x - _DOT, y - _DOT, x + _DOT, y + _DOT


def _corner(x: float, y: float, across: Across, up: Up, text: str) -> _Box:
    left, bottom, right, top = _box((x, y), text)
    wide, high = (right - left) / 2, (top - bottom) / 2
    x, y = (wide if across == "left" else -wide), (-high if up == "top" else high)
    return left + x, bottom + y, right + x, top + y


def _beside(dot: tuple[float, float], text: str, taken: Sequence[_Box]) -> tuple[float, float]:
    """Return the centre of a dot's label: the nearest place that is within the square and free."""
    left, bottom, right, top = _box(dot, text)
    wide, high = (right - left) / 2 + _DOT, (top - bottom) / 2 + _DOT
    places = (
        (min(max(dot[0] + across * wide, wide - _DOT), 100 - wide + _DOT), dot[1] + up * high)
        for up in (0, 1, -1, 2, -2, 3, -3)
        for across in ((1, -1) if up == 0 else (0,))
    )
    return next((place for place in places if _is_free(_box(place, text), taken)), dot)


def _is_free(box: _Box, taken: Sequence[_Box]) -> bool:
    left, bottom, right, top = box
    return (
        min(box) >= -0.5
        and max(box) <= 100.5
        and all(right <= other[0] or left >= other[2] or top <= other[1] or bottom >= other[3] for other in taken)
    )


def _quadrant_data(points: list[tuple[str, Reading]]) -> Chart:
    def series(name: str, indices: list[Index]) -> Series:
        lows, highs = zip(*map(_bounds, indices), strict=True)
        middles = tuple((low + high) / 2 for low, high in zip(lows, highs, strict=True))
        return Series(name, middles, lows, highs, tuple(reading.n for _, reading in points))

    readings = [reading for _, reading in points]
    practice = series("Champion practice", [reading.champion for reading in readings])
    habit = series("Operator habit", [reading.operator for reading in readings])
    return Chart("points", "index", tuple(name for name, _ in points), (practice, habit), "champion_operator")


def _bounds(index: Index) -> tuple[float, float]:
    assert index.low is not None and index.high is not None
    return index.low, index.high


def _quadrant_title(points: list[tuple[str, Reading]]) -> str:
    told = [(f"the {name}", reading.verdict.label.lower()) for name, reading in points if reading.verdict is not None]
    if not told:
        return "The CEO's role stays open"
    if len({verdict for _, verdict in told}) == 1:
        who = "both the CEO and the leaders" if len(told) == 2 else told[0][0]
        return f"By {who if who == 'the CEO' or len(told) == 2 else 'the leaders'}, the role reads as {told[0][1]}"
    return f"By {told[0][0]}, the role reads as {told[0][1]}; by {told[1][0].lower()}, as {told[1][1]}"


def _quadrant_alt(points: list[tuple[str, Reading]]) -> str:
    parts = [
        f"{name}: champion practice {span(*_bounds(reading.champion))}, operator habit "
        f"{span(*_bounds(reading.operator))}"
        for name, reading in points
    ]
    return f"Quadrant chart from 0 to 100 on both axes, with 50 as the threshold. {'; '.join(parts)}."


def _quadrant_caption(points: list[tuple[str, Reading]]) -> str:
    open_ended = any(not reading.champion.complete or not reading.operator.complete for _, reading in points)
    return "Bars show what unanswered questions leave open." if open_ended else ""


def role_profile(result: ChampionOperatorResult) -> blocks.Figure | None:
    """Draw the eight domains: champion practice and operator habit, of the CEO and of the leaders."""
    rows = [d for d in result.domains if d.ceo_champion or d.ceo_operator or d.team_champion or d.team_operator]
    if not rows:
        return None
    sheet = drawing(0.42 * len(rows) + 0.95)
    theme, panel = sheet.theme, Panel(sheet, (2.25, 0.25, 0.45, 0.5), x=(0.7, 5.3), y=(len(rows) - 0.5, -0.5))
    champion, operator = theme.series[0], theme.series[2]
    panel.x_names(range(1, 6), ["Never", "Rarely", "Sometimes", "Often", "Always"], grid=True)
    panel.y_names(range(len(rows)), [row.label for row in rows])
    panel.edge("bottom")
    for place, row in enumerate(rows):
        for own, team, colour, y in (
            (row.ceo_champion, row.team_champion, champion, place - 0.14),
            (row.ceo_operator, row.team_operator, operator, place + 0.14),
        ):
            if own is not None and team is not None:
                panel.line((own, team), (y, y), colour, 1.5, alpha=0.5)
            if own is not None:
                panel.dots([(own, y)], colour, 7)
            if team is not None:
                panel.dots([(team, y)], colour, 7, fill=theme.light.paper)
    panel.text(0.7, -0.75, "Champion practice", champion, bold=True, up="bottom")
    panel.text(2.0, -0.75, "Operator habit", theme.light.warn, bold=True, up="bottom")
    key = "filled: CEO" + ("; hollow: leaders' mean" if result.team is not None else "")
    panel.text(5.3, -0.75, key, theme.light.muted, across="right", up="bottom")
    return figure_block(sheet, _profile_title(result), _profile_alt(result), data=_profile_data(rows))


def _profile_data(rows: list[DomainView]) -> Chart:
    parts: list[tuple[str, tuple[float | None, ...]]] = [
        ("Champion practice, CEO", tuple(row.ceo_champion for row in rows)),
        ("Operator habit, CEO", tuple(row.ceo_operator for row in rows)),
        ("Champion practice, leaders", tuple(row.team_champion for row in rows)),
        ("Operator habit, leaders", tuple(row.team_operator for row in rows)),
    ]
    counts = tuple(row.n for row in rows)
    series = tuple(
        Series(name, values, n=counts if name.endswith("leaders") else tuple(1 for _ in rows))
        for name, values in parts
        if any(value is not None for value in values)
    )
    return Chart("bars", "scale", tuple(row.label for row in rows), series, "champion_operator")


def _profile_title(result: ChampionOperatorResult) -> str:
    habits = [step.domain.lower() for step in result.hand_over]
    if not habits:
        return "No operator habit stands out in the eight domains"
    return f"The strongest operator habit lies in {habits[0]}"


def _profile_alt(result: ChampionOperatorResult) -> str:
    def told(value: float | None) -> str:
        return "not shown" if value is None else f"{value:g}" if value == int(value) else f"{value:.1f}"

    rows = [
        f"{d.label}: champion {told(d.ceo_champion)}, operator {told(d.ceo_operator)}"
        + (f", leaders {told(d.team_champion)} and {told(d.team_operator)}" if result.team is not None else "")
        for d in result.domains
    ]
    return f"Dot chart from 1 (never) to 5 (always). {'; '.join(rows)}."


def stage_bars(result: FunnelResult) -> blocks.Figure | None:
    """Draw how the deals that entered each stage stand: advanced, open, lost (or only open, for a snapshot)."""
    rows = [row for row in result.stages if row.entered or row.open]
    if not rows or len(rows) > 30:
        return None
    whole = all(row.entered is not None for row in rows)
    ends = all(row.open is not None for row in rows)
    high = row_height(len(rows), 0.36)
    sheet, most = drawing(high * len(rows) + 0.8), max(row.entered or row.open or 0 for row in rows)
    theme, panel = sheet.theme, Panel(sheet, (1.9, 1.3, 0.4, 0.15), x=(0, most), y=(len(rows) - 0.5, -0.5))
    colours = (theme.series[0], theme.series[3], theme.series[2])
    names = ("moved on", "open", "lost") if ends else ("moved on",)
    parts = tuple(zip(("advanced", "open", "lost"), colours, strict=True))
    panel.y_names(range(len(rows)), [fitted(row.stage, 1.8) for row in rows])
    for place, row in enumerate(rows):
        start = 0
        for name, colour in parts if whole else parts[1:2]:
            size: int = getattr(row, name) or 0
            panel.bar(start, start + size, place, 0.62, colour)
            start += size
        told = (
            f"{row.open or 0:,}" if row.entered is None else f"{row.entered:,} · {row.advanced_share_so_far or 0:.0%}"
        )
        panel.text(start, place, told, theme.light.muted, up="center", shift=(5, 0))
    if whole:
        x, y = 0.01 * panel.width, 0.18 * 72
        for name, colour in zip(names, colours, strict=False):
            panel.dots([(0, -0.5)], colour, 7, mark="s", whole=True, shift=(x, y))
            panel.text(0, -0.5, name, theme.light.muted, up="middle", shift=(x + 7.2, y))
            x += 7.2 + 72 * (width_of(name, label_size()) + 0.3)
    told = _stages_title(result, whole), _stages_alt(result, whole), _stages_caption(whole)
    return figure_block(sheet, *told, _stages_data(rows, names if whole else ("open",), result.shape))


def _stages_data(rows: list[StageRow], names: tuple[str, ...], shape: str) -> Chart:
    fields = {"moved on": "advanced", "open": "open", "lost": "lost"}
    series = tuple(
        Series(name, tuple(getattr(row, fields[name]) for row in rows), n=tuple(row.entered for row in rows))
        for name in names
    )
    return Chart("stacked", "count", tuple(row.stage for row in rows), series, f"CRM export ({shape})")


def _stages_title(result: FunnelResult, whole: bool) -> str:
    if not whole:
        return f"{result.outcomes.open.n:,} open deals by present stage"
    counted = [row for row in result.stages if (row.entered or 0) >= MINIMUM_DEALS]
    if not counted:
        return "How far the deals have come"
    least = min(counted, key=lambda row: row.advanced_share_so_far or 0)
    return f"So far the smallest share moves on from {least.stage}: {least.advanced_share_so_far:.0%}"


def _stages_alt(result: FunnelResult, whole: bool) -> str:
    rows = [
        f"{row.stage}: {row.open or 0:,} open"
        if row.entered is None
        else f"{row.stage}: {row.entered:,} entered, {row.advanced or 0:,} moved on"
        + (f", {row.open:,} open, {row.lost or 0:,} lost" if row.open is not None else "")
        for row in result.stages
    ]
    return f"Bar chart of deals {'that entered each stage' if whole else 'by present stage'}. {'; '.join(rows)}."


def _stages_caption(whole: bool) -> str:
    return (
        "Number: deals that entered the stage, and the share that has moved on so far. Open deals may still move on."
        if whole
        else ""
    )
