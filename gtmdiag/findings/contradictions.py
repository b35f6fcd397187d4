"""Contradictions, shown as such: between respondents, between claim and evidence, and between sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gtmdiag.diagnostics.marketing.words import shown
from gtmdiag.diagnostics.numbers import count, listed, lower_first
from gtmdiag.diagnostics.operating_model.words import accountable_item
from gtmdiag.diagnostics.ownership_altitude import OwnershipAltitudeResult
from gtmdiag.diagnostics.ownership_altitude.positions import OWNER
from gtmdiag.findings.results import Results
from gtmdiag.instruments.operating_rules import plain
from gtmdiag.instruments.synthesis_rules import SynthesisRules
from gtmdiag.trail import Sentence, Trail

Between = Literal["respondents", "claim and evidence", "sources"]
SHARED = "gut_check.lead_definition.distributed"
DIFFER = "ownership_altitude.seams.lead_definitions"


@dataclass(frozen=True)
class Contradiction:
    """Two statements that do not go together, and how to read or settle them."""

    id: str
    between: Between
    title: str
    one: Sentence
    other: Sentence
    reading: str


def contradictions(results: Results, rules: SynthesisRules) -> tuple[Contradiction, ...]:
    """Return every contradiction that the results show."""
    return (*_respondents(results), *_claims(results), *_sources(results, rules))


def _respondents(results: Results) -> Iterator[Contradiction]:
    role = results.champion_operator
    if role is not None and role.ceo is not None and role.team is not None:
        ceo, team, team_n = role.ceo.verdict, role.team.verdict, role.team.n
        if ceo is not None and team is not None and ceo.id != team.id:
            yield Contradiction(
                "ceo_role",
                "respondents",
                "The CEO and the leaders describe two roles",
                _verdict(f"The CEO's own answers: {lower_first(ceo.label)}.", ceo.source, role.ceo_says[0], 1),
                _verdict(f"The leaders' answers: {lower_first(team.label)}.", team.source, role.leaders_say[0], team_n),
                "Go through the two profiles together; neither is the truth by itself.",
            )
    if results.ownership_altitude is not None:
        yield from _owners(results.ownership_altitude)
    yield from _blind(results)
    marketing = results.marketing
    if marketing is not None and marketing.apart:
        widest = marketing.apart[0]
        trail = marketing.gap_says[0].trail
        yield Contradiction(
            "marketing",
            "respondents",
            "Marketing and sales see one marketing differently",
            Sentence(f"{widest.label}, by marketing: {shown(widest.marketing)} of 100.", trail),
            Sentence(f"{widest.label}, by sales: {shown(widest.sales)} of 100.", trail),
            "Ask each side for one recent example.",
        )


def _verdict(text: str, source: str, said: Sentence, n: int) -> Sentence:
    return Sentence(text, Trail("verdict on the CEO's role", source, said.trail.inputs, n))


def _owners(altitude: OwnershipAltitudeResult) -> Iterator[Contradiction]:
    ownership = altitude.ownership
    if ownership is None or ownership.ceo is None:
        return
    named = [one for one in ownership.positions if one.names == ownership.ceo.names]
    others = len(ownership.positions) - len(named)
    if others * 2 > len(ownership.positions) - 1 and others:
        trail = Trail("declared positions on the owner", "GJ", (OWNER,), len(ownership.positions))
        yield Contradiction(
            "owner",
            "respondents",
            "The CEO names another owner than most leaders do",
            Sentence(f"The CEO says: {lower_first(ownership.ceo.answer)}.", trail),
            Sentence(f"{_leaders(others, len(ownership.positions) - 1)} something else.", trail),
            "Settle in writing who owns the model.",
        )


def _leaders(some: int, n: int) -> str:
    if n == 1:
        return "The one leader who answered says"
    return f"{some} of {n} leaders say"


def _blind(results: Results) -> Iterator[Contradiction]:
    operating = results.operating_model
    if operating is None:
        return
    named = {plain(handoff.label): handoff.name for handoff in operating.handoffs}
    for row in operating.blind:
        own = next(
            (
                one
                for one in operating.owners
                if plain(one.activity) in (plain(row.label), plain(named.get(plain(row.label), "")))
            ),
            None,
        )
        if row.disagree and not row.holder and own is not None and len(own.accountable) == 1 and not own.unowned:
            trail = Trail("ownership map filled in apart", "suite", (accountable_item(row),), len(row.accountable))
            owners = dict.fromkeys(lower_first(position.answer) for position in row.accountable)
            yield Contradiction(
                f"owner_{row.id}",
                "claim and evidence",
                f"{row.label}: the map names one owner, people name several",
                Sentence(f"The ownership map says: {own.accountable[0]}.", trail),
                Sentence(f"Asked apart, people say: {listed(list(owners))}.", trail),
                "Read the map out where all are present, and correct what is wrong.",
            )


def _claims(results: Results) -> Iterator[Contradiction]:
    operating, altitude, gut = results.operating_model, results.ownership_altitude, results.gut_check
    over = [layer for layer in operating.layers if layer.overclaimed] if operating is not None else []
    if operating is not None and over:
        words = operating.maturity_words
        claimed = listed([f"{lower_first(one.label)} {one.claimed:.1f}".replace(".0", "") for one in over])
        proven = listed([f"{lower_first(one.label)} {one.evidenced} ({words[one.evidenced]})" for one in over])
        items = tuple(f"{operating.instrument}.{one.id}.claimed" for one in over)
        trail = Trail("claimed against evidenced maturity", "suite", (*items, "operating_model.yaml, artefacts"))
        yield Contradiction(
            "maturity",
            "claim and evidence",
            f"More is claimed than documents prove for {count(len(over), 'layer')}",
            Sentence(f"Claimed, of 4: {claimed}.", trail),
            Sentence(f"Proven, of 4: {proven}.", trail),
            "Ask for the document, its date and its last use.",
        )
    if altitude is not None and altitude.ownership is not None and altitude.ownership.in_practice:
        lacking = [one for one in altitude.institution.parts if one.in_place is False]
        if lacking:
            items = tuple(f"{altitude.instrument}.{one.id}.in_place" for one in lacking)
            n = len(altitude.ownership.positions)
            yield Contradiction(
                "in_practice",
                "claim and evidence",
                "Ownership in practice, without its parts",
                Sentence(
                    "Most say that the CEO owns the model in practice.", Trail("declared positions", "GJ", (OWNER,), n)
                ),
                Sentence(
                    f"Not in place: {listed([lower_first(one.label) for one in lacking])}.",
                    Trail("parts of the institution", "GJ", items),
                ),
                "Build what is missing, or say that ownership is in name.",
            )
    if gut is not None and altitude is not None:
        yield from _definitions(results)


def _definitions(results: Results) -> Iterator[Contradiction]:
    """Yield a shared definition of a lead that is claimed in one place and denied in another."""
    gut, altitude = results.gut_check, results.ownership_altitude
    assert gut is not None
    assert altitude is not None
    rail = next((one for one in gut.guard_rails if one.item == SHARED and one.danger is False), None)
    signs = [one for mode in altitude.modes if mode.id == "seams" for one in mode.evidence]
    if rail is not None and signs and signs[0].seen:
        yield Contradiction(
            "lead_definition",
            "claim and evidence",
            "One definition of a lead, or several",
            Sentence(f"{rail.label}: {rail.answer}.", Trail("guard-rail of the structure", "suite", (SHARED,))),
            Sentence(f"{signs[0].text} {signs[0].answer}.", Trail("sign of a failure mode", "GJ", (DIFFER,))),
            "Put the definitions in use beside each other.",
        )


def _sources(results: Results, rules: SynthesisRules) -> Iterator[Contradiction]:
    gut = results.gut_check
    holds = {
        "centralized": gut is not None and gut.side == "centralized",
        "marketing": results.marketing is not None and results.ownership_altitude is not None,
    }
    for conflict in rules.conflicts:
        if holds[conflict.when]:
            trail = Trail("two sources side by side", conflict.one.source, ("synthesis_rules.yaml, conflicts",))
            other = Trail("two sources side by side", conflict.other.source, ("synthesis_rules.yaml, conflicts",))
            yield Contradiction(
                conflict.id,
                "sources",
                conflict.title,
                Sentence(conflict.one.text, trail),
                Sentence(conflict.other.text, other),
                conflict.reading,
            )
