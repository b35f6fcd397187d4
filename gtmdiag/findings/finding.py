"""The one form of a finding, whichever diagnostic made it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from gtmdiag.trail import Sentence

Severity = Literal["critical", "high", "medium", "low", "strength"]
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Money:
    """An amount in whole units of a currency with its interval."""

    estimate: float
    low: float
    high: float
    currency: str


@dataclass(frozen=True)
class Finding:
    """One thing that was found.

    Attributes
    ----------
    id
        ``<diagnostic>.<name>``, stable over waves.
    severity
        ``"critical"`` to ``"low"``, or ``"strength"``.
    claim
        What was found, as one plain sentence.
    evidence
        The sentences that it rests on, each with its trail.
    confidence, because
        How sure it is, and why.
    owner
        Who should act.
    next_step
        What to do next.
    value
        What it is worth where that was measured.
    """

    id: str
    severity: Severity
    claim: str
    evidence: tuple[Sentence, ...]
    confidence: Confidence
    because: str
    owner: str
    next_step: str
    value: Money | None = None


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by severity, then by confidence; those alike keep their order."""
    severities, confidences = get_args(Severity), get_args(Confidence)
    return tuple(sorted(findings, key=lambda f: (severities.index(f.severity), confidences.index(f.confidence))))
