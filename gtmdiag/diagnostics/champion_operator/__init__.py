"""D1: whether the CEO champions the go-to-market model or operates it.

Eight domains with two mirrored items each, six autonomy items and the room test, answered by the CEO and, about the
CEO, by leaders. Source of the domains: CO. Source of items, scoring, fragility and blind spots: suite method.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.champion_operator.readings import ceo_reading, team_reading
from gtmdiag.diagnostics.champion_operator.result import ChampionOperatorResult, DomainView, Reading, Step
from gtmdiag.diagnostics.champion_operator.team import domain_views
from gtmdiag.diagnostics.champion_operator.words import blind_spot_sentence, ceo_sentences, team_sentences
from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import Instrument
from gtmdiag.trail import Sentence

__all__ = ["ChampionOperatorResult", "DomainView", "Reading", "Step", "diagnose"]

FIRST_STEPS = 3
MIDDLE = 3
"""Answers from here up name a habit to hand over, and down to here a practice to take up."""


def diagnose(
    instrument: Instrument, responses: Sequence[Response], stage: CompanyStage, rule: AnonymityRule
) -> ChampionOperatorResult | None:
    """Diagnose the CEO's role.

    Parameters
    ----------
    instrument
        The champion-versus-operator instrument, packaged or its replacement.
    responses
        Valid answers; role ``ceo`` answers for the CEO, every other role about the CEO.
    stage
        The company's stage.
    rule
        Smallest groups whose scores and spreads may be shown.

    Returns
    -------
    ChampionOperatorResult | None
        None when nobody has answered.
    """
    if not responses:
        return None
    own = next((response.answers for response in responses if response.role == "ceo"), None)
    leaders = [response.answers for response in responses if response.role != "ceo"]
    ceo = None if own is None else ceo_reading(instrument, own)
    team = team_reading(instrument, leaders, rule) if leaders else None
    domains = domain_views(instrument, own, leaders, rule)
    return ChampionOperatorResult(
        instrument=instrument.id,
        version=instrument.version,
        hash=instrument.hash,
        stage=stage,
        ceo=ceo,
        leaders=len(leaders),
        team=team,
        withheld=_withheld(len(leaders), team, rule),
        domains=domains,
        stage_step=_stage_step(instrument, ceo if ceo is not None and ceo.verdict is not None else team, stage),
        hand_over=_hand_over(instrument, domains),
        take_up=_take_up(instrument, domains),
        ceo_says=() if ceo is None else tuple(ceo_sentences(instrument, ceo, stage)),
        leaders_say=() if team is None else tuple(_leaders_say(instrument, ceo, team, domains, stage)),
    )


def _leaders_say(
    instrument: Instrument,
    ceo: Reading | None,
    team: Reading,
    domains: Sequence[DomainView],
    stage: CompanyStage,
) -> Iterator[Sentence]:
    yield from team_sentences(instrument, ceo, team, stage)
    if ceo is not None:
        yield from blind_spot_sentence(instrument, domains, team)


def _stage_step(instrument: Instrument, reading: Reading | None, stage: CompanyStage) -> str:
    if reading is None or reading.verdict is None:
        return ""
    verdict = reading.verdict.id
    fitting = (words for words in instrument.stage_words if words.stage == stage.stage and verdict in words.verdicts)
    return next((words.next for words in fitting), "")


def _withheld(leaders: int, team: Reading | None, rule: AnonymityRule) -> str:
    if team is not None:
        return ""
    if leaders == 0:
        return "No leader has answered about the CEO."
    if not rule.may_show_score(leaders):
        return (
            f"{capital(count(leaders, 'leader has', 'leaders have'))} answered; their view is shown from "
            f"{rule.group_minimum} up, so that no single answer can be told."
        )
    return (
        f"{capital(count(leaders, 'leader has', 'leaders have'))} answered, but fewer than {rule.group_minimum} gave "
        "an answer to every question; their view is not summed up, so that no single answer can be told."
    )


def _hand_over(instrument: Instrument, domains: Sequence[DomainView]) -> tuple[Step, ...]:
    advice = {entry.domain: entry.hand_over for entry in instrument.advice}
    rated = [(domain, _own_or_team(domain.ceo_operator, domain.team_operator)) for domain in domains]
    found = [
        (domain, value) for domain, value in rated if value is not None and value >= MIDDLE and domain.id in advice
    ]
    found.sort(key=lambda pair: -pair[1])
    return tuple(
        Step(d.label, advice[d.id].label, advice[d.id].to, advice[d.id].action, v) for d, v in found[:FIRST_STEPS]
    )


def _take_up(instrument: Instrument, domains: Sequence[DomainView]) -> tuple[Step, ...]:
    advice = {entry.domain: entry.take_up for entry in instrument.advice}
    rated = [(domain, _own_or_team(domain.ceo_champion, domain.team_champion)) for domain in domains]
    found = [
        (domain, value) for domain, value in rated if value is not None and value <= MIDDLE and domain.id in advice
    ]
    found.sort(key=lambda pair: pair[1])
    return tuple(Step(d.label, advice[d.id].label, "CEO", advice[d.id].action, v) for d, v in found[:FIRST_STEPS])


def _own_or_team(own: int | None, team: float | None) -> int | None:
    """Return the CEO's answer, or the leaders' mean as a whole step where the CEO gave none."""
    if own is not None:
        return own
    return None if team is None else round(team)
