"""Findings of handoffs: a breach only where business hours prove it, with who should answer and whom."""

from __future__ import annotations

from gtmdiag.findings.finding import Finding
from gtmdiag.findings.from_handoffs import handoff_findings
from tests.findings.test_findings import require_form
from tests.funnel.test_handoffs import CONFIG, DEALS, rows, waits

FAST = (95, "2026-11-20T16:00:00", "2026-11-23T11:00:00", 0)
SLOW = (100, "2026-11-20T16:00:00", "2026-11-25T11:00:00", 0)


def found(*groups: tuple[int, str, str, int], config: str = CONFIG) -> list[Finding]:
    findings = list(handoff_findings(rows(waits(*groups), config=config)))
    require_form(findings)
    return findings


def test_breach_that_is_not_told_or_told_without_who_should_answer() -> None:
    (missed,) = found(*DEALS)
    assert (missed.severity, missed.owner, missed.value) == ("medium", "Sales", None)
    assert missed.claim == "MQL→SQL: 60% of deals move on or are closed within the agreed 4 business hours."
    assert missed.next_step.startswith("Answer the 20 deals that still wait for longer")
    assert missed.confidence == "medium"
    assert any("call or mail" in sentence.text for sentence in missed.evidence)
    (kept,) = found((200, *FAST[1:]))
    assert kept.severity == "strength"


def test_finding_within_chance_by_the_clock_or_without_an_agreement() -> None:
    assert found(FAST, (5, *SLOW[1:])) == []
    assert list(handoff_findings(rows(waits(SLOW), None))) == []
    assert found(SLOW, config=CONFIG.replace(", sla_hours: 4", "")) == []
    assert found() == []
