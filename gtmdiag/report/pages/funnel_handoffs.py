"""The handoffs between teams: what comes through, how long an answer takes, and what was agreed."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.handoff_words import agreed_text, handoff_sentences, percent, wait_text
from gtmdiag.funnel.handoffs import HandoffRow
from gtmdiag.report.blocks import Block, Column, Notice, Table
from gtmdiag.report.words import prose


def handoff_blocks(rows: Sequence[HandoffRow]) -> list[Block]:
    """Return one row for each handoff of crm.yaml, and what there is to say of it."""
    if not rows:
        text = (
            "crm.yaml names no handoffs. With a line such as 'handoffs: {MQL→SQL: {from: marketing, to: sales, "
            "sla_hours: 4}}' this page tells how long each team waits for the other."
        )
        return [Notice("neutral", "Handoffs between teams are not told", text)]
    columns = (
        Column("Handoff"),
        Column("n", "right"),
        Column("Moves on", "right"),
        Column("Half by", "right"),
        Column("Agreed", "right"),
        Column("In time", "right"),
        Column("Waiting, late", "right"),
        Column("Worth up to", "right"),
    )
    note = (
        "In brackets: 95 % intervals. Half by: when half of the deals had moved on or were closed as lost, which ends "
        "the wait; an earlier answer by call or mail is not in the export. A deal that still waits counts for as long "
        "as it has waited (Kaplan–Meier). Worth: what meeting the benchmark of this step would add, if the later "
        "stages hold."
    )
    table = Table("What comes through, and how fast", columns, tuple(_row(row) for row in rows), note)
    return [table, *(prose(handoff_sentences(row)) for row in rows)]


def _row(row: HandoffRow) -> tuple[str, ...]:
    name = f"{row.step} ({row.giving} → {row.taking})"
    converted = _share(row.conversion.estimate, row.conversion.low, row.conversion.high) if row.conversion else "–"
    if not row.told:
        return name, "–", converted, "not told", agreed_text(row), "–", "–", _worth(row)
    half = row.quartiles[1] if row.quartiles else None
    late = "–" if row.overdue is None else f"{'≤ ' if row.clock == 'hours' else ''}{row.overdue:,}"
    return (
        name,
        f"{row.n:,}",
        converted,
        "not enough data" if half is None else wait_text(half.hours, row),
        agreed_text(row),
        _share(row.within.estimate, row.within.low, row.within.high, at_least=row.clock == "hours")
        if row.within
        else "–",
        f"{row.waiting:,}, {late}" if row.sla_hours is not None else f"{row.waiting:,}",
        _worth(row),
    )


def _worth(row: HandoffRow) -> str:
    leak = row.leak
    if leak is None or leak.value is None or leak.low is None or leak.high is None or leak.value <= 0:
        return "–"
    value, low, high = (money(amount, row.currency) for amount in (leak.value, leak.low, leak.high))
    return f"{value} ({low} to {high})"


def _share(estimate: float, low: float, high: float, *, at_least: bool = False) -> str:
    return f"{'≥ ' if at_least else ''}{percent(estimate)} ({percent(low)} to {percent(high)})"
