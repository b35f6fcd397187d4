"""Small multiples of the segments: one panel a step, the same segments in the same order in each."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import Final

from matplotlib.axes import Axes

from gtmdiag.funnel.by_segment import BySegment, SegmentShare, StepSegments
from gtmdiag.funnel.segment_wording import segment_name
from gtmdiag.funnel.words import counted
from gtmdiag.report import blocks
from gtmdiag.report.drawing import FULL_WIDTH, drawing, figure_block, fitted
from gtmdiag.report.funnel_charts import segment_data
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
    with drawing(height, (0, 0, 0, 0)) as (figure, whole, theme):
        whole.set_axis_off()
        for place, step in enumerate(steps):
            row, column = divmod(place, across)
            left = _LEFT + column * (width + _GAP)
            bottom = height - row * panel - panel + _FOOT
            box = (left / FULL_WIDTH, bottom / height, width / FULL_WIDTH, _ROW * len(names) / height)
            _draw(figure.add_axes(box), step, names if column == 0 else [], theme, width)
        key = "dot: likely conversion with its 95% interval; ring: as counted; line: all deals compared"
        whole.text(1, 0.02 / height, key, color=theme.light.muted, va="bottom", ha="right", fontsize=theme.sizes.tiny)
        more = len(compared) - len(steps)
        caption = f"{counted(more, 'more step')} in the table." if more else ""
        return figure_block(figure, panels_title(found), _alt(found, steps), caption, segment_data(names, steps))


def _draw(axes: Axes, step: StepSegments, names: list[str], theme: Theme, width: float) -> None:
    rows = [*step.segments, *([step.rest] if step.rest is not None else [])]
    axes.tick_params(length=0, labelsize=theme.sizes.tiny)
    axes.set(xlim=(0, 1), ylim=(len(rows) - 0.5, -0.5), xticks=[0, 0.5, 1])
    axes.set_xticklabels(["0%", "50%", "100%"])
    told = [fitted(name, _LEFT - 0.1, theme.sizes.tiny, middle=True) for name in names]
    axes.set_yticks(range(len(rows)), told or [""] * len(rows))
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=theme.light.line, linewidth=0.6)
    title = fitted(f"{step.stage} → {step.to}", width + _RIGHT * 0.8, theme.sizes.small, middle=True)
    axes.set_title(title, fontsize=theme.sizes.small, loc="left", pad=4)
    if step.every is not None:
        axes.axvline(step.every, color=theme.light.ink, linewidth=0.9)
    for place, one in enumerate(rows):
        if one.raw is None:
            x, side = (0.02, "left") if (step.every or 0) > 0.5 else (0.98, "right")
            told = axes.text(x, place, "not enough data", color=theme.light.muted, va="center", ha=side)
            told.set_fontsize(theme.sizes.tiny)
            continue
        colour = {"above": theme.light.good, "below": theme.light.bad, "within": theme.series[0]}[one.reading]
        low, dot, high = _likely(one)
        axes.plot([low, high], [place, place], color=colour, linewidth=4, alpha=0.35)
        axes.plot(one.raw.estimate, place, "o", markersize=6, markerfacecolor="none", markeredgecolor=colour)
        axes.plot(dot, place, "o", color=colour, markersize=4)


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
