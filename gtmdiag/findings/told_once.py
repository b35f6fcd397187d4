"""One finding where two diagnostics see the same step: an alarm of the funnel within the client's own rule on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import get_args

from gtmdiag.findings.finding import Confidence, Finding
from gtmdiag.findings.from_trend import alarm_id
from gtmdiag.findings.results import Results
from gtmdiag.instruments.operating_rules import plain

_SURENESS = get_args(Confidence)


def told_once(findings: Iterable[Finding], results: Results) -> Iterator[Finding]:
    """Yield findings, with an alarm on a step as evidence of the client's own rule on it where that has fired.

    The rule's finding stays, since it names who does what. Both read the same deals, so the surer of the two counts.
    """
    found = tuple(findings)
    by_id = {one.id: one for one in found}
    alarms = {rule: by_id[alarm] for rule, alarm in _same_step(results).items() if {rule, alarm} <= by_id.keys()}
    taken = {one.id for one in alarms.values()}
    for one in found:
        if one.id in alarms:
            yield _joined(one, alarms[one.id])
        elif one.id not in taken:
            yield one


def _joined(rule: Finding, alarm: Finding) -> Finding:
    surer = min(rule, alarm, key=lambda one: _SURENESS.index(one.confidence))
    evidence = (*rule.evidence, *alarm.evidence)
    return replace(rule, evidence=evidence, confidence=surer.confidence, because=surer.because)


def _same_step(results: Results) -> Mapping[str, str]:
    """Return the finding of the funnel's alarm by that of a fired rule on the same step; the export tells its names."""
    if results.kpis is None or results.funnel is None or results.funnel.trend is None:
        return {}
    fired = [one.kpi for one in results.kpis.firing if one.kpi.unit == "share" and one.kpi.direction == "below"]
    same: dict[str, str] = {}
    for alarm in results.funnel.trend.alarms:
        step = f"{alarm.stage}→{alarm.to}"
        names = {plain(name) for one in results.funnel.weekly if step in one.names for name in one.names}
        same |= {kpi.finding: alarm_id(alarm) for kpi in fired if plain(kpi.metric) in names}
    return same
