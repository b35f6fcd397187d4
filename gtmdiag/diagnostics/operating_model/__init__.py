"""D4: how go-to-market is operated: five layers, handoffs, ownership map, metrics, cadence, feedback loops.

Source of the layers, of what makes a handoff, an owner, a rule and a meeting, and of the ways to fail: OE. Maturity,
its cap by the layer below, grades and when a pattern shows: suite method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.diagnostics.operating_model.cadence import loops, meetings
from gtmdiag.diagnostics.operating_model.handoffs import handoffs
from gtmdiag.diagnostics.operating_model.maturity import maturity
from gtmdiag.diagnostics.operating_model.metrics import audit, leading, offered
from gtmdiag.diagnostics.operating_model.owners import blind_rows, owner_rows
from gtmdiag.diagnostics.operating_model.patterns import patterns
from gtmdiag.diagnostics.operating_model.result import (
    BlindRow,
    HandoffAudit,
    KpiAudit,
    LayerMaturity,
    LeadingCount,
    LoopAudit,
    MeetingAudit,
    Offered,
    OperatingModelResult,
    OwnerRow,
    PatternReading,
    Shown,
)
from gtmdiag.diagnostics.operating_model.words import (
    cadence_sentences,
    handoff_sentences,
    kpi_sentences,
    layer_sentences,
    loop_sentences,
    owner_sentences,
)
from gtmdiag.diagnostics.ownership_altitude import InPlace
from gtmdiag.diagnostics.ownership_altitude.institution import part_in_place
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.operating_model import OperatingModel
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.operating_rules import OperatingRules, kpis_of
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Answers

__all__ = [
    "BlindRow",
    "HandoffAudit",
    "KpiAudit",
    "LayerMaturity",
    "LeadingCount",
    "LoopAudit",
    "MeetingAudit",
    "Offered",
    "OperatingModelResult",
    "OwnerRow",
    "PatternReading",
    "Shown",
    "diagnose",
]

_METRIC_PARTS = ("metric_threshold", "metric_owner", "metric_action")
_POWERS = ("process_authority", "resource_authority", "escalation_authority")


def diagnose(
    model: OperatingModel | None,
    rules: OperatingRules,
    instrument: Instrument,
    responses: Sequence[Response],
    rule: AnonymityRule,
    *,
    as_of: date,
) -> OperatingModelResult | None:
    """Audit the operating model.

    Parameters
    ----------
    model
        operating_model.yaml; None, or one without an entry, is no file.
    rules
        What a working model has.
    instrument
        The operating-model questionnaire, packaged or its replacement.
    responses
        Valid answers of the CEO (role ``ceo``) and of leaders; used for claims, for the ownership map filled in apart,
        and for every part on which the file is silent.
    rule
        Smallest groups whose scores may be shown. Declared positions are shown by role whatever their number.
    as_of
        The date that the report speaks for: evidence of use counts back from it, and later dates are not believed.

    Returns
    -------
    OperatingModelResult | None
        None when there is neither a file nor an answer.
    """
    told = model if model is not None else OperatingModel()
    if told == OperatingModel() and not responses:
        return None
    result = _audited(told, rules, instrument, responses, rule, as_of)
    return replace(
        result,
        layer_says=tuple(layer_sentences(result)),
        handoff_says=tuple(handoff_sentences(result)),
        owner_says=tuple(owner_sentences(result)),
        kpi_says=tuple(kpi_sentences(result)),
        cadence_says=tuple(cadence_sentences(result)),
        loop_says=tuple(loop_sentences(result)),
    )


def _audited(
    told: OperatingModel,
    rules: OperatingRules,
    instrument: Instrument,
    responses: Sequence[Response],
    rule: AnonymityRule,
    as_of: date,
) -> OperatingModelResult:
    """Return all of the result but its sentences."""
    nothing: Answers = dict[str, int | str]()
    ceo = next((response.answers for response in responses if response.role == "ceo"), nothing)
    leaders = [response.answers for response in responses if response.role != "ceo"]

    def answered(*domains: str) -> tuple[InPlace, ...]:
        items = [instrument.item(f"{instrument.id}.{domain}.in_place") for domain in domains]
        return tuple(part_in_place(instrument, item, ceo, leaders, rule) for item in items if item is not None)

    layers = tuple(maturity(told, rules, instrument, ceo, leaders, rule, as_of))
    owners, blind = tuple(owner_rows(told, rules)), tuple(blind_rows(instrument, responses))
    own_kpis = kpis_of(told, rules)
    metrics, metric_parts = audit(own_kpis, rules), answered(*_METRIC_PARTS)
    held, powers = meetings(told.cadence, rules, as_of), answered(*_POWERS)
    return OperatingModelResult(
        instrument=instrument.id,
        version=instrument.version,
        hash=instrument.hash,
        has_file=told != OperatingModel(),
        as_of=as_of,
        respondents=len(responses),
        leaders=len(leaders),
        withheld=_withheld(len(leaders), rule),
        maturity_words=rules.maturity,
        layers=layers,
        handoffs=handoffs(told.handoffs, rules, instrument, ceo, leaders, rule),
        owners=owners,
        blind=blind,
        kpis=metrics,
        leading=leading(metrics, rules) if metrics else (),
        offered=offered(own_kpis, rules),
        metric_parts=() if metrics else metric_parts,
        meetings=held,
        powers=() if held else powers,
        loops=loops(told.feedback_loops, answered(*(loop.id for loop in rules.loops)), rules, as_of),
        patterns=tuple(patterns(rules, layers, owners, blind, (metrics, metric_parts), (held, powers))),
    )


def _withheld(leaders: int, rule: AnonymityRule) -> str:
    if leaders == 0 or rule.may_show_score(leaders):
        return ""
    who = capital(count(leaders, "leader has", "leaders have"))
    return (
        f"{who} answered; apart from who is accountable and responsible, their answers are shown from "
        f"{rule.group_minimum} up, so that no single answer can be told."
    )
