"""A small instrument, whose every state can be enumerated, and ways to change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.instruments.load import load_instrument
from gtmdiag.instruments.schema import Instrument, Value

SMALL = """\
schema: gtmdiag.instrument/1
id: own
version: "1"
title: A small instrument
source: our method
scales:
  three:
    kind: ordinal
    options: [{value: 1, label: Never}, {value: 2, label: Sometimes}, {value: 3, label: Always}]
  two:
    kind: ordinal
    options: [{value: 1, label: "No"}, {value: 2, label: "Yes"}]
  test:
    kind: choice
    options: [{value: "yes", label: "Yes"}, {value: partly, label: Partly}, {value: "no", label: "No"}]
domains:
  - {id: first, label: First}
  - {id: second, label: Second}
items:
  - {id: own.first.good, scale: three, self: I do it., source: us}
  - {id: own.second.good, scale: two, self: I do the other thing., source: us}
  - {id: own.first.bad, scale: three, self: I leave it., source: us}
  - {id: own.second.bad, scale: three, self: I see to the other thing., polarity: negative, source: us}
  - {id: own.first.room, scale: test, self: Would it run?, source: us}
indices:
  - {id: good, label: Good, facet: good, method: mean, high_from: 50, complete_from: 0.5, source: us}
  - {id: bad, label: Bad, facet: bad, method: mean, high_from: 50, complete_from: 0.5, source: us}
verdicts:
  - id: proven
    label: Proven
    tone: good
    when: {good: high, bad: low}
    answers: {own.first.room: ["yes", partly]}
    meaning: It runs.
    next: Go on.
    source: us
  - {id: unproven, label: Unproven, tone: neutral, when: {good: high, bad: low}, meaning: M, next: N, source: us}
  - {id: mixed, label: Mixed, tone: warn, when: {good: high, bad: high}, meaning: M, next: N, source: us}
  - {id: poor, label: Poor, tone: bad, when: {good: low}, meaning: M, next: N, source: us}
"""


def small() -> Instrument:
    return validate(Instrument, parse_yaml(SMALL, "own.yaml"))


def load_text(folder: Path, text: str) -> Instrument:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return load_instrument(path, "instruments/own.yaml")


def options(instrument: Instrument, item_id: str) -> list[Value]:
    item = instrument.item(item_id)
    assert item is not None
    return [option.value for option in instrument.scale_of(item).options]


def completions(instrument: Instrument, answers: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    """Yield every whole set of answers that agrees with those given: the slow and certain way."""
    missing = [item.id for item in instrument.items if item.id not in answers]
    for values in product(*(options(instrument, item_id) for item_id in missing)):
        yield {**answers, **dict(zip(missing, values, strict=True))}


def plain(instrument: Instrument) -> dict[str, Any]:
    """Return the instrument as plain data that can be changed and validated again."""
    return instrument.model_dump(mode="json", by_alias=True)
