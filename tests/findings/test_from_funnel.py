"""Findings of the funnel: only what lies beyond chance, as grave and as sure as it is, worth what was measured."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.findings.finding import Finding, Money
from gtmdiag.findings.from_funnel import funnel_findings
from gtmdiag.funnel.benchmarks import Benchmark
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.leaks import Estimates, Leak
from gtmdiag.funnel.outcomes import Outcome, Outcomes
from gtmdiag.funnel.result import FunnelResult
from tests.findings.test_findings import require_form

NONE = Outcomes(*[Outcome(0, (), 0)] * 3)
STAGE = "MQL <b>"
Kind = Literal["published", "target"]
Value = tuple[float, float, float] | None
WORTH: Value = (1_700_000.0, 900_000.0, 2_900_000.0)


def leak(
    estimate: float,
    half: float,
    *,
    flagged: bool,
    kind: Kind = "published",
    value: Value = WORTH,
    handoff: str = "marketing → sales",
) -> Leak:
    share = Share(estimate, max(estimate - half, 0), min(estimate + half, 1), 0.001, 1234, 1000.0, 180, 0.02)
    mark = Benchmark(0.35, 0.45, "OE", kind) if kind == "published" else Benchmark(0.35, None, "crm.yaml", kind)
    return Leak(STAGE, "SQL", share, mark, flagged, *(value or (None, None, None)), handoff)


def result(*leaks: Leak) -> FunnelResult:
    day = date(2026, 10, 31)
    estimates = Estimates((), leaks, "EUR", 60_000.0, 29)
    return FunnelResult(day, "data", False, "history", 0, 0, NONE, None, (), NONE, (), (), (), (), (), estimates)


def found(one: Leak) -> Finding:
    (finding,) = funnel_findings(result(one))
    return finding


def test_finding_without_estimates_or_within_chance() -> None:
    assert list(funnel_findings(result())) == []
    assert list(funnel_findings(result(leak(0.34, 0.05, flagged=False)))) == []
    assert list(funnel_findings(result(leak(0.38, 0.05, flagged=False)))) == []
    day = date(2026, 10, 31)
    untold = FunnelResult(day, "data", False, "snapshot", 0, 0, NONE, None, (), NONE, (), (), (), (), ())
    assert list(funnel_findings(untold)) == []


@pytest.mark.parametrize(
    ("kind", "half", "value", "severity", "confidence"),
    [
        ("published", 0.03, WORTH, "high", "medium"),
        ("published", 0.03, None, "medium", "medium"),
        ("published", 0.03, (9.0, -1.0, 20.0), "medium", "medium"),
        ("published", 0.15, WORTH, "medium", "low"),
        ("target", 0.03, None, "high", "high"),
        ("target", 0.15, WORTH, "medium", "medium"),
    ],
)
def test_leak_graver_or_surer_than_its_interval_and_benchmark_allow(
    kind: Kind, half: float, value: Value, severity: str, confidence: str
) -> None:
    finding = found(leak(0.22, half, flagged=True, kind=kind, value=value))
    assert (finding.severity, finding.confidence) == (severity, confidence)
    assert ("reaches the benchmark" in finding.because) == (half == 0.15)
    assert ("beyond chance" in finding.because) == (half == 0.03)


def test_leak_whose_evidence_leaves_out_interval_number_benchmark_or_condition() -> None:
    finding = found(leak(0.22, 0.03, flagged=True))
    assert finding.id == f"funnel.leak.{STAGE}"
    assert finding.claim == f"{STAGE}→SQL leaks: 22% move on, below the 35% published for a working handoff."
    assert finding.value == Money(1_700_000, 900_000, 2_900_000, "EUR")
    rate, mark, worth = finding.evidence
    assert "Within 180 days 22.0% of 1,234 deals" in rate.text
    assert "19.0% to 25.0%" in rate.text
    assert rate.trail.n == 1234
    assert "35% to 45%" in mark.text
    assert (mark.trail.source, "no target" in mark.text) == ("OE", True)
    assert "worth up to 1.7 M EUR" in worth.text
    assert "900 k EUR to 2.9 M EUR" in worth.text
    assert worth.text.endswith("if the later stages hold.")
    assert worth.trail.n == 29
    assert finding.owner == "Marketing and sales together"
    own = found(leak(0.22, 0.03, flagged=True, kind="target", handoff=""))
    assert own.claim.endswith("22% move on, below the target of 35%.")
    assert own.evidence[1].text == "The client's own target is 35%."
    assert own.owner == "CEO to name one owner"


def test_rate_that_reads_as_its_benchmark() -> None:
    assert "34.6% move on, below the 35%" in found(leak(0.346, 0.002, flagged=True)).claim


def test_leak_that_is_worth_nothing_told_a_price() -> None:
    finding = found(leak(0.22, 0.03, flagged=True, value=(0.0, 0.0, 0.0)))
    assert finding.value is None
    assert len(finding.evidence) == 2


def test_step_above_its_benchmark_told_as_a_gap_or_priced() -> None:
    finding = found(leak(0.42, 0.03, flagged=False, value=(-700_000.0, -900_000.0, -500_000.0)))
    assert (finding.severity, finding.value) == ("strength", None)
    assert finding.claim == f"{STAGE}→SQL works: 42% move on, above the 35% published for a working handoff."
    assert not [sentence for sentence in finding.evidence if "worth" in sentence.text]


@given(
    st.floats(0, 1),
    st.floats(0, 0.5),
    st.sampled_from(["published", "target"]),
    st.none() | st.tuples(*[st.floats(-1e12, 1e12)] * 3),
)
def test_leak_of_any_size_that_is_no_finding(estimate: float, half: float, kind: Kind, value: Value) -> None:
    one = leak(estimate, half, flagged=estimate < 0.35, kind=kind, value=value)
    findings = list(funnel_findings(result(one)))
    require_form(findings)
    assert bool(findings) == (one.flagged or one.conversion.low >= 0.35)


def test_own_better_quarter_called_a_published_value_or_a_target() -> None:
    mark = Benchmark(0.35, None, "own better quarter: entries of 2026 Q1", "own", 0.02)
    finding = found(replace(leak(0.2, 0.03, flagged=True), benchmark=mark))
    told = " ".join([finding.claim, finding.because, *(sentence.text for sentence in finding.evidence)])
    assert finding.claim.endswith("below the 35% of its own better quarter: entries of 2026 Q1.")
    assert "published for" not in told
    assert "own target" not in told
    assert (finding.severity, finding.confidence) == ("medium", "medium")
