"""Findings of the gut check."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.gut_check import GutCheckResult
from gtmdiag.diagnostics.numbers import listed
from gtmdiag.findings.finding import Confidence, Finding
from gtmdiag.trail import Sentence, Trail

_NAMES = {"centralized": "one leader", "distributed": "several leaders"}


def gut_check_findings(result: GutCheckResult) -> Iterator[Finding]:
    """Yield what the gut check asks of today's structure, and the dangers of it that the guard-rails show."""
    if result.side is not None:
        yield _structure(result, result.side)
    dangers = [rail for rail in result.guard_rails if rail.danger and rail.structure == (result.present or result.side)]
    if dangers:
        yield Finding(
            id="gut_check.guard_rails",
            severity="medium",
            claim=f"The dangers of being run by {_NAMES[dangers[0].structure]} already show.",
            evidence=tuple(
                Sentence(f"{rail.label}: {rail.answer}.", Trail("guard-rail of the structure", "suite", (rail.item,)))
                for rail in dangers
            ),
            confidence="medium",
            because="it is how people answered, not a measurement",
            owner="CEO",
            next_step=f"Settle first: {listed([rail.label.lower() for rail in dangers])}.",
        )


def _structure(result: GutCheckResult, side: str) -> Finding:
    steps = {
        "keep": ("strength", "Keep the structure, and hold to its guard-rails."),
        "change": ("medium", "Decide on the change of structure with the leadership team, by a date."),
        "change later": ("low", "Meet the prerequisite first; look again in two quarters."),
        "unknown": ("low", "Write today's structure into client.yaml (company.gtm_structure)."),
    }
    severity, step = steps[result.change]
    confidence, because = _confidence(result)
    return Finding(
        id="gut_check.structure",
        severity="strength" if severity == "strength" else "medium" if severity == "medium" else "low",
        claim=f"By {result.basis}, go-to-market is best run by {_NAMES[side]}.",
        evidence=result.sentences,
        confidence=confidence,
        because=because,
        owner="CEO",
        next_step=step,
    )


def _confidence(result: GutCheckResult) -> tuple[Confidence, str]:
    if result.ceo is not None and result.ceo.margin == 0:
        return "low", "one answer would change it"
    if result.sides is None:
        return "low", "five questions and one view"
    same = dict(result.sides)[result.side or "open"]
    return "medium", f"{same} of {result.leaders} leaders come out on the same side; five questions are a rough check"
