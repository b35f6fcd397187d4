"""Where the leaders differ most, for a workshop: ranked, and never so that one person's answer can be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, pstdev

from gtmdiag.diagnostics.ownership_altitude.positions import positions
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.folder import Respondent, chosen_wave, read_folder
from gtmdiag.errors import InputError
from gtmdiag.instruments.answers import Response, responses
from gtmdiag.instruments.load import load_all
from gtmdiag.instruments.schema import Instrument, Item, Scale, Value

_MOST_COMMENTS = 12


@dataclass(frozen=True)
class Gap:
    """How far the leaders are apart on one question.

    Attributes
    ----------
    item, question, theme
        The item, its wording for an observer, and its domain.
    n
        Leaders who answered it, the CEO not counted.
    disagreement
        From 0 (all the same) to 1 (as far apart as the scale allows): of an ordinal scale the standard deviation over
        the largest that is possible, of a choice one less the share of the most frequent answer, over the largest
        that is possible.
    typical
        The mean, or the most frequent answer with its share, in words.
    ceo
        The CEO's answer in words; empty where there is none.
    comments
        The leaders' comments in the order of the alphabet; empty below the minimum of people who commented.
    """

    item: str
    question: str
    theme: str
    n: int
    disagreement: float
    typical: str
    ceo: str
    comments: tuple[str, ...]


@dataclass(frozen=True)
class Dispute:
    """A declared position on which the roles differ: pairs of role and answer, and how many answers there are."""

    item: str
    question: str
    positions: tuple[tuple[str, str], ...]
    distinct: int


@dataclass(frozen=True)
class Disagreements:
    """All of one wave.

    ``leaders`` is how many leaders answered anything, ``needed`` how many must have answered a question for it to be
    listed; ``held_back`` is the number of questions for which they were too few.
    """

    gaps: tuple[Gap, ...]
    disputes: tuple[Dispute, ...]
    leaders: int
    needed: int
    held_back: int


def disagreements(root: Path, wave: str = "") -> Disagreements:
    """Return every question on which enough leaders answered, those first on which they differ most. Suite method.

    Raises
    ------
    InputError
        client.yaml, an instrument or an answers file cannot be used.
    MissingError, UsageError
        There is no such engagement or wave.
    """
    folder = read_folder(root)
    instruments, broken = load_all(root)
    errors = [*(one for one in folder.problems if one.severity == "error"), *broken]
    if folder.client is None or errors:
        raise InputError(errors)
    people = folder.waves.get(chosen_wave(folder.waves, wave), ())
    rule = folder.client.anonymity.rule
    given = responses(people, instruments)
    gaps: list[Gap] = []
    disputes: list[Dispute] = []
    held_back = 0
    for instrument in instruments.values():
        for item in instrument.items:
            if any(option.level for option in instrument.scale_of(item).options):
                disputes += _dispute(instrument, item, given[instrument.id])
                continue
            gap = _gap(instrument, item, given[instrument.id], people, rule)
            gaps += [gap] if gap is not None else []
            answered = any(item.id in one.answers for one in given[instrument.id] if one.role != "ceo")
            held_back += gap is None and answered
    gaps.sort(key=lambda gap: (-gap.disagreement, gap.item))
    disputes.sort(key=lambda dispute: (-dispute.distinct, dispute.item))
    leaders = sum(person.role != "ceo" and any(part.items for part in person.answers.values()) for person in people)
    return Disagreements(tuple(gaps), tuple(disputes), leaders, max(rule.spread_minimum, rule.group_minimum), held_back)


def _gap(
    instrument: Instrument,
    item: Item,
    given: Sequence[Response],
    people: Sequence[Respondent],
    rule: AnonymityRule,
) -> Gap | None:
    scale = instrument.scale_of(item)
    values = [one.answers[item.id] for one in given if one.role != "ceo" and item.id in one.answers]
    if not rule.may_show_spread(len(values)):
        return None
    own = next((one.answers.get(item.id) for one in given if one.role == "ceo"), None)
    disagreement, typical = _ordinal(scale, values) if scale.kind == "ordinal" else _choice(scale, values)
    return Gap(
        item.id,
        item.observer or item.self_,
        instrument.domain_label(item.domain),
        len(values),
        disagreement,
        typical,
        "" if own is None else scale.label(own),
        _comments(instrument.id, item.id, people, rule),
    )


def _ordinal(scale: Scale, values: Sequence[Value]) -> tuple[float, str]:
    numbers = [int(value) for value in values]
    middle = mean(numbers)
    return pstdev(numbers) / ((scale.highest - scale.lowest) / 2), f"mean {middle:.1f} of {scale.highest}"


def _choice(scale: Scale, values: Sequence[Value]) -> tuple[float, str]:
    counts = Counter(values)
    value, most = max(counts.items(), key=lambda pair: (pair[1], str(pair[0])))
    share = most / len(values)
    return (1 - share) / (1 - 1 / len(scale.options)), f"{scale.label(value)}, {share:.0%}"


def _comments(instrument: str, item: str, people: Sequence[Respondent], rule: AnonymityRule) -> tuple[str, ...]:
    parts = (person.answers.get(instrument) for person in people if person.role != "ceo")
    said = [comment for part in parts if part is not None and (comment := part.comments.get(item, ""))]
    return tuple(sorted(said)[:_MOST_COMMENTS]) if rule.may_show_spread(len(said)) else ()


def _dispute(instrument: Instrument, item: Item, given: Sequence[Response]) -> list[Dispute]:
    found = positions(instrument, item.id, given)
    distinct = len({position.names for position in found})
    if distinct < 2:
        return []
    told = tuple((position.role, position.answer) for position in found)
    return [Dispute(item.id, item.self_, told, distinct)]
