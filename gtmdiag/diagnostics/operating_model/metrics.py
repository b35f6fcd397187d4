"""Metrics: a decision rule with threshold, owner and action, else only a report (OE)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.operating_model.result import KpiAudit, LeadingCount, Offered
from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.instruments.operating_rules import OperatingRules, plain


def audit(kpis: Sequence[Kpi], rules: OperatingRules) -> tuple[KpiAudit, ...]:
    """Return each metric with its grade. What a rule needs: OE; what makes it complete: suite method."""
    return tuple(_audit(kpi, rules) for kpi in kpis)


def leading(audited: Sequence[KpiAudit], rules: OperatingRules) -> tuple[LeadingCount, ...]:
    """Return how many leading indicators of each function are rules; two are asked (OE)."""
    return tuple(
        LeadingCount(team.id, team.label, _rules_of(audited, team.id), rules.leading_per_team) for team in rules.teams
    )


def offered(kpis: Sequence[Kpi], rules: OperatingRules) -> tuple[Offered, ...]:
    """Return the published rules that are not among the metrics."""
    there = {plain(kpi.metric) for kpi in kpis}
    return tuple(Offered(rule.id, rule.name, rule.team) for rule in rules.kpis if rule.id not in there)


def _rules_of(audited: Sequence[KpiAudit], team: str) -> int:
    return sum(one.team == team and one.leading and not one.misdeclared and one.grade != "report" for one in audited)


def _audit(kpi: Kpi, rules: OperatingRules) -> KpiAudit:
    lacks = tuple(_lacks(kpi, rules))
    more = {
        "window": kpi.window is not None,
        "direction": kpi.direction is not None,
        "source": bool(kpi.source),
        "response time": kpi.respond_within is not None,
    }
    missing = tuple(name for name, there in more.items() if not there)
    return KpiAudit(
        metric=kpi.metric,
        label=kpi.label,
        team=kpi.team,
        leading=kpi.kind == "leading",
        grade="report" if lacks else "usable" if missing else "complete",
        lacks=lacks,
        grade_lacks=missing,
        misdeclared=rules.misdeclared(kpi),
        published=any(rule.id == kpi.metric for rule in rules.kpis),
    )


def _lacks(kpi: Kpi, rules: OperatingRules) -> Iterator[str]:
    if kpi.threshold is None:
        yield "threshold"
    if not kpi.owner or plain(kpi.owner) in rules.collective:
        yield "owner"
    if not kpi.action:
        yield "action"
    elif plain(kpi.action.rstrip(".")) in rules.vague_actions:
        yield "specific action"
