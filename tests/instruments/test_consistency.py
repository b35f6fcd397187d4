"""An instrument that asks at which level decisions sit: every broken reference told at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

import gtmdiag.instruments
from gtmdiag.errors import InputError
from tests.instruments.small import SMALL, load_text

PACKAGED = Path(str(gtmdiag.instruments.__file__)).with_name("ownership_altitude.yaml").read_text("utf-8")

ALTITUDE = """\
schema: gtmdiag.instrument/1
id: own
version: "1"
title: Who decides
source: us
scales:
  who:
    kind: choice
    options: [{value: sales, label: Sales, level: function}, {value: ceo, label: CEO, level: business}]
  there:
    kind: ordinal
    options: [{value: 0, label: "No"}, {value: 1, label: "Yes"}]
  seen:
    kind: choice
    options: [{value: "yes", label: "Yes", danger: true}, {value: "no", label: "No"}]
altitudes:
  - {id: function, label: One function}
  - {id: business, label: Business}
domains:
  - {id: price, label: Price}
  - {id: rights, label: Rights}
  - {id: drift, label: Drift}
items:
  - {id: own.price.designs, scale: who, self: Who designs?, source: us}
  - {id: own.price.decides, scale: who, self: Who decides?, source: us}
  - {id: own.rights.in_place, scale: there, self: Are there rights?, source: us}
  - {id: own.drift.seen, scale: seen, self: Do plans drift?, source: us}
requirements:
  - decision: price
    early: {designs: business, decides: business}
    scaling: {designs: function, decides: business}
    mature: {designs: function, decides: business}
failure_modes:
  - {domain: drift, meaning: Plans drift., next: Stop it., source: us}
build_order: [rights]
"""


def _told(folder: Path, text: str) -> list[tuple[int, str]]:
    """Return the line and the words of each problem."""
    with pytest.raises(InputError) as raised:
        load_text(folder, text)
    return [
        (int(one.place.split(",")[0].removeprefix("line ")), f"{one.found}; {one.allowed}; {one.remedy}")
        for one in raised.value.problems
    ]


def test_a_sound_one_is_taken_whole(tmp_path: Path) -> None:
    own = load_text(tmp_path, ALTITUDE)
    assert [rule.at("scaling").designs for rule in own.requirements] == ["function"]
    assert load_text(tmp_path, SMALL).altitudes == ()


@pytest.mark.parametrize(
    ("sound", "broken", "told"),
    [
        ("label: CEO, level: business", "label: CEO, level: busines", "Did you mean 'business'?"),
        ("label: CEO, level: business", "label: CEO", "a level: function, business"),
        ("- decision: price", "- decision: prize", "Did you mean 'price'?"),
        ("- decision: price", "- decision: rights", "own.rights.designs"),
        ("early: {designs: business", "early: {designs: board", "one of function, business"),
        ("mature: {designs: function", "mature: {designs: functoin", "Did you mean 'function'?"),
        ("{domain: drift", "{domain: drifts", "Did you mean 'drift'?"),
        ("{domain: drift", "{domain: rights", "an item of rights with an answer that is marked danger: true"),
        ("build_order: [rights]", "build_order: [right]", "Did you mean 'rights'?"),
        ("build_order: [rights]", "build_order: [drift]", "own.drift.in_place"),
        ("build_order: [rights]", "build_order: [rights, rights]", "a part named once"),
        ("{id: business, label: Business}", "{id: function, label: Business}", "an id used once"),
        ("own.price.decides, scale: who", "own.price.decides, scale: seen", "a scale whose answers have levels"),
        ("own.rights.in_place, scale: there", "own.rights.in_place, scale: seen", "an ordinal scale"),
    ],
)
def test_a_broken_reference_is_told_where_it_stands(tmp_path: Path, sound: str, broken: str, told: str) -> None:
    assert ALTITUDE.count(sound) == 1
    text = ALTITUDE.replace(sound, broken)
    assert any(told in words for _, words in _told(tmp_path, text))


def test_levels_and_requirements_without_altitudes_are_told(tmp_path: Path) -> None:
    start, end = ALTITUDE.index("altitudes:"), ALTITUDE.index("domains:")
    told = _told(tmp_path, ALTITUDE[:start] + ALTITUDE[end:])
    assert len(told) == 2 + 6
    assert all("of which there are none" in words for _, words in told)


def test_a_decision_twice_is_told(tmp_path: Path) -> None:
    start, end = ALTITUDE.index("  - decision: price"), ALTITUDE.index("failure_modes:")
    text = ALTITUDE[:end] + ALTITUDE[start:end] + ALTITUDE[end:]
    ((line, words),) = _told(tmp_path, text)
    assert "an id used once" in words
    assert line == text[: text.rindex("decision: price")].count("\n") + 1


def test_all_that_is_broken_in_the_packaged_questionnaire_is_told_at_once_with_its_lines(tmp_path: Path) -> None:
    changes = {
        "{value: steward, label: Steward, level: steward}": "{value: steward, label: Steward, level: stewart}",
        "- {decision: handoff_model": "- {decision: handof_model",
        "decides: council}, mature": "decides: counsel}, mature",
        "- {domain: seams": "- {domain: seam",
        "build_order: [decision_rights": "build_order: [decision_right",
    }
    text = PACKAGED
    for sound, broken in changes.items():
        assert text.count(sound) == 1, sound
        text = text.replace(sound, broken)
    lines = {text[: text.index(broken)].count("\n") + 1 for broken in changes.values()}
    told = _told(tmp_path, text)
    assert {line for line, _ in told} == lines
    assert sum("Did you mean" in words for _, words in told) == len(changes)
