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
IN_PRACTICE, NEW_LEADER = "ceo_in_practice", "new_marketing_leader"
UNOWNED, BUSINESS = "nobody", "business"


def ownership(instrument: Instrument, responses: Sequence[Response]) -> Ownership | None:
    """Return who owns the model as declared, or None where nobody answered. Classes: GJ; shares: suite method."""
    found = positions(instrument, OWNER, responses)
    if not found:
        return None
    named = Counter(position.names for position in found if position.level != UNOWNED)
    ceo = [response for response in responses if response.role == "ceo"]
    in_practice = sum(position.value == IN_PRACTICE for position in found)
    in_name = sum(position.level == BUSINESS for position in found) - in_practice
    return Ownership(
        positions=found,
        ceo=next(iter(positions(instrument, OWNER, ceo)), None),
        owners=tuple(sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))),
        unowned=sum(position.level == UNOWNED for position in found),
        level=majority(found),
        in_practice=True if 2 * in_practice > len(found) else False if in_name > in_practice else None,
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
    return Position(role, value, option.label, option.name or option.label, option.level)


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
        holder, n = Counter(position.names for position in found).most_common(1)[0] if found else ("", 0)
        holder = holder if 2 * n > len(found) else ""
        return Side(found, level, holder, required, near, _judgement(found, level, required, rungs))

    label = instrument.domain_label(requirement.decision)
    note = requirement.note if stage.stage == "mature" else ""
    return Decision(requirement.decision, label, note, side("designs"), side("decides"))


def _judgement(found: Sequence[Position], level: str | None, required: str | None, rungs: list[str]) -> Judgement:
    if not found:
        return "not answered"
    if level is None:
        return "disputed"
    if required is None:
        return "no stage"
    height = rungs.index(level) - rungs.index(required)
    return "fits" if height == 0 else "too high" if height > 0 else "too low"
