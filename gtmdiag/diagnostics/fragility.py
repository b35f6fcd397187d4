"""How little would have to change for a verdict to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from gtmdiag.instruments.schema import IndexRule, Instrument, Level, Value
from gtmdiag.instruments.scoring import Answers, Scored, first_verdict, value_of


@dataclass(frozen=True)
class Move:
    """One index or item that would have to move: its wording, the direction and the number of one-step changes."""

    what: str
    direction: str
    steps: int


@dataclass(frozen=True)
class Fragility:
    """The least number of one-step changes of answers that would change a verdict, and where they would lie."""

    steps: int
    moves: tuple[Move, ...]
    verdict: str


def fragility(instrument: Instrument, scored: Scored, answers: Answers) -> Fragility | None:
    """Return the fragility of a verdict that rests on means, or None where none is named or none other can be reached.

    A one-step change moves one answer to the next value of its scale. Missing answers count where they make the
    change easiest. Suite method.
    """
    needed = {index_id for rule in instrument.verdicts for index_id in rule.when}
    rules = [rule for rule in instrument.indices if rule.id in needed]
    if scored.verdict is None or any(rule.method == "count" for rule in rules):
        return None
    choices = [list(_level_costs(instrument, rule, answers)) for rule in rules]
    items = sorted({item_id for rule in instrument.verdicts for item_id in rule.answers})
    options = [list(_option_costs(instrument, item_id, answers.get(item_id))) for item_id in items]
    best: Fragility | None = None
    for levels in product(*choices):
        for values in product(*options):
            moves = tuple(move for _, _, move in (*levels, *values) if move.steps)
            steps = sum(move.steps for move in moves)
            if best is not None and steps >= best.steps:
                continue
            level_of: Mapping[str, Level] = {index_id: level for index_id, level, _ in levels}
            verdict = first_verdict(instrument, level_of, {item_id: value for item_id, value, _ in values})
            if verdict is not None and verdict.id != scored.verdict:
                best = Fragility(steps, moves, verdict.id)
    return best


def _level_costs(instrument: Instrument, rule: IndexRule, answers: Answers) -> Iterator[tuple[str, Level, Move]]:
    """Yield the levels that an index can have with the one-step changes that each would take."""
    directions: tuple[tuple[Level, str], ...] = (("low", "down"), ("high", "up"))
    for level, direction in directions:
        steps = _steps(instrument, rule, answers, level)
        if steps is not None:
            yield rule.id, level, Move(rule.label, direction, steps)


def _steps(instrument: Instrument, rule: IndexRule, answers: Answers, level: Level) -> int | None:
    """Return the fewest one-step changes after which an index has a level; None where no answers give it."""
    items = instrument.items_of(rule.facet)
    total, changes = Fraction(), list[Fraction]()
    for item in items:
        scale, value = instrument.scale_of(item), value_of(instrument, item, answers)
        easiest = scale.lowest if level == "low" else scale.highest
        value = easiest if value is None else value
        step = Fraction(1 if level == "high" else -1, scale.highest - scale.lowest)
        total += Fraction(value - scale.lowest, scale.highest - scale.lowest)
        changes += [step] * abs(easiest - value)
    for steps, change in enumerate([Fraction(), *sorted(changes, key=abs, reverse=True)]):
        total += change
        if (float(Fraction(100, len(items)) * total) >= rule.high_from) == (level == "high"):
            return steps
    return None


def _option_costs(instrument: Instrument, item_id: str, given: Value | None) -> Iterator[tuple[str, Value, Move]]:
    """Yield every answer to an item with the one-step changes from the answer given; none is needed when missing."""
    item = instrument.item(item_id)
    assert item is not None, item_id
    values = [option.value for option in instrument.scale_of(item).options]
    label = instrument.domain_label(item.domain)
    for position, value in enumerate(values):
        steps = 0 if given is None else abs(position - values.index(given))
        yield item_id, value, Move(label, f"to “{instrument.scale_of(item).label(value)}”", steps)
