"""A client's gaps in the words that the actions of the plan take: one record for each that an action repeats for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gtmdiag.diagnostics.numbers import count, listed, lower_first
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.findings.finding import Finding
from gtmdiag.findings.results import Results
from gtmdiag.instruments.plan_rules import Per

Words = Mapping[str, str]
"""What stands for the braces of an action."""

_HEADS = {"marketing": "Head of marketing", "sales": "Head of sales", "cs": "Head of customer success"}


def gaps(per: Per, results: Results, findings: Sequence[Finding]) -> tuple[tuple[Words, str], ...]:
    """Return the gaps of one kind: words for an action, and the finding it belongs to, or empty for any."""
    if per == "finding":
        return tuple(({"next_step": one.next_step, "owner": one.owner}, one.id) for one in findings)
    operating = results.operating_model
    made: Iterator[tuple[Words, str]] = iter(())
    if per in (
        "unowned_row",
        "disputed_row",
        "loose_handoff",
        "team_short_of_rules",
        "report_only",
        "powerless_meeting",
    ):
        made = _operating(per, operating) if operating is not None else made
    elif per in ("hand_over", "take_up"):
        made = _role(per, results)
    elif per == "institution":
        made = _institution(results)
    elif per == "marketing":
        made = _marketing(results)
    else:
        made = _leaks(results, findings) if per == "leak" else _fired(findings, results)
    return tuple(made)


def _operating(per: Per, operating: OperatingModelResult) -> Iterator[tuple[Words, str]]:
    if per == "unowned_row":
        for row in operating.owners:
            if row.unowned:
                fault = "nobody" if "no accountable" in row.faults else listed(list(row.accountable))
                yield {"row": row.activity, "fault": fault}, ""
    elif per == "disputed_row":
        for row in operating.blind:
            if row.disagree and not row.holder:
                named = dict.fromkeys(lower_first(position.answer) for position in row.accountable)
                yield {"row": row.label, "named": listed(list(named))}, ""
    elif per == "loose_handoff":
        for one in operating.handoffs:
            if one.process is False:
                published = "response time" in one.missing and one.published
                told = f" (published: {one.published})" if published else ""
                yield {"handoff": one.label, "missing": listed(list(one.missing)), "published": told}, ""
    elif per == "powerless_meeting":
        for one in operating.meetings:
            if one.present and one.missing_powers:
                yield {"meeting": one.name, "powers": listed(list(one.missing_powers))}, ""
    else:
        yield from _metrics(per, operating)


def _metrics(per: Per, operating: OperatingModelResult) -> Iterator[tuple[Words, str]]:
    if per == "report_only":
        for one in operating.kpis:
            if one.leading and one.grade == "report" and one.lacks:
                words = {"metric": one.label, "lacks": listed(list(one.lacks)), "head": _HEADS.get(one.team, "RevOps")}
                yield words, ""
        return
    for team in operating.leading:
        if team.rules < team.asked:
            offered = [one.name for one in operating.offered if one.team == team.team]
            told = f" (published and free: {listed(offered)})" if offered else ""
            short = count(team.asked - team.rules, "more leading metric")
            yield {"team": team.label, "short": short, "offered": told, "head": _HEADS.get(team.team, "RevOps")}, ""


def _role(per: Per, results: Results) -> Iterator[tuple[Words, str]]:
    """Yield habits to hand over, of which an early company's CEO has none, and practices to take up."""
    role = results.champion_operator
    if per == "hand_over" and results.stage.stage == "early":
        return
    for step in () if role is None else role.hand_over if per == "hand_over" else role.take_up:
        yield {"to": step.to, "action": step.action}, ""


def _institution(results: Results) -> Iterator[tuple[Words, str]]:
    """Yield parts to put in place; an early company's CEO holds the model at a small table, without a council (GJ)."""
    altitude = results.ownership_altitude
    early = results.stage.stage == "early"
    asked = ("decision_rights", "cadence") if early else ("decision_rights", "council", "steward", "cadence")
    for part in altitude.institution.parts if altitude is not None else ():
        if part.in_place is False and part.id in asked:
            yield {"part": lower_first(part.label)}, ""


def _marketing(results: Results) -> Iterator[tuple[Words, str]]:
    for one in results.marketing.actions if results.marketing is not None else ():
        yield {"step": one.step_label, "text": lower_first(one.text), "owner": one.owner, "measure": one.measure}, ""


def _leaks(results: Results, findings: Sequence[Finding]) -> Iterator[tuple[Words, str]]:
    funnel = results.funnel
    by_id = {one.id: one for one in findings}
    for leak in funnel.estimates.leaks if funnel is not None and funnel.estimates is not None else ():
        finding = by_id.get(f"funnel.leak.{leak.stage}")
        if leak.flagged and finding is not None:
            words = {"step": f"{leak.stage}→{leak.to}", "owner": finding.owner, "target": f"{leak.benchmark.share:.0%}"}
            yield words, finding.id


def _fired(findings: Sequence[Finding], results: Results) -> Iterator[tuple[Words, str]]:
    labels = (
        {f"kpis.{'_'.join(one.kpi.metric.split())}": one.kpi.label for one in results.kpis.firing}
        if results.kpis
        else {}
    )
    for one in findings:
        if one.id in labels:
            words = {"metric": labels[one.id], "action": lower_first(one.next_step), "owner": one.owner}
            yield words, one.id
