"""Slides of the single diagnostics: funnel, the CEO's role, ownership."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult
from gtmdiag.diagnostics.numbers import capital, money
from gtmdiag.diagnostics.ownership_altitude import OwnershipAltitudeResult, Side
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.funnel.leaks import Leak
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.report.blocks import Block, Column, Evidence, Group, Notice, Prose, Table, Tile, Tiles
from gtmdiag.report.deck.words import slide
from gtmdiag.report.drawing import projected
from gtmdiag.report.figures import role_quadrant, stage_bars
from gtmdiag.report.funnel_figures import conversion_intervals
from gtmdiag.report.ownership_figures import TONES, ownership_ladder
from gtmdiag.report.pages.ceo_role import headline as role_headline
from gtmdiag.report.pages.funnel_counts import headline as funnel_headline
from gtmdiag.report.pages.ownership_altitude import headline as ownership_headline
from gtmdiag.report.records import Tone
from gtmdiag.report.words import evidence, index_words, prose


def funnel(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return conversion with intervals, and the binding leak with what it is worth."""
    result = diagnosis.funnel
    if result is None:
        return Group(())
    leaks = result.estimates.leaks if result.estimates is not None else ()
    leak = next((one for one in leaks if one.flagged), None)
    with projected():
        picture = conversion_intervals(result.estimates) if result.estimates is not None else None
        picture = picture or stage_bars(result)
    blocks: list[Block] = [] if leak is None else [Tiles(tuple(_leak_tiles(leak, diagnosis)))]
    blocks += [picture] if picture is not None else []
    blocks.append(Prose(tuple(_funnel_words(diagnosis, result, leak))))
    if result.trust.with_care:
        blocks.append(Notice("warn", "Read with care", result.trust.sentence.text))
    return slide(title or funnel_headline(result).text, blocks)


def _leak_tiles(leak: Leak, diagnosis: Diagnosis) -> Iterator[Tile]:
    share, currency = leak.conversion, ""
    if diagnosis.funnel is not None and diagnosis.funnel.estimates is not None:
        currency = diagnosis.funnel.estimates.currency
    yield Tile("Binding step", f"{leak.stage} → {leak.to}", leak.handoff, "bad")
    interval = f"95 % interval {share.low:.0%} to {share.high:.0%}, n = {share.n:,}"
    yield Tile("Moves on", f"{share.estimate:.0%}", interval, "bad")
    yield Tile("Benchmark", f"{leak.benchmark.share:.0%}", leak.benchmark.source)
    if leak.value is not None and leak.low is not None and leak.high is not None and leak.value > 0:
        interval = f"95 % interval {money(leak.low, currency)} to {money(leak.high, currency)}"
        yield Tile("Worth up to", money(leak.value, currency), interval)


def _funnel_words(diagnosis: Diagnosis, result: FunnelResult, leak: Leak | None) -> Iterator[Evidence]:
    finding = next((one for one in diagnosis.findings if leak and one.id == f"funnel.leak.{leak.stage}"), None)
    if finding is not None:
        yield from (evidence(sentence) for sentence in finding.evidence)
        yield Evidence(f"Next: {finding.next_step} Owner: {finding.owner}.")
    else:
        yield from (evidence(sentence) for sentence in (*result.sentences, *result.cannot))


def ceo_role(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return the CEO's role by the CEO and by the leaders side by side, and what to hand over."""
    result = diagnosis.champion_operator
    if result is None:
        return Group(())
    with projected():
        quadrant = role_quadrant(result)
    blocks: list[Block] = [quadrant] if quadrant is not None else []
    blocks.append(_views(result))
    blocks.append(prose((*result.ceo_says[1:2], *result.leaders_say[1:])))
    if result.withheld:
        blocks.append(Notice("neutral", "The leaders' view is not shown", result.withheld))
    steps = [*((step, "hand over") for step in result.hand_over), *((step, "take up") for step in result.take_up)]
    if steps:
        columns = (Column("First"), Column("What"), Column("To"))
        rows = tuple((capital(kind), step.label, capital(step.to)) for step, kind in steps)
        blocks.append(Table("", columns, rows))
    return slide(title or role_headline(result), blocks)


def _views(result: ChampionOperatorResult) -> Table:
    """Return one column for each view of the role that there is."""
    views = [(who, one) for who, one in (("Self", result.ceo), ("Team", result.team)) if one is not None]
    columns = (Column("Of 100, high from 50"), *(Column(f"{who} (n = {one.n})", "right") for who, one in views))
    rows = (
        ("Champion practice", *(index_words(one.champion) for _, one in views)),
        ("Operator habit", *(index_words(one.operator) for _, one in views)),
        ("Runs without the CEO", *(index_words(one.autonomy) for _, one in views)),
        ("Reads as", *("open" if one.verdict is None else one.verdict.label for _, one in views)),
    )
    return Table("", columns, rows)


def ownership(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return the ladder of ownership and the decision map."""
    result = diagnosis.ownership_altitude
    if result is None:
        return Group(())
    with projected():
        ladder = ownership_ladder(result)
    blocks: list[Block] = [ladder] if ladder is not None else []
    if any(one.designs.positions or one.decides.positions for one in result.decisions):
        blocks.append(_map(result))
    blocks.append(prose((*result.owner_says[:1], *result.map_says[:1])))
    return slide(title or ownership_headline(result), blocks)


def _map(result: OwnershipAltitudeResult) -> Table:
    columns = (Column("Decision"), Column("Designs today"), Column("Decides today"))
    rows = tuple((one.label, _today(result, one.designs), _today(result, one.decides)) for one in result.decisions)
    tones: tuple[tuple[Tone, ...], ...] = tuple(
        ("neutral", TONES.get(one.designs.judgement, "neutral"), TONES.get(one.decides.judgement, "neutral"))
        for one in result.decisions
    )
    return Table("Who designs and who decides", columns, rows, "By majority of respondents, against the stage.", tones)


def _today(result: OwnershipAltitudeResult, side: Side) -> str:
    if side.level is None:
        return capital(side.judgement)
    holder = result.holder(side)
    return holder if side.judgement in ("fits", "no stage") else f"{holder}: {side.judgement}"
