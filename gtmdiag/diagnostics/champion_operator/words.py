"""What the diagnostic says, each sentence with its trail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.champion_operator.readings import ROOM
from gtmdiag.diagnostics.champion_operator.result import DomainView, Reading
from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.numbers import capital, count, listed, span
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Index
from gtmdiag.trail import Sentence, Trail


def ceo_sentences(instrument: Instrument, reading: Reading, stage: CompanyStage) -> Iterator[Sentence]:
    """Yield what the CEO's own answers say."""
    items = tuple(item.id for item in instrument.items)
    answered = sum(index.answered for index in _indices(reading)) + (reading.room is not None)
    if reading.verdict is not None:
        trail = Trail("verdict from three indices and the room test", "suite", items, answered)
        yield Sentence(f"The CEO's own answers read as: {reading.verdict.label.lower()}.", trail)
        yield Sentence(reading.verdict.meaning, trail)
    else:
        yield Sentence(
            _open(instrument, reading), Trail("no verdict while missing answers decide", "suite", items, answered)
        )
    yield Sentence(
        f"On scales from 0 to 100, where 50 and more is high, champion practice is {_value(reading.champion)}, "
        f"operator habit {_value(reading.operator)} and the autonomy of the model {_value(reading.autonomy)} "
        f"({answered} of {len(items)} questions answered).",
        Trail("100·(mean − 1)/4 of five-point answers", "suite", items, answered),
    )
    yield from _how_firm(reading, items)
    if reading.verdict is not None:
        yield from _stage_words(instrument, reading.verdict.id, stage)


def team_sentences(
    instrument: Instrument, ceo: Reading | None, team: Reading, stage: CompanyStage
) -> Iterator[Sentence]:
    """Yield what the leaders' answers say as a group, beside the CEO's."""
    items = tuple(item.id for item in instrument.items)
    who = capital(count(team.n, "leader"))
    trail = Trail("the leaders' means against the same thresholds", "suite", items, team.n)
    if team.verdict is not None:
        same = ceo is not None and ceo.verdict is not None and ceo.verdict.id == team.verdict.id
        also = "also " if same else ""
        yield Sentence(f"{who}, asked about the CEO, {also}describe: {team.verdict.label.lower()}.", trail)
    else:
        yield Sentence(f"{who}, asked about the CEO, leave the verdict open: {_open(instrument, team)}", trail)
    if team.verdict is not None and (ceo is None or ceo.verdict is None):
        yield from _stage_words(instrument, team.verdict.id, stage)
    room = instrument.item(ROOM)
    if room is not None and ceo is not None and ceo.room != team.room and ceo.room and team.room:
        scale = instrument.scale_of(room)
        yield Sentence(
            f"Would the model run for four weeks without the CEO? The CEO says “{scale.label(ceo.room).lower()}”; the "
            f"leaders' middle answer is “{scale.label(team.room).lower()}”.",
            Trail("room test", "suite", (ROOM,), team.n),
        )


def blind_spot_sentence(instrument: Instrument, domains: Sequence[DomainView], team: Reading) -> Iterator[Sentence]:
    """Yield the blind spots, or that there is none, where a domain of the CEO's and the leaders' can be compared."""
    compared = [domain for domain in domains if domain.blind_spot is not None]
    if not compared:
        return
    spots = [domain.label.lower() for domain in compared if domain.blind_spot]
    names = {domain.id for domain in compared}
    trail = Trail(
        "CEO at least one step more favourable than most leaders and than their mean",
        "suite",
        tuple(item.id for item in instrument.items if item.domain in names),
        team.n,
    )
    if spots:
        noun = "Blind spot" if len(spots) == 1 else "Blind spots"
        text = (
            f"{noun}: {listed(spots)}. Here the CEO's own view is at least one step more favourable than that of most "
            "leaders and than their mean."
        )
    else:
        text = (
            f"No blind spot in the {count(len(compared), 'domain')} compared: nowhere is the CEO's own view a full "
            "step more favourable than both that of most leaders and their mean."
        )
    yield Sentence(text, trail)


def _indices(reading: Reading) -> tuple[Index, Index, Index]:
    return reading.champion, reading.operator, reading.autonomy


def _value(index: Index) -> str:
    if index.low is None or index.high is None:
        return f"not stated ({index.answered} of {index.items} answered)"
    return span(index.low, index.high)


def _open(instrument: Instrument, reading: Reading) -> str:
    short = [index for index in _indices(reading) if index.low is None]
    if short:
        parts = [f"{index.label.lower()} ({index.answered} of {index.items})" for index in short]
        return f"No verdict: too few questions are answered on {listed(parts)}; three in four are needed."
    names = [instrument.verdict(verdict_id).label.lower() for verdict_id in reading.possible]
    return f"No verdict yet: the missing answers decide between {listed(names)}."


def _how_firm(reading: Reading, items: tuple[str, ...]) -> Iterator[Sentence]:
    if reading.fragility is None:
        return
    steps = reading.fragility.steps
    moves = [
        f"{move.what.lower()} {move.direction}" + (f" by {move.steps}" if len(reading.fragility.moves) > 1 else "")
        for move in reading.fragility.moves
    ]
    changes = "a single answer moved by one step" if steps == 1 else f"{count(steps, 'step')} on single answers"
    if reading.borderline:
        text = f"This is borderline: {changes} would change the verdict ({listed(moves)})."
    else:
        text = f"It would take at least {changes} to change the verdict ({listed(moves)})."
    yield Sentence(text, Trail("least number of one-step changes of answers", "suite", items))


def _stage_words(instrument: Instrument, verdict: str, stage: CompanyStage) -> Iterator[Sentence]:
    for shown in stage.shown:
        words = next((w for w in instrument.stage_words if w.stage == shown and verdict in w.verdicts), None)
        if words is not None:
            text = words.near_text if shown == stage.near and words.near_text else words.text
            yield Sentence(text, Trail("what the role means at this stage", words.source, stage.sentence.trail.inputs))
