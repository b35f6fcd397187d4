"""Findings on the altitude of ownership."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first
from gtmdiag.diagnostics.ownership_altitude import Decision, Mode, Ownership, OwnershipAltitudeResult, side_of
from gtmdiag.diagnostics.ownership_altitude.positions import OWNER
from gtmdiag.diagnostics.ownership_altitude.words import named
from gtmdiag.findings.finding import Confidence, Finding, Severity
from gtmdiag.trail import Sentence, Trail

MANY = 4
"""Rights that sit too low from which on it is more than a detail (suite method)."""

FEW = 3
"""Respondents from whom on a declared owner is taken as grave (suite method)."""

CORE = ("council", "steward", "cadence", "decision_rights")
"""What makes ownership at business level operational (GJ)."""

Rights = tuple[tuple[Decision, str], ...]
"""Decisions, each with one of its sides."""

_STEPS = {
    "early": "Settle in writing that the CEO owns the model, and who else sits at the table.",
    "scaling": "Settle in writing that the CEO owns the model, and name council and steward.",
    "mature": "Settle in writing which general manager or P&L owner owns the model in each unit.",
}


def ownership_findings(result: OwnershipAltitudeResult) -> Iterator[Finding]:
    """Yield who owns the model, decisions at the wrong level, disputes, and failure modes that show."""
    if result.ownership is not None:
        yield from _owner(result, result.ownership)
    yield from _map(result)
    yield from _modes(result)


def _confidence(n: int) -> tuple[Confidence, str]:
    return ("high" if n >= 5 else "medium" if n >= 3 else "low"), f"it is what {count(n, 'respondent')} declared"


def _owner(result: OwnershipAltitudeResult, ownership: Ownership) -> Iterator[Finding]:
    n = len(ownership.positions)
    confidence, because = _confidence(n)
    severity, claim = _owned(result, ownership)
    step = _STEPS.get(result.stage.stage or "", _STEPS["scaling"])
    yield Finding(
        id="ownership_altitude.owner",
        severity=severity,
        claim=claim,
        evidence=tuple(s for s in result.sentences if s.trail.source == "GJ" and OWNER in s.trail.inputs),
        confidence=confidence,
        because=because,
        owner="CEO",
        next_step="Keep council, steward, cadence and decision rights in writing." if severity == "strength" else step,
    )


def _owned(result: OwnershipAltitudeResult, ownership: Ownership) -> tuple[Severity, str]:
    grave: Severity = "high" if len(ownership.positions) >= FEW else "medium"
    if ownership.level == "business":
        return _owned_by_business(result, ownership)
    if ownership.level == "nobody":
        return grave, "Nobody owns the go-to-market model."
    if ownership.level == "function":
        left = "one function" if len(ownership.functions) == 1 else "single functions"
        return grave, f"The go-to-market model is left to {left}: {_named(ownership)}."
    if ownership.level is None:
        return grave, f"People do not agree on who owns the go-to-market model: {_named(ownership)}."
    return "medium", f"The go-to-market model is owned below business level: {_named(ownership)}."


def _owned_by_business(result: OwnershipAltitudeResult, ownership: Ownership) -> tuple[Severity, str]:
    lacking = next((part for part in result.institution.parts if part.id in CORE and part.in_place is False), None)
    if ownership.in_practice and lacking is not None:
        claim = "The CEO is said to own the go-to-market model in practice, but this is not in place: "
        return "medium", f"{claim}{lower_first(lacking.label)}."
    if ownership.in_practice:
        return "strength", "The go-to-market model is owned at business level, in practice."
    if result.stage.stage == "early":
        return "low", "The CEO owns the go-to-market model, not yet in an institutional form."
    return "medium", "The CEO owns the go-to-market model in name; little of it is operational."


def _named(ownership: Ownership) -> str:
    n = len(ownership.positions)
    owners = [
        f"{some} of {n} {'says' if some == 1 else 'say'} {lower_first(one)}" for one, some in ownership.owners[:2]
    ]
    none = [f"{ownership.unowned} of {n} {'names' if ownership.unowned == 1 else 'name'} none"]
    return listed(owners + (none if ownership.unowned else []))


def _map(result: OwnershipAltitudeResult) -> Iterator[Finding]:
    low, high, disputed = (result.sides(judgement) for judgement in ("too low", "too high", "disputed"))
    if low:
        claim = f"{_rights(len(low))} too low for the stage."
        step = f"Take back to the level that the stage asks: {named(low)}."
        yield _misplaced(result, "too_low", "high" if len(low) >= MANY else "medium", claim, low, step)
    if high:
        claim = f"{_rights(len(high))} too high, so that decisions wait."
        step = f"Hand down to the level that the stage asks: {named(high)}."
        yield _misplaced(result, "too_high", "medium", claim, high, step)
    if disputed:
        claim = f"On {count(len(disputed), 'right')} to design or decide, people do not agree who holds it."
        step = f"Decide and write down who holds: {named(disputed)}."
        yield _misplaced(result, "disputed", "medium", claim, disputed, step)


def _misplaced(
    result: OwnershipAltitudeResult, name: str, severity: Severity, claim: str, found: Rights, step: str
) -> Finding:
    sides = [side_of(decision, side) for decision, side in found]
    confidence, because = _confidence(max(len(side.positions) for side in sides))
    if any(side.level is not None and side.level == side.required_near for side in sides):
        confidence, because = "low", "the company is close to the edge of a stage that asks otherwise"
    return Finding(
        id=f"ownership_altitude.{name}",
        severity=severity,
        claim=claim,
        evidence=tuple(_today(result, decision, side) for decision, side in found),
        confidence=confidence,
        because=because,
        owner="CEO with the leadership team" if name == "disputed" else "CEO",
        next_step=step,
    )


def _today(result: OwnershipAltitudeResult, decision: Decision, name: str) -> Sentence:
    side = side_of(decision, name)
    verb = "designed" if name == "designs" else "decided"
    n = len(side.positions)
    if side.level is None:
        holders = Counter(position.names for position in side.positions).most_common()
        told = ", ".join(f"{lower_first(holder)} ({some} of {n})" for holder, some in holders)
    else:
        told = f"{lower_first(result.holder(side))}; the stage asks: {lower_first(result.short(side.required))}"
    item = f"{result.instrument}.{decision.id}.{name}"
    return Sentence(
        f"{decision.label}, {verb} by: {told}.",
        Trail("majority of declared positions against what the stage asks", "suite", (item,), n),
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
            trail = Trail("evidence item of a failure mode", mode.source, (one.item,))
            yield Sentence(f"{one.text} {capital(one.answer)}.", trail)
