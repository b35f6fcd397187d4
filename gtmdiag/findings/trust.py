"""The trust gate over findings: what rests on faulty data is told with less confidence, and says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, get_args

from gtmdiag.diagnostics.numbers import listed, lower_first
from gtmdiag.findings.finding import Confidence, Finding
from gtmdiag.funnel.trust import TrustGate
from gtmdiag.trail import Sentence, Trail

_RESTS_ON: Final = {
    "funnel.leak": ("conversion",),
    "funnel.handoff": ("time in stage",),
    "funnel.trend": ("trend",),
    "funnel.alarm": ("trend",),
}
"""Results, as the trust gate names them, by the first two parts of a finding's id."""


def with_trust(findings: Iterable[Finding], gate: TrustGate) -> Iterator[Finding]:
    """Yield the findings, those that rest on a result to be read with care one step less sure."""
    for finding in findings:
        rests_on = _RESTS_ON.get(".".join(finding.id.split(".")[:2]), ())
        if finding.value is not None:
            rests_on = (*rests_on, "value of leaks")
        weak = [result for result in rests_on if result in gate.with_care]
        yield _lowered(finding, weak, gate) if weak else finding


def _lowered(finding: Finding, weak: list[str], gate: TrustGate) -> Finding:
    steps: tuple[Confidence, ...] = get_args(Confidence)
    lower = steps[min(steps.index(finding.confidence) + 1, len(steps) - 1)]
    faults = [check for check in gate.serious if set(check.weakens) & set(weak)]
    named = listed([f"{lower_first(check.title)} ({check.share:.0%})" for check in faults])
    text = f"Read with care, for the data have faults that weaken {listed(weak)}: {named}."
    trail = Trail("a finding that rests on faulty data is one step less sure", "suite", ("crm",))
    return replace(
        finding,
        confidence=lower,
        because=f"{finding.because}; lowered for faults in the data",
        evidence=(*finding.evidence, Sentence(text, trail)),
    )
