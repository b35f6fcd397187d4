"""Where the deals stand: by stage, by outcome, and what could not be read."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.outcomes import Outcomes
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel.wording import amount_text
from gtmdiag.report.blocks import Block, Column, Headline, Notice, Table
from gtmdiag.report.figures import stage_bars
from gtmdiag.report.words import prose


def headline(result: FunnelResult) -> Headline:
    """Return the main finding: the dearest leak, else where the deals stand."""
    leaks = [leak for leak in result.estimates.leaks if leak.flagged] if result.estimates is not None else []
    if leaks:
        worst, currency = leaks[0], result.estimates.currency if result.estimates is not None else ""
        sure = worst.value is not None and worst.low is not None and worst.low > 0
        worth = f", worth up to {money(worst.value, currency)}" if sure and worst.value is not None else ""
        return Headline(f"Deals leak from {worst.stage} to {worst.to}{worth}", level=3)
    if result.estimates is not None and result.estimates.leaks:
        return Headline("No step converts below its benchmark beyond chance", level=3)
    if not result.tells_outcomes:
        return Headline(f"{result.deals:,} deals entered the first stage", level=3)
    won, lost, still_open = (outcome.n for outcome in (result.outcomes.won, result.outcomes.lost, result.outcomes.open))
    return Headline(f"{result.deals:,} deals: {won:,} won, {lost:,} lost, {still_open:,} open", level=3)


def counts_blocks(result: FunnelResult) -> list[Block]:
    """Return the picture of the funnel, what it says, and the deals by stage and by outcome."""
    picture = stage_bars(result)
    blocks: list[Block] = [*([picture] if picture is not None else []), prose(result.sentences), _stages(result)]
    return [*blocks, _outcomes(result)] if result.tells_outcomes else blocks


def unknown_blocks(result: FunnelResult) -> list[Block]:
    """Return what the export cannot tell, and the values that could not be read."""
    blocks: list[Block] = [
        Notice("neutral", "What this export cannot tell", sentence.text) for sentence in result.cannot
    ]
    return [*blocks, _unread(result)] if result.unread else blocks


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
