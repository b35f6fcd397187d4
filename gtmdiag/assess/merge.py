"""Put two records of one person's answers together, answer by answer: the later one counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from gtmdiag.engagement.schema import Answers, InstrumentAnswers, Prediction
from gtmdiag.instruments.schema import Value


@dataclass(frozen=True)
class Cell:
    """One answer: its value (None: cleared), the comment beside it and its time, where known."""

    value: Value | None
    comment: str
    at: datetime | None

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return self.value is None and not self.comment


@dataclass(frozen=True)
class Merged:
    """Two records as one.

    Attributes
    ----------
    answers
        The result.
    added, replaced
        Ids of items that had no answer before, and of those whose earlier answer gave way.
    outdated
        Ids of items whose incoming answer is older than the stored one, which stays.
    loses
        Whether something of the stored record is not in the result: its version before must be kept.
    """

    answers: Answers
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    outdated: tuple[str, ...]
    loses: bool


def merge(stored: Answers | None, incoming: Answers) -> Merged:
    """Return both records as one; of two different answers to one item the later one counts, at one time the incoming.

    An answer without a time is older than any with one. ``saved_at`` is the incoming one's.
    """
    if stored is None:
        return Merged(incoming, tuple(item for part in incoming.answers.values() for item in part.items), (), (), False)
    before = {item: cell for part in stored.answers.values() for item, cell in cells(part).items()}
    added: list[str] = []
    replaced: list[str] = []
    outdated: list[str] = []
    loses = False
    parts = dict(stored.answers)
    for name, given in incoming.answers.items():
        taken: dict[str, Cell] = {}
        for item, cell in cells(given).items():
            old = before.get(item)
            if old is None or old.empty:
                taken[item] = cell
                if not cell.empty:
                    added.append(item)
            elif (old.value, old.comment) == (cell.value, cell.comment):
                continue
            elif _later(cell.at, old.at):
                taken[item] = cell
                replaced.append(item)
                # A comment that was only written on is not lost.
                loses = loses or cell.value != old.value or not cell.comment.startswith(old.comment)
            else:
                outdated.append(item)
        parts[name] = _joined(stored.answers.get(name), given, taken)
    prediction, prediction_lost = _prediction(stored.prediction, incoming.prediction)
    answers = Answers(
        role=stored.role,
        saved_at=incoming.saved_at,
        submitted=_submitted(stored, incoming, changed=bool(added or replaced)),
        prediction=prediction,
        answers=parts,
    )
    return Merged(answers, tuple(added), tuple(replaced), tuple(outdated), loses or prediction_lost)


def cells(part: InstrumentAnswers) -> dict[str, Cell]:
    """Return the answers of one instrument by item id; a comment without an answer is one too."""
    items = dict.fromkeys((*part.items, *part.comments))
    return {item: Cell(part.items.get(item), part.comments.get(item, ""), part.at.get(item)) for item in items}


def part_of(version: str | None, hash_: str | None, found: Mapping[str, Cell]) -> InstrumentAnswers:
    """Return the answers of one instrument; the inverse of `cells`."""
    return InstrumentAnswers(
        version=version,
        hash=hash_,
        items={item: cell.value for item, cell in found.items()},
        comments={item: cell.comment for item, cell in found.items() if cell.comment},
        at={item: cell.at for item, cell in found.items() if cell.at is not None},
    )


def utc(moment: datetime) -> datetime:
    """Return a time in UTC; one without an offset is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _joined(stored: InstrumentAnswers | None, given: InstrumentAnswers, taken: Mapping[str, Cell]) -> InstrumentAnswers:
    """Return the stored answers with those that were taken; the version is that of what was answered last."""
    if stored is None:
        return part_of(given.version, given.hash, taken)
    known = given if taken and given.hash else stored
    return part_of(known.version, known.hash, {**cells(stored), **taken})


def _later(incoming: datetime | None, stored: datetime | None) -> bool:
    if stored is None or incoming is None:
        return stored is None
    return utc(incoming) >= utc(stored)


def _submitted(stored: Answers, incoming: Answers, *, changed: bool) -> datetime | None:
    """Return when the person was last done: not any more after an answer that changed since."""
    if incoming.submitted is None:
        return None if changed else stored.submitted
    return max(utc(one) for one in (stored.submitted, incoming.submitted) if one is not None)


def _prediction(stored: Prediction | None, incoming: Prediction | None) -> tuple[Prediction | None, bool]:
    """Return the later prediction, and whether an earlier one gave way."""
    if incoming is None or stored is None:
        return incoming or stored, False
    if (stored.stage, stored.rate) == (incoming.stage, incoming.rate) or not _later(incoming.at, stored.at):
        return stored, False
    return incoming, True
