"""The chapter on the funnel in a client's report: what was found, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gtmdiag.diagnostics.numbers import capital, count, money
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.funnel.definitions import definition_sentence
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.report.blocks import Block, Figure, Group, Headline, Notice, Table
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
    for topic, finding, section in _sections(result):
        blocks += _opened(topic, finding, section)
    return Group(tuple(blocks))


def _opened(topic: str, finding: str, section: Sequence[Block]) -> Iterator[Block]:
    """Yield a section under what it found: the title of its picture, where it opens with one."""
    first = section[0]
    if isinstance(first, Figure):
        yield Headline(first.title, 3, topic)
        yield replace(first, title="")
    else:
        yield Headline(finding, 3, topic) if finding else Headline(topic, 3)
        yield first
    yield from section[1:]


def _sections(result: FunnelResult) -> Iterator[tuple[str, str, Sequence[Block]]]:
    """Yield each section that has something to say: its topic, what it found where no picture says it, its blocks."""
    estimates = result.estimates
    if estimates is not None:
        yield "Where deals are lost, and what that is worth", "", leak_blocks(estimates)
        if times := _without_tables(time_blocks(estimates)):
            yield "How long deals stay", "", times
    if result.trend is not None:
        yield "Over time", "", _without_tables([*trend_blocks(result.trend), *change_blocks(result.change)])
    segments = estimates.segments if estimates is not None else None
    if segments is not None and any(step.compared for step in segments.steps):
        yield "By segment", "", _without_tables(segment_blocks(segments))
    if result.stalled is not None:
        late = result.stalled.n
        told = f"{capital(count(late, 'open deal'))} {'is' if late == 1 else 'are'} older than nine in ten ever get"
        yield "Stalled deals", told if late else "", stalled_blocks(result.stalled, result.ages)
    if any(row.told or row.conversion is not None for row in result.handoffs):
        yield "Handoffs between teams", "", handoff_blocks(result.handoffs)
    forecast = result.forecast
    if forecast is not None and forecast.open:
        worth = forecast.total and f"The open deals may bring {money(forecast.total.estimate, forecast.currency)}"
        yield "What the open deals may bring", worth or "", forecast_blocks(forecast)
    if result.definitions:
        told = definition_sentence(result.definitions).text.partition(":")[0].removesuffix(".")
        yield "What is called conversion", told, _without_tables(definitions_blocks(result.definitions))
    trust = hygiene_blocks(result.checks, result.trust) if result.checks else []
    if last := [*trust, *unknown_blocks(result)]:
        opening = last[0].title if isinstance(last[0], Notice) else ""
        yield "How far the data can be trusted", opening, last


def _without_tables(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if not isinstance(block, Table)]
