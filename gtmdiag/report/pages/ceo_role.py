"""The chapter on the CEO's role."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult, DomainView, Step
from gtmdiag.diagnostics.numbers import capital, listed
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.figures import role_profile, role_quadrant
from gtmdiag.report.words import prose, signed


def ceo_role(diagnosis: Diagnosis) -> Group:
    """Return quadrant, reading, profile, the leaders' view, what to hand over and what to take up."""
    result = diagnosis.champion_operator
    if result is None:
        text = "Nobody has answered the champion-operator questions in this wave."
        return Group((Notice("neutral", "The CEO's role is not assessed", text),))
    blocks: list[Block] = [Headline(headline(result), level=3)]
    quadrant, profile = role_quadrant(result), role_profile(result)
    blocks += [quadrant] if quadrant is not None else []
    blocks += [prose(result.ceo_says)] if result.ceo_says else []
    blocks += [profile] if profile is not None else []
    blocks += [prose(result.leaders_say)] if result.leaders_say else []
    if result.withheld:
        blocks.append(Notice("neutral", "The leaders' view is not shown", result.withheld))
    if result.team is not None and result.ceo is not None:
        blocks.append(_gaps(result.domains, result.team.n))
    if result.hand_over:
        blocks.append(_steps("Operator habits to hand over first", "Hand over", "To", result.hand_over))
    if result.take_up:
        blocks.append(_steps("Champion practices to take up first", "Take up", "By", result.take_up))
    return Group(tuple(blocks))


def headline(result: ChampionOperatorResult) -> str:
    """Return the verdict, and by whose answers."""
    reading = result.ceo if result.ceo is not None else result.team
    if reading is None or reading.verdict is None:
        return "The CEO's role stays open until more is answered"
    views = [("the CEO's own answers", result.ceo), ("those of the leaders", result.team)]
    agreeing = [who for who, view in views if view is not None and view.verdict == reading.verdict]
    return f"{reading.verdict.label}, by {listed(agreeing)}"


def _steps(title: str, first: str, second: str, steps: Sequence[Step]) -> Table:
    columns = (Column(first), Column(second), Column("How"))
    return Table(title, columns, tuple((step.label, capital(step.to), step.action) for step in steps))


def _gaps(domains: Sequence[DomainView], n: int) -> Table:
    spread = any(domain.spread is not None for domain in domains)
    columns = [Column("Domain"), Column("Gap", "right"), Column("Reading")]
    if spread:
        columns[2:2] = [Column("Spread", "right"), Column("Agreement", "right")]
    rows: list[tuple[str, ...]] = []
    for domain in sorted(domains, key=lambda one: -abs(one.gap or 0)):
        gap = "not shown" if domain.gap is None else signed(domain.gap)
        cells = [domain.label, gap, "blind spot" if domain.blind_spot else ""]
        if spread:
            agreement = "–" if domain.agreement is None else f"{domain.agreement:.0%}"
            cells[2:2] = ["–" if domain.spread is None else f"{domain.spread:.1f}", agreement]
        rows.append(tuple(cells))
    note = (
        f"Gap: the CEO's score less the mean of {n} leaders, in steps of the five-point scale; plus is more favourable."
    )
    if spread:
        note += " Spread: standard deviation of the leaders. Agreement: share within one step of their median."
    return Table("Where the CEO and the leaders differ", tuple(columns), tuple(rows), note)
