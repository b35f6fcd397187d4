"""The leak analysis of one export in the terminal, readable at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.leaks import Estimates
from gtmdiag.funnel.propose import Proposal
from gtmdiag.funnel.result import FunnelResult, StageRow
from gtmdiag.terminal import printable

WIDTH = 80
_NAME = 22


def proposal_lines(proposal: Proposal) -> Iterator[str]:
    """Yield what the columns are taken for, and how certain that is."""
    yield f"Taken for: {proposal.crm or 'no export that is known; columns by their names'}."
    for mapped in proposal.mapping:
        yield f"  {_cut(mapped.role, 12):<12} {_cut(mapped.column, 36):<36} {mapped.certainty}"
    yield ""


def result_lines(result: FunnelResult) -> Iterator[str]:
    """Yield the result: totals, stages, conversion with intervals, leaks with what they are worth, warnings."""
    for sentence in result.sentences:
        yield from _wrapped(sentence.text)
    yield ""
    yield from _stages(result.stages)
    if result.estimates is not None:
        yield from _conversions(result.estimates)
        yield from _leaks(result.estimates)
    for sentence in result.cannot:
        yield from _wrapped(f"Note: {sentence.text}")
    for warning in result.warnings:
        place = f"{warning.file}, {warning.place}" if warning.place else warning.file
        yield from _wrapped(f"Warning: {place}: {warning.found}. {warning.remedy}")


def _stages(rows: Sequence[StageRow]) -> Iterator[str]:
    yield f"{'stage':<{_NAME}}{'entered':>10}{'moved on':>10}{'lost':>10}{'open':>10}{'so far':>10}"
    for row in rows:
        share = "" if row.advanced_share_so_far is None else f"{row.advanced_share_so_far:.1%}"
        counts = "".join(f"{_number(value):>10}" for value in (row.entered, row.advanced, row.lost, row.open))
        yield f"{_cut(row.stage, _NAME - 1):<{_NAME}}{counts}{share:>10}"
    yield ""


def _conversions(estimates: Estimates) -> Iterator[str]:
    yield f"{'conversion from':<{_NAME}}{'share':>8}{'95% interval':>18}{'n':>8}{'days':>7}{'median days':>15}"
    for stage in estimates.stages:
        share = stage.conversion
        if share is None:
            yield f"{_cut(stage.stage, _NAME - 1):<{_NAME}}  not enough data"
            continue
        interval = f"{share.low:.1%} to {share.high:.1%}"
        median = _number(stage.quartiles[1].day) if stage.quartiles else "-"
        yield (
            f"{_cut(stage.stage, _NAME - 1):<{_NAME}}{share.estimate:>8.1%}{interval:>18}{share.n:>8,}"
            f"{share.horizon_days:>7}{median:>15}"
        )
    yield ""


def _leaks(estimates: Estimates) -> Iterator[str]:
    for leak in estimates.leaks:
        reading = "leaks" if leak.flagged else "does not leak beyond chance"
        text = (
            f"{leak.stage} to {leak.to} {reading}: {leak.conversion.estimate:.1%} against {leak.benchmark.share:.0%} "
        )
        text += f"({leak.benchmark.source})"
        if leak.flagged and leak.value is not None and leak.low is not None and leak.high is not None:
            value, low, high = (money(amount, estimates.currency) for amount in (leak.value, leak.low, leak.high))
            text += f"; worth up to {value} ({low} to {high}) if the later stages hold"
        yield from _wrapped(f"{text}.")
    if not estimates.leaks:
        yield from _wrapped(
            "No step has a benchmark: bind roles (mql, sql) or write targets in crm.yaml to measure leaks."
        )
    yield ""


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _cut(text: str, width: int) -> str:
    shown = printable(text)
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(printable(text), WIDTH, subsequent_indent="  ")
