"""Answers to an earlier version of an instrument, read by the items of the present one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gtmdiag.engagement.schema import InstrumentAnswers
from gtmdiag.instruments.schema import Instrument, Value


def present_id(instrument: Instrument, version: str | None, item_id: str) -> str | None:
    """Return the present id of an item of a version; None where the crosswalk says that it has no successor."""
    walk = next((one for one in instrument.crosswalk if one.version == version), None)
    return item_id if walk is None else walk.items.get(item_id, item_id)


def has_crosswalk(instrument: Instrument, version: str | None) -> bool:
    """Tell whether the instrument says how answers to a version are read."""
    return any(one.version == version for one in instrument.crosswalk)


def present_answers(instrument: Instrument, given: InstrumentAnswers) -> Mapping[str, Value | None]:
    """Return answers by the present ids of their items; what has no successor is left out."""
    return dict(_pairs(instrument, given))


def _pairs(instrument: Instrument, given: InstrumentAnswers) -> Iterator[tuple[str, Value | None]]:
    for item_id, value in given.items.items():
        present = present_id(instrument, given.version, item_id)
        if present is not None:
            yield present, value
