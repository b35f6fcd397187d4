"""The chapter on the funnel in a client's report: what was found, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.report.blocks import Block, Group, Headline, Notice, Table
from gtmdiag.report.pages.funnel_counts import counts_blocks, headline, unknown_blocks
from gtmdiag.report.pages.funnel_estimates import leak_blocks, time_blocks
from gtmdiag.report.pages.funnel_handoffs import handoff_blocks
from gtmdiag.report.pages.funnel_hygiene import hygiene_blocks
from gtmdiag.report.pages.funnel_segments import segment_blocks
from gtmdiag.report.pages.funnel_stalled import stalled_blocks
from gtmdiag.report.pages.funnel_trend import change_blocks, definitions_blocks, trend_blocks
from gtmdiag.report.pages.funnel_value import forecast_blocks


def funnel(diagnosis: Diagnosis) -> Group:
    """Return the chapter: pictures, sentences, the tables to act on. The notebook of the funnel has all tables."""
    result = diagnosis.funnel
    if result is None:
        text = "There is no CRM export in this engagement."
        return Group((Notice("neutral", "The funnel is not analysed", text),))
    blocks: list[Block] = [headline(result)]
    if result.trust.with_care:
        blocks.append(Notice("warn", "Read with care", result.trust.sentence.text))
    blocks += counts_blocks(result)
    for title, section in _sections(result):
        blocks += [Headline(title, level=3), *section]
    return Group(tuple(blocks))


def _sections(result: FunnelResult) -> Iterator[tuple[str, Sequence[Block]]]:
    """Yield each section that has something to say, with its title."""
    estimates = result.estimates
    if estimates is not None:
        yield "Where deals are lost, and what that is worth", leak_blocks(estimates)
        if times := _without_tables(time_blocks(estimates)):
            yield "How long deals stay", times
    if result.trend is not None:
        yield "Over time", _without_tables([*trend_blocks(result.trend), *change_blocks(result.change)])
    segments = estimates.segments if estimates is not None else None
    if segments is not None and any(step.compared for step in segments.steps):
        yield "By segment", _without_tables(segment_blocks(segments))
    if result.stalled is not None:
        yield "Stalled deals", stalled_blocks(result.stalled, result.ages)
    if any(row.told or row.conversion is not None for row in result.handoffs):
        yield "Handoffs between teams", handoff_blocks(result.handoffs)
    if result.forecast is not None and result.forecast.open:
        yield "What the open deals may bring", forecast_blocks(result.forecast)
    if result.definitions:
        yield "What is called conversion", _without_tables(definitions_blocks(result.definitions))
    trust = hygiene_blocks(result.checks, result.trust) if result.checks else []
    if told := [*trust, *unknown_blocks(result)]:
        yield "How far the data can be trusted", told


def _without_tables(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if not isinstance(block, Table)]
