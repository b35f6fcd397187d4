"""Cover, summary, the decision that is asked for, scorecard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.numbers import capital, lower_first
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.finding import Finding
from gtmdiag.report import pages
from gtmdiag.report.blocks import (
    Block,
    Card,
    Column,
    Cover,
    Evidence,
    Group,
    Headline,
    Lane,
    Lanes,
    Notice,
    Prose,
    Table,
    Tiles,
)
from gtmdiag.report.deck.words import first_of_each, first_sentence, gaps, headline, slide, sure
from gtmdiag.report.words import evidence, worth

_NOTHING = "There is not enough to analyse yet"


def cover(diagnosis: Diagnosis, title: str = "Go-to-market diagnostic: board summary") -> Cover:
    """Return the first slide."""
    return pages.cover(diagnosis, title)


def summary(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return where the company is, the gravest finding of each diagnostic, and what is asked of the board."""
    found = gaps(diagnosis)
    headline = found[0].claim if found else "No gap was found in what could be analysed" if diagnosis.findings else ""
    blocks = [block for block in pages.summary(diagnosis).blocks if isinstance(block, Tiles)]
    lanes = tuple(_lanes(diagnosis, found))
    return slide(title or headline or _NOTHING, (*blocks, Lanes("", lanes)) if lanes else _needed())


def _needed() -> tuple[Block, ...]:
    return (Notice("neutral", "What is needed", "Answers of the CEO and the leaders, or a CRM export."),)


def _lanes(diagnosis: Diagnosis, found: Sequence[Finding]) -> Iterator[Lane]:
    strengths = [finding for finding in diagnosis.findings if finding.severity == "strength"]
    where = first_of_each(found)[1:4]
    if where:
        yield Lane("What else stands out", "", tuple(Card(one.claim) for one in where), "warn")
    if strengths:
        yield Lane("What works", "", tuple(Card(one.claim) for one in strengths[:2]), "good")
    if found:
        yield Lane("What is asked of you", "", (Card(found[0].next_step, f"Owner: {found[0].owner}"),), "neutral")


def decision(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return the decision that the gravest finding asks for: its options and what waiting costs."""
    found = gaps(diagnosis)
    if not found:
        return Group(())
    first = found[0]
    columns = (Column("Option"), Column("What it means"), Column("Speaks for it"), Column("What it costs to wait"))
    rows = tuple(_options(first))
    words = [Evidence(f"{first.claim} {capital(first.confidence)} confidence: {first.because}.")]
    constraint = diagnosis.synthesis.constraint
    why = first.evidence[:1] if constraint is None else constraint.why[:2]
    words += [evidence(sentence) for sentence in why]
    others = [one.next_step for one in first_of_each(found)[1:4]]
    if others:
        words.append(Evidence(f"To settle next: {' '.join(others)}"))
    table = Table("", columns, rows, "Cost of waiting: only what was measured. A difference, not a proven cause.")
    return slide(
        title or f"Decision requested: {lower_first(first_sentence(first.next_step))}", (table, Prose(tuple(words)))
    )


def _options(first: Finding) -> Iterator[tuple[str, str, str, str]]:
    lost = worth(first.value)
    cost = f"{capital(lost)} on as many deals as in this export" if lost else "Not measured in money"
    yield (
        "A. Act now (recommended)" if first.confidence != "low" else "A. Act now",
        f"{first.next_step} Owner: {first.owner}.",
        sure(first),
        "None",
    )
    yield (
        "B. Prove it first" + (" (recommended)" if first.confidence == "low" else ""),
        "Close the doubt that remains, and decide in 30 days.",
        f"The doubt: {first.because}",
        f"A month of: {cost[0].lower()}{cost[1:]}" if lost else cost,
    )
    yield "C. Leave it as it is", first.claim, "No effort now", cost


def scorecard(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return every diagnostic on one line; nothing where nothing was diagnosed."""
    page = pages.scorecard(diagnosis)
    if not any(isinstance(block, Table) for block in page.blocks):
        return Group(())
    return slide(title or headline(page), (block for block in page.blocks if not isinstance(block, Headline)))
