"""Stalled deals: how many in each stage are older than nine in ten ever get, and which ones to look at first."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.funnel.deal_age import StageAge
from gtmdiag.funnel.stalled import Stalled, StalledDeals
from gtmdiag.funnel.wording import amount_text
from gtmdiag.funnel.words import counted
from gtmdiag.report.blocks import Block, Column, Notice, Table
from gtmdiag.report.text import cut


def stalled_blocks(stalled: StalledDeals, ages: Sequence[StageAge] = ()) -> list[Block]:
    """Return the stalled deals by stage, those worth the most by name, and the published rule on ages beside them."""
    if not any(stage.open for stage in stalled.stages):
        return [Notice("neutral", "No deal is open", "So none is stalled.")]
    if all(stage.limit_days is None for stage in stalled.stages):
        text = "In no stage have nine in ten deals been seen to leave, so there is no limit to hold open deals against."
        return [Notice("neutral", "Not enough data to tell stalled deals", text)]
    blocks: list[Block] = [_stages(stalled)]
    if stalled.listed:
        blocks.append(_listed(stalled))
    else:
        text = "No open deal is older than nine in ten deals of its stage get."
        blocks.append(Notice("good", "No deal is stalled", text))
    return [*blocks, _ages(ages)] if ages else blocks


def _stages(stalled: StalledDeals) -> Table:
    names = ("Open", "Nine in ten left by", "Open beyond", "Of the open", "Value beyond")
    columns = (Column("Stage"), *(Column(name, "right") for name in names))
    rows = tuple(_stage(stage) for stage in stalled.stages if stage.open)
    note = (
        "Each stage is held against its own 90th percentile, by any way out, open deals included (Kaplan–Meier). One "
        "in ten quite normal deals stays longer, so a few beyond it are no alarm. Suite method."
    )
    return Table("Stalled deals by stage", columns, rows, note)


def _stage(stage: Stalled) -> tuple[str, ...]:
    if stage.limit_days is None:
        return stage.stage, f"{stage.open:,}", "not reached", "–", "–", "–"
    value = amount_text(stage.value) if stage.beyond else ""
    return (
        stage.stage,
        f"{stage.open:,}",
        f"day {stage.limit_days:,}",
        f"{stage.beyond:,}",
        f"{stage.beyond / stage.open:.0%}",
        value or "–",
    )


def _ages(ages: Sequence[StageAge]) -> Table:
    names = ("Open", "Average days", "Median days", "Average in medians", "Above two by itself")
    columns = (Column("Stage"), *(Column(name, "right") for name in names))
    rows = tuple(
        (
            one.stage,
            f"{one.open:,}",
            f"{one.mean:.0f}",
            f"{one.median:.0f}",
            f"{one.times:.1f}{' !' if one.fires else ''}" if one.median else "–",
            f"{one.expected:.0%} of cases",
        )
        for one in ages
    )
    above = sum(one.fires for one in ages)
    title = f"Average age above twice the median: {above} of {counted(len(ages), 'stage')}"
    note = (
        "Published rule: above two, review the stage's hygiene (OE). A few old deals pass it by themselves; how often "
        "they do at this spread stands beside it (lognormal ages, suite method). Stages with five open deals or more."
    )
    return Table(title, columns, rows, note)


def _listed(stalled: StalledDeals) -> Table:
    columns = (
        Column("Deal"),
        Column("Stage"),
        Column("Owner"),
        Column("Days in stage", "right"),
        Column("Limit", "right"),
        Column("Amount", "right"),
    )
    rows = tuple(
        (
            cut(deal.deal, 40),
            deal.stage,
            cut(deal.owner, 40) or "nobody",
            f"{deal.age_days:,}",
            f"{deal.limit_days:,}",
            "not known" if deal.amount_cents is None else amount_text(((deal.currency, deal.amount_cents),)),
        )
        for deal in stalled.listed
    )
    most = len(stalled.listed) < stalled.n
    title = f"The {len(rows)} of {stalled.n:,} stalled deals worth the most" if most else "Stalled deals"
    note = f"By value, then by age; {stalled.n:,} in all. Each is moved on, escalated or closed (OE)."
    return Table(title, columns, rows, note)
