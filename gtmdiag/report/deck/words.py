"""Words that several slides share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gtmdiag.diagnostics.numbers import capital
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.finding import Finding, Severity
from gtmdiag.report.blocks import Block, Group, Headline
from gtmdiag.report.records import Tone

TONES: dict[Severity, Tone] = {
    "critical": "bad",
    "high": "bad",
    "medium": "warn",
    "low": "neutral",
    "strength": "good",
}


def slide(title: str, blocks: Iterable[Block]) -> Group:
    """Return a slide: its title, without a full stop, and what it shows."""
    return Group((Headline(title.strip().removesuffix("."), level=2), *blocks))


def headline(page: Group) -> str:
    """Return the finding that a page of the report states."""
    return next((block.text for block in page.blocks if isinstance(block, Headline)), "")


def gaps(diagnosis: Diagnosis) -> tuple[Finding, ...]:
    """Return the findings that are no strengths, the binding constraint first."""
    found = [finding for finding in diagnosis.findings if finding.severity != "strength"]
    constraint = diagnosis.synthesis.constraint
    return tuple(sorted(found, key=lambda one: constraint is None or one.id != constraint.finding))


def first_of_each(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the gravest finding of each diagnostic, in order."""
    by_diagnostic: dict[str, Finding] = {}
    for finding in found:
        by_diagnostic.setdefault(finding.id.partition(".")[0], finding)
    return tuple(by_diagnostic.values())


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, without its full stop and without what follows a colon."""
    return re.split(r"[.;:](?:\s|$)", text, maxsplit=1)[0]


def sure(finding: Finding) -> str:
    """Return how sure a finding is, and why."""
    return f"{capital(finding.confidence)}: {finding.because}"
