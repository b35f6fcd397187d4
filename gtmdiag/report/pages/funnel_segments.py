"""Conversion by segment: which differ beyond chance, and of which there is not enough data."""

from __future__ import annotations

from typing import Final

from gtmdiag.funnel.by_segment import BySegment, SegmentShare, StepSegments
from gtmdiag.funnel.groups import State
from gtmdiag.funnel.limits import FALSE_ALARMS, MINIMUM_DEALS
from gtmdiag.funnel.segment_wording import segment_name, segment_sentences
from gtmdiag.report.blocks import Block, Column, Notice, Table
from gtmdiag.report.segment_figures import segment_panels
from gtmdiag.report.words import prose

_MOST_ROWS: Final = 80
_LACKING: dict[State, str] = {"few": "not enough data", "young": "not followed long enough"}


def segment_blocks(found: BySegment) -> list[Block]:
    """Return the picture, what differs in words, and the table of all segments and steps."""
    sentences = segment_sentences(found)
    if len(found.segments) + found.pooled < 2:
        return [Notice("neutral", "Segments are not compared", sentences[0].text)]
    if not any(step.compared for step in found.steps):
        text = " ".join(sentence.text for sentence in sentences)
        return [Notice("neutral", "Not enough data to compare segments", text)]
    picture = segment_panels(found)
    return [*([picture] if picture is not None else []), prose(sentences), _tests(found), _table(found)]


def _tests(found: BySegment) -> Table:
    columns = (
        Column("Step"),
        Column("Segments compared", "right"),
        Column("Within days", "right"),
        Column("Chance of such differences, were all alike", "right"),
    )
    rows = tuple(
        (
            f"{step.stage} → {step.to}",
            f"{step.test.degrees + 1:,}" if step.test is not None else "–",
            f"{step.horizon_days:,}" if step.test is not None else "–",
            _probability(step.test.p_value) if step.test is not None else "not enough data",
        )
        for step in found.steps
    )
    note = (
        "A small chance says that segments of that step do not all convert alike. Compared at an age to which deals "
        "of each segment were followed. Suite method: χ² test at effective n."
    )
    return Table("Do segments differ at all?", columns, rows, note)


def _table(found: BySegment) -> Table:
    names = ("n", "As counted (95 % interval)", "Likely (95 % interval)")
    columns = (Column("Step"), Column("Segment"), *(Column(name, "right") for name in names), Column("Reading"))
    every = [row for step in found.steps for row in _rows(step)]
    note = (
        "In the order of their size: no ranking, since the best of many small groups is best by chance. Likely: drawn "
        "towards the other segments, the more so the fewer deals there are (hierarchical posterior). Reading: against "
        "all other deals, all segments and steps tested together so that on average at most "
        f"{FALSE_ALARMS:.0%} of those named are false alarms. From {MINIMUM_DEALS} deals up. A difference, not a cause."
    )
    if len(every) > _MOST_ROWS:
        note = f"The first {_MOST_ROWS} of {len(every):,} rows. {note}"
    return Table("Conversion by segment", columns, tuple(every[:_MOST_ROWS]), note)


def _rows(step: StepSegments) -> list[tuple[str, ...]]:
    named = [(segment_name(one.segment), one) for one in step.segments]
    named += [("all smaller ones", step.rest)] if step.rest is not None else []
    return [(f"{step.stage} → {step.to}", name, *_cells(one)) for name, one in named]


def _cells(one: SegmentShare) -> tuple[str, ...]:
    if one.raw is None:
        return f"{one.n:,}", "–", "–", _LACKING[one.state]
    likely = "–"
    if one.likely is not None:
        likely = f"{one.likely:.0%} ({one.low:.0%} to {one.high:.0%})"
    raw = f"{one.raw.estimate:.1%} ({one.raw.low:.1%} to {one.raw.high:.1%})"
    reading = "within chance" if one.reading == "within" else f"{one.reading} the rest"
    return f"{one.n:,}", raw, likely, "nothing to compare with" if one.p_value is None else reading


def _probability(p_value: float) -> str:
    return "below 0.1 %" if p_value < 0.001 else f"{p_value:.1%}"
