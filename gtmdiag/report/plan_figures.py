"""Figures of synthesis and plan: what the gaps weigh, and who does how much by when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from textwrap import wrap

from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.findings.finding import Finding
from gtmdiag.findings.plan import Action, Plan
from gtmdiag.findings.ranking import Ranked
from gtmdiag.findings.synthesis import Synthesis
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block, fitted
from gtmdiag.report.panel import Panel
from gtmdiag.report.records import Chart, Series
from gtmdiag.report.theme import Theme

_PARTS = ("severity × confidence", "money", "what rests on it")
_CLAIM = 50
"""Letters of a line beside a bar; there are two."""
_PERIODS = ((0, 30, "Build it"), (30, 60, "Run it"), (60, 90, "Make it last"))
_MOST_OWNERS = 7


def gap_ranking(found: Synthesis, by_id: Mapping[str, Finding]) -> blocks.Figure | None:
    """Draw the points of the gravest gaps, each bar in its parts; nothing for a single gap."""
    points = {one.finding: one for one in found.ranked}
    rows = [points[one] for one in found.shown]
    if len(rows) < 2:
        return None
    sheet, most = drawing(0.36 * len(rows) + 0.35), max(row.points for row in rows)
    theme, panel = sheet.theme, Panel(sheet, (3.5, 0.5, 0.3, 0.05), x=(0, most), y=(len(rows) - 0.5, -0.5))
    names = ["\n".join(wrap(by_id[row.finding].claim, _CLAIM, max_lines=2, placeholder=" …")) for row in rows]
    panel.y_names(range(len(rows)), names, size=theme.sizes.tiny)
    colours = (theme.series[0], theme.series[2], theme.series[3])
    for place, row in enumerate(rows):
        start = 0.0
        for part, colour in zip(_parts(row), colours, strict=True):
            panel.bar(start, start + part, place, 0.55, colour)
            start += part
        panel.text(start, place, f"{row.points:.1f}", theme.light.ink, bold=place == 0, up="center", shift=(5, 0))
    inks = (colours[0], theme.light.warn, theme.light.muted)
    for name, colour, at in zip(_PARTS, inks, (0, 0.5, 0.68), strict=True):
        panel.text(most * at, -0.55, name, colour, bold=True, up="bottom")
    series = tuple(
        Series(capital(name), parts) for name, parts in zip(_PARTS, zip(*map(_parts, rows), strict=True), strict=True)
    )
    told = "; ".join(f"{by_id[row.finding].claim.removesuffix('.')}: {row.points:.1f}" for row in rows)
    data = Chart("stacked", "scale", tuple(by_id[row.finding].claim for row in rows), series, "suite method")
    return figure_block(sheet, _ranking_title(rows), f"Stacked bars of points. {told}.", data=data)


def _parts(row: Ranked) -> tuple[float, float, float]:
    return row.severity, row.value, row.dependency


def _ranking_title(rows: Sequence[Ranked]) -> str:
    first, second = (f"{row.points:.1f}" for row in rows[:2])
    if first == second:
        return f"The first two gaps weigh the same: {first} points each"
    return f"The first gap weighs {first} points, the next {second}"


def roadmap(plan: Plan) -> blocks.Figure | None:
    """Draw how many actions fall to whom in which week, those with the most first; nothing for fewer than three."""
    if len(plan.actions) < 3:
        return None
    owners = _owners(plan.actions)
    sheet = drawing(0.34 * len(owners) + 0.7)
    theme, panel = sheet.theme, Panel(sheet, (2.1, 1.5, 0.45, 0.25), x=(0, 90), y=(len(owners) - 0.5, -0.5))
    panel.x_names((0, 30, 60, 90), ["start", "day 30", "day 60", "day 90"])
    panel.y_names(range(len(owners)), [fitted(owner, 2.0) for owner in owners])
    for after, until, aim in _PERIODS:
        panel.upright(until, theme.light.line)
        panel.text((after + until) / 2, -0.62, aim, theme.light.muted, bold=True, across="center", up="bottom")
    for place, actions in enumerate(owners.values()):
        _row(panel, theme, place, actions)
    caption = "Number: actions that fall due in that week. Days: person-days."
    return figure_block(sheet, _roadmap_title(plan.actions), _roadmap_alt(owners), caption, _roadmap_data(owners))


def _row(panel: Panel, theme: Theme, place: int, actions: Sequence[Action]) -> None:
    panel.level(place, theme.light.line, 0.6)
    for day, number in sorted(Counter(action.day for action in actions).items()):
        panel.dots([(day, place)], theme.series[0], 9 + 1.6 * min(number, 6), whole=True)
        told, size = f"{number}", theme.sizes.tiny
        panel.text(day, place, told, theme.light.paper, size=size, across="center", up="middle")
    days = sum(action.effort for action in actions)
    told = f"{len(actions)} action{'s' * (len(actions) > 1)} · {days:g} day{'s' * (days != 1)}"
    panel.text(90, place, told, theme.light.muted, up="center", shift=(8, 0))


def _owners(actions: Sequence[Action]) -> dict[str, list[Action]]:
    """Return the actions by owner, those with the most first, and all owners beyond a page's in one."""
    every: dict[str, list[Action]] = {}
    for action in actions:
        every.setdefault(action.owner, []).append(action)
    ordered = sorted(every.items(), key=lambda item: -len(item[1]))
    shown = dict(ordered[:_MOST_OWNERS])
    others = [action for _, some in ordered[_MOST_OWNERS:] for action in some]
    if others:
        shown[capital(count(len(ordered) - _MOST_OWNERS, "other owner"))] = others
    return shown


def _roadmap_title(actions: Sequence[Action]) -> str:
    owner, own = next(iter(_owners(actions).items()))
    early = sum(action.day <= _PERIODS[0][1] for action in actions)
    return f"{owner}: {len(own)} of {len(actions)} actions; {early} of all fall due by day {_PERIODS[0][1]}"


def _roadmap_alt(owners: Mapping[str, Sequence[Action]]) -> str:
    parts = [
        f"{owner}: "
        + ", ".join(
            f"{number} by day {until}" for (_, until, _), number in zip(_PERIODS, _by_period(some), strict=True)
        )
        for owner, some in owners.items()
    ]
    return f"Actions by owner over 90 days. {'; '.join(parts)}."


def _by_period(actions: Sequence[Action]) -> tuple[int, ...]:
    return tuple(sum(after < action.day <= until for action in actions) for after, until, _ in _PERIODS)


def _roadmap_data(owners: Mapping[str, Sequence[Action]]) -> Chart:
    numbers = zip(*(_by_period(some) for some in owners.values()), strict=True)
    series = tuple(Series(f"By day {until}", values) for (_, until, _), values in zip(_PERIODS, numbers, strict=True))
    return Chart("stacked", "count", tuple(owners), series, "suite method")
