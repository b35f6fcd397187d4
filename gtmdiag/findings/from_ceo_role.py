"""Findings on the CEO's role."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult, Reading
from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first
from gtmdiag.findings.finding import Confidence, Finding, Severity
from gtmdiag.instruments.schema import VerdictRule
from gtmdiag.trail import Sentence, Trail

_SEVERITY: dict[str, Severity] = {
    "champion": "strength",
    "champion_unproven": "low",
    "hands_on": "medium",
    "operator": "high",
    "absent": "critical",
    "self_running": "medium",
}
# Running the model is expected of an early company's CEO.
_SEVERITY_EARLY: dict[str, Severity] = {"hands_on": "low", "operator": "low"}

KEY_SENTENCES = 3
"""Of the CEO's own view, the verdict, its meaning and the indices stand for all; the rest is in the chapter."""


def ceo_role_findings(result: ChampionOperatorResult, lacking: Collection[str] = ()) -> Iterator[Finding]:
    """Yield the verdict on the CEO's role, the blind spots and a difference between the CEO's and leaders' verdicts.

    ``lacking`` names those of council and steward that are known not to be in place: nothing can be handed to them yet.
    """
    reading = result.ceo if result.ceo is not None and result.ceo.verdict is not None else result.team
    if reading is not None and reading.verdict is not None:
        yield _verdict(result, reading, lacking)
    if result.ceo is not None and result.team is not None:
        yield from _blind_spots(result)
        yield from _difference(result, result.ceo, result.team)


def _verdict(result: ChampionOperatorResult, reading: Reading, lacking: Collection[str]) -> Finding:
    verdict = reading.verdict
    assert verdict is not None
    early = _SEVERITY_EARLY if result.stage.stage == "early" else {}
    confidence, because = _confidence(result, reading)
    said = tuple(sentence for sentence in result.ceo_says[:KEY_SENTENCES] if sentence.text != verdict.meaning)
    return Finding(
        id="champion_operator.verdict",
        severity=early.get(verdict.id, _SEVERITY[verdict.id]),
        claim=verdict.meaning,
        evidence=said + result.leaders_say[:1],
        confidence=confidence,
        because=because,
        owner="CEO",
        next_step=result.stage_step or _first_step(result, verdict, lacking),
    )


def _first_step(result: ChampionOperatorResult, verdict: VerdictRule, lacking: Collection[str]) -> str:
    if not result.hand_over or verdict.id not in ("operator", "hands_on"):
        return verdict.next
    step = result.hand_over[0]
    if step.to in lacking:
        return (
            f"{'Name a steward' if step.to == 'steward' else 'Seat a council'} first. Then: {lower_first(step.action)}"
        )
    return step.action


def _confidence(result: ChampionOperatorResult, reading: Reading) -> tuple[Confidence, str]:
    if reading.borderline:
        return "low", "the verdict is borderline"
    if result.ceo is None:
        return "low", f"{count(reading.n, 'leader')} answered, but not the CEO"
    if result.team is None:
        return "medium", "it is the CEO's own view alone"
    agree = result.team.verdict is not None and result.team.verdict == reading.verdict
    leaders = count(result.team.n, "leader")
    return ("high", f"the CEO and {leaders} agree") if agree else ("medium", f"the CEO and {leaders} do not agree")


def _blind_spots(result: ChampionOperatorResult) -> Iterator[Finding]:
    spots = [domain.label.lower() for domain in result.blind_spots]
    if not spots or result.team is None:
        return
    sides = ("champion", "operator")
    inputs = tuple(f"{result.instrument}.{domain.id}.{side}" for domain in result.blind_spots for side in sides)
    text = (
        f"{capital(listed(spots))}: the CEO is at least one step more favourable than most leaders and than their mean."
    )
    yield Finding(
        id="champion_operator.blind_spots",
        severity="medium",
        claim=f"The CEO sees {count(len(spots), 'domain')} more favourably than the leaders do.",
        evidence=(Sentence(text, Trail("blind spot by domain", "suite", inputs, result.team.n)),),
        confidence="medium",
        because=f"{count(result.team.n, 'leader')} answered; a perception is not a measurement",
        owner="CEO",
        next_step="Ask the leaders for one recent example in each of these domains, and listen first.",
    )


def _difference(result: ChampionOperatorResult, ceo: Reading, team: Reading) -> Iterator[Finding]:
    if ceo.verdict is None or team.verdict is None or ceo.verdict.id == team.verdict.id:
        return
    evidence = tuple(s for s in result.sentences if s.trail.n is not None)
    yield Finding(
        id="champion_operator.two_views",
        severity="medium",
        claim=f"The CEO describes {_named(ceo)}, the leaders {_named(team)}.",
        evidence=evidence,
        confidence="medium",
        because=f"one CEO and {count(team.n, 'leader')} answered",
        owner="CEO",
        next_step="Go through the two profiles together before any other change to the CEO's role.",
    )


def _named(reading: Reading) -> str:
    assert reading.verdict is not None
    return f"“{reading.verdict.label.lower()}”"
