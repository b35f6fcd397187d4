"""What one person's answers come to, as blocks: for a consultant, while answers change, never for a report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from gtmdiag.diagnostics import champion_operator, ownership_altitude
from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.gut_check.readings import base_rate, counting_rule, read
from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first, span
from gtmdiag.diagnostics.ownership_altitude import Judgement, OwnershipAltitudeResult
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.schema import Client
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Answers, Index
from gtmdiag.report.blocks import Block, Group, Notice, Tile, Tiles, Tone
from gtmdiag.report.figures import role_quadrant
from gtmdiag.report.ownership_figures import decision_map, ownership_ladder

_CEO = "ceo"
_TONES: Mapping[str, Tone] = {"good": "good", "warn": "warn", "bad": "bad"}
_JUDGED: Mapping[Judgement, Tone] = {"fits": "good", "too low": "bad", "too high": "bad", "disputed": "warn"}


def role_view(instrument: Instrument, answers: Answers, stage: CompanyStage, role: str) -> Group:
    """Return where one person's answers put the CEO: verdict, indices, what would change it, the quadrant."""
    # One person's own view is asked for, which the diagnostic gives of the CEO's answers only.
    result = champion_operator.diagnose(instrument, [Response("", _CEO, answers)], stage, AnonymityRule())
    if result is None or result.ceo is None:
        return Group((Notice("neutral", instrument.title, "Nothing is answered yet."),))
    reading = result.ceo
    verdict = reading.verdict
    shown = verdict.label if verdict is not None else "Open"
    possible = [instrument.verdict(one).label.lower() for one in reading.possible]
    note = f"still possible: {listed(possible)}" if len(possible) > 1 else ""
    tiles = [
        Tile("The CEO's role", shown, note, "neutral" if verdict is None else _TONES.get(verdict.tone, "neutral")),
        Tile("Champion practice", _index(reading.champion), "high from 50 up"),
        Tile("Operator habit", _index(reading.operator), "high from 50 up"),
        Tile("Runs without the CEO", _index(reading.autonomy), "high from 50 up"),
    ]
    if reading.fragility is not None:
        steps = count(reading.fragility.steps, "answer")
        tiles.append(Tile("Would change it", capital(steps), "changed by one step each"))
    blocks: list[Block] = [Tiles(tuple(tiles))]
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
        verdict, note = "Open", f"{reading.needed} more yes point to one leader"
        margin = "–"
    else:
        verdict = "One leader" if reading.side == "centralized" else "Several leaders"
        note = reading.verdict.label if reading.verdict is not None else ""
        margin = "Nil" if not reading.margin else str(reading.margin)
    tone: Tone = "warn" if reading.side == "centralized" and reading.prerequisite != "met" else "neutral"
    patterns = base_rate(instrument)
    tiles = (
        Tile("Who should run go-to-market", verdict, note, tone),
        Tile("Yes", f"{reading.yes} of {asked}", "two or more point to one leader"),
        Tile("Margin", margin, "answers to spare before one more flips it"),
        Tile("Second line", capital(reading.prerequisite), "the prerequisite of one leader"),
    )
    flip = f"A change of one answer flips it: {listed(flips)}." if flips else "No single answer flips it."
    weight = f"{patterns[0]} of the {patterns[1]} possible patterns point to one leader, so a yes weighs little."
    return Group((Tiles(tiles), Notice("warn" if flips else "neutral", flip, weight)))


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
    return Group((Tiles(tuple(_altitude_tiles(result))), *shown))


def person_views(
    instruments: Sequence[Instrument], answers: Mapping[str, Answers], stage: CompanyStage, client: Client, role: str
) -> Iterator[tuple[str, Group]]:
    """Yield the view of each instrument that has one, by id; the others are reported but not followed live."""
    for instrument in instruments:
        given = answers.get(instrument.id, {})
        if instrument.id == "champion_operator":
            yield instrument.id, role_view(instrument, given, stage, role)
        elif instrument.id == "gut_check":
            yield instrument.id, gut_view(instrument, given)
        elif instrument.id == "ownership_altitude":
            yield instrument.id, altitude_view(instrument, given, stage, client, role)


def _altitude_tiles(result: OwnershipAltitudeResult) -> Iterator[Tile]:
    ownership = result.ownership
    if ownership is not None:
        yield Tile("Owner of the model", result.short(ownership.level), "it belongs at business level")
    sides = 2 * len(result.decisions)
    for judgement, tone in _JUDGED.items():
        number = len(result.sides(judgement))
        if number:
            yield Tile(f"Rights that {_VERBS[judgement]}", f"{number} of {sides}", "against what the stage asks", tone)


_VERBS: Mapping[Judgement, str] = {
    "fits": "fit",
    "too low": "sit too low",
    "too high": "sit too high",
    "disputed": "are disputed",
}


def _index(index: Index) -> str:
    return "–" if index.low is None or index.high is None else span(index.low, index.high)
