"""The result in plain sentences, each with what it rests on."""

from __future__ import annotations

from datetime import date

from gtmdiag.funnel.config import Shape
from gtmdiag.funnel.outcomes import Amounts, Outcome, Outcomes, StageRow
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.words import counted
from gtmdiag.trail import Sentence, Trail


def amount_text(amounts: Amounts) -> str:
    """Return ``"1,200 EUR and 90.50 USD"``; an unnamed currency stays unnamed."""
    parts = [
        f"{cents // 100:,}{'' if cents % 100 == 0 else f'.{cents % 100:02}'} {currency}".strip()
        if cents >= 0
        else f"-{amount_text(((currency, -cents),))}"
        for currency, cents in amounts
    ]
    return " and ".join(parts)


def _worth(outcome: Outcome) -> str:
    if not outcome.n:
        return "none"
    if not outcome.amounts:
        return "no amount known"
    lacking = f" ({outcome.n_without_amount:,} without an amount)" if outcome.n_without_amount else ""
    return amount_text(outcome.amounts) + lacking


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def summary_sentences(outcomes: Outcomes, source: Source, as_of: date) -> list[Sentence]:
    """Say how many deals are won, lost and open, what they are worth, and how many of the closed ones were won."""
    won, lost, still_open = outcomes.won, outcomes.lost, outcomes.open
    n, closed = won.n + lost.n + still_open.n, won.n + lost.n
    told_by = source.inputs("stage", "status", "won_at", "lost_at")
    by_outcome = Trail("each deal counted once, by its last known outcome", "suite", told_by, n)
    text = f"{counted(n, 'deal')} up to {_day(as_of)}: {won.n:,} won, {lost.n:,} lost, {still_open.n:,} open."
    sentences = [Sentence(text, by_outcome)]
    if "amount" in source.origins:
        text = f"Won: {_worth(won)}; open: {_worth(still_open)}; lost, as recorded: {_worth(lost)}."
        rule = "sum of the amounts of deals by outcome, each currency apart"
        sentences.append(Sentence(text, Trail(rule, "suite", source.inputs("amount", "currency"), n)))
    if closed:
        text = f"Of {counted(closed, 'deal')} closed so far, {won.n:,} {'was' if won.n == 1 else 'were'} won"
        text += f" ({won.n / closed:.1%})."
        if still_open.n:
            text += f" The {counted(still_open.n, 'deal')} still open will move this share."
        sentences.append(Sentence(text, Trail("won / (won + lost), so far", "suite", told_by, closed)))
    return sentences


def stage_sentences(rows: tuple[StageRow, ...], unplaced: Outcomes, source: Source) -> list[Sentence]:
    """Say for each stage how many deals went on so far, where most were lost, and which deals the map leaves out."""
    inputs = source.inputs("stage", "entered_at")
    rule = "by first entry: entered = advanced + lost + open; a deal ends in the furthest stage it entered"
    sentences: list[Sentence] = []
    for row in rows:
        if row.entered:
            text = f"{row.stage}: {counted(row.entered, 'deal')} entered, {row.advanced:,} went on so far"
            text += f" ({row.advanced_share_so_far:.0%}), {row.lost:,} lost, {row.open:,} open."
            sentences.append(Sentence(text, Trail(rule, "suite", inputs, row.entered)))
    with_losses = [row for row in rows if row.lost]
    if with_losses:
        most = max(with_losses, key=lambda row: row.lost or 0)
        placed = sum(row.lost or 0 for row in rows)
        text = (
            f"{most.stage} is where the most deals were lost: {most.lost:,} of the {placed:,} with a known last stage"
        )
        text += f", {amount_text(most.lost_amounts)}." if most.lost_amounts else "."
        sentences.append(Sentence(text, Trail("furthest stage of each lost deal", "suite", inputs, placed)))
    n = unplaced.won.n + unplaced.lost.n + unplaced.open.n
    if n and any(row.entered is not None for row in rows):
        text = f"{counted(n, 'deal')} entered no stage on the map: {unplaced.won.n:,} won, {unplaced.lost.n:,} lost, "
        text += f"{unplaced.open.n:,} open. They count in the totals and in no stage."
        sentences.append(Sentence(text, Trail("no entry into a stage of crm.yaml", "suite", inputs, n)))
    return sentences


def open_sentences(rows: tuple[StageRow, ...], unplaced: Outcomes, source: Source) -> list[Sentence]:
    """Say where a snapshot's open deals stand."""
    standing = [row for row in rows if row.open]
    parts = [f"{row.stage} {row.open or 0:,}" for row in standing]
    if unplaced.open.n:
        parts.append(f"not on the map {unplaced.open.n:,}")
    if not parts:
        return []
    n = sum(row.open or 0 for row in rows) + unplaced.open.n
    trail = Trail("open deals by present stage", "suite", source.inputs("stage", "status"), n)
    return [Sentence(f"Open deals by present stage: {', '.join(parts)}.", trail)]


def cannot_sentences(shape: Shape, source: Source) -> tuple[Sentence, ...]:
    """Say what this export cannot tell, and what would."""
    rule = "what the columns of the export allow"

    def said(text: str, *inputs: str) -> Sentence:
        return Sentence(text, Trail(rule, "suite", inputs))

    found: list[Sentence] = []
    if shape == "snapshot":
        found.append(
            said(
                "A snapshot shows where each deal stands, not the stages it passed: conversion from stage to stage, "
                "time in a stage and the handoff that loses deals cannot be told. An export of the stage history would "
                "add them.",
                source.file,
            )
        )
    if "amount" not in source.origins:
        found.append(said("The export has no column of amounts: nothing can be said about value.", source.file))
    if "segment" not in source.origins:
        found.append(said("No column of segments is named: groups of deals cannot be compared.", source.file))
    return tuple(found)


def counts_sentences(rows: tuple[StageRow, ...], source: Source) -> list[Sentence]:
    """Say from counts which share of the deals went on from each stage, the smallest first."""
    inputs = source.inputs("stage", "entered", "advanced")
    known = [row for row in rows if row.advanced_share_so_far is not None]
    if not known:
        return [Sentence("No deal entered any stage.", Trail("advanced / entered", "suite", inputs, 0))]

    def said(row: StageRow, text: str) -> Sentence:
        return Sentence(text, Trail("advanced / entered, as the table counts them", "suite", inputs, row.entered))

    least = min(known, key=lambda row: row.advanced_share_so_far or 0)
    share = f"{least.advanced_share_so_far:.0%}"
    sentences = [said(least, f"The smallest share of deals goes on from {least.stage}: {share} so far.")]
    for row in known:
        text = f"{row.stage}: {counted(row.entered or 0, 'deal')} entered, {row.advanced or 0:,} went on"
        sentences.append(said(row, f"{text} ({row.advanced_share_so_far:.0%})."))
    return sentences


def counts_cannot(source: Source) -> tuple[Sentence, ...]:
    """Say what counts of stages cannot tell."""
    text = (
        "Counts by stage give shares only. Which deals were lost and which are open, their value, their time in a "
        "stage and their owners cannot be told. An export of the stage history would add them."
    )
    return (Sentence(text, Trail("what the columns of the export allow", "suite", (source.file,))),)


def as_of_sentence(as_of: date, told_by: str) -> Sentence:
    """Say up to which day the data are used, where ``crm.yaml`` does not."""
    if told_by == "data":
        text = f"No as-of date is given; the last date in the data that is not in the future is {_day(as_of)}."
    else:
        text = f"The export holds no usable date; it is read as of {_day(as_of)}."
    return Sentence(text, Trail("as_of of crm.yaml, else the last date that is not in the future", "suite"))
