"""Cover, summary and findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.finding import Finding
from gtmdiag.report.blocks import (
    Block,
    Card,
    Cover,
    FindingCard,
    Group,
    Headline,
    Lane,
    Lanes,
    Notice,
    Tile,
    Tiles,
    Tone,
)
from gtmdiag.report.words import basis, day, evidence, worth

_OWNERS = {"nobody": "Nobody", "function": "Functions", "council": "Council", "business": "CEO or GM"}


def cover(diagnosis: Diagnosis, title: str = "Go-to-market diagnostic") -> Cover:
    """Return the cover: client, date, what the report rests on."""
    facts = [("As of", day(diagnosis.as_of, diagnosis.client.language))]
    if diagnosis.wave:
        facts.append(("Answers", f"wave {diagnosis.wave}, {count(diagnosis.respondents, 'respondent')}"))
    if diagnosis.funnel is not None:
        facts.append(("CRM export", f"{diagnosis.funnel.deals:,} deals ({diagnosis.funnel.shape})"))
    return Cover(
        title=title,
        client=diagnosis.client.branding.name or diagnosis.client.name,
        subtitle="Where revenue leaks, who decides what, and what to do next",
        facts=tuple(facts),
        confidentiality=diagnosis.client.confidentiality,
    )


def summary(diagnosis: Diagnosis) -> Group:
    """Return the summary: the main result as a headline, key figures, the top findings in one line each."""
    gaps = [finding for finding in diagnosis.findings if finding.severity != "strength"]
    if gaps:
        headline = gaps[0].claim
    elif diagnosis.findings:
        headline = "No gap was found in what could be analysed."
    else:
        headline = "There is not enough to analyse yet."
    blocks: list[Block] = [Headline(headline, level=3)]
    tiles = tuple(_tiles(diagnosis))
    if tiles:
        blocks.append(Tiles(tiles))
    blocks += [_line(finding) for finding in _first_of_each(gaps or diagnosis.findings) if finding.claim != headline]
    if gaps:
        blocks.append(_asked(gaps[0]))
    if not diagnosis.findings:
        blocks.append(
            Notice("neutral", "What is needed", "Answers or a CRM export; the chapter “What is missing” tells.")
        )
    return Group(tuple(blocks))


def _asked(first: Finding) -> Lanes:
    """Return what the gravest finding rests on, the decision that it asks for, and what waiting costs."""
    told = tuple(Card(sentence.text, basis(sentence)) for sentence in first.evidence[:2])
    cost = (
        f"{capital(worth(first.value))} on as many deals as in this export" if first.value else "Not measured in money"
    )
    return Lanes(
        "",
        (
            Lane("What it rests on", f"{capital(first.confidence)} confidence: {first.because}", told, "warn"),
            Lane("Decision asked", f"Owner: {first.owner}", (Card(first.next_step),)),
            Lane("What waiting costs", "Only what was measured; a difference, not a cause", (Card(f"{cost}."),)),
        ),
    )


def findings(diagnosis: Diagnosis) -> Group:
    """Return every finding as a card, gravest first."""
    if not diagnosis.findings:
        return Group((Notice("neutral", "No findings", "Nothing could be analysed, or nothing stood out."),))
    return Group(tuple(_card(finding) for finding in diagnosis.findings))


def _tiles(diagnosis: Diagnosis) -> Iterator[Tile]:
    role = diagnosis.champion_operator
    if role is not None:
        reading = role.ceo if role.ceo is not None else role.team
        if reading is not None:
            verdict = reading.verdict
            who = "by the CEO's own answers" if role.ceo is not None else f"by {count(reading.n, 'leader')}"
            yield Tile(
                "The CEO's role",
                verdict.label if verdict is not None else "Open",
                who + (", borderline" if reading.borderline else ""),
                verdict.tone if verdict is not None else "neutral",
            )
    altitude = diagnosis.ownership_altitude
    if altitude is not None and altitude.ownership is not None:
        level = altitude.ownership.level
        owner = _OWNERS.get(level, altitude.altitude(level)) if level is not None else "Disputed"
        yield Tile("Who owns the model", owner, f"n = {len(altitude.ownership.positions)}, by majority")
    gut = diagnosis.gut_check
    if gut is not None:
        value = {"centralized": "One leader", "distributed": "Several leaders"}.get(gut.side or "", "Open")
        note = f"{gut.ceo.yes} of 5 yes, {gut.change}" if gut.ceo is not None else gut.basis
        yield Tile("Who should run GTM", value, note.replace(", unknown", ""))
    operating = diagnosis.operating_model
    if operating is not None:
        layer = operating.next_layer
        words = operating.maturity_words
        yield Tile("Layer to build next", layer.label, f"{words[layer.evidenced]} ({layer.evidenced} of 4)")
    funnel = diagnosis.funnel
    if funnel is not None:
        won_and_lost = f"{funnel.outcomes.won.n:,} won, {funnel.outcomes.lost.n:,} lost"
        note = won_and_lost if funnel.tells_outcomes else "entered the first stage"
        yield Tile("Deals in the export", f"{funnel.deals:,}", note)


def _first_of_each(found: Sequence[Finding]) -> list[Finding]:
    """Return the gravest finding of each diagnostic."""
    by_diagnostic: dict[str, Finding] = {}
    for finding in found:
        by_diagnostic.setdefault(finding.id.partition(".")[0], finding)
    return list(by_diagnostic.values())


def _line(finding: Finding) -> Notice:
    tones: dict[str, Tone] = {"critical": "bad", "high": "warn", "medium": "warn", "low": "neutral", "strength": "good"}
    return Notice(tones[finding.severity], finding.claim, "")


def _card(finding: Finding) -> FindingCard:
    return FindingCard(
        severity=finding.severity,
        claim=finding.claim,
        evidence=tuple(evidence(sentence) for sentence in finding.evidence),
        confidence=f"{capital(finding.confidence)}: {finding.because}.",
        owner=finding.owner,
        next_step=finding.next_step,
        value=worth(finding.value),
    )
