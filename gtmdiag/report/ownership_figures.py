"""Figures of the ownership-altitude diagnostic: the ladder and the decision map."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Mapping

from gtmdiag.diagnostics.numbers import capital, count, lower_first
from gtmdiag.diagnostics.ownership_altitude import Judgement, OwnershipAltitudeResult, Side
from gtmdiag.report import blocks
from gtmdiag.report.drawing import drawing, figure_block
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
    with drawing(2.6, (2.35, 1.6, 0.15, 0.15)) as (figure, axes, theme):
        axes.set(xlim=(0, n), ylim=(-0.6, len(counts) - 0.4), xticks=[])
        axes.set_yticks(range(len(counts)), [rung.label for rung in result.ladder])
        axes.spines[["left", "bottom"]].set_visible(False)
        for place, number in enumerate(counts):
            top = place == len(counts) - 1
            axes.axhline(place - 0.42, color=theme.light.line, linewidth=0.8)
            axes.barh(place, number, height=0.5, color=theme.series[0] if top else theme.series[3])
            told = f"{number} of {n}" + (" · where it belongs" if top else "")
            axes.annotate(
                told,
                (number, place),
                xytext=(5, 0),
                textcoords="offset points",
                va="center",
                color=theme.light.accent if top else theme.light.muted,
                fontweight="bold" if top else "normal",
            )
        rungs = "; ".join(f"{rung.label}: {number} of {n}" for rung, number in zip(result.ladder, counts, strict=True))
        labels, people = tuple(rung.label for rung in reversed(result.ladder)), tuple(reversed(counts))
        data = Chart("bars", "count", labels, (Series("Respondents", people, n=(n,) * len(counts)),), "GJ")
        return figure_block(
            figure, _ladder_title(result), f"Ladder of ownership, lowest rung first. {rungs}.", data=data
        )


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
    with drawing(0.5 * len(rows) + 0.55, (1.95, 0.1, 0.4, 0.1)) as (figure, axes, theme):
        axes.set(xlim=(0, 2), ylim=(len(rows), 0), xticks=[])
        axes.set_yticks([place + 0.5 for place in range(len(rows))], [row.label for row in rows])
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        for column, name in enumerate(("Designs today", "Decides today")):
            axes.text(column + 0.03, -0.12, name, color=theme.light.muted, va="bottom", fontweight="bold")
        for place, row in enumerate(rows):
            for column, side in enumerate((row.designs, row.decides)):
                edge = _colour(side.judgement, theme.light)
                box = axes.barh(place + 0.5, 0.96, left=column + 0.02, height=0.84, color=theme.light.wash)
                box[0].set_edgecolor(theme.light.line)
                axes.barh(place + 0.5, 0.03, left=column + 0.02, height=0.84, color=edge)
                today = result.holder(side) if side.level is not None else capital(side.judgement)
                axes.text(column + 0.08, place + 0.36, today, va="center", color=theme.light.ink)
                told = _told(result, side)
                axes.text(column + 0.08, place + 0.7, told, va="center", color=edge, fontsize=theme.sizes.tiny)
        return figure_block(figure, _map_title(result), _map_alt(result), _map_caption(result))


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
