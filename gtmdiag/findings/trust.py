"""The trust gate over findings: what faults in the data weaken is visibly less sure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gtmdiag.diagnostics.numbers import capital, count, listed
from gtmdiag.findings.finding import Confidence, Finding
from gtmdiag.funnel.checks import LEAKS, Check
from gtmdiag.instruments.synthesis_rules import SynthesisRules
from gtmdiag.trail import Sentence, Trail

_LOWER: dict[Confidence, Confidence] = {"high": "medium", "medium": "low", "low": "low"}


@dataclass(frozen=True)
class Lowered:
    """A finding whose confidence was lowered, from what to what, for the faults named."""

    finding: str
    before: Confidence
    after: Confidence
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Gate:
    """What came of the trust gate; ``checks`` were made, ``serious`` of them are beyond their threshold."""

    checks: int
    serious: tuple[str, ...]
    lowered: tuple[Lowered, ...]
    says: tuple[Sentence, ...]


def through_gate(
    findings: Iterable[Finding], checks: Sequence[Check], rules: SynthesisRules
) -> tuple[tuple[Finding, ...], Gate]:
    """Lower by one step the confidence of each finding that rests on a result which a serious check weakens.

    A finding at the lowest step stays there and says why all the same. Suite method.
    """
    serious = [check for check in checks if check.serious]
    passed: list[Finding] = []
    lowered: list[Lowered] = []
    for finding in findings:
        results = rules.results_of(finding.id) if _on_export(finding) else ()
        rests_on = {one for one in results if one != LEAKS or finding.value is not None}
        faults = tuple(_told(check) for check in serious if rests_on & set(check.weakens))
        if faults:
            after = _LOWER[finding.confidence]
            lowered.append(Lowered(finding.id, finding.confidence, after, faults))
            because = f"{finding.because}; lowered for the data: {listed(list(faults))}"
            passed.append(replace(finding, confidence=after, because=because))
        else:
            passed.append(finding)
    gate = Gate(len(checks), tuple(_told(check) for check in serious), tuple(lowered), ())
    return tuple(passed), replace(gate, says=tuple(_says(gate)))


def _on_export(finding: Finding) -> bool:
    return any(place.startswith("crm") for one in finding.evidence for place in one.trail.inputs)


def _told(check: Check) -> str:
    return f"{check.title[:1].lower()}{check.title[1:]} ({check.n:,} of {check.of:,})"


def _says(gate: Gate) -> Iterable[Sentence]:
    trail = Trail("a finding is less sure where a check that it rests on is beyond its threshold", "suite", ("crm",))
    if not gate.checks:
        return
    if not gate.serious:
        yield Sentence(f"None of {count(gate.checks, 'check')} of the data is beyond its threshold.", trail)
        return
    found = capital(count(len(gate.lowered), "finding"))
    faults = listed(list(gate.serious))
    yield Sentence(f"{found} made less sure for faults in the data: {faults}.", trail)
