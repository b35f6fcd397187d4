"""Conversion by segment in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gtmdiag.funnel.by_segment import MOST_SEGMENTS, BySegment, SegmentShare, StepSegments
from gtmdiag.funnel.limits import FALSE_ALARMS, MINIMUM_DEALS
from gtmdiag.funnel.words import counted
from gtmdiag.trail import Sentence, Trail

_MOST: Final = 10


def segment_sentences(found: BySegment) -> tuple[Sentence, ...]:
    """Say which segments differ from all other deals beyond chance, and of how many there is not enough data."""
    return tuple(_sentences(found))


def segment_name(name: str) -> str:
    """Return a segment's name, or what stands for none."""
    return name or "no segment named"


def _sentences(found: BySegment) -> Iterator[Sentence]:
    if not found.steps:
        yield Sentence("The export names no segments: groups of deals cannot be compared.", Trail("segments", "suite"))
        return
    if len(found.segments) + found.pooled == 1:
        text = f"All deals are of one segment, {segment_name(found.segments[0])}: there is nothing to compare."
        yield Sentence(text, Trail("segments", "suite"))
        return
    if found.pooled:
        text = (
            f"The export has {len(found.segments) + found.pooled:,} segments. The {MOST_SEGMENTS} largest are told one "
            f"by one, the other {found.pooled:,} together: of small ones, chance alone would decide which looks best."
        )
        yield Sentence(text, Trail("largest segments by number of deals", "suite"))
    for step, one in found.flagged[:_MOST]:
        yield _flag(step, one)
    if len(found.flagged) > _MOST:
        text = f"{len(found.flagged) - _MOST:,} more differences beyond chance are in the table."
        yield Sentence(text, Trail("segments beyond chance", "suite"))
    compared = [step for step in found.steps if step.compared]
    if compared and not found.flagged:
        text = (
            f"No segment converts differently from all other deals beyond chance, in {counted(len(compared), 'step')} "
        )
        text += "compared. The differences in the table are of the size that chance makes."
        yield Sentence(text, Trail(_RULE, "suite"))
    lacking = sum(one.state != "told" for step in found.steps for one in step.segments)
    if lacking:
        every = len(found.steps) * len(found.segments)
        text = (
            f"Not enough data for {lacking:,} of {every:,} pairs of segment and step: fewer than {MINIMUM_DEALS} deals "
            "entered, or they were not followed long enough. What they seem to show would be chance."
        )
        yield Sentence(text, Trail(f"at least {MINIMUM_DEALS} deals a segment and step", "suite"))


_RULE: Final = (
    f"test of each segment against all other deals at effective n; Benjamini–Hochberg at q = {FALSE_ALARMS:.2f}"
)


def _flag(step: StepSegments, one: SegmentShare) -> Sentence:
    if one.raw is None or step.every is None:
        raise ValueError("only a segment that is told can differ")
    text = (
        f"{segment_name(one.segment)}: {one.raw.estimate:.0%} of {counted(one.n, 'deal')} moved on from {step.stage} "
        f"within {step.horizon_days} days, {one.reading} the {step.every:.0%} of all deals compared, beyond chance."
    )
    if one.likely is not None:
        text += f" Allowing for what chance adds, it is more like {one.likely:.0%} ({one.low:.0%} to {one.high:.0%})."
    return Sentence(text, Trail(_RULE, "suite", (f"crm, stage {step.stage}",), one.n))
