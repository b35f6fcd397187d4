"""The chapter on the funnel: where the deals stand, and where revenue leaks."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import money
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.funnel.outcomes import Outcomes
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel.wording import amount_text
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.figures import stage_bars
from gtmdiag.report.pages.funnel_estimates import estimated
from gtmdiag.report.words import prose


def funnel(diagnosis: Diagnosis) -> Group:
    """Return deals by stage and by outcome, what the export cannot tell, and what weakens the figures."""
    result = diagnosis.funnel
    if result is None:
        text = "There is no CRM export in this engagement."
        return Group((Notice("neutral", "The funnel is not analysed", text),))
    blocks: list[Block] = [Headline(_headline(result), level=3)]
    picture = stage_bars(result)
    blocks += [picture] if picture is not None else []
    blocks.append(prose(result.sentences))
    blocks.append(_stages(result))
    blocks += estimated(result.estimates) if result.estimates is not None else []
    if result.tells_outcomes:
        blocks.append(_outcomes(result))
    blocks += [Notice("neutral", "What this export cannot tell", sentence.text) for sentence in result.cannot]
    if result.unread:
        blocks.append(_unread(result))
    return Group(tuple(blocks))


def _headline(result: FunnelResult) -> str:
    leaks = [leak for leak in result.estimates.leaks if leak.flagged] if result.estimates is not None else []
    if leaks:
        worst, currency = leaks[0], result.estimates.currency if result.estimates is not None else ""
        sure = worst.value is not None and worst.low is not None and worst.low > 0
        worth = f", worth up to {money(worst.value, currency)}" if sure and worst.value is not None else ""
        return f"Deals leak from {worst.stage} to {worst.to}{worth}"
    outcomes = result.outcomes
    if not result.tells_outcomes:
        return f"{result.deals:,} deals entered the first stage"
    return f"{result.deals:,} deals: {outcomes.won.n:,} won, {outcomes.lost.n:,} lost, {outcomes.open.n:,} open"


def _stages(result: FunnelResult) -> Table:
    if any(row.entered is not None for row in result.stages):
        names = ("Entered", "Moved on", "Lost", "Open", "Moved on so far")
        columns = (Column("Stage"), *(Column(name, "right") for name in names))
        rows = tuple(
            (
                row.stage,
                _number(row.entered),
                _number(row.advanced),
                _number(row.lost),
                _number(row.open),
                "–" if row.advanced_share_so_far is None else f"{row.advanced_share_so_far:.1%}",
            )
            for row in result.stages
        )
        note = (
            "By first entry; entered = moved on + lost + open. The share counts open deals as not moved on, so it is "
            "the least that the final share can be."
        )
        return Table("Deals by stage", columns, rows, note)
    columns = (Column("Present stage"), Column("Open deals", "right"), Column("Amount", "right"))
    rows = tuple((row.stage, _number(row.open), amount_text(row.open_amounts)) for row in result.stages)
    return Table("Open deals by present stage", columns, rows)


def _outcomes(result: FunnelResult) -> Table:
    def row(name: str, outcomes: Outcomes) -> tuple[str, str, str]:
        outcome = {"Won": outcomes.won, "Lost": outcomes.lost, "Open": outcomes.open}[name]
        return name, f"{outcome.n:,}", amount_text(outcome.amounts)

    columns = (Column("Outcome"), Column("Deals", "right"), Column("Amount as recorded", "right"))
    rows = tuple(row(name, result.outcomes) for name in ("Won", "Lost", "Open"))
    return Table("Deals by outcome", columns, rows, "Each currency apart; amounts are as the export has them.")


def _unread(result: FunnelResult) -> Table:
    columns = (Column("Column"), Column("Values"), Column("Rows", "right"))
    rows = tuple((one.column, ", ".join(value for value, _ in one.values), f"{one.n:,}") for one in result.unread)
    return Table("Values that could not be read", columns, rows, "They count as missing.")


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"
