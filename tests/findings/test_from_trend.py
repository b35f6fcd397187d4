"""Findings over time: a fall beyond chance and a rule that many weeks bear out, and neither told for nothing."""

from __future__ import annotations

from dataclasses import replace

from gtmdiag.findings.from_trend import trend_findings
from gtmdiag.findings.trust import through_gate
from gtmdiag.funnel.alarms import Alarm, StepRule
from gtmdiag.funnel.checks import Check
from gtmdiag.funnel.estimates.windows import Rule, Verdict, Week, pooled
from gtmdiag.funnel.trend import Trend
from gtmdiag.instruments.synthesis_rules import synthesis_rules
from tests.findings.test_findings import require_form
from tests.report.test_funnel_trend import step, trend


def alarm(successes: int, n: int, source: str = "crm.yaml, rules") -> Alarm:
    rule, verdict = Rule(0.3, 2), Verdict(True, ("2026-W20",), 2, ())
    weeks = (Week("2026-W20", successes, n),)
    told = StepRule(rule, source)
    return Alarm(
        "MQL", "SQL", told, verdict, 20, verdict, weeks, 0.5, 0.3, "threshold", 20.0, pooled(rule, successes, n)
    )


def with_alarm(one: Alarm) -> Trend:
    return replace(trend(step("Lead", 0.6, 0.6)), alarms=(one,))


def test_fall_that_is_not_told_or_change_that_is_no_fall() -> None:
    (fell,) = trend_findings(trend(step("Lead", 0.6, lately=0.4, changed=True)), ())
    require_form([fell])
    assert fell.claim == "Lead→won fell in the last 4 weeks: 40% move on, 60% did before."
    assert list(trend_findings(trend(step("Lead", 0.6, lately=0.4)), ())) == []
    assert list(trend_findings(trend(step("Lead", 0.6, lately=0.9, changed=True)), ())) == []
    assert list(trend_findings(trend(), ())) == []


def test_rule_that_fires_by_chance_or_on_a_leak_told_already() -> None:
    (found,) = trend_findings(with_alarm(alarm(40, 200)), ())
    require_form([found])
    assert (found.id, found.confidence) == ("funnel.alarm.MQL", "high")
    (published,) = trend_findings(with_alarm(alarm(40, 200, "OE")), ())
    assert published.confidence == "medium"
    assert list(trend_findings(with_alarm(alarm(40, 200)), {"MQL"})) == []
    assert list(trend_findings(with_alarm(alarm(58, 200)), ())) == []


def test_finding_over_time_that_is_as_sure_on_faulty_data() -> None:
    fell = trend_findings(trend(step("Lead", 0.6, lately=0.4, changed=True)), ())
    published = trend_findings(with_alarm(alarm(40, 200, "OE")), ())
    fault = Check("c", "Rows without a time", 40, 100, "rows", None, (), ("trend",), True, "")
    passed, _ = through_gate([*fell, *published], [fault], synthesis_rules())
    assert [one.confidence for one in passed] == ["low", "low"]
