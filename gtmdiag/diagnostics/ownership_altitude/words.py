"""What the diagnostic says, each sentence with its trail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.numbers import count, lower_first
from gtmdiag.diagnostics.ownership_altitude.institution import INDEX
from gtmdiag.diagnostics.ownership_altitude.positions import NEW_LEADER, OWNER
from gtmdiag.diagnostics.ownership_altitude.result import (
    Decision,
    Judgement,
    Ownership,
    OwnershipAltitudeResult,
    Position,
)
from gtmdiag.instruments.schema import Instrument
from gtmdiag.trail import Sentence, Trail


def owner_sentences(
    instrument: Instrument, result: OwnershipAltitudeResult, private_equity: bool
) -> Iterator[Sentence]:
    """Yield who owns the model, and what the stage and the company's owners add."""
    if result.ownership is not None:
        yield from _ownership(result.ownership)
    yield from _stage(instrument, result)
    if private_equity:
        yield Sentence(
            "The company is owned by private equity, where the model is often handed to one function: a risk, not a "
            "finding.",
            Trail("ownership as a risk flag", "suite", ("client.yaml, company.ownership",)),
        )


def _ownership(ownership: Ownership) -> Iterator[Sentence]:
    n = len(ownership.positions)
    trail = Trail("who owns the model, asked of each apart", "GJ", (OWNER,), n)
    yield Sentence(f"Asked who owns the go-to-market model, {_answered(ownership, n)}.", trail)
    if ownership.ceo is not None and n > 1:
        yield from _beside_the_ceo(ownership, ownership.ceo, trail)
    if NEW_LEADER in {position.value for position in ownership.positions}:
        yield Sentence(
            "A marketing leader who is being hired would inherit the mandate without authority over the other "
            "functions.",
            trail,
        )
    told = {
        "nobody": "Most name no owner; a leadership team without written decision rights counts as none.",
        "function": "Most place the model with a function, a layer collapse: it shrinks to that function's plan.",
        "steward": "Most place the model with the steward, who should run it but not own it.",
        "council": "Most place the model with the council, which should design it but not own it.",
        "business": f"Most place the model at business level{_how(ownership)}.",
    }
    yield Sentence(told.get(ownership.level or "", "There is no majority on the level at which it is owned."), trail)


def _answered(ownership: Ownership, n: int) -> str:
    people, verb = count(n, "respondent"), "names" if n == 1 else "name"
    if not ownership.owners:
        return f"{people} {verb} no owner"
    (first, named), *others = ((lower_first(owner), named) for owner, named in ownership.owners)
    if named == n:
        return f"{people} {verb} {first}" if n == 1 else f"{people} all name {first}"
    unowned = f"{ownership.unowned} of {n} ({ownership.unowned_share:.0%}) name none" if ownership.unowned else ""
    if not others:
        return f"{named} of {n} ({ownership.most_named_share:.0%}) name {first}; {unowned}"
    most = f"{people} name {count(len(ownership.owners), 'different owner')}: "
    if named == others[0][1]:
        most += f"none is named by more than {named} ({ownership.most_named_share:.0%})"
    else:
        most += f"{named} of {n} ({ownership.most_named_share:.0%}) name {first}"
    return f"{most}, and {unowned}" if unowned else most


def _beside_the_ceo(ownership: Ownership, ceo: Position, trail: Trail) -> Iterator[Sentence]:
    leaders = len(ownership.positions) - 1
    same = sum(position.names == ceo.names for position in ownership.positions) - 1
    if leaders == 1:
        agree = "The leader who answered says " + ("the same" if same else "otherwise")
    else:
        agree = f"Of {count(leaders, 'leader')}, {count(same, 'names', 'name') if same else 'none names'} the same"
    yield Sentence(f"The CEO says: {lower_first(ceo.answer)}. {agree}.", trail)


def _how(ownership: Ownership) -> str:
    if ownership.in_practice is None:
        return ", though not by a majority in practice"
    return ", with council, steward, cadence and decision rights" if ownership.in_practice else ", in name only"


def _stage(instrument: Instrument, result: OwnershipAltitudeResult) -> Iterator[Sentence]:
    yield result.stage.sentence
    for shown in result.stage.shown:
        words = next((words for words in instrument.stage_words if words.stage == shown), None)
        if words is not None:
            text = words.text if shown == result.stage.stage else f"Past the edge: {words.text}"
            yield Sentence(text, Trail("who owns, designs and runs at this stage", words.source))


def map_sentences(instrument: Instrument, result: OwnershipAltitudeResult) -> Iterator[Sentence]:
    """Yield where the rights to design and to decide sit against what the stage asks."""
    judged = [j for decision in result.decisions for j in (decision.designs.judgement, decision.decides.judgement)]
    answered = sum(judgement not in ("not answered", "no stage") for judgement in judged)
    if not answered:
        return
    inputs = tuple(f"{instrument.id}.{decision.id}" for decision in result.decisions)
    trail = Trail("majority of declared positions against what the stage asks", "suite", inputs, result.respondents)
    fits = judged.count("fits")
    yield Sentence(
        f"Of {count(answered, 'right')} to design or decide, {_number(fits, answered)} {'sit' if fits > 1 else 'sits'} "
        "where the stage asks.",
        trail,
    )
    high = "Too high for the stage" + (", a bottleneck" if result.stage.stage != "early" else "")
    kinds: tuple[tuple[Judgement, str], ...] = (
        ("too low", "Too low for the stage, a layer collapse"),
        ("too high", high),
        ("disputed", "Disputed, with no majority"),
    )
    for judgement, words in kinds:
        found = result.sides(judgement)
        if found:
            yield Sentence(f"{words}: {count(len(found), 'right')} ({named(found)}).", trail)


def named(found: Sequence[tuple[Decision, str]]) -> str:
    """Return the decisions by name, each once."""
    return "; ".join(dict.fromkeys(lower_first(decision.label) for decision, _ in found))


def _number(part: int, whole: int) -> str:
    return "all" if part == whole > 1 else count(part, "").split()[0] if part else "none"


def institution_sentences(instrument: Instrument, result: OwnershipAltitudeResult) -> Iterator[Sentence]:
    """Yield what of the institution is in place, what to build next, and whether a steward may fall back."""
    facet = next(index.facet for index in instrument.indices if index.id == INDEX)
    inputs = tuple(item.id for item in instrument.items_of(facet))
    built = [part for part in result.institution.parts if part.in_place is not None]
    if built:
        there = sum(part.in_place is True for part in built)
        yield Sentence(
            f"Of {count(len(built), 'part')} that make ownership institutional, {_number(there, len(built))} "
            f"{'are' if there > 1 else 'is'} in place.",
            Trail("in place where the CEO and the leaders' mean both say so", "suite", inputs),
        )
    if result.institution.next_part is not None:
        label = lower_first(instrument.domain_label(result.institution.next_part))
        yield Sentence(
            f"Next to build: {label}.", Trail("first part of the build order that is not in place", "suite", inputs)
        )
    if result.institution.steward_risks:
        yield Sentence(
            "The steward may fall back into the home function, which tends to happen within about six months.",
            Trail("signs that a steward falls back", "GJ", ("ownership_altitude.steward_risk",)),
        )
