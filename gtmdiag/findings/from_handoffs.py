"""Findings of handoffs: agreed response times that are missed or kept beyond chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.findings.finding import Finding
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.handoff_words import agreed_text, handoff_sentences, percent
from gtmdiag.funnel.handoffs import HandoffRow

KEPT: Final = 0.90
"""Share answered in time from which an agreed response time counts as kept (suite method)."""
SCALE: Final = 2
"""A quarter of the deals must move within so many times the agreed time for a miss to be told (suite method)."""


def handoff_findings(rows: Iterable[HandoffRow]) -> Iterator[Finding]:
    """Yield a finding for each handoff whose agreed response time is missed, or kept, beyond chance.

    What a step is worth stands with its leak and is not told twice. Hours of the clock prove no breach of a time that
    was agreed in business hours, nor do moves that take weeks prove one of an answer within hours. As the export shows
    moves between stages and no calls or mails, none of it is sure.
    """
    for row in rows:
        if row.within is None:
            continue
        if row.clock == "business hours" and row.within.high < KEPT and _on_one_scale(row):
            yield _missed(row, row.within)
        elif row.within.low >= KEPT:
            yield _kept(row, row.within)


def _on_one_scale(row: HandoffRow) -> bool:
    """Tell whether moves can stand for answers: where deals move in weeks and hours are agreed, they are two things."""
    quarter = row.quartiles[0].hours if row.quartiles else None
    return quarter is not None and row.sla_hours is not None and quarter <= SCALE * row.sla_hours


def _missed(row: HandoffRow, share: Share) -> Finding:
    late = row.overdue or 0
    if late:
        who = f"{count(late, 'deal')} that still {'waits' if late == 1 else 'wait'} for longer"
        next_step = f"Answer the {who} this week, and name who answers when nobody does."
    else:
        next_step = "Go through the last 20 late deals together, and name who answers when nobody does."
    return Finding(
        id=f"funnel.handoff.{row.step}",
        severity="medium",
        claim=_claim(row, share),
        evidence=handoff_sentences(row),
        confidence="medium",
        because=f"the whole interval lies below {KEPT:.0%}, but an answer before the move is not in the export",
        owner=capital(row.taking),
        next_step=next_step,
    )


def _kept(row: HandoffRow, share: Share) -> Finding:
    return Finding(
        id=f"funnel.handoff.{row.step}",
        severity="strength",
        claim=_claim(row, share),
        evidence=handoff_sentences(row),
        confidence="high",
        because=f"the whole interval reaches {KEPT:.0%}, against the client's own agreement",
        owner=capital(row.taking),
        next_step="Keep the response time, and watch it each week.",
    )


def _claim(row: HandoffRow, share: Share) -> str:
    kept = f"{percent(share.estimate)} of deals move on or are closed"
    return f"{row.step}: {kept} within the agreed {agreed_text(row)}."
