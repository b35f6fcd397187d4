"""Findings on the altitude of ownership."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first
from gtmdiag.diagnostics.ownership_altitude import Decision, Mode, Ownership, OwnershipAltitudeResult
from gtmdiag.findings.finding import Confidence, Finding, Severity
from gtmdiag.trail import Sentence, Trail

MANY = 4
"""Rights that sit too low from which on it is more than a detail (suite method)."""


def ownership_findings(result: OwnershipAltitudeResult) -> Iterator[Finding]:
    """Yield who owns the model, decisions at the wrong level, disputes, and failure modes that show."""
    if result.ownership is not None:
        yield from _owner(result, result.ownership)
    yield from _map(result)
    yield from _modes(result)


def _confidence(n: int) -> tuple[Confidence, str]:
    said = f"{count(n, 'respondent')} declared it"
    return ("high" if n >= 5 else "medium" if n >= 3 else "low"), said


def _owner(result: OwnershipAltitudeResult, ownership: Ownership) -> Iterator[Finding]:
    n = len(ownership.positions)
    confidence, because = _confidence(n)
    evidence = tuple(s for s in result.sentences if s.trail.source == "GJ" and s.trail.n is not None)
    severity: Severity = "high"
    step = "Settle in writing that the CEO owns the model, and name council and steward."
    if ownership.level == "business" and ownership.in_practice:
        severity, claim = "strength", "The go-to-market model is owned at business level, in practice."
        step = "Keep council, steward, cadence and decision rights in writing."
    elif ownership.level == "business":
        severity, claim = "medium", "The CEO owns the go-to-market model in name; little of it is operational."
        if result.stage.stage == "early":
            severity, claim = "low", "The CEO owns the go-to-market model, not yet in an institutional form."
    elif ownership.level == "nobody":
        claim = "Nobody owns the go-to-market model."
    elif ownership.level == "function":
        claim = "The go-to-market model is left to one function."
    elif ownership.level is None:
        claim = f"The leaders do not agree on who owns the go-to-market model: {_named(ownership)}."
    else:
        severity, claim = "medium", f"The go-to-market model is owned below business level: {_named(ownership)}."
    yield Finding(
        id="ownership_altitude.owner",
        severity=severity,
        claim=claim,
        evidence=evidence,
        confidence=confidence,
        because=because,
        owner="CEO",
        next_step=step,
    )


def _named(ownership: Ownership) -> str:
    owners = [f"{n} of {len(ownership.positions)} say {lower_first(owner)}" for owner, n in ownership.owners[:2]]
    return listed(owners) or "no owner is named"


def _map(result: OwnershipAltitudeResult) -> Iterator[Finding]:
    confidence, because = _confidence(result.respondents)
    low, high, disputed = (result.sides(judgement) for judgement in ("too low", "too high", "disputed"))
    evidence = tuple(s for s in result.sentences if s.trail.rule.startswith("majority of declared"))

    def names(found: tuple[tuple[Decision, str], ...]) -> str:
        return listed(list(dict.fromkeys(lower_first(decision.label) for decision, _ in found)))

    if low:
        yield Finding(
            "ownership_altitude.too_low",
            "high" if len(low) >= MANY else "medium",
            f"{_rights(len(low))} too low for the stage.",
            evidence,
            confidence,
            because,
            "CEO",
            f"Take back to the level that the stage asks: {names(low)}.",
        )
    if high:
        yield Finding(
            "ownership_altitude.too_high",
            "medium",
            f"{_rights(len(high))} too high, so that decisions wait.",
            evidence,
            confidence,
            because,
            "CEO",
            f"Hand down to the level that the stage asks: {names(high)}.",
        )
    if disputed:
        yield Finding(
            "ownership_altitude.disputed",
            "medium",
            f"On {count(len(disputed), 'right')} to design or decide, people do not agree who holds it.",
            evidence,
            confidence,
            because,
            "CEO with the leadership team",
            f"Decide and write down who holds: {names(disputed)}.",
        )


def _rights(n: int) -> str:
    return f"{capital(count(n, 'right'))} to design or decide {'sits' if n == 1 else 'sit'}"


def _modes(result: OwnershipAltitudeResult) -> Iterator[Finding]:
    for mode in result.modes:
        if mode.shows:
            yield Finding(
                id=f"ownership_altitude.{mode.id}",
                severity="medium",
                claim=f"{mode.label}: {lower_first(mode.meaning)}",
                evidence=tuple(_seen(mode)),
                confidence="medium",
                because="it is how people answered, not a measurement",
                owner="CEO",
                next_step=mode.next,
            )


def _seen(mode: Mode) -> Iterator[Sentence]:
    for one in mode.evidence:
        if one.seen:
            trail = Trail("evidence item of a failure mode", mode.source, (f"ownership_altitude.{mode.id}",))
            yield Sentence(f"{one.text} {capital(one.answer)}.", trail)
