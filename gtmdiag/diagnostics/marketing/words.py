"""What the marketing diagnostic says, each sentence with its trail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.marketing.result import APART, Capability, Pillar, Side
from gtmdiag.diagnostics.numbers import capital, count, listed, lower_first, span
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Index
from gtmdiag.trail import Sentence, Trail


def gap_sentences(
    instrument: Instrument, pillars: Sequence[Pillar], marketing: Side, sales: Side
) -> Iterator[Sentence]:
    """Yield where marketing and sales see a pillar differently, the widest difference first."""
    compared = [one for one in pillars if one.gap is not None]
    if not compared:
        return
    n = marketing.n + sales.n
    basis = "declared positions" if "declared" in (marketing.shown, sales.shown) else "both as groups"
    apart = [one for one in compared if abs(one.gap or 0) >= APART]
    for one in sorted(apart, key=lambda pillar: -abs(pillar.gap or 0)):
        assert one.gap is not None
        better, worse = ("Marketing", "sales") if one.gap > 0 else ("Sales", "marketing")
        text = (
            f"{one.label}: {better} sees it {abs(one.gap):.0f} points better than {worse} does "
            f"(marketing {shown(one.marketing)}, sales {shown(one.sales)}; {basis})."
        )
        yield Sentence(text, Trail("one side's index against the other's", "suite", _inputs(instrument, one), n))
    if not apart:
        text = (
            f"Marketing and sales see {count(len(compared), 'pillar')} alike, within one step of the scale ({basis})."
        )
        inputs = tuple(item for one in compared for item in _inputs(instrument, one))
        yield Sentence(text, Trail("one side's index against the other's", "suite", inputs, n))


def pillar_sentences(instrument: Instrument, pillars: Sequence[Pillar]) -> Iterator[Sentence]:
    """Yield each pillar that is low, or that they all stand."""
    known = [one for one in pillars if one.low is not None]
    for one in known:
        if one.low:
            views = [("marketing", one.marketing), ("sales", one.sales)]
            told = listed([f"{shown(view)} by {side}" for side, view in views if view is not None])
            trail = Trail("index of a pillar below 50", "suite", _inputs(instrument, one))
            yield Sentence(f"{one.label} is weak: {told}, of 100.", trail)
    if known and not any(one.low for one in known):
        inputs = tuple(item for one in known for item in _inputs(instrument, one))
        told = count(len(known), "pillar")
        told = f"All {told}" if len(known) == len(pillars) else f"{capital(told)} of {len(pillars)}"
        text = f"{told} stand at 50 or above."
        yield Sentence(text, Trail("index of a pillar at 50 or above", "suite", inputs))
    ceo = [one for one in pillars if one.ceo is not None and one.ceo.low is not None]
    if ceo:
        told = listed([f"{lower_first(one.label)} {shown(one.ceo)}" for one in ceo])
        yield Sentence(
            f"The CEO's own view, of 100: {told}.",
            Trail("index of a pillar", "suite", tuple(item for one in ceo for item in _inputs(instrument, one)), 1),
        )


def capability_sentences(capabilities: Sequence[Capability]) -> Iterator[Sentence]:
    """Yield each capability that is missing, with who says so."""
    for one in capabilities:
        if one.missing:
            told = [f"{view.missing} of {view.n} in {view.side}" for view in one.views]
            told += ["the CEO"] if one.ceo and not told else []
            inputs = (f"marketing.{one.id}.gap",)
            n = sum(view.n for view in one.views) or None
            yield Sentence(
                f"Missing: {lower_first(one.label)}, as {listed(told)} say. {one.meaning}",
                Trail("capability that is often missing", one.source, inputs, n),
            )


def withheld(marketing: Side, sales: Side, minimum: int) -> str:
    """Return why a side is not shown, or an empty text."""
    told = [
        f"{side.label}: {count(side.n, 'answer')}, and not everyone agreed to be shown by role"
        for side in (marketing, sales)
        if side.shown == "withheld"
    ]
    told += [f"{side.label}: nobody has answered" for side in (marketing, sales) if side.shown == "absent"]
    return f"{'; '.join(told)}. A side is shown from {minimum} respondents up." if told else ""


def shown(index: Index | None) -> str:
    """Return an index in words: ``"62"``, ``"50–66"``, ``"not shown"``."""
    if index is None or index.low is None or index.high is None:
        return "not shown"
    return span(index.low, index.high)


def _inputs(instrument: Instrument, pillar: Pillar) -> tuple[str, ...]:
    facet = next(rule.facet for rule in instrument.indices if rule.id == pillar.id)
    return tuple(item.id for item in instrument.items_of(facet))
