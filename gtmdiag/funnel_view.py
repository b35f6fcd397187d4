"""The leak analysis of one export in the terminal, readable at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.leaks import Estimates
from gtmdiag.funnel.outcomes import StageRow
from gtmdiag.funnel.propose import Proposal
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel_lines import (
    NAME,
    forecast_lines,
    handoff_lines,
    hygiene_lines,
    segment_lines,
    stalled_lines,
    trend_lines,
)
from gtmdiag.terminal import cut_to, wrapped


def proposal_lines(proposal: Proposal) -> Iterator[str]:
    """Yield what the columns are taken for, and how certain that is."""
    yield f"Taken for: {proposal.crm or 'no export that is known; columns by their names'}."
    for mapped in proposal.mapping:
        yield f"  {cut_to(mapped.role, 12):<12} {cut_to(mapped.column, 36):<36} {mapped.certainty}"
    yield ""


def result_lines(result: FunnelResult, *, by_segment: bool = False) -> Iterator[str]:
    """Yield the result: totals, stages, conversion with intervals, leaks and their worth, what changed, warnings.

    With ``by_segment`` also conversion by segment.
    """
    for sentence in result.sentences:
        yield from wrapped(sentence.text)
    yield ""
    yield from _stages(result.stages)
    if result.estimates is not None:
        yield from _conversions(result.estimates)
        yield from _leaks(result.estimates)
        if by_segment and result.estimates.segments is not None:
            yield from segment_lines(result.estimates.segments)
    if result.trend is not None:
        yield from trend_lines(result.trend)
    if result.stalled is not None:
        yield from stalled_lines(result.stalled)
    yield from handoff_lines(result.handoffs)
    if result.forecast is not None:
        yield from forecast_lines(result.forecast)
    if result.checks:
        yield from hygiene_lines(result.checks, result.trust)
    for sentence in result.cannot:
        yield from wrapped(f"Note: {sentence.text}")
    checked = [check.problem for check in result.checks]
    for warning in (warning for warning in result.warnings if warning not in checked):
        place = f"{warning.file}, {warning.place}" if warning.place else warning.file
        yield from wrapped(f"Warning: {place}: {warning.found}. {warning.remedy}")


def _stages(rows: Sequence[StageRow]) -> Iterator[str]:
    yield f"{'stage':<{NAME}}{'entered':>10}{'moved on':>10}{'lost':>10}{'open':>10}{'so far':>10}"
    for row in rows:
        share = "" if row.advanced_share_so_far is None else f"{row.advanced_share_so_far:.1%}"
        counts = "".join(f"{_number(value):>10}" for value in (row.entered, row.advanced, row.lost, row.open))
        yield f"{cut_to(row.stage, NAME - 1):<{NAME}}{counts}{share:>10}"
    yield ""


def _conversions(estimates: Estimates) -> Iterator[str]:
    yield f"{'conversion from':<{NAME}}{'share':>8}{'95% interval':>18}{'n':>8}{'days':>7}{'median days':>15}"
    for stage in estimates.stages:
        share = stage.conversion
        if share is None:
            yield f"{cut_to(stage.stage, NAME - 1):<{NAME}}  not enough data"
            continue
        interval = f"{share.low:.1%} to {share.high:.1%}"
        median = _number(stage.quartiles[1].day) if stage.quartiles else "-"
        yield (
            f"{cut_to(stage.stage, NAME - 1):<{NAME}}{share.estimate:>8.1%}{interval:>18}{share.n:>8,}"
            f"{share.horizon_days or '-':>7}{median:>15}"
        )
    yield ""


def _leaks(estimates: Estimates) -> Iterator[str]:
    for leak in estimates.leaks:
        reading = "leaks" if leak.flagged else "does not leak beyond chance"
        share = leak.conversion
        text = (
            f"{leak.stage} to {leak.to} {reading}: {share.estimate:.1%} ({share.low:.1%} to {share.high:.1%}) against "
        )
        text += f"{leak.benchmark.share:.0%} ({leak.benchmark.source})"
        if leak.flagged and leak.value is not None and leak.low is not None and leak.high is not None:
            value, low, high = (money(amount, estimates.currency) for amount in (leak.value, leak.low, leak.high))
            text += f"; worth up to {value} ({low} to {high}) if the later stages hold"
        yield from wrapped(f"{text}.")
    if not estimates.leaks:
        yield from wrapped(
            "No step has a benchmark: bind roles (mql, sql) or write targets in crm.yaml to measure leaks."
        )
    yield ""


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
