"""The weekly stand-up in the terminal, readable at 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from gtmdiag.engagement.action_log import TeamAction
from gtmdiag.findings.standup import ClientStandUp
from gtmdiag.kpis.standup import Indicator, StandUp
from gtmdiag.report.standup import STATUS, deadline, headline
from gtmdiag.terminal import cut_to, wrapped


def standup_lines(read: ClientStandUp) -> Iterator[str]:
    """Yield the stand-up: each function's worse indicator, those beneath, what is carried over."""
    week = read.stand_up
    yield from wrapped(f"{read.client.name}, stand-up of {week.week}, values of {week.judged}")
    yield from wrapped(f"{headline(week)}.")
    if week.indicators and not any(one.last for one in week.indicators):
        yield from wrapped("Values come from kpis.csv (see kpis.csv.example), or from a stage history in crm/.")
    yield ""
    yield f"{'metric':<32} {'threshold':<29} status"
    for beneath in (False, True):
        rows = [one for one in week.indicators if one.beneath is beneath]
        if beneath and rows:
            yield "beneath:"
        for one in rows:
            yield from _indicator(one, week)
    if week.carried:
        yield ""
        yield "carried over:"
        for action in week.carried:
            yield from _action(action, week)
    if week.left_out:
        yield ""
        yield from wrapped(f"Not for this meeting (lagging, or no rule): {', '.join(week.left_out)}.")


def standup_json(read: ClientStandUp) -> dict[str, Any]:
    """Return the stand-up for programs."""
    week = read.stand_up
    return {
        "client": read.client.id,
        "week": week.week,
        "judged": week.judged,
        "indicators": [
            asdict(one) | {"action": one.action and one.action.model_dump(mode="json")} for one in week.indicators
        ],
        "carried": [one.model_dump(mode="json") for one in week.carried],
        "opened": [one.id for one in week.opened],
        "left_out": list(week.left_out),
    }


def _indicator(one: Indicator, week: StandUp) -> Iterator[str]:
    name = cut_to(f"{one.team}: {one.label}", 32)
    status = f"{STATUS[one.status]} {one.value}".strip()
    yield f"{name:<32} {cut_to(one.rule, 29):<29} {cut_to(status, 17)}".rstrip()
    told = ["counted from the CRM export"] if one.source == "CRM export" else []
    told += [f"last value {one.last}"] if one.status == "no value" and one.last else []
    if told:
        yield f"   {'; '.join(told)}"
    if one.action is not None:
        yield from _action(one.action, week)


def _action(action: TeamAction, week: StandUp) -> Iterator[str]:
    text = f"-> {action.action} {action.owner}, by {deadline(action, week)}"
    yield from wrapped(text, "   ", "      ")
