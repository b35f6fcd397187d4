"""The chapter on the gut check."""

from __future__ import annotations

from gtmdiag.diagnostics.gut_check import GutCheckResult
from gtmdiag.diagnostics.numbers import capital
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.instruments.schema import Structure
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.words import not_in_conflict, prose

_HEADLINES = {
    "centralized": "The answers point to one leader for go-to-market",
    "distributed": "The answers give no strong reason for one leader",
}


def gut_check(diagnosis: Diagnosis) -> Group:
    """Return the verdict with its margin, the five questions, guard-rails, strengths and dangers."""
    result = diagnosis.gut_check
    if result is None:
        text = "Nobody has answered the five questions in this wave."
        return Group((Notice("neutral", "The gut check is not done", text),))
    headline = _HEADLINES.get(result.side or "", "The gut check is still open")
    blocks: list[Block] = [
        Headline(headline, level=3),
        prose((*result.sentences, *result.caveats, *not_in_conflict(diagnosis))),
        _questions(result),
    ]
    if result.withheld and result.leaders:
        blocks.append(Notice("neutral", "The leaders' answers are not shown", result.withheld))
    blocks.append(_structures(result.structures))
    if any(rail.danger is not None for rail in result.guard_rails):
        blocks.append(_guard_rails(result))
    return Group(tuple(blocks))


def _questions(result: GutCheckResult) -> Table:
    shown = any(question.leaders_yes is not None for question in result.questions)
    agreed = any(question.agreement is not None for question in result.questions)
    columns = [Column("Question"), Column("CEO")]
    columns += [Column("Leaders: yes", "right")] if shown else []
    columns += [Column("Agreement", "right")] if agreed else []
    rows: list[tuple[str, ...]] = []
    for question in result.questions:
        cells = [question.text, question.ceo or "not answered"]
        share = "not shown" if question.leaders_yes is None else f"{question.leaders_yes:.0%} of {question.n}"
        cells += [share] if shown else []
        cells += ["–" if question.agreement is None else f"{question.agreement:.0%}"] if agreed else []
        rows.append(tuple(cells))
    note = "Two or more yes: consider one leader (CD)."
    if agreed:
        note += " Agreement: share of leaders who gave the more frequent answer."
    return Table("The five questions", tuple(columns), tuple(rows), note)


def _structures(structures: tuple[Structure, ...]) -> Table:
    columns = (Column("Run by"), Column("Strength"), Column("Danger"))
    rows = tuple((capital(part.label), part.strength, part.danger) for part in structures)
    return Table("What either structure gives and risks", columns, rows, "Source: CD.")


def _guard_rails(result: GutCheckResult) -> Table:
    labels = {part.id: capital(part.label) for part in result.structures}
    rows = tuple(
        (labels.get(rail.structure, rail.structure), rail.label, rail.answer, "danger" if rail.danger else "in order")
        for rail in result.guard_rails
        if rail.danger is not None
    )
    columns = (Column("Structure"), Column("Guard-rail"), Column("Answer"), Column("Reading"))
    return Table("Guard-rails", columns, rows, "Suite method.")
