"""The trust gate over findings: what rests on faulty data is told as less sure, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gtmdiag.findings.finding import Confidence, Finding, Money
from gtmdiag.findings.trust import with_trust
from gtmdiag.funnel.checks import Check
from gtmdiag.funnel.trust import trust_gate

LEAK = Finding("funnel.leak.MQL", "high", "It leaks.", (), "high", "it is beyond chance", "CEO", "Look.")
WORTH = Money(9.0, 1.0, 20.0, "EUR")


def told(finding: Finding, *weakens: str, serious: bool = True) -> Finding:
    check = Check("a", "Deals without <b>", 300, 1000, "deals", None, (), weakens, serious, "Mend it.")
    (found,) = with_trust([finding], trust_gate([check]))
    return found


@pytest.mark.parametrize(("before", "after"), [("high", "medium"), ("medium", "low"), ("low", "low")])
def test_finding_on_faulty_data_that_stays_as_sure_or_does_not_say_so(before: Confidence, after: Confidence) -> None:
    found = told(replace(LEAK, confidence=before), "conversion")
    assert found.confidence == after
    assert "lowered for faults in the data" in found.because
    assert "deals without <b> (30%)" in found.evidence[-1].text
    assert found.severity == LEAK.severity


def test_finding_lowered_for_a_fault_on_which_it_does_not_rest() -> None:
    assert told(LEAK, "trend", "forecast") == LEAK
    assert told(LEAK, "conversion", serious=False) == LEAK
    assert told(LEAK, "value of leaks") == LEAK, "no money is told"
    assert told(replace(LEAK, value=WORTH), "value of leaks").confidence == "medium"
    role = replace(LEAK, id="champion_operator.verdict")
    assert told(role, "conversion", "trend") == role
    assert told(replace(LEAK, id="funnel.trend.MQL"), "trend").confidence == "medium"
    assert told(replace(LEAK, id="funnel.handoff.MQL→SQL"), "time in stage").confidence == "medium"
