"""What the gut check says, each sentence with its trail."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.gut_check.readings import SECOND_LINE, counting_rule, reasons_to_wait
from gtmdiag.diagnostics.gut_check.result import Change, Reading
from gtmdiag.diagnostics.numbers import capital, count, listed
from gtmdiag.instruments.schema import Instrument
from gtmdiag.trail import Sentence, Trail

Sides = tuple[tuple[str, int], ...] | None


def sentences(
    instrument: Instrument,
    ceo: Reading | None,
    sides: Sides,
    side: str | None,
    present: str | None,
    change: Change,
) -> Iterator[Sentence]:
    """Yield what the gut check says, from the verdict to what to do with today's structure."""
    items = tuple(item.id for item in instrument.items_of(counting_rule(instrument).facet))
    if ceo is not None:
        yield _verdict(ceo, items)
        yield from _prerequisite(ceo)
    if sides is not None:
        counts = [f"{n} for {_structure(instrument, name)}" for name, n in sides if name != "open" and n]
        open_ones = dict(sides)["open"]
        counts += [f"{open_ones} still open"] if open_ones else []
        leaders = sum(n for _, n in sides)
        text = f"Of {count(leaders, 'leader')} who answered, each judged apart: {listed(counts)}."
        yield Sentence(
            text, Trail("each respondent's own verdict; verdicts are pooled, never questions", "suite", items, leaders)
        )
    yield from _structure_words(instrument, ceo, side, present, change)


def caveats(instrument: Instrument, ceo: Reading | None, base_rate: tuple[int, int]) -> Iterator[Sentence]:
    """Yield how firm the result is, and how much a yes weighs."""
    items = tuple(item.id for item in instrument.items_of(counting_rule(instrument).facet))
    if ceo is not None:
        yield from _firmness(instrument, ceo, items)
    yield Sentence(
        f"How much a yes weighs: {base_rate[0]} of the {base_rate[1]} possible answer patterns point to one leader, so "
        "the check leans that way by itself.",
        Trail("all answer patterns counted against the threshold", "suite", items),
    )


def _verdict(ceo: Reading, items: tuple[str, ...]) -> Sentence:
    answered = len(items) - ceo.unanswered
    told = f"The CEO answers yes to {ceo.yes} of {len(items)} questions"
    if ceo.side is None:
        text = (
            f"{told} and leaves {count(ceo.unanswered, 'question')} open: {ceo.needed} more yes would point to one "
            "leader, so there is no verdict yet."
        )
        return Sentence(text, Trail("two or more yes: consider centralizing", "CD", items, answered))
    if ceo.verdict is not None:
        return Sentence(
            f"{told}. {ceo.verdict.meaning} {ceo.verdict.next}",
            Trail("two or more yes: consider centralizing", ceo.verdict.source, items, answered),
        )
    text = f"{told}: consider running go-to-market under one leader, such as a CRO."
    return Sentence(text, Trail("two or more yes: consider centralizing", "CD", items, answered))


def _firmness(instrument: Instrument, ceo: Reading, items: tuple[str, ...]) -> Iterator[Sentence]:
    if ceo.margin is None:
        return
    trail = Trail("distance of the count from the threshold", "suite", items)
    names = [_label(instrument, item_id).lower() for item_id in ceo.flips]
    if names:
        yield Sentence(f"The margin is nil: one other answer would flip the result ({listed(names)}).", trail)
    elif ceo.margin == 0:
        yield Sentence("The margin is nil: one other answer would leave the result open.", trail)
    else:
        text = f"{capital(count(ceo.margin + 1, 'answer'))} would have to change before the result flips."
        yield Sentence(text, trail)


def _prerequisite(ceo: Reading) -> Iterator[Sentence]:
    if ceo.prerequisite == "unknown":
        yield Sentence(
            "Prerequisite unknown: whether strong second-line leaders are affordable is not answered.",
            Trail("one leader needs a strong second line", "suite", (SECOND_LINE,)),
        )


def _structure_words(
    instrument: Instrument, ceo: Reading | None, side: str | None, present: str | None, change: Change
) -> Iterator[Sentence]:
    origin = ("client.yaml, company.gtm_structure",)
    trail = Trail("verdict against today's structure, with prerequisite and margin", "suite", origin)
    if side is not None and present is None:
        yield Sentence("Today's structure is not given in client.yaml, so nothing is said on changing it.", trail)
    if side is None or present is None:
        return
    today = f"Today go-to-market is run by {_structure(instrument, present)}"
    if change == "keep":
        yield Sentence(f"{today}, which fits: keep the structure.", trail)
    elif change == "change":
        yield Sentence(f"{today}; the answers point to {_structure(instrument, side)}: plan the change.", trail)
    else:
        why = listed(reasons_to_wait(ceo, side))
        yield Sentence(f"{today}; the answers point to {_structure(instrument, side)}, but {why}: change later.", trail)


def _structure(instrument: Instrument, structure_id: str) -> str:
    return next(part.label for part in instrument.structures if part.id == structure_id)


def _label(instrument: Instrument, item_id: str) -> str:
    item = instrument.item(item_id)
    return instrument.domain_label(item.domain) if item is not None else item_id
