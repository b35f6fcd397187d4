"""Figures of the ownership-altitude diagnostic: the ladder and the decision map."""

from __future__ import annotations

from collections.abc import Mapping

from gtmdiag.diagnostics.numbers import capital, count, lower_first
from gtmdiag.diagnostics.ownership_altitude import Judgement, OwnershipAltitudeResult, Side
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block
from gtmdiag.report.panel import Panel
from gtmdiag.report.records import Chart, Series, Tone
from gtmdiag.report.theme import Palette

TONES: Mapping[Judgement, Tone] = {"fits": "good", "too low": "bad", "too high": "bad", "disputed": "warn"}
"""Of a right to design or to decide, held against what the stage asks; neutral where it is not told."""
_MARKS: dict[Judgement, str] = {
    "fits": "✓ fits",
    "too low": "▼ too low",
    "too high": "▲ too high",
    "disputed": "≠ no majority",
    "not answered": "–",
    "no stage": "",
}


def ownership_ladder(result: OwnershipAltitudeResult) -> blocks.Figure | None:
    """Draw the ladder of ownership: how many respondents place the model on each rung."""
    ownership = result.ownership
    if ownership is None:
        return None
    counts = [sum(position.level == rung.id for position in ownership.positions) for rung in result.ladder]
    n = len(ownership.positions)
    sheet = drawing(2.6)
    theme, panel = sheet.theme, Panel(sheet, (2.35, 1.6, 0.15, 0.15), x=(0, n), y=(-0.6, len(counts) - 0.4))
    panel.y_names(range(len(counts)), [rung.label for rung in result.ladder])
    for place, number in enumerate(counts):
        top = place == len(counts) - 1
        panel.level(place - 0.42, theme.light.line)
        panel.bar(0, number, place, 0.5, theme.series[0] if top else theme.series[3])
        told, colour = f"{number} of {n}", theme.light.muted
        if top:
            told, colour = f"{told} · where it belongs", theme.light.accent
        panel.text(number, place, told, colour, bold=top, up="center", shift=(5, 0))
    rungs = "; ".join(f"{rung.label}: {number} of {n}" for rung, number in zip(result.ladder, counts, strict=True))
    labels, people = tuple(rung.label for rung in reversed(result.ladder)), tuple(reversed(counts))
    data = Chart("bars", "count", labels, (Series("Respondents", people, n=(n,) * len(counts)),), "GJ")
    return figure_block(sheet, _ladder_title(result), f"Ladder of ownership, lowest rung first. {rungs}.", data=data)


def _ladder_title(result: OwnershipAltitudeResult) -> str:
    ownership = result.ownership
    assert ownership is not None
    if ownership.level is None:
        return "The level at which the model is owned is disputed"
    if ownership.level == "business":
        return "Most place the model at business level" + (", in name only" if ownership.in_practice is False else "")
    return f"Most place the model too low: {lower_first(result.altitude(ownership.level))}"


def decision_map(result: OwnershipAltitudeResult) -> blocks.Figure | None:
    """Draw the decision map: who designs and who decides today, coloured by how it sits against the stage."""
    rows = [d for d in result.decisions if d.designs.positions or d.decides.positions]
    if not rows:
        return None
    sheet = drawing(0.5 * len(rows) + 0.55)
    theme, panel = sheet.theme, Panel(sheet, (1.95, 0.1, 0.4, 0.1), x=(0, 2), y=(len(rows), 0))
    panel.y_names([place + 0.5 for place in range(len(rows))], [row.label for row in rows])
    for column, name in enumerate(("Designs today", "Decides today")):
        panel.text(column + 0.03, -0.12, name, theme.light.muted, bold=True, up="bottom")
    for place, row in enumerate(rows):
        for column, side in enumerate((row.designs, row.decides)):
            colour = _colour(side.judgement, theme.light)
            panel.bar(column + 0.02, column + 0.98, place + 0.5, 0.84, theme.light.wash, edge=theme.light.line)
            panel.bar(column + 0.02, column + 0.05, place + 0.5, 0.84, colour)
            today = result.holder(side) if side.level is not None else capital(side.judgement)
            panel.text(column + 0.08, place + 0.36, today, theme.light.ink, up="center")
            told = _told(result, side)
            panel.text(column + 0.08, place + 0.7, told, colour, size=theme.sizes.tiny, up="center")
    return figure_block(sheet, _map_title(result), _map_alt(result), _map_caption(result))


def _told(result: OwnershipAltitudeResult, side: Side) -> str:
    mark = _MARKS[side.judgement]
    if side.required is None or side.judgement in ("fits", "not answered"):
        return mark
    return f"{mark} · stage asks: {lower_first(result.short(side.required))}"


def _colour(judgement: Judgement, colours: Palette) -> str:
    if judgement == "fits":
        return colours.good
    if judgement in ("too low", "too high"):
        return colours.bad
    return colours.warn if judgement == "disputed" else colours.muted


def _map_title(result: OwnershipAltitudeResult) -> str:
    counts = [(len(result.sides(judgement)), judgement) for judgement in ("too low", "too high", "disputed")]
    told = [f"{n} {judgement}" for n, judgement in counts if n]
    if not any(result.sides(judgement) for judgement in ("fits", "too low", "too high", "disputed")):
        return "Who designs and who decides today"
    return f"Rights to design and decide: {', '.join(told)}" if told else "Every right sits where the stage asks"


def _map_alt(result: OwnershipAltitudeResult) -> str:
    rows = [
        f"{row.label}: designed by {_today(result, row.designs)}, decided by {_today(result, row.decides)}"
        for row in result.decisions
    ]
    return f"Map of decisions. {'; '.join(rows)}."


def _today(result: OwnershipAltitudeResult, side: Side) -> str:
    return f"{lower_first(result.holder(side))} ({side.judgement})" if side.level is not None else side.judgement


def _map_caption(result: OwnershipAltitudeResult) -> str:
    who = count(result.respondents, "respondent")
    return f"By majority of {who}; disputed where there is none. A team without written rights counts as nobody."
