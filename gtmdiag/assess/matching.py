"""Find what a text of a survey stands for: exactly, or nearly and then only as a proposal."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from gtmdiag.instruments.schema import Instrument, Scale, Value

NEAR = 0.75
"""Likeness from which a text is proposed (ratio of matching characters, 0 to 1)."""
_LONGEST = 400
_NUMBERING = re.compile(r"^\s*(?:q(?:uestion)?\s*)?\d{1,3}\s*[.):]\s+", re.IGNORECASE)
_ROW_OF_GRID = re.compile(r".*\[(?P<row>[^\[\]]+)\]\s*$", re.DOTALL)

Wording = Literal["self", "observer", "both", "id"]


@dataclass(frozen=True)
class Asked:
    """An item, and in whose wording it was asked; ``comment`` where the column holds comments on it."""

    item: str
    wording: Wording
    comment: bool = False


@dataclass(frozen=True)
class Match:
    """What a text stands for, and how certain that is: 1 is the same words, less is a proposal."""

    target: Asked
    certainty: float


@dataclass(frozen=True)
class ValueMatch:
    """What a cell's text stands for on a scale, and how certain that is."""

    value: Value
    certainty: float


def key_of(text: str) -> str:
    """Return a text without what survey tools change: numbering, markup, case, quotes, punctuation, spaces."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST]).replace("’", "'")
    plain = _NUMBERING.sub("", re.sub(r"<[^<>]{0,80}>", " ", plain))
    return " ".join(re.findall(r"\w+", plain.casefold().replace("_", " ")))


class Questions:
    """All questions of the instruments by their words."""

    def __init__(self, instruments: Iterable[Instrument]) -> None:
        self._by_key: dict[str, dict[str, Wording]] = {}
        for instrument in instruments:
            for item in instrument.items:
                self._add(item.id, item.id, "id")
                self._add(item.self_, item.id, "self" if item.observer else "both")
                self._add(item.observer, item.id, "observer")

    def _add(self, text: str, item: str, wording: Wording) -> None:
        if text:
            known = self._by_key.setdefault(key_of(text), {})
            known[item] = "both" if known.get(item, wording) != wording else wording

    def find(self, header: str) -> tuple[Match, ...]:
        """Return what a column's header asks: one match, several where several items have these words, or none."""
        for part in _parts(header):
            found = self._by_key.get(key_of(part), {})
            if found:
                return tuple(Match(Asked(item, wording), 1.0) for item, wording in found.items())
        near = _near((key_of(part) for part in _parts(header)), self._by_key)
        if near is None:
            return ()
        key, certainty = near
        return tuple(Match(Asked(item, wording), certainty) for item, wording in self._by_key[key].items())


def find_value(scale: Scale, text: str) -> ValueMatch | None:
    """Return what a cell's text stands for on a scale; None where nothing is near."""
    by_key: dict[str, Value] = {}
    for option in scale.options:
        value, label = key_of(str(option.value)), key_of(option.label)
        # "4 - Often" is as good as either.
        by_key |= {value: option.value, label: option.value, f"{value} {label}": option.value}
    key = key_of(text)
    if key in by_key:
        return ValueMatch(by_key[key], 1.0)
    if {option.value for option in scale.options} == {"yes", "no"} and key in ("true", "false"):
        return ValueMatch("yes" if key == "true" else "no", 1.0)
    near = _near((key,), by_key)
    return None if near is None else ValueMatch(by_key[near[0]], near[1])


def _parts(header: str) -> tuple[str, ...]:
    """Return the texts that may hold the question: the whole, the row of a grid, what follows the grid's title."""
    row = _ROW_OF_GRID.fullmatch(header[:_LONGEST])
    tails = (header[:_LONGEST].rpartition(mark)[2] for mark in (" - ", ": ", " | "))
    return tuple(dict.fromkeys((*((row["row"],) if row else ()), header, *tails)))


def _near(keys: Iterable[str], known: Mapping[str, object]) -> tuple[str, float] | None:
    best: tuple[str, float] | None = None
    for key in keys:
        if len(key) < 3:
            continue
        matcher = difflib.SequenceMatcher(b=key, autojunk=False)
        for candidate in known:
            matcher.set_seq1(candidate)
            floor = NEAR if best is None else best[1]
            if matcher.real_quick_ratio() < floor or matcher.quick_ratio() < floor:
                continue
            ratio = matcher.ratio()
            if ratio >= NEAR and (best is None or ratio > best[1]):
                # Never 1: the words are not the same.
                best = (candidate, min(ratio, 0.99))
    return best
