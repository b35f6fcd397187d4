"""Small multiples of the segments: one panel a step, the same segments in the same order in each."""

from __future__ import annotations

from typing import Final

from gtmdiag.funnel.by_segment import BySegment, SegmentShare, StepSegments
from gtmdiag.funnel.segment_wording import segment_name
from gtmdiag.funnel.words import counted
from gtmdiag.report import blocks
from gtmdiag.report.drawing import FULL_WIDTH, drawing, figure_block, fitted
from gtmdiag.report.funnel_charts import segment_data
from gtmdiag.report.panel import Panel
from gtmdiag.report.theme import Theme

_MOST_PANELS: Final = 6
_ACROSS: Final = 3
_ROW: Final = 0.23
_HEAD, _FOOT, _LEFT, _GAP, _RIGHT = 0.36, 0.24, 1.45, 0.38, 0.2


def segment_panels(found: BySegment) -> blocks.Figure | None:
    """Draw the conversion of each segment, step by step; None where no step has segments to compare.

    With more than six steps those are drawn whose segments differ most clearly.
    """
    compared = [step for step in found.steps if step.compared]
    clearest = sorted(compared, key=lambda step: step.test.p_value if step.test is not None else 1.0)[:_MOST_PANELS]
    steps = [step for step in compared if step in clearest]
    if not steps:
        return None
    names = [*(segment_name(name) for name in found.segments), *(["all smaller ones"] if found.pooled else [])]
    across = min(_ACROSS, len(steps))
    down = -(-len(steps) // across)
    panel = _HEAD + _ROW * len(names) + _FOOT
    height = down * panel + 0.24
    width = (FULL_WIDTH - _LEFT - _RIGHT - (across - 1) * _GAP) / across
    sheet = drawing(height)
    for number, step in enumerate(steps):
        row, column = divmod(number, across)
        left, top = _LEFT + column * (width + _GAP), row * panel + _HEAD
        margins = (left, FULL_WIDTH - left - width, top, height - top - _ROW * len(names))
        place = Panel(sheet, margins, x=(0, 1), y=(len(names) - 0.5, -0.5))
        _draw(place, step, sheet.theme, names if column == 0 else [], width)
    key = "dot: likely conversion with its 95% interval; ring: as counted; line: all deals compared"
    theme, corner = sheet.theme, (sheet.width, 0.02 * 72)
    sheet.text(corner, key, theme.light.muted, size=theme.sizes.tiny, across="right", up="bottom")
    more = len(compared) - len(steps)
    caption = f"{counted(more, 'more step')} in the table." if more else ""
    return figure_block(sheet, panels_title(found), _alt(found, steps), caption, segment_data(names, steps))


def _draw(panel: Panel, step: StepSegments, theme: Theme, names: list[str], width: float) -> None:
    rows, tiny = [*step.segments, *([step.rest] if step.rest is not None else [])], theme.sizes.tiny
    panel.x_names((0, 0.5, 1), ["0%", "50%", "100%"], size=tiny, grid=True)
    panel.y_names(range(len(names)), [fitted(name, _LEFT - 0.1, tiny, middle=True) for name in names], size=tiny)
    title = fitted(f"{step.stage} → {step.to}", width + _RIGHT * 0.8, theme.sizes.small, middle=True)
    panel.text(0, -0.5, title, theme.light.ink, size=theme.sizes.small, shift=(0, 4))
    if step.every is not None:
        panel.upright(step.every, theme.light.ink, 0.9)
    panel.edge("bottom")
    for place, one in enumerate(rows):
        if one.raw is None:
            x, side = (0.02, "left") if (step.every or 0) > 0.5 else (0.98, "right")
            panel.text(x, place, "not enough data", theme.light.muted, size=tiny, across=side, up="center")
            continue
        colour = {"above": theme.light.good, "below": theme.light.bad, "within": theme.series[0]}[one.reading]
        low, dot, high = _likely(one)
        panel.line((low, high), (place, place), colour, 4, alpha=0.35)
        panel.dots([(one.raw.estimate, place)], colour, 6, fill="none")
        panel.dots([(dot, place)], colour, 4)


def _likely(one: SegmentShare) -> tuple[float, float, float]:
    """Return low, dot and high: drawn towards the others where that is known, else as counted."""
    if one.raw is None:
        raise ValueError("a segment that is not told cannot be drawn")
    if one.likely is None or one.low is None or one.high is None:
        return one.raw.low, one.raw.estimate, one.raw.high
    return one.low, one.likely, one.high


def panels_title(found: BySegment) -> str:
    """Return the finding: the clearest difference between a segment and the rest, or that there is none."""
    if not found.flagged:
        return "No segment converts differently from the rest beyond chance"
    step, one = min(found.flagged, key=lambda pair: pair[1].p_value or 0.0)
    told = f"{segment_name(one.segment)} converts {one.reading} the rest from {step.stage} to {step.to}"
    if one.raw is None or step.every is None:
        return told
    return f"{told}: {one.raw.estimate:.0%} against {step.every:.0%} of all deals"


def _alt(found: BySegment, steps: list[StepSegments]) -> str:
    parts: list[str] = []
    for step in steps:
        rows = [
            f"{segment_name(one.segment)} {_likely(one)[1]:.0%}, from {_likely(one)[0]:.0%} to {_likely(one)[2]:.0%}"
            if one.raw is not None
            else f"{segment_name(one.segment)} not enough data"
            for one in step.segments
        ]
        parts.append(f"{step.stage} to {step.to}: {'; '.join(rows)}")
    return f"{panels_title(found)}. Dot charts of conversion by segment, with 95% intervals. {'. '.join(parts)}."
