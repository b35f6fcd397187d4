"""Score the CEO's own answers, and the leaders' as a group."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.diagnostics.champion_operator.result import Reading
from gtmdiag.diagnostics.fragility import fragility
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Answers, judge, pooled_index, score

ROOM = "champion_operator.four_weeks_away.room"


def ceo_reading(instrument: Instrument, answers: Answers) -> Reading:
    """Return the CEO's own reading."""
    scored = score(instrument, answers)
    how_fragile = fragility(instrument, scored, answers)
    room = answers.get(ROOM)
    return Reading(
        n=1,
        champion=scored.index("champion"),
        operator=scored.index("operator"),
        autonomy=scored.index("autonomy"),
        room=None if room is None else str(room),
        verdict=None if scored.verdict is None else instrument.verdict(scored.verdict),
        possible=scored.possible,
        fragility=how_fragile,
        borderline=how_fragile is not None and how_fragile.steps <= instrument.borderline_steps,
    )


def team_reading(instrument: Instrument, leaders: Sequence[Answers], rule: AnonymityRule) -> Reading | None:
    """Return the leaders' reading, or None where an item has answers of too few of them to be shown.

    An item with one or two answers would let their mean be had from the index and the other items' means.
    """
    needed = [item.id for index in instrument.indices for item in instrument.items_of(index.facet)]
    counts = [sum(item_id in one for one in leaders) for item_id in needed]
    if not rule.may_show_score(len(leaders)) or not all(rule.may_show_score(n) for n in counts):
        return None
    indices = {index.id: pooled_index(instrument, index, leaders) for index in instrument.indices}
    room = _middle_room(instrument, leaders, rule)
    verdict, possible = judge(
        instrument, {} if room is None else {ROOM: room}, lambda _: [indices[rule.id] for rule in instrument.indices]
    )
    return Reading(
        n=len(leaders),
        champion=indices["champion"],
        operator=indices["operator"],
        autonomy=indices["autonomy"],
        room=room,
        verdict=None if verdict is None else instrument.verdict(verdict),
        possible=possible,
        fragility=None,
        borderline=False,
    )


def _middle_room(instrument: Instrument, leaders: Sequence[Answers], rule: AnonymityRule) -> str | None:
    """Return the middle answer to the room test (the less favourable one where two share the middle)."""
    item = instrument.item(ROOM)
    assert item is not None
    order = [option.value for option in instrument.scale_of(item).options]
    given = sorted(order.index(one[ROOM]) for one in leaders if ROOM in one)
    return str(order[given[len(given) // 2]]) if rule.may_show_score(len(given)) else None
