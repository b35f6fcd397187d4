"""Confidence in the numbers, risks, roadmap, appendix."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.diagnostics.numbers import capital, count, lower_first
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.plan import Action
from gtmdiag.report import pages
from gtmdiag.report.blocks import Block, Card, Column, Group, Headline, Lane, Lanes, Notice, Table
from gtmdiag.report.deck.words import TONES, first_sentence, gaps, headline, slide, sure
from gtmdiag.report.records import Tone
from gtmdiag.report.words import day, prose

_PERIODS = ((0, 30, "Build it"), (30, 60, "Run it"), (60, 90, "Make it last"))
_MOST_ACTIONS = 5
_MOST_RISKS = 8


def confidence(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return how sure each main finding is and why, and what weakens the inputs."""
    page = pages.confidence(diagnosis)
    blocks = [block for block in page.blocks if not isinstance(block, Headline)]
    if diagnosis.warnings:
        # the table of the report has more of them than a slide
        weak = [Notice("warn", one.found, f"{one.file}: {one.remedy}") for one in diagnosis.warnings[:3]]
        blocks = [*blocks[:-1], *weak]
    if diagnosis.missing:
        blocks.append(prose(diagnosis.missing[:3]))
    return slide(title or headline(page), blocks)


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
    """Return the actions of the plan by day 30, 60 and 90, each with its owner and due date."""
    actions = diagnosis.plan.actions
    language = diagnosis.client.language
    lanes = [lane for period in _PERIODS if (lane := _lane(actions, *period, language)).cards]
    if not lanes:
        return Group(())
    told = f"{capital(count(len(actions), 'action'))} in 90 days; first: {lower_first(first_sentence(actions[0].text))}"
    more = len(actions) - sum(len(lane.cards) for lane in lanes)
    note = f"{capital(count(more, 'more action'))} in the report and in plan.csv." if more else ""
    return slide(title or told, (Lanes("", tuple(lanes), note),))


def _lane(actions: Sequence[Action], after: int, until: int, aim: str, language: str) -> Lane:
    within = [one for one in actions if after < one.day <= until]
    cards = (Card(one.text, f"{one.owner} · {_due(one, language)}") for one in within[:_MOST_ACTIONS])
    return Lane(f"By day {until}", aim, tuple(cards))


def _due(action: Action, language: str) -> str:
    return f"day {action.day}" if action.due is None else day(action.due, language, short=True)


def appendix(diagnosis: Diagnosis) -> Group:
    """Return method and sources, what is missing, and the questions of the gut check."""
    told = (*pages.method(diagnosis).blocks, *pages.appendix(diagnosis).blocks)
    blocks: list[Block] = [block for block in told if not isinstance(block, Table)]
    blocks += [block for block in pages.missing(diagnosis).blocks if diagnosis.missing]
    if diagnosis.gut_check is not None:
        blocks += [block for block in pages.gut_check(diagnosis).blocks if isinstance(block, Table)][:1]
    return slide("Appendix: how the numbers are made", blocks)
