"""The one form of a finding, whichever diagnostic made it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from gtmdiag.trail import Sentence

Severity = Literal["critical", "high", "medium", "low", "strength"]
Confidence = Literal["high", "medium", "low"]


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
    """

    id: str
    severity: Severity
    claim: str
    evidence: tuple[Sentence, ...]
    confidence: Confidence
    because: str
    owner: str
    next_step: str


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by severity, then by confidence; those alike keep their order."""
    severities, confidences = get_args(Severity), get_args(Confidence)
    return tuple(sorted(findings, key=lambda f: (severities.index(f.severity), confidences.index(f.confidence))))
