"""The leaders' answers as a group: verdicts are pooled, never questions; the anonymity rule holds."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.diagnostics.gut_check.readings import counting_rule, read
from gtmdiag.diagnostics.gut_check.result import GuardRail, Question
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.schema import Instrument, Item
from gtmdiag.instruments.scoring import Answers

STRUCTURES = ("centralized", "distributed")


def leaders_sides(
    instrument: Instrument, leaders: Sequence[Answers], rule: AnonymityRule
) -> tuple[tuple[str, int], ...] | None:
    """Return how many leaders come out on each side, ``"open"`` included; None where the group is too small.

    The minimum holds for those who come out on a side: beside the number of open ones, theirs could be told.
    """
    found = [read(instrument, one).side or "open" for one in leaders]
    if not rule.may_show_score(len(found) - found.count("open")):
        return None
    return tuple((side, found.count(side)) for side in (*STRUCTURES, "open"))


def most_leaders(sides: tuple[tuple[str, int], ...] | None) -> str | None:
    """Return the side of more than half of the leaders, or None."""
    if sides is None:
        return None
    total = sum(n for _, n in sides)
    return next((side for side, n in sides if side in STRUCTURES and 2 * n > total), None)


def questions(
    instrument: Instrument, ceo: Answers | None, leaders: Sequence[Answers], rule: AnonymityRule
) -> tuple[Question, ...]:
    """Return the five questions with the CEO's answer, and the leaders' where shown."""
    return tuple(
        _question(instrument, item, ceo or {}, leaders, rule)
        for item in instrument.items_of(counting_rule(instrument).facet)
    )


def _question(
    instrument: Instrument, item: Item, ceo: Answers, leaders: Sequence[Answers], rule: AnonymityRule
) -> Question:
    given = [str(one[item.id]) for one in leaders if item.id in one]
    share = given.count("yes") / len(given) if rule.may_show_score(len(given)) else None
    own = ceo.get(item.id)
    return Question(
        id=item.id,
        text=item.self_,
        label=instrument.domain_label(item.domain),
        ceo=None if own is None else instrument.scale_of(item).label(own),
        n=len(given),
        leaders_yes=share,
        agreement=None if share is None or not rule.may_show_spread(len(given)) else max(share, 1 - share),
    )


def guard_rails(
    instrument: Instrument, ceo: Answers | None, leaders: Sequence[Answers], rule: AnonymityRule
) -> tuple[GuardRail, ...]:
    """Return the guard-rails of both structures as the CEO sees them; where the CEO does not say, as the leaders do."""
    return tuple(
        _guard_rail(instrument, item, structure, ceo or {}, leaders, rule)
        for structure in STRUCTURES
        for item in instrument.items_of(structure)
    )


def _guard_rail(
    instrument: Instrument,
    item: Item,
    structure: str,
    ceo: Answers,
    leaders: Sequence[Answers],
    rule: AnonymityRule,
) -> GuardRail:
    scale, label = instrument.scale_of(item), instrument.domain_label(item.domain)
    dangers = {option.value for option in scale.options if option.danger}
    own = ceo.get(item.id)
    if own is not None:
        return GuardRail(item.id, structure, item.self_, label, f"“{scale.label(own)}” (CEO)", own in dangers)
    given = [one[item.id] for one in leaders if item.id in one]
    if not rule.may_show_score(len(given)):
        return GuardRail(item.id, structure, item.self_, label, "not answered", None)
    seen = sum(value in dangers for value in given)
    return GuardRail(
        item.id,
        structure,
        item.self_,
        label,
        f"{seen} of {len(given)} leaders see a danger",
        2 * seen > len(given),
    )
