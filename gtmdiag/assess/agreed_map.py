"""The map of ownership as answers: what most people say today, what was agreed, and one as the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from gtmdiag.diagnostics.ownership_altitude.positions import OWNER
from gtmdiag.engagement.schema import Agreed, Rights
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import Instrument, Value

SIDES = ("designs", "decides")
"""What one may do with a decision, from left to right on the map."""


def map_rows(instrument: Instrument) -> dict[str, list[str]]:
    """Return the items that place each decision by its name, one for each of `SIDES`, in the order of the map."""
    return {
        instrument.domain_label(one.decision): [f"{instrument.id}.{one.decision}.{side}" for side in SIDES]
        for one in instrument.requirements
    }


def map_items(instrument: Instrument) -> list[str]:
    """Return the items that place the owner and the decisions, in the order of the map."""
    return [OWNER, *(item for row in map_rows(instrument).values() for item in row)]


def question(instrument: Instrument, item_id: str) -> tuple[str, list[tuple[str, Value]]]:
    """Return what an item of the map is called, and its answers: wording and value."""
    item = instrument.item(item_id)
    assert item is not None
    side = item.facet if item.facet in SIDES else ""
    label = f"{instrument.domain_label(item.domain)}{': ' if side else ''}{side}"
    return label, [(option.label, option.value) for option in instrument.scale_of(item).options]


def most_say(instrument: Instrument, given: Sequence[Response]) -> dict[str, Value]:
    """Return the answer of more than half of those who answered, for each item that has one."""
    found: dict[str, Value] = {}
    for item in map_items(instrument):
        counts = Counter(one.answers[item] for one in given if item in one.answers)
        for value, n in counts.most_common(1):
            if 2 * n > counts.total():
                found[item] = value
    return found


def agreed_of(instrument: Instrument, answers: Mapping[str, Value]) -> Agreed:
    """Return answers as what client.yaml keeps; the inverse of `answers_of`."""

    def said(item: str) -> str | None:
        value = answers.get(item)
        return None if value is None else str(value)

    decisions = {
        one.decision: Rights(**{side: said(f"{instrument.id}.{one.decision}.{side}") for side in SIDES})
        for one in instrument.requirements
    }
    return Agreed(owner=said(OWNER), decisions=decisions)


def answers_of(instrument: Instrument, agreed: Agreed) -> dict[str, Value]:
    """Return what was agreed as answers; what the instrument does not know is left out."""
    said = {OWNER: agreed.owner}
    for decision, rights in agreed.decisions.items():
        said |= {f"{instrument.id}.{decision}.{side}": getattr(rights, side) for side in SIDES}
    allowed = {item: {value for _, value in question(instrument, item)[1]} for item in map_items(instrument)}
    return {item: value for item, value in said.items() if value is not None and value in allowed.get(item, ())}
