"""The leak analysis of one export in the terminal, readable at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.handoff_words import handoff_sentences
from gtmdiag.funnel.handoffs import HandoffRow
from gtmdiag.funnel.hygiene import Check
from gtmdiag.funnel.leaks import Estimates
from gtmdiag.funnel.outcomes import StageRow
from gtmdiag.funnel.propose import Proposal
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel.stalled import StalledDeals
from gtmdiag.funnel.trust import RESULTS, trust_gate
from gtmdiag.funnel.wording import amount_text
from gtmdiag.terminal import printable

WIDTH = 80
_NAME = 22
_MOST_DEALS = 5


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
        share = leak.conversion
        text = (
            f"{leak.stage} to {leak.to} {reading}: {share.estimate:.1%} ({share.low:.1%} to {share.high:.1%}) against "
        )
        text += f"{leak.benchmark.share:.0%} ({leak.benchmark.source})"
        if leak.flagged and leak.value is not None and leak.low is not None and leak.high is not None:
            value, low, high = (money(amount, estimates.currency) for amount in (leak.value, leak.low, leak.high))
            text += f"; worth up to {value} ({low} to {high}) if the later stages hold"
        yield from _wrapped(f"{text}.")
    if not estimates.leaks:
        yield from _wrapped(
            "No step has a benchmark: bind roles (mql, sql) or write targets in crm.yaml to measure leaks."
        )
    yield ""


def stalled_lines(stalled: StalledDeals) -> Iterator[str]:
    """Yield how many open deals of each stage are stalled, and the dearest five of them."""
    rows = [stage for stage in stalled.stages if stage.open]
    if not rows:
        return
    yield f"{'stalled in':<{_NAME}}{'open':>10}{'90% left by':>14}{'beyond':>10}"
    for stage in rows:
        limit, beyond = "not reached", "-"
        if stage.limit_days is not None:
            limit, beyond = f"day {stage.limit_days:,}", f"{stage.beyond:,}"
        yield f"{_cut(stage.stage, _NAME - 1):<{_NAME}}{stage.open:>10,}{limit:>14}{beyond:>10}"
    for deal in stalled.listed[:_MOST_DEALS]:
        amount = "" if deal.amount_cents is None else f", {amount_text(((deal.currency, deal.amount_cents),))}"
        owner = _cut(deal.owner, _NAME) or "nobody"
        named = f"{_cut(deal.deal, _NAME)} ({owner}){amount}"
        yield from _wrapped(f"  {named}: day {deal.age_days:,} in {_cut(deal.stage, _NAME)}")
    if stalled.n > _MOST_DEALS:
        yield f"  and {stalled.n - _MOST_DEALS:,} more"
    yield ""


def hygiene_lines(checks: Sequence[Check], results: Sequence[str] = RESULTS) -> Iterator[str]:
    """Yield which results stand, then each fault of the data: those beyond their threshold first, the largest first."""
    yield from _wrapped(trust_gate(checks, results).sentence.text)
    for check in sorted((check for check in checks if check.n), key=lambda check: (not check.serious, -check.share)):
        share = "<0.1%" if check.share < 0.001 else f"{check.share:.1%}"
        text = f"{'!' if check.serious else ' '} {check.title}: {check.n:,} of {check.of:,} {check.unit} ({share})"
        if check.examples:
            text += f", such as {_cut(check.examples[0], _NAME)}"
        if check.serious and check.remedy:
            text += f". {check.remedy}"
        yield from textwrap.wrap(printable(text), WIDTH, subsequent_indent="    ")
    yield ""


def handoff_lines(rows: Sequence[HandoffRow]) -> Iterator[str]:
    """Yield each handoff in words."""
    for row in rows:
        yield from _wrapped(" ".join(sentence.text for sentence in handoff_sentences(row)))
    if rows:
        yield ""


def _number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _cut(text: str, width: int) -> str:
    shown = printable(text)
    return shown if len(shown) <= width else shown[: width - 1] + "…"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(printable(text), WIDTH, subsequent_indent="  ")
