"""Hold what a respondent wrote against the instruments: which answers are valid, and every one that is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gtmdiag.engagement.folder import Respondent
from gtmdiag.errors import Problem, did_you_mean, shorten
from gtmdiag.instruments.crosswalk import has_crosswalk, present_answers, present_id
from gtmdiag.instruments.schema import Instrument, Scale, Value

DONT_KNOW = "dont_know"
"""Allowed for every item; counted as missing."""


@dataclass(frozen=True)
class Response:
    """One respondent's valid answers to one instrument, by item id; missing answers are left out."""

    respondent: str
    role: str
    answers: Mapping[str, Value]


def responses(
    respondents: tuple[Respondent, ...], instruments: Mapping[str, Instrument]
) -> dict[str, tuple[Response, ...]]:
    """Return the responses to each instrument, in the order of the respondents."""
    found: dict[str, list[Response]] = {name: [] for name in instruments}
    for respondent in respondents:
        for name, given in respondent.answers.items():
            instrument = instruments.get(name)
            if instrument is None:
                continue
            present = present_answers(instrument, given)
            valid = {
                item.id: value
                for item in instrument.items
                if (value := present.get(item.id)) is not None and is_allowed(instrument.scale_of(item), value)
            }
            if valid:
                found[name].append(Response(respondent.id, respondent.role, valid))
    return {name: tuple(those) for name, those in found.items()}


def check_answers(
    respondent: Respondent, instruments: Mapping[str, Instrument], *, unknown_allowed: bool = False
) -> Iterator[Problem]:
    """Tell every instrument, item and answer of one file that does not exist or lies outside its scale.

    ``unknown_allowed`` passes over instruments that are not known, for when a file that may define one is broken.
    """
    for name, given in respondent.answers.items():
        instrument = instruments.get(name)
        if instrument is None and unknown_allowed:
            continue
        if instrument is None:
            known = list(instruments)
            yield _problem(respondent, (name,), shorten(name), f"an instrument: {', '.join(known)}", name, known)
            continue
        if given.hash and given.hash != instrument.hash and not has_crosswalk(instrument, given.version):
            yield Problem(
                respondent.file,
                respondent.located.place(("answers", name, "hash")),
                f"answers to another version (version {given.version or 'unknown'}, hash {given.hash[:12]})",
                f"version {instrument.version} (hash {instrument.hash[:12]})",
                "Items with the same id are scored; compare the two versions before you compare results.",
                "warning",
            )
        known = [item.id for item in instrument.items]
        for item_id, value in given.items.items():
            present = present_id(instrument, given.version, item_id)
            if present is None:
                continue
            item = instrument.item(present)
            if item is None:
                allowed = f"an item of {name}, such as {known[0]}"
                yield _problem(respondent, (name, "items", item_id), shorten(item_id), allowed, item_id, known)
            elif value not in (None, DONT_KNOW) and not is_allowed(scale := instrument.scale_of(item), value):
                allowed = ", ".join(str(option.value) for option in scale.options)
                yield _problem(
                    respondent, (name, "items", item_id), shorten(value), f"{allowed} or {DONT_KNOW}", "", ()
                )


def _problem(
    respondent: Respondent,
    path: tuple[str, ...],
    found: str,
    allowed: str,
    word: str,
    known: list[str] | tuple[str, ...],
) -> Problem:
    remedy = did_you_mean(word, known) or "Correct it, or leave the line out."
    return Problem(respondent.file, respondent.located.place(("answers", *path)), found, allowed, remedy)


def is_allowed(scale: Scale, value: Value) -> bool:
    """Tell whether a scale has an answer of this value, and of this type: ``true`` is not 1."""
    return any(type(option.value) is type(value) and option.value == value for option in scale.options)
