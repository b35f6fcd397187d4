"""What one person's answers come to, as blocks: for a consultant, while answers change, never for a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gtmdiag.assess.operating_views import marketing_view, operating_view
from gtmdiag.diagnostics import champion_operator, ownership_altitude
from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.gut_check.readings import base_rate, counting_rule, read
from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first, span
from gtmdiag.diagnostics.ownership_altitude import Judgement, OwnershipAltitudeResult
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.operating_model import OperatingModel
from gtmdiag.engagement.schema import Client
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Answers, Index
from gtmdiag.report.blocks import Block, Group, Headline, Notice, Tile, Tiles
from gtmdiag.report.figures import role_quadrant
from gtmdiag.report.ownership_figures import TONES, decision_map, ownership_ladder

_CEO = "ceo"


def role_view(instrument: Instrument, answers: Answers, stage: CompanyStage, role: str) -> Group:
    """Return where one person's answers put the CEO: verdict, indices, what would change it, the quadrant."""
    # One person's own view is asked for, which the diagnostic gives of the CEO's answers only.
    result = champion_operator.diagnose(instrument, [Response("", _CEO, answers)], stage, AnonymityRule())
    if result is None or result.ceo is None:
        return Group((Notice("neutral", instrument.title, "Nothing is answered yet."),))
    reading = result.ceo
    possible = [instrument.verdict(one).label.lower() for one in reading.possible]
    sub = f"Still possible: {listed(possible)}." if len(possible) > 1 else ""
    if reading.fragility is not None:
        sub = f"{capital(count(reading.fragility.steps, 'step'))} of one answer each would change it."
    verdict = "open" if reading.verdict is None else lower_first(reading.verdict.label)
    indices = (("Champion practice", reading.champion), ("Operator habit", reading.operator))
    tiles = tuple(
        Tile(label, _index(index), "high from 50 up") for label, index in (*indices, ("Autonomy", reading.autonomy))
    )
    blocks: list[Block] = [Headline(f"The CEO's role: {verdict}", level=4, sub=sub), Tiles(tiles)]
    if reading.balance is None:
        blocks.append(Notice("neutral", "No quadrant yet", "It is drawn from three quarters of the answers on."))
    seen = result if role == _CEO else replace(result, ceo=None, team=reading)
    figure = role_quadrant(seen)
    return Group((*blocks, figure) if figure is not None else tuple(blocks))


def gut_view(instrument: Instrument, answers: Answers) -> Group:
    """Return one person's verdict on one leader or several, its margin, and which answers would flip it."""
    reading = read(instrument, answers)
    asked = len(instrument.items_of(counting_rule(instrument).facet))
    flips = [lower_first(instrument.domain_label(item.split(".")[1])) for item in reading.flips]
    if reading.side is None:
        verdict, sub = "open", f"{capital(count(reading.needed, 'more yes', 'more yes'))} would point to one leader."
    else:
        verdict = "one leader" if reading.side == "centralized" else "several leaders"
        sub = f"One other answer flips it: {listed(flips)}." if flips else "No single answer flips it."
    if reading.side == "centralized" and reading.prerequisite != "met":
        sub += f" The prerequisite, a strong second line, is {reading.prerequisite}."
    points, patterns = base_rate(instrument)
    margin = "–" if reading.margin is None else "Nil" if not reading.margin else str(reading.margin)
    tiles = (
        Tile("Yes", f"{reading.yes} of {asked}", "two or more: one leader"),
        Tile("Margin", margin, "answers to spare", "warn" if reading.margin == 0 else "neutral"),
        Tile("Base rate", f"{points} of {patterns}", "patterns that say one leader"),
    )
    return Group((Headline(f"Who should run go-to-market: {verdict}", level=4, sub=sub), Tiles(tiles)))


def altitude_view(
    instrument: Instrument, answers: Answers, stage: CompanyStage, client: Client, role: str, caption: str = ""
) -> Group:
    """Return at which level one person, or one plan, puts the model and its decisions: counts, ladder, map."""
    response = Response("", role, answers)
    result = ownership_altitude.diagnose(instrument, [response], stage, client.company.ownership, AnonymityRule())
    if result is None:
        return Group((Notice("neutral", instrument.title, "Nothing is answered yet."),))
    figures = (ownership_ladder(result), decision_map(result))
    shown = tuple(replace(figure, caption=caption) for figure in figures if figure is not None)
    owner = "open" if result.ownership is None else lower_first(result.short(result.ownership.level))
    headline = Headline(f"Who owns the model: {owner}", level=4, sub="It belongs at business level.")
    tiles = tuple(_altitude_tiles(result))
    return Group((headline, *([Tiles(tiles)] if tiles else []), *shown))


@dataclass(frozen=True)
class About:
    """Whose answers are followed, of which client, and what they are held against."""

    client: Client
    role: str
    stage: CompanyStage
    model: OperatingModel | None
    as_of: date


def person_views(
    instruments: Sequence[Instrument], answers: Mapping[str, Answers], about: About
) -> Iterator[tuple[str, Group]]:
    """Yield the view of each packaged instrument, by id; a consultant's own are reported but not followed live."""
    stage, role = about.stage, about.role
    for instrument in instruments:
        given = answers.get(instrument.id, {})
        if instrument.id == "champion_operator":
            yield instrument.id, role_view(instrument, given, stage, role)
        elif instrument.id == "gut_check":
            yield instrument.id, gut_view(instrument, given)
        elif instrument.id == "ownership_altitude":
            yield instrument.id, altitude_view(instrument, given, stage, about.client, role)
        elif instrument.id == "operating_model":
            yield instrument.id, operating_view(instrument, given, role, about.model, about.as_of)
        elif instrument.id == "marketing":
            yield instrument.id, marketing_view(instrument, given, role)


def _altitude_tiles(result: OwnershipAltitudeResult) -> Iterator[Tile]:
    sides = 2 * len(result.decisions)
    for judgement, tone in TONES.items():
        number = len(result.sides(judgement))
        if number:
            yield Tile(f"Rights that {_VERBS[judgement]}", f"{number} of {sides}", "by what the stage asks", tone)


_VERBS: Mapping[Judgement, str] = {
    "fits": "fit",
    "too low": "sit too low",
    "too high": "sit too high",
    "disputed": "are disputed",
}


def _index(index: Index) -> str:
    return "–" if index.low is None or index.high is None else span(index.low, index.high)
