"""Findings on how go-to-market is operated, and on the rules that fire."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.diagnostics.operating_model.words import APART, next_layer, suggestions
from gtmdiag.findings.finding import Confidence, Finding, Severity
from gtmdiag.instruments.operating_rules import operating_rules, plain
from gtmdiag.kpis import KpiResult, RuleReading
from gtmdiag.kpis.run import misses

WRITTEN, USED = 2, 3
RARELY = 0.2
"""Chance of a false alarm, a year or by the spread alone, up to which a firing is more than a sign (suite method)."""

UNLIKELY = 0.01
"""Chance of the pooled weeks, were the threshold met, up to which they count as proof (suite method)."""


_PARTS = {
    "strategy_without_ownership": ("owners", "Rows of the ownership map without a single accountable owner"),
    "metrics_without_rules": ("metrics", "Metrics that are only reported"),
    "cadence_without_authority": ("cadence", "Meetings that may not decide all that they need to"),
}
"""What is said where a pattern does not show but some part of it is at fault."""


def operating_findings(result: OperatingModelResult, stage: CompanyStage) -> Iterator[Finding]:
    """Yield the weakest layer, handoffs, owners, metrics, cadence and loops that do not work, and what does."""
    yield from _layers(result, stage)
    yield from _claims(result)
    yield from _handoffs(result)
    yield from _patterns(result, stage)
    yield from _disagreement(result)
    yield from _standup(result)
    yield from _loops(result)


def _confidence(result: OperatingModelResult, from_file: bool) -> tuple[Confidence, str]:
    if from_file:
        return "medium", "it is what the file says; nobody has watched it at work"
    return "low", f"it is what {count(result.respondents, 'respondent')} said, without a file"


def _layers(result: OperatingModelResult, stage: CompanyStage) -> Iterator[Finding]:
    layer = result.next_layer
    proven = any(layer.artefacts for layer in result.layers)
    confidence: Confidence = "medium" if proven else "low"
    because = "artefacts prove it, or are missing" if proven else "no artefact was given"
    if layer.evidenced >= USED:
        yield Finding(
            id="operating_model.maturity",
            severity="strength",
            claim=f"{next_layer(result)}.",
            evidence=result.layer_says,
            confidence=confidence,
            because=because,
            owner="Steward",
            next_step="Keep the artefacts dated, and note what the feedback changes.",
        )
        return
    severity: Severity = "medium" if layer.evidenced == WRITTEN else "high"
    if stage.stage == "early" or not proven:
        severity = "low" if layer.evidenced == WRITTEN else "medium"
    yield Finding(
        id="operating_model.maturity",
        severity=severity,
        claim=f"{next_layer(result)}.",
        evidence=result.layer_says[1:] or result.layer_says,
        confidence=confidence,
        because=because,
        owner="CEO with the leadership team",
        next_step=layer.next,
    )


def _claims(result: OperatingModelResult) -> Iterator[Finding]:
    claims = [layer for layer in result.layers if layer.overclaimed]
    if not claims or not any(layer.artefacts for layer in result.layers):
        return
    yield Finding(
        id="operating_model.claims",
        severity="medium",
        claim=f"More is claimed than shown for {count(len(claims), 'layer')} of the operating model.",
        evidence=tuple(one for one in result.layer_says if one.trail.rule == "claimed against evidenced maturity"),
        confidence="medium",
        because="an artefact may exist that was not given",
        owner="CEO",
        next_step="Ask for the document, its date and its last use for each layer that is claimed.",
    )


def _handoffs(result: OperatingModelResult) -> Iterator[Finding]:
    known = [one for one in result.handoffs if one.process is not None]
    loose = [one for one in known if not one.process]
    if not known:
        return
    written = any(one.origin == "file" for one in known)
    confidence, because = _confidence(result, written)
    if not loose:
        yield Finding(
            id="operating_model.handoffs",
            severity="strength",
            claim="Every handoff is a process: trigger, data packet and response time are agreed.",
            evidence=result.handoff_says,
            confidence=confidence,
            because=because,
            owner="Steward",
            next_step="Measure whether the response times are kept.",
        )
        return
    first = loose[0]
    yield Finding(
        id="operating_model.handoffs",
        severity="high" if written and any(one.id == "marketing_to_sales" for one in loose) else "medium",
        claim=f"{suggestions(result)}.",
        evidence=result.handoff_says[1:],
        confidence=confidence,
        because=because,
        owner="Council",
        next_step=f"{first.label}: agree on {listed(list(first.missing))}"
        + (f" (published: {first.published})." if first.published and "response time" in first.missing else "."),
    )


def _patterns(result: OperatingModelResult, stage: CompanyStage) -> Iterator[Finding]:
    evidence = {
        "strategy_without_ownership": (result.owner_says, bool(result.owners)),
        "metrics_without_rules": (result.kpi_says, bool(result.kpis)),
        "cadence_without_authority": (result.cadence_says, bool(result.meetings)),
    }
    for pattern in result.patterns:
        if not pattern.faulty:
            continue
        says, from_file = evidence[pattern.id]
        confidence, because = _confidence(result, from_file)
        grave: Severity = "high" if from_file and stage.stage != "early" else "medium"
        claim = f"{pattern.label}: {lower_first(pattern.meaning)}"
        yield Finding(
            id=f"operating_model.{pattern.id if pattern.shows else _PARTS[pattern.id][0]}",
            severity=grave if pattern.shows else "low",
            claim=claim if pattern.shows else f"{_PARTS[pattern.id][1]}: {pattern.faulty} of {pattern.of}.",
            evidence=says,
            confidence=confidence,
            because=because,
            owner="CEO" if pattern.shows else "Council",
            next_step=pattern.next,
        )


def _disagreement(result: OperatingModelResult) -> Iterator[Finding]:
    answered = [row for row in result.blind if len(row.accountable) > 1]
    apart = [row for row in answered if row.disagree and not row.holder]
    if not apart:
        return
    n = max(len(row.accountable) for row in answered)
    confidence: Confidence = "high" if n >= 5 else "medium" if n >= 3 else "low"
    rows = count(len(apart), "row")
    yield Finding(
        id="operating_model.blind_raci",
        severity="medium",
        claim=f"Asked apart, people name no common owner for {rows} of the ownership map.",
        evidence=tuple(one for one in result.owner_says if one.trail.rule == APART),
        confidence=confidence,
        because=f"it is what {count(n, 'respondent')} declared",
        owner="CEO with the leadership team",
        next_step=f"Settle in one sitting who is accountable for: {'; '.join(row.label for row in apart)}.",
    )


def _standup(result: OperatingModelResult) -> Iterator[Finding]:
    for meeting in result.meetings:
        if meeting.operational is False:
            yield Finding(
                id=f"operating_model.{meeting.id}_not_operational",
                severity="medium",
                claim=f"{meeting.name} sees misses and yields no actions.",
                evidence=tuple(one for one in result.cadence_says if one.text.startswith(f"{meeting.name} had misses")),
                confidence="medium",
                because=f"it was held {meeting.judged} times with misses",
                owner="Steward",
                next_step="Change the agenda or the people until each miss gets an owner and a deadline.",
            )


def _loops(result: OperatingModelResult) -> Iterator[Finding]:
    open_ = [one for one in result.loops if one.state in ("reporting", "absent")]
    if open_ and 2 * len(open_) > len(result.loops):
        confidence, because = _confidence(result, open_[0].origin == "file")
        yield Finding(
            id="operating_model.loops",
            severity="low",
            claim="Most feedback between customer success, sales and marketing changes nothing.",
            evidence=result.loop_says,
            confidence=confidence,
            because=because,
            owner="Council",
            next_step=f"{open_[0].label}: report monthly {open_[0].about}, and note what it changed.",
        )


_PROOF = ("false alarms", "pooled weeks", "weekly values from the export", "average age", "open deals beyond")


def kpi_findings(result: KpiResult) -> Iterator[Finding]:
    """Yield each rule that stands fired, with the action that it names."""
    for reading in result.firing:
        yield _fired(reading)


def _fired(reading: RuleReading) -> Finding:
    kpi, rules = reading.kpi, operating_rules()
    confidence, because = _sure(reading)
    action = "" if plain(kpi.action.rstrip(".")) in rules.vague_actions else kpi.action
    published = next((rule.action for rule in rules.kpis if rule.id == kpi.metric), "")
    return Finding(
        id=kpi.finding,
        severity="low" if reading.by_itself is not None and reading.by_itself > RARELY else "medium",
        claim=f"{kpi.label} has missed its threshold for {count(reading.running, 'week')} running.",
        evidence=(reading.says[0], *(one for one in reading.says[1:] if one.trail.rule.startswith(_PROOF))),
        confidence=confidence,
        because=because,
        owner=capital(kpi.owner) if kpi.owner else "Not named",
        next_step=action or published or "Name a specific action for this rule.",
    )


def _sure(reading: RuleReading) -> tuple[Confidence, str]:
    alarm, recent = reading.false_alarm, reading.recent
    if reading.by_itself is not None:
        return "low", f"at the spread of single deals the rule fires by itself in {reading.by_itself:.0%} of cases"
    if alarm is None:
        return "low", "it has no numbers of cases from which to tell false alarms"
    if recent is not None and misses(reading.kpi, recent.share) and recent.p_value <= UNLIKELY:
        return "high", f"the last {count(recent.weeks, 'week')} together miss the threshold beyond chance"
    told = f"at this volume the rule fires for nothing in {alarm.chance:.0%} of years"
    return ("medium" if alarm.chance <= RARELY else "low"), told
