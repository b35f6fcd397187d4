"""The plan: 30-day build, blueprint to day 90, meetings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.findings.cadence import PlannedMeeting
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.plan import Action, Plan
from gtmdiag.report.blocks import Block, Column, Evidence, Group, Headline, Notice, Prose, Table
from gtmdiag.report.plan_figures import roadmap
from gtmdiag.report.words import SUITE, day

PHASES = ((7, 5), (14, 5), (21, 5), (28, 5), (60, 6), (90, 6))
"""Last day of each phase, the four weeks of the build first, and how many of its actions the report shows."""


def plan(diagnosis: Diagnosis) -> Group:
    """Return the 30-day build, the blueprint to day 90, and the meetings on their dates."""
    made, language = diagnosis.plan, diagnosis.client.language
    if not made.actions:
        text = "No open gap calls for an action." if diagnosis.findings else "Nothing could be analysed yet."
        told = Notice("good" if diagnosis.findings else "neutral", "Nothing to plan", text)
        return Group((told, *([_meetings(made.meetings, language)] if made.meetings else [])))
    begins = "in days of the plan, since no date is known"
    if made.start is not None:
        begins = f"from {day(made.start, language)}"
    blocks: list[Block] = [
        Headline(f"{capital(count(len(made.actions), 'action'))} in 90 days, {begins}", level=3),
        Prose(tuple(_told(made))),
    ]
    picture = roadmap(made)
    blocks += [picture] if picture is not None else []
    numbers = {finding.id: place for place, finding in enumerate(diagnosis.findings, start=1)}
    for title, actions in (
        ("The 30-day build", made.of("30-day build")),
        ("The blueprint to day 90", made.of("90-day blueprint")),
    ):
        blocks += [_actions(title, actions, numbers, language)] if actions else []
    blocks += [_meetings(made.meetings, language)] if made.meetings else []
    return Group(tuple(blocks))


def _told(made: Plan) -> Iterator[Evidence]:
    effort = sum(one.effort for one in made.actions)
    owners = len({one.owner for one in made.actions})
    text = (
        f"About {effort:.0f} person-days of {count(owners, 'owner')}; most of the build is done in meetings of an hour."
    )
    yield Evidence(text, SUITE)
    if made.of("30-day build"):
        yield Evidence("Week by week: lifecycle, owners and response times, rules, cadence.", "OE")
    yield Evidence("The whole plan is in plan.csv, and in plan.ics for the calendar.", "")


def _begun_with(actions: Sequence[Action], numbers: Mapping[str, int]) -> tuple[Action, ...]:
    """Return the first actions of each phase: one of each kind, by the rank of its finding, then the next of each."""
    order: dict[str, tuple[int, int]] = {}
    kinds: Counter[str] = Counter()
    for one in actions:
        kind = one.id.partition(".")[0]
        order[one.id] = (kinds[kind], numbers[one.finding])
        kinds[kind] += 1
    shown: set[str] = set()
    begun = 0
    for last, most in PHASES:
        phase = [one.id for one in actions if begun < one.day <= last]
        shown |= {*sorted(phase, key=order.__getitem__)[:most]}
        begun = last
    return tuple(one for one in actions if one.id in shown)


def _actions(title: str, actions: Sequence[Action], numbers: Mapping[str, int], language: str) -> Table:
    shown = _begun_with(actions, numbers)
    columns = (
        Column("Due"),
        Column("Action, and what is there when it is done"),
        Column("Owner"),
        Column("Days", "right"),
        Column("Finding", "right"),
    )
    rows = tuple(
        (
            day(one.due, language, short=True) if one.due is not None else f"day {one.day}",
            f"{one.text} → {capital(one.measure)}.",
            one.owner,
            f"{one.effort:g}",
            str(numbers[one.finding]),
        )
        for one in shown
    )
    sources = ", ".join(sorted({one.source for one in actions} - {"suite"}))
    more = len(actions) - len(shown)
    rest = f"Each phase shows what to begin with; {count(more, 'more action')} in plan.csv. " if more else ""
    note = (
        f"{rest}The facilitator heads no function. Days: person-days. Finding: number of the card in “Findings”. "
        f"Actions: {sources or SUITE}; the rest: {SUITE}."
    )
    return Table(title, columns, rows, note)


def _meetings(meetings: Sequence[PlannedMeeting], language: str) -> Table:
    columns = (Column("Meeting"), Column("How often"), Column("Minutes", "right"), Column("First"), Column("For"))
    rows = tuple(
        (
            one.name if one.own else f"{one.name} (new)",
            one.frequency,
            str(one.minutes or "–"),
            day(one.dates[0], language, short=True) if one.dates else "–",
            one.purpose,
        )
        for one in meetings
    )
    note = (
        "Purpose: OE. Weekdays: as last held, else the week's first day of work. None is on a holiday; one that "
        "is rarer than every two weeks is then held on the next day of work."
    )
    return Table("Meetings of the cadence", columns, rows, note)
