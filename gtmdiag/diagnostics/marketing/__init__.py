"""D5: the marketing operating model, as marketing and as sales see it.

Four pillars, the capabilities that are often missing and the four steps in which to act: source AJ. Items, indices,
the gap between the two sides and which action answers which gap: suite method.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.marketing.result import (
    APART,
    Advised,
    Capability,
    CapabilityView,
    Declared,
    MarketingResult,
    Pillar,
    Side,
    SideId,
)
from gtmdiag.diagnostics.marketing.sides import SIDES, capability, members, pillar, side_of
from gtmdiag.diagnostics.marketing.words import capability_sentences, gap_sentences, pillar_sentences, withheld
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import Instrument

__all__ = [
    "APART",
    "Advised",
    "Capability",
    "CapabilityView",
    "Declared",
    "MarketingResult",
    "Pillar",
    "Side",
    "SideId",
    "diagnose",
]


def diagnose(instrument: Instrument, responses: Sequence[Response], rule: AnonymityRule) -> MarketingResult | None:
    """Diagnose how marketing operates.

    Parameters
    ----------
    instrument
        The marketing instrument, packaged or its replacement.
    responses
        Valid answers of the CEO (role ``ceo``), of marketing and of sales; those of others do not count.
    rule
        Smallest groups whose scores may be shown. The two sides are shown, and nothing of both together that would
        tell more than they do.

    Returns
    -------
    MarketingResult | None
        None when neither the CEO nor either side has answered.
    """
    sides = tuple(side_of(responses, side, label, rule) for side, label in SIDES)
    marketing, sales = sides
    ceo = any(one.role == "ceo" for one in responses)
    if not (marketing.n or sales.n or ceo):
        return None
    pillars = tuple(pillar(instrument, index, responses, sides, rule) for index in instrument.indices)
    capabilities = tuple(capability(instrument, mode, responses, sides) for mode in instrument.failure_modes)
    sided = sum(len(members(responses, side.id)) for side in sides)
    return MarketingResult(
        instrument=instrument.id,
        version=instrument.version,
        hash=instrument.hash,
        marketing=marketing,
        sales=sales,
        others=len(responses) - sided - ceo,
        withheld=withheld(marketing, sales, rule.group_minimum),
        pillars=pillars,
        capabilities=capabilities,
        actions=tuple(_actions(instrument, pillars, capabilities)),
        gap_says=tuple(gap_sentences(instrument, pillars, marketing, sales)),
        pillar_says=tuple(pillar_sentences(instrument, pillars)),
        capability_says=tuple(capability_sentences(capabilities)),
    )


def _actions(
    instrument: Instrument, pillars: Sequence[Pillar], capabilities: Sequence[Capability]
) -> Iterator[Advised]:
    """Yield the actions that answer a pillar that is low or seen apart, or a missing capability, step by step."""
    gaps = {one.id: one.label for one in pillars if one.low or (one.gap is not None and abs(one.gap) >= APART)}
    gaps |= {one.id: one.label for one in capabilities if one.missing}
    for step in instrument.steps:
        for remedy in instrument.remedies:
            because = tuple(gaps[one] for one in remedy.answers if one in gaps)
            if remedy.step == step.id and because:
                yield Advised(
                    step.id,
                    step.label,
                    remedy.text,
                    because,
                    remedy.owner,
                    remedy.measure,
                    remedy.effort,
                    remedy.source,
                )
