"""What the stand-up notebook calls: one week's stand-up, and its page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gtmdiag import clock
from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.engagement.action_log import TeamAction
from gtmdiag.findings.standup import ClientStandUp, read_standup
from gtmdiag.kpis.standup import Indicator, StandUp
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.jupyter import setup

MOST_BENEATH, MOST_CARRIED = 8, 10

STATUS = {"fires": "FIRES", "miss": "MISS", "met": "met", "no value": "no value"}


def open_standup(engagement: str) -> ClientStandUp:
    """Return this week's stand-up of the engagement folder ``engagement``, and set the kernel up to show it.

    Raises
    ------
    InputError, MissingError
        In plain words; the notebook shows the message, not a traceback.
    """
    setup()
    return read_standup(Path(engagement), today=clock.today())


def standup_page(read: ClientStandUp) -> Group:
    """Return one page: the worse indicator of each function with its action, the others beneath, what is carried."""
    week = read.stand_up
    # What goes beyond one page is counted: a stand-up is no register.
    first = [one for one in week.indicators if not one.beneath]
    beneath = [one for one in week.indicators if one.beneath]
    sub = f"{read.client.name} · {week.week} · values of {week.judged} · 30 minutes, no slides"
    blocks: list[Block] = [Headline(headline(week), level=2, sub=sub)]
    if first:
        blocks.append(_indicators(first, week))
    else:
        blocks.append(Notice("warn", "No leading indicator has a rule", "A metric needs threshold and direction."))
    if beneath:
        blocks.append(_beneath(beneath[:MOST_BENEATH], week))
    if week.carried:
        blocks.append(_carried(week))
    if week.left_out:
        text = f"{', '.join(week.left_out)}: lagging, or without threshold and direction."
        blocks.append(Notice("neutral", "Not for this meeting", text))
    return Group(tuple(blocks))


def headline(week: StandUp) -> str:
    """Return how many indicators miss, in one line."""
    missed = [one for one in week.indicators if one.status in ("miss", "fires")]
    known = [one for one in week.indicators if one.status != "no value"]
    if not known:
        return f"No indicator has a value for {week.judged}"
    if not missed:
        return f"No miss among {count(len(known), 'indicator')}"
    of = count(len(known), "indicator")
    return f"{capital(count(len(missed), 'miss', 'misses'))} among {of}; each has an owner and a deadline"


def _standing(one: Indicator) -> str:
    """Return an indicator's status with its value, or with the last week that has one."""
    if one.status == "no value" and one.last:
        return f"{STATUS[one.status]}, last {one.last}"
    return f"{STATUS[one.status]} {one.value}".strip()


def deadline(action: TeamAction | None, week: StandUp) -> str:
    """Return an action's deadline, and whether it is past."""
    if action is None:
        return "–"
    return f"{action.due.isoformat()}{' OVERDUE' if week.overdue(action) else ''}"


def _indicators(rows: Sequence[Indicator], week: StandUp) -> Table:
    columns = (
        Column("Metric"),
        Column("Threshold"),
        Column("Status"),
        Column("Action"),
        Column("Owner"),
        Column("Deadline"),
    )
    told = tuple(
        (
            f"{one.team}: {one.label}",
            one.rule,
            _standing(one),
            one.action.action if one.action is not None else "–",
            one.action.owner if one.action is not None else "–",
            deadline(one.action, week),
        )
        for one in rows
    )
    return Table("The worse indicator of each function", columns, told, f"Leading indicators only. OE.{_counted(week)}")


def _counted(week: StandUp) -> str:
    names = [one.label for one in week.indicators if one.source == "CRM export"]
    return f" Counted from the CRM export, not in kpis.csv: {'; '.join(names)}." if names else ""


def _beneath(rows: Sequence[Indicator], week: StandUp) -> Table:
    columns = (Column("Metric"), Column("Threshold"), Column("Status"), Column("Action"), Column("Deadline"))
    told = tuple(
        (
            f"{one.team}: {one.label}",
            one.rule,
            _standing(one),
            f"{one.action.owner}: {one.action.action}" if one.action is not None else "–",
            deadline(one.action, week),
        )
        for one in rows
    )
    return Table("Beneath", columns, told)


def _carried(week: StandUp) -> Table:
    actions = sorted(week.carried, key=lambda one: one.due)[:MOST_CARRIED]
    columns = (Column("Action"), Column("Owner"), Column("Since"), Column("Deadline"))
    rows = tuple((one.action, one.owner, one.opened, deadline(one, week)) for one in actions)
    more = len(week.carried) - len(actions)
    note = "In standups/actions.yaml, 'state: done' closes one."
    note = f"{more} more are open. {note}" if more > 0 else note
    return Table("Carried over", columns, rows, note)
