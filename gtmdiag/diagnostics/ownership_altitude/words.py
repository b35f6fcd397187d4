"""What the diagnostic says, each sentence with its trail."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first
from gtmdiag.diagnostics.ownership_altitude.positions import OWNER
from gtmdiag.diagnostics.ownership_altitude.result import Judgement, Ownership, OwnershipAltitudeResult
from gtmdiag.instruments.schema import Instrument
from gtmdiag.trail import Sentence, Trail


def sentences(instrument: Instrument, result: OwnershipAltitudeResult, private_equity: bool) -> Iterator[Sentence]:
    """Yield who owns the model, where decisions sit against the stage, and what the stage and the owners add."""
    if result.ownership is not None:
        yield from _ownership(result.ownership)
    yield from _stage(instrument, result)
    yield from _map(instrument, result)
    if private_equity:
        yield Sentence(
            "The company is owned by private equity, where the model is often handed to one function: a risk, not a "
            "finding.",
            Trail("ownership as a risk flag", "suite", ("client.yaml, company.ownership",)),
        )
    yield from _institution(instrument, result)


def _ownership(ownership: Ownership) -> Iterator[Sentence]:
    n = len(ownership.positions)
    trail = Trail("who owns the model, asked of each apart", "GJ", (OWNER,), n)
    people = count(n, "respondent")
    if not ownership.owners:
        yield Sentence(f"Asked who owns the go-to-market model, {people} name no owner.", trail)
    elif len(ownership.owners) == 1 and ownership.most_named_share == 1:
        yield Sentence(
            f"Asked who owns the go-to-market model, {people} name the same: {ownership.owners[0][0]}.", trail
        )
    else:
        owners = count(len(ownership.owners), "different owner")
        text = f"Asked who owns the go-to-market model, {people} name {owners}; {ownership.most_named_share:.0%} name "
        text += f"the most-named, {ownership.owners[0][0]}"
        text += f", and {ownership.unowned_share:.0%} name nobody." if ownership.unowned_share else "."
        yield Sentence(text, trail)
    if ownership.level == "function":
        yield Sentence("Most place the model with one function: a layer collapse.", trail)
    elif ownership.level == "nobody":
        yield Sentence("Most name nobody; a leadership team without written decision rights counts as nobody.", trail)
    elif ownership.level == "business":
        how = "with council, steward, cadence and decision rights" if ownership.in_practice else "in name only"
        yield Sentence(f"Most place the model at business level, {how}.", trail)
    elif ownership.level is None:
        yield Sentence("There is no majority on the level at which the model is owned.", trail)


def _stage(instrument: Instrument, result: OwnershipAltitudeResult) -> Iterator[Sentence]:
    yield result.stage.sentence
    for shown in result.stage.shown:
        words = next((words for words in instrument.stage_words if words.stage == shown), None)
        if words is not None:
            text = words.text if shown == result.stage.stage else f"Past the edge: {words.text}"
            yield Sentence(text, Trail("who owns, designs and runs at this stage", words.source))


def _map(instrument: Instrument, result: OwnershipAltitudeResult) -> Iterator[Sentence]:
    judged = [j for decision in result.decisions for j in (decision.designs.judgement, decision.decides.judgement)]
    answered = sum(judgement not in ("not answered", "no stage") for judgement in judged)
    if not answered:
        return
    inputs = tuple(f"{instrument.id}.{decision.id}" for decision in result.decisions)
    trail = Trail("majority of declared positions against what the stage asks", "suite", inputs, result.respondents)
    fits = judged.count("fits")
    yield Sentence(
        f"Of {answered} design and decision rights that were answered, {fits} sit where the stage asks.", trail
    )
    kinds: tuple[tuple[Judgement, str], ...] = (
        ("too low", "Too low for the stage, a layer collapse"),
        ("too high", "Too high for the stage, a bottleneck"),
        ("disputed", "Disputed, with no majority"),
    )
    for judgement, words in kinds:
        found = result.sides(judgement)
        if found:
            names = listed(list(dict.fromkeys(lower_first(decision.label) for decision, _ in found)))
            yield Sentence(f"{words}: {len(found)} ({names}).", trail)


def _institution(instrument: Instrument, result: OwnershipAltitudeResult) -> Iterator[Sentence]:
    inputs = tuple(item.id for item in instrument.items_of(instrument.indices[0].facet))
    built = [part for part in result.institution.parts if part.in_place is not None]
    if built:
        there = sum(part.in_place is True for part in built)
        yield Sentence(
            f"{capital(count(there, 'part'))} of {len(built)} that make ownership institutional "
            f"{'is' if there == 1 else 'are'} in place.",
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
