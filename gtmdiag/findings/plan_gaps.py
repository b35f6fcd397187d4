"""A client's gaps in the words that the actions of the plan take: one record for each that an action repeats for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from gtmdiag.diagnostics.numbers import count, listed, lower_first
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.findings.finding import Finding
from gtmdiag.findings.results import Results
from gtmdiag.instruments.plan_rules import Per

Words = Mapping[str, str]
"""What stands for the braces of an action."""
Gap = tuple[Words, str]
"""Words for an action, and the finding it belongs to, or empty for any."""

_HEADS = {"marketing": "Head of marketing", "sales": "Head of sales", "cs": "Head of customer success"}


def gaps(per: Per, results: Results, findings: Sequence[Finding]) -> tuple[Gap, ...]:
    """Return the gaps of one kind."""
    if per in _OPERATING:
        operating = results.operating_model
        return tuple(_OPERATING[per](operating)) if operating is not None else ()
    if per in _OTHER:
        return tuple(_OTHER[per](results))
    if per == "finding":
        return tuple(({"next_step": one.next_step, "owner": one.owner}, one.id) for one in findings)
    return tuple(_leaks(results, findings) if per == "leak" else _fired(results, findings))


def _unowned(operating: OperatingModelResult) -> Iterator[Gap]:
    for row in operating.owners:
        if row.unowned:
            fault = "nobody" if "no accountable" in row.faults else listed(list(row.accountable))
            yield {"row": row.activity, "fault": fault}, ""


def _disputed(operating: OperatingModelResult) -> Iterator[Gap]:
    for row in operating.blind:
        if row.disagree and not row.holder:
            named = dict.fromkeys(lower_first(position.answer) for position in row.accountable)
            yield {"row": row.label, "named": listed(list(named))}, ""


def _loose(operating: OperatingModelResult) -> Iterator[Gap]:
    for one in operating.handoffs:
        if one.process is False:
            published = "response time" in one.missing and one.published
            told = f" (published: {one.published})" if published else ""
            yield {"handoff": one.label, "missing": listed(list(one.missing)), "published": told}, ""


def _powerless(operating: OperatingModelResult) -> Iterator[Gap]:
    for one in operating.meetings:
        if one.present and one.missing_powers:
            yield {"meeting": one.name, "powers": listed(list(one.missing_powers))}, ""


def _report_only(operating: OperatingModelResult) -> Iterator[Gap]:
    for one in operating.kpis:
        if one.leading and one.grade == "report" and one.lacks:
            words = {"metric": one.label, "lacks": listed(list(one.lacks)), "head": _HEADS.get(one.team, "RevOps")}
            yield words, ""


def _short_of_rules(operating: OperatingModelResult) -> Iterator[Gap]:
    for team in operating.leading:
        if team.rules < team.asked:
            offered = [one.name for one in operating.offered if one.team == team.team]
            told = f" (published and free: {listed(offered)})" if offered else ""
            short = count(team.asked - team.rules, "more leading metric")
            yield {"team": team.label, "short": short, "offered": told, "head": _HEADS.get(team.team, "RevOps")}, ""


def _hand_over(results: Results) -> Iterator[Gap]:
    """Yield habits to hand over, of which an early company's CEO has none."""
    role = results.champion_operator
    for step in role.hand_over if role is not None and results.stage.stage != "early" else ():
        yield {"to": step.to, "action": step.action}, ""


def _take_up(results: Results) -> Iterator[Gap]:
    role = results.champion_operator
    for step in role.take_up if role is not None else ():
        yield {"to": step.to, "action": step.action}, ""


def _institution(results: Results) -> Iterator[Gap]:
    """Yield parts to put in place; an early company's CEO holds the model at a small table, without a council (GJ)."""
    altitude = results.ownership_altitude
    early = results.stage.stage == "early"
    asked = ("decision_rights", "cadence") if early else ("decision_rights", "council", "steward", "cadence")
    for part in altitude.institution.parts if altitude is not None else ():
        if part.in_place is False and part.id in asked:
            yield {"part": lower_first(part.label)}, ""


def _marketing(results: Results) -> Iterator[Gap]:
    for one in results.marketing.actions if results.marketing is not None else ():
        yield {"step": one.step_label, "text": lower_first(one.text), "owner": one.owner, "measure": one.measure}, ""


def _leaks(results: Results, findings: Sequence[Finding]) -> Iterator[Gap]:
    funnel = results.funnel
    by_id = {one.id: one for one in findings}
    for leak in funnel.estimates.leaks if funnel is not None and funnel.estimates is not None else ():
        finding = by_id.get(f"funnel.leak.{leak.stage}")
        if leak.flagged and finding is not None:
            words = {"step": f"{leak.stage}→{leak.to}", "owner": finding.owner, "target": f"{leak.benchmark.share:.0%}"}
            yield words, finding.id


def _fired(results: Results, findings: Sequence[Finding]) -> Iterator[Gap]:
    labels = {one.kpi.finding: one.kpi.label for one in results.kpis.firing} if results.kpis else {}
    for one in findings:
        if one.id in labels:
            words = {"metric": labels[one.id], "action": lower_first(one.next_step), "owner": one.owner}
            yield words, one.id


_OPERATING: Final[Mapping[Per, Callable[[OperatingModelResult], Iterator[Gap]]]] = {
    "unowned_row": _unowned,
    "disputed_row": _disputed,
    "loose_handoff": _loose,
    "powerless_meeting": _powerless,
    "report_only": _report_only,
    "team_short_of_rules": _short_of_rules,
}
_OTHER: Final[Mapping[Per, Callable[[Results], Iterator[Gap]]]] = {
    "hand_over": _hand_over,
    "take_up": _take_up,
    "institution": _institution,
    "marketing": _marketing,
}
