"""A consultant's own instruments: indices and bands, scored by the same code as the packaged ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gtmdiag.diagnostics.numbers import span
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.load import PACKAGED
from gtmdiag.instruments.schema import IndexRule, Instrument
from gtmdiag.instruments.scoring import Answers, Index, pooled_index, score


@dataclass(frozen=True)
class OwnIndex:
    """One index of an own instrument, for the CEO and for the leaders as a group.

    ``ceo`` and ``leaders`` are the index with its bounds, None when not answered or withheld; the bands name the part
    of the scale in which it lies, and are empty where its bounds do not agree or no bands are given.
    """

    label: str
    ceo: Index | None
    ceo_band: str
    leaders: Index | None
    leaders_band: str


@dataclass(frozen=True)
class OwnResult:
    """An own instrument's result; ``n`` is the number of leaders who answered."""

    instrument: str
    version: str
    hash: str
    title: str
    n: int
    indices: tuple[OwnIndex, ...]


def diagnose_own(
    instruments: Mapping[str, Instrument], responses: Mapping[str, Sequence[Response]], rule: AnonymityRule
) -> tuple[OwnResult, ...]:
    """Score every own instrument that somebody answered. Suite method: bounds for missing answers, anonymity rule."""
    own = [instrument for name, instrument in instruments.items() if name not in PACKAGED and responses.get(name)]
    return tuple(_result(instrument, responses[instrument.id], rule) for instrument in own)


def _result(instrument: Instrument, responses: Sequence[Response], rule: AnonymityRule) -> OwnResult:
    ceo = next((response.answers for response in responses if response.role == "ceo"), None)
    leaders = [response.answers for response in responses if response.role != "ceo"]
    return OwnResult(
        instrument=instrument.id,
        version=instrument.version,
        hash=instrument.hash,
        title=instrument.title,
        n=len(leaders),
        indices=tuple(_index(instrument, index, ceo, leaders, rule) for index in instrument.indices),
    )


def _index(
    instrument: Instrument, index: IndexRule, ceo: Answers | None, leaders: Sequence[Answers], rule: AnonymityRule
) -> OwnIndex:
    own = None if ceo is None else score(instrument, ceo).index(index.id)
    counts = [sum(item.id in one for one in leaders) for item in instrument.items_of(index.facet)]
    shown = rule.may_show_score(len(leaders)) and all(rule.may_show_score(n) for n in counts)
    group = pooled_index(instrument, index, leaders) if shown else None
    return OwnIndex(index.label, own, _band(index, own), group, _band(index, group))


def _band(rule: IndexRule, index: Index | None) -> str:
    if index is None or index.low is None or index.high is None or not rule.bands:
        return ""
    bands = sorted(rule.bands, key=lambda band: band.start, reverse=True)
    low, high = (next((band.label for band in bands if value >= band.start), "") for value in (index.low, index.high))
    return low if low == high else ""


def shown(index: Index | None, band: str) -> str:
    """Return an index in words: ``"62 (good)"``, ``"50–66"``, ``"not shown"``."""
    if index is None or index.low is None or index.high is None:
        return "not shown"
    value = span(index.low, index.high)
    return f"{value} ({band})" if band else value
