"""D3: at which level the go-to-market model is owned, and each of its decisions is made.

Source of the claim, of the classes of owners and of the failure modes: GJ. Decision map, merging of respondents, shares
and the order of building: suite method. Ownership is asked here, not who operates go-to-market under one hand: the gut
check asks that, and neither answer decides the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.diagnostics.ownership_altitude.institution import institution, modes
from gtmdiag.diagnostics.ownership_altitude.positions import decisions, ownership
from gtmdiag.diagnostics.ownership_altitude.result import (
    Decision,
    Evidence,
    InPlace,
    Institution,
    Judgement,
    Mode,
    Ownership,
    OwnershipAltitudeResult,
    Position,
    Side,
    side_of,
)
from gtmdiag.diagnostics.ownership_altitude.words import institution_sentences, map_sentences, owner_sentences
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import Instrument

__all__ = [
    "Decision",
    "Evidence",
    "InPlace",
    "Institution",
    "Judgement",
    "Mode",
    "Ownership",
    "OwnershipAltitudeResult",
    "Position",
    "Side",
    "diagnose",
    "side_of",
]


def diagnose(
    instrument: Instrument,
    responses: Sequence[Response],
    stage: CompanyStage,
    ownership_kind: str | None,
    rule: AnonymityRule,
) -> OwnershipAltitudeResult | None:
    """Diagnose the altitude of ownership.

    Parameters
    ----------
    instrument
        The ownership-altitude instrument, packaged or its replacement.
    responses
        Valid answers of the CEO (role ``ceo``) and of leaders.
    stage
        The company's stage; without one, nothing is held against what a stage asks.
    ownership_kind
        Who owns the company; ``"pe"`` is a risk flag.
    rule
        Smallest groups whose scores may be shown. Declared positions are shown by role whatever their number.

    Returns
    -------
    OwnershipAltitudeResult | None
        None when nobody has answered.
    """
    if not responses:
        return None
    own = next((response.answers for response in responses if response.role == "ceo"), None)
    leaders = [response.answers for response in responses if response.role != "ceo"]
    result = OwnershipAltitudeResult(
        instrument=instrument.id,
        version=instrument.version,
        hash=instrument.hash,
        stage=stage,
        ladder=instrument.altitudes,
        respondents=len(responses),
        leaders=len(leaders),
        withheld=_withheld(len(leaders), rule),
        ownership=ownership(instrument, responses),
        decisions=decisions(instrument, responses, stage),
        institution=institution(instrument, own, leaders, rule),
        modes=modes(instrument, own, leaders, rule),
    )
    return replace(
        result,
        owner_says=tuple(owner_sentences(instrument, result, ownership_kind == "pe")),
        map_says=tuple(map_sentences(instrument, result)),
        institution_says=tuple(institution_sentences(instrument, result)),
    )


def _withheld(leaders: int, rule: AnonymityRule) -> str:
    if leaders == 0 or rule.may_show_score(leaders):
        return ""
    who = capital(count(leaders, "leader has", "leaders have"))
    return (
        f"{who} answered; apart from declared positions their answers are shown from {rule.group_minimum} up, so that "
        "no single answer can be told."
    )
