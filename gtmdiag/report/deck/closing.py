"""Confidence in the numbers, risks, roadmap, appendix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from gtmdiag.diagnostics.numbers import capital, count, lower_first
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.finding import Finding, Severity
from gtmdiag.report import pages
from gtmdiag.report.blocks import Block, Card, Column, Group, Lane, Lanes, Notice, Table
from gtmdiag.report.deck.words import TONES, first_sentence, gaps, slide, sure
from gtmdiag.report.records import Tone
from gtmdiag.report.words import day, prose

_PERIODS: tuple[tuple[int, tuple[Severity, ...], str], ...] = (
    (30, ("critical", "high"), "What cannot wait"),
    (60, ("medium",), "What it takes to run it"),
    (90, ("low", "strength"), "What makes it last"),
)
_MOST_ACTIONS = 5
_MOST_RISKS = 8
_CONFIDENCE_TONES: dict[str, Tone] = {"high": "good", "medium": "warn", "low": "bad"}


def confidence(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return how sure each main finding is and why, and what weakens the inputs."""
    found = diagnosis.findings[:7]
    blocks: list[Block] = []
    if found:
        columns = (Column("Finding"), Column("Sure"), Column("Because"))
        rows = tuple((one.claim, capital(one.confidence), capital(one.because)) for one in found)
        tones: tuple[tuple[Tone, ...], ...] = tuple(
            ("neutral", _CONFIDENCE_TONES[one.confidence], "neutral") for one in found
        )
        blocks.append(Table("", columns, rows, "", tones))
    blocks += [Notice("warn", problem.found, f"{problem.file}: {problem.remedy}") for problem in diagnosis.warnings[:3]]
    if diagnosis.funnel is not None and diagnosis.funnel.checks:
        blocks.append(prose((diagnosis.funnel.trust.sentence,)))
    if diagnosis.missing:
        blocks.append(prose(diagnosis.missing[:3]))
    low = sum(one.confidence == "low" for one in found)
    told = (
        f"{capital(count(low, 'finding'))} to be confirmed before acting, of {count(len(found), 'finding')}"
        if low
        else "The findings can be acted on; none is of low confidence"
    )
    if not found:
        told = "How far the numbers carry"
    if diagnosis.warnings:
        told += f"; {count(len(diagnosis.warnings), 'weakness', 'weaknesses')} of the inputs"
    return slide(title or told, blocks or (Notice("good", "The inputs were read without a warning"),))


def risks(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return the gaps after the first as risks: how grave, how sure, who acts and how."""
    found = gaps(diagnosis)[1:]
    if not found:
        return Group(())
    shown = found[:_MOST_RISKS]
    columns = (Column("Severity"), Column("Risk"), Column("Sure"), Column("Owner"), Column("Answer to it"))
    rows = tuple((capital(one.severity), one.claim, sure(one), one.owner, one.next_step) for one in shown)
    tones: tuple[tuple[Tone, ...], ...] = tuple(
        (TONES[one.severity], "neutral", "neutral", "neutral", "neutral") for one in shown
    )
    told = f"{capital(count(len(found), 'further risk'))}; the gravest: {lower_first(first_sentence(found[0].claim))}"
    more = len(found) - len(shown)
    note = f"The {count(more, 'risk')} of less weight {'is' if more == 1 else 'are'} in the report." if more else ""
    return slide(title or told, (Table("", columns, rows, note, tones),))


def roadmap(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return what to do within 30, 60 and 90 days: each finding's next step, the gravest first."""
    lanes = tuple(_lanes(diagnosis))
    if not lanes:
        return Group(())
    first = lanes[0]
    told = f"{first.label}: {lower_first(first_sentence(first.cards[0].text))}"
    note = "By severity: suite method. Every step has the finding that caused it in the notes and in the report."
    return slide(title or told, (Lanes("", lanes, note),))


def _lanes(diagnosis: Diagnosis) -> Iterator[Lane]:
    """Yield the periods with something to do. Where nothing is grave, the first half of what is next comes first."""
    by_period = [[*_steps([one for one in diagnosis.findings if one.severity in some])] for _, some, _ in _PERIODS]
    if not by_period[0] and len(by_period[1]) > 1:
        half = (len(by_period[1]) + 1) // 2
        by_period[:2] = [by_period[1][:half], by_period[1][half:]]
    for (days, _, aim), steps in zip(_PERIODS, by_period, strict=True):
        cards = [*steps, *_habits(diagnosis, days)]
        if cards:
            yield Lane(f"By day {days}", _sub(aim, diagnosis.as_of, days), tuple(cards[:_MOST_ACTIONS]))


def _sub(aim: str, as_of: date | None, days: int) -> str:
    return aim if as_of is None else f"{aim} · {day(as_of + timedelta(days=days))}"


def _steps(found: Sequence[Finding]) -> Iterator[Card]:
    told = set[str]()
    for one in found:
        if one.next_step not in told:
            told.add(one.next_step)
            yield Card(one.next_step, one.owner)


def _habits(diagnosis: Diagnosis, days: int) -> Iterator[Card]:
    """Yield what the CEO hands over by day 60, and what the CEO takes up by day 90."""
    result = diagnosis.champion_operator
    if result is None or days not in (60, 90):
        return
    if days == 60:
        yield from (Card(step.action, f"CEO, to {step.to}") for step in result.hand_over[:2])
    else:
        yield from (Card(step.action, "CEO") for step in result.take_up[:3])


def appendix(diagnosis: Diagnosis) -> Group:
    """Return method and sources, what is missing, and the questions of the gut check."""
    blocks: list[Block] = [block for block in pages.method(diagnosis).blocks if not isinstance(block, Table)]
    blocks += [block for block in pages.missing(diagnosis).blocks if diagnosis.missing]
    if diagnosis.gut_check is not None:
        blocks += [block for block in pages.gut_check(diagnosis).blocks if isinstance(block, Table)][:1]
    return slide("Appendix: how the numbers are made", blocks)
