"""Findings on the marketing operating model."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.marketing import MarketingResult
from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first
from gtmdiag.findings.finding import Confidence, Finding

FEW = 2
"""Capabilities that are missing from which on it is more than a detail (suite method)."""


def marketing_findings(result: MarketingResult) -> Iterator[Finding]:
    """Yield where marketing and sales see the work differently, weak pillars, and missing capabilities."""
    yield from _perception(result)
    yield from _pillars(result)
    yield from _capabilities(result)


def _confidence(result: MarketingResult) -> tuple[Confidence, str]:
    sides = (result.marketing, result.sales)
    if all(side.shown == "group" for side in sides):
        told = f"{result.marketing.n} in marketing and {result.sales.n} in sales"
        return "medium", f"{told} answered; a perception is not a measurement"
    if any(side.shown == "declared" for side in sides):
        return "low", "it is what single people declared under their role"
    return "low", "it is the view of one side or of the CEO alone"


def _perception(result: MarketingResult) -> Iterator[Finding]:
    if not result.apart:
        return
    confidence, because = _confidence(result)
    widest = result.apart[0]
    names = listed([lower_first(pillar.label) for pillar in result.apart])
    yield Finding(
        id="marketing.perception_gap",
        severity="medium",
        claim=f"Marketing and sales do not see the same marketing: {names}.",
        evidence=result.gap_says,
        confidence=confidence,
        because=because,
        owner="CMO, head of sales",
        next_step=f"Go through “{lower_first(widest.label)}” answer by answer in one meeting of both.",
    )


def _pillars(result: MarketingResult) -> Iterator[Finding]:
    known = [pillar for pillar in result.pillars if pillar.low is not None]
    low = [pillar for pillar in known if pillar.low]
    confidence, because = _confidence(result)
    if low:
        step = next((action for action in result.actions if low[0].label in action.because), None)
        yield Finding(
            id="marketing.pillars",
            severity="medium",
            claim=f"{capital(count(len(low), 'pillar'))} of marketing {'is' if len(low) == 1 else 'are'} weak: "
            f"{listed([lower_first(pillar.label) for pillar in low])}.",
            evidence=result.pillar_says,
            confidence=confidence,
            because=because,
            owner="CMO",
            next_step=step.text if step is not None else "Agree on what a strong pillar would look like.",
        )
    elif known and len(known) == len(result.pillars) and not result.apart:
        yield Finding(
            id="marketing.pillars",
            severity="strength",
            claim="Marketing stands on all four pillars, and sales sees it so too."
            if result.sales.shown == "group" and result.marketing.shown == "group"
            else "Marketing stands on all four pillars.",
            evidence=result.pillar_says,
            confidence=confidence,
            because=because,
            owner="CMO",
            next_step="Keep the shared KPIs, and ask both sides again in two quarters.",
        )


def _capabilities(result: MarketingResult) -> Iterator[Finding]:
    missing = [one for one in result.capabilities if one.missing]
    if not missing:
        return
    confidence, because = _confidence(result)
    yield Finding(
        id="marketing.capabilities",
        severity="medium" if len(missing) >= FEW else "low",
        claim=f"{capital(count(len(missing), 'capability', 'capabilities'))} of marketing "
        f"{'is' if len(missing) == 1 else 'are'} said to be missing.",
        evidence=result.capability_says,
        confidence=confidence,
        because=because,
        owner="CMO",
        next_step=missing[0].next,
    )
