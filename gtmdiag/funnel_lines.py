"""Parts of the funnel's result as lines of at most 80 characters: segments, trend, stalled deals, handoffs, hygiene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.by_segment import BySegment
from gtmdiag.funnel.checks import Check
from gtmdiag.funnel.forecast import Forecast
from gtmdiag.funnel.handoff_words import handoff_sentences
from gtmdiag.funnel.handoffs import HandoffRow
from gtmdiag.funnel.segment_wording import segment_name, segment_sentences
from gtmdiag.funnel.stalled import StalledDeals
from gtmdiag.funnel.trend import Trend
from gtmdiag.funnel.trust import TrustGate
from gtmdiag.funnel.wording import amount_text
from gtmdiag.funnel.words import counted, points
from gtmdiag.terminal import cut_to, wrapped

NAME = 22
_MOST_DEALS = 5


def segment_lines(found: BySegment) -> Iterator[str]:
    """Yield the conversion of each segment, step by step; those of which there is not enough data are named as such."""
    if len(found.segments) + found.pooled < 2:
        yield from wrapped(segment_sentences(found)[0].text)
        yield ""
        return
    yield f"{'conversion by segment':<{NAME}}{'share':>8}{'95% interval':>18}{'n':>8}  against the rest"
    told = [step for step in found.steps if any(one.raw is not None for one in step.segments)]
    for step in told:
        within = f", within {step.horizon_days} days" if step.compared else ""
        yield f"{cut_to(step.stage, 24)} to {cut_to(step.to, 24)}{within}"
        named = [(segment_name(one.segment), one) for one in step.segments]
        named += [("all smaller ones", step.rest)] if step.rest is not None else []
        for name, one in named:
            label = f"  {cut_to(name, NAME - 3)}"
            if one.raw is None:
                yield f"{label:<{NAME + 26}}{one.n:>8,}  not enough data"
                continue
            interval = f"{one.raw.low:.1%} to {one.raw.high:.1%}"
            reading = "" if one.p_value is None else "within chance" if one.reading == "within" else one.reading
            yield f"{label:<{NAME}}{one.raw.estimate:>8.1%}{interval:>18}{one.n:>8,}  {reading}".rstrip()
    if lacking := len(found.steps) - len(told):
        yield f"Not enough data by segment: {counted(lacking, 'step')}."
    yield ""


def trend_lines(trend: Trend) -> Iterator[str]:
    """Yield each step lately against before."""
    yield f"{'over time':<{NAME}}{'before':>8}{'lately':>8}{'points (95% interval)':>25}  reading"
    for step in trend.steps:
        name = f"{cut_to(step.stage, NAME - 1):<{NAME}}"
        if step.before is None or step.lately is None or step.moved is None:
            yield f"{name}  not enough data"
            continue
        moved = step.moved
        change = f"{points(moved.estimate)} ({points(moved.low)} to {points(moved.high)})"
        reading = "within chance" if not step.changed else "fell" if moved.estimate < 0 else "rose"
        yield f"{name}{step.before.estimate:>8.0%}{step.lately.estimate:>8.0%}{change:>25}  {reading}"
    yield ""


def forecast_lines(forecast: Forecast) -> Iterator[str]:
    """Yield what the open deals may bring; nothing where that cannot be told."""
    total = forecast.total
    if total is None:
        return
    recorded, value, low, high = (
        money(amount, forecast.currency) for amount in (forecast.amount, total.estimate, total.low, total.high)
    )
    text = f"{forecast.told:,} open deals stand at {recorded}. At the odds of their stages they bring about {value} "
    yield from wrapped(f"{text}(95% interval {low} to {high}).")
    yield ""


def stalled_lines(stalled: StalledDeals) -> Iterator[str]:
    """Yield how many open deals of each stage are stalled, and the dearest five of them."""
    rows = [stage for stage in stalled.stages if stage.open]
    if not rows:
        return
    yield f"{'stalled in':<{NAME}}{'open':>10}{'90% left by':>14}{'beyond':>10}"
    for stage in rows:
        limit, beyond = "not reached", "-"
        if stage.limit_days is not None:
            limit, beyond = f"day {stage.limit_days:,}", f"{stage.beyond:,}"
        yield f"{cut_to(stage.stage, NAME - 1):<{NAME}}{stage.open:>10,}{limit:>14}{beyond:>10}"
    for deal in stalled.listed[:_MOST_DEALS]:
        amount = "" if deal.amount_cents is None else f", {amount_text(((deal.currency, deal.amount_cents),))}"
        owner = cut_to(deal.owner, NAME) or "nobody"
        named = f"{cut_to(deal.deal, NAME)} ({owner}){amount}"
        yield from wrapped(f"  {named}: day {deal.age_days:,} in {cut_to(deal.stage, NAME)}")
    if stalled.n > _MOST_DEALS:
        yield f"  and {stalled.n - _MOST_DEALS:,} more"
    yield ""


def hygiene_lines(checks: Sequence[Check], gate: TrustGate) -> Iterator[str]:
    """Yield which results stand, then each fault of the data: those beyond their threshold first, the largest first."""
    yield from wrapped(gate.sentence.text)
    for check in sorted((check for check in checks if check.n), key=lambda check: (not check.serious, -check.share)):
        share = "<0.1%" if check.share < 0.001 else f"{check.share:.1%}"
        text = f"{'!' if check.serious else ' '} {check.title}: {check.n:,} of {check.of:,} {check.unit} ({share})"
        if check.examples:
            text += f", such as {cut_to(check.examples[0], NAME)}"
        if check.serious and check.remedy:
            text += f". {check.remedy}"
        yield from wrapped(text, then="    ")
    yield ""


def handoff_lines(rows: Sequence[HandoffRow]) -> Iterator[str]:
    """Yield each handoff in words."""
    for row in rows:
        yield from wrapped(" ".join(sentence.text for sentence in handoff_sentences(row)))
    if rows:
        yield ""
