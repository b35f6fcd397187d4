"""From answers to indices and verdicts, for any instrument. Missing answers are never values: they widen bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from gtmdiag.instruments.schema import IndexRule, Instrument, Item, Level, Value, VerdictRule

Answers = Mapping[str, Value]
"""Valid answers by item id; an item that is absent, or answered "don't know", is missing."""


@dataclass(frozen=True)
class Index:
    """An index with what the missing answers leave open.

    Attributes
    ----------
    id, label
        From the instrument.
    low, high
        Value if all missing answers were the lowest, or the highest; equal when none is missing. ``mean`` indices run
        from 0 to 100, ``count`` indices from 0 to the number of items. None when too few items were answered.
    answered, items
        Number of items answered and asked.
    """

    id: str
    label: str
    low: float | None
    high: float | None
    answered: int
    items: int

    @property
    def complete(self) -> bool:
        """Whether no answer is missing."""
        return self.answered == self.items

    def sides(self, high_from: float) -> tuple[Level, ...]:
        """Return the sides of the threshold on which the index may lie: both where its bounds do not agree."""
        if self.low is None or self.high is None or self.low < high_from <= self.high:
            return "high", "low"
        return ("high",) if self.low >= high_from else ("low",)


@dataclass(frozen=True)
class Scored:
    """All indices of one set of answers, and the verdicts that they allow.

    ``verdict`` is None where the missing answers decide; ``possible`` then names the verdicts still open, or is empty
    where an index on which they turn has too few answers.
    """

    indices: tuple[Index, ...]
    verdict: str | None
    possible: tuple[str, ...]

    def index(self, index_id: str) -> Index:
        """Return the index with this id."""
        return next(index for index in self.indices if index.id == index_id)


def score(instrument: Instrument, answers: Answers) -> Scored:
    """Score one respondent's answers.

    Parameters
    ----------
    instrument
        The questionnaire, with its indices and verdict rules.
    answers
        Valid answers by item id; missing ones are left out.
    """
    indices = tuple(pooled_index(instrument, rule, (answers,)) for rule in instrument.indices)
    verdict, possible = judge(
        instrument, answers, lambda whole: [pooled_index(instrument, rule, (whole,)) for rule in instrument.indices]
    )
    return Scored(indices, verdict, possible)


def pooled_index(instrument: Instrument, rule: IndexRule, group: Sequence[Answers]) -> Index:
    """Return an index of a group, from the answers of all its members to each item.

    It is the mean of the items' means (with bounds for missing answers), so that it tells nothing about a member
    that the items' means do not tell. Suite method.
    """
    items = instrument.items_of(rule.facet)
    asked = len(items) * len(group)
    answered = sum(item.id in one for one in group for item in items)
    if not asked or answered < Fraction(str(rule.complete_from)) * asked:
        return Index(rule.id, rule.label, None, None, answered, asked)
    bounds = [_bounds(instrument, rule, item, one) for one in group for item in items]
    # Fractions, so that an index that is 50 in truth is not 49.999… here.
    scale = Fraction(100, asked) if rule.method == "mean" else Fraction(1, len(group))
    low, high = (float(scale * sum(side)) for side in zip(*bounds, strict=True))
    return Index(rule.id, rule.label, low, high, answered, asked)


def judge(
    instrument: Instrument, answers: Answers, indices: Callable[[Answers], Sequence[Index]]
) -> tuple[str | None, tuple[str, ...]]:
    """Return the verdict, and the verdicts that some completion of the missing answers would give.

    Parameters
    ----------
    instrument
        The questionnaire.
    answers
        Answers to the items that verdicts ask for by name; a missing one is tried with every option.
    indices
        The indices that go with such answers. One with too few answers may lie on either side of its threshold.

    Returns
    -------
    tuple[str | None, tuple[str, ...]]
        The verdict, or None where completions differ; and the verdicts still open, in the order of the rules, empty
        where an index on which they turn has too few answers.
    """
    needed = [rule for rule in instrument.indices if any(rule.id in verdict.when for verdict in instrument.verdicts)]
    reached: set[str | None] = set()
    too_few = False
    for whole in _completions(instrument, answers):
        found = {index.id: index for index in indices(whole)}
        too_few = too_few or any(found[rule.id].low is None for rule in needed)
        sides = [found[rule.id].sides(rule.high_from) for rule in needed]
        for levels in product(*sides):
            level_of: dict[str, Level] = {rule.id: level for rule, level in zip(needed, levels, strict=True)}
            verdict = first_verdict(instrument, level_of, whole)
            reached.add(None if verdict is None else verdict.id)
    if len(reached) == 1 and None not in reached:
        return next(iter(reached)), tuple(str(one) for one in reached)
    return None, () if too_few else tuple(rule.id for rule in instrument.verdicts if rule.id in reached)


def value_of(instrument: Instrument, item: Item, answers: Answers) -> int | None:
    """Return an ordinal answer with its polarity applied, or None where it is missing."""
    value = answers.get(item.id)
    if value is None:
        return None
    scale = instrument.scale_of(item)
    return int(value) if item.polarity == "positive" else scale.lowest + scale.highest - int(value)


def first_verdict(
    instrument: Instrument, levels: Mapping[str, Level], answers: Mapping[str, Value]
) -> VerdictRule | None:
    """Return the first verdict whose conditions hold for index levels and answers, all of them known."""
    for rule in instrument.verdicts:
        indices_hold = all(levels.get(index_id) == level for index_id, level in rule.when.items())
        if indices_hold and all(answers.get(item_id) in allowed for item_id, allowed in rule.answers.items()):
            return rule
    return None


def _bounds(instrument: Instrument, rule: IndexRule, item: Item, answers: Answers) -> tuple[Fraction, Fraction]:
    """Return what one answer adds at least and at most: a share of its scale, or whether it is the one counted."""
    if item.id not in answers:
        return Fraction(0), Fraction(1)
    if rule.method == "count":
        share = Fraction(str(answers[item.id]) == rule.counts)
    else:
        scale, value = instrument.scale_of(item), value_of(instrument, item, answers)
        assert value is not None
        share = Fraction(value - scale.lowest, scale.highest - scale.lowest)
    return share, share


def _completions(instrument: Instrument, answers: Answers) -> Iterator[Answers]:
    """Yield the answers with every choice for the missing items that verdicts ask for by name."""
    named = {item_id for verdict in instrument.verdicts for item_id in verdict.answers}
    missing = [item for item in instrument.items if item.id in named and item.id not in answers]
    options = [[option.value for option in instrument.scale_of(item).options] for item in missing]
    for values in product(*options):
        yield {**answers, **{item.id: value for item, value in zip(missing, values, strict=True)}}
