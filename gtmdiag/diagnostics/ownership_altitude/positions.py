"""Declared positions, by role, and what the majority of them says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.ownership_altitude.result import Decision, Judgement, Ownership, Position, Side
from gtmdiag.engagement.roles import known_roles
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import Instrument, Item, Requirement

OWNER = "ownership_altitude.owner.named"
IN_PRACTICE = "ceo_in_practice"
UNOWNED = "nobody"


def ownership(instrument: Instrument, responses: Sequence[Response]) -> Ownership | None:
    """Return who owns the model as declared, or None where nobody answered. Classes: GJ; shares: suite method."""
    found = positions(instrument, OWNER, responses)
    if not found:
        return None
    named = Counter(position.answer for position in found if position.level != UNOWNED)
    order = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))
    in_practice = sum(response.answers.get(OWNER) == IN_PRACTICE for response in responses)
    return Ownership(
        positions=found,
        owners=tuple(order),
        most_named_share=order[0][1] / len(found) if order else 0.0,
        unowned_share=sum(position.level == UNOWNED for position in found) / len(found),
        level=majority(found),
        in_practice=2 * in_practice > len(found),
    )


def decisions(instrument: Instrument, responses: Sequence[Response], stage: CompanyStage) -> tuple[Decision, ...]:
    """Return the decision map: who designs and decides today, against what the stage asks."""
    rungs = [altitude.id for altitude in instrument.altitudes]
    return tuple(_decision(instrument, one, responses, stage, rungs) for one in instrument.requirements)


def positions(instrument: Instrument, item_id: str, responses: Sequence[Response]) -> tuple[Position, ...]:
    """Return the answers to one item by role, in the order of the roles."""
    item = instrument.item(item_id)
    if item is None:
        return ()
    roles = known_roles()
    given = [response for response in responses if item_id in response.answers]
    given.sort(key=lambda response: list(roles).index(response.role))
    return tuple(_position(instrument, item, response, roles[response.role].label) for response in given)


def majority(found: Sequence[Position]) -> str | None:
    """Return the altitude that more than half of the positions name, or None."""
    counts = Counter(position.level for position in found)
    level, most = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
    return level if 2 * most > len(found) else None


def _position(instrument: Instrument, item: Item, response: Response, role: str) -> Position:
    value = response.answers[item.id]
    option = next(option for option in instrument.scale_of(item).options if option.value == value)
    return Position(role, option.label, option.level)


def _decision(
    instrument: Instrument,
    requirement: Requirement,
    responses: Sequence[Response],
    stage: CompanyStage,
    rungs: list[str],
) -> Decision:
    def side(name: str) -> Side:
        found = positions(instrument, f"{instrument.id}.{requirement.decision}.{name}", responses)
        asked = [getattr(requirement.at(shown), name) for shown in stage.shown]
        level = majority(found)
        required = asked[0] if asked else None
        near = asked[1] if len(asked) > 1 and asked[1] != asked[0] else None
        return Side(found, level, required, near, _judgement(found, level, required, rungs))

    label = instrument.domain_label(requirement.decision)
    return Decision(requirement.decision, label, requirement.note, side("designs"), side("decides"))


def _judgement(found: Sequence[Position], level: str | None, required: str | None, rungs: list[str]) -> Judgement:
    if not found:
        return "not answered"
    if level is None:
        return "disputed"
    if required is None:
        return "no stage"
    height = rungs.index(level) - rungs.index(required)
    return "fits" if height == 0 else "too high" if height > 0 else "too low"
