"""The hash says whether two sets of answers were scored alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gtmdiag.instruments.load import packaged
from gtmdiag.instruments.schema import Instrument
from tests.instruments.small import plain

Change = Callable[[dict[str, Any]], None]


def _set(*path: Any, to: Any) -> Change:
    def change(data: dict[str, Any]) -> None:
        for part in path[:-1]:
            data = data[part]
        data[path[-1]] = to

    return change


ROLE, GUT, ALTITUDE = packaged("champion_operator"), packaged("gut_check"), packaged("ownership_altitude")


@pytest.mark.parametrize(
    "change",
    [
        _set("title", to="Andere Worte"),
        _set("version", to="2"),
        _set("premise", to=""),
        _set("scales", "frequency", "options", 0, "label", to="Nie"),
        _set("scales", "frequency", "prompt", to="Wie oft?"),
        _set("domains", 0, "label", to="Strategie"),
        _set("items", 0, "self", to="Ich lege die Zielkunden fest."),
        _set("items", 0, "observer", to="Der CEO legt die Zielkunden fest."),
        _set("items", 0, "source", to="suite"),
        _set("indices", 0, "label", to="Praxis"),
        _set("indices", 0, "bands", to=[{"start": 0, "label": "low"}]),
        _set("verdicts", 0, "meaning", to="Anders gesagt."),
        _set("verdicts", 0, "tone", to="bad"),
        _set("stage_words", to=[]),
        _set("advice", to=[]),
    ],
)
def test_other_words_and_advice_leave_the_hash_as_it_is(change: Change) -> None:
    data = plain(ROLE)
    change(data)
    assert Instrument.model_validate(data).hash == ROLE.hash


@pytest.mark.parametrize(
    ("instrument", "change"),
    [
        (ROLE, _set("items", 0, "polarity", to="negative")),
        (ROLE, _set("items", 0, "id", to="champion_operator.strategic_direction.autonomy")),
        (ROLE, _set("items", 0, "scale", to="room")),
        (ROLE, _set("scales", "frequency", "options", 4, to={"value": 5, "label": "Always", "danger": True})),
        (ROLE, _set("scales", "room", "options", 1, "value", to="maybe")),
        (ROLE, _set("indices", 0, "high_from", to=60)),
        (ROLE, _set("indices", 0, "complete_from", to=0.5)),
        (ROLE, _set("verdicts", 0, "when", to={"champion": "high"})),
        (ROLE, _set("verdicts", 0, "answers", to={})),
        (ROLE, _set("borderline_steps", to=3)),
        (GUT, _set("indices", 0, "counts", to="no")),
        (ALTITUDE, _set("scales", "decider", "options", 1, "level", to="nobody")),
        (ALTITUDE, _set("requirements", 0, "scaling", "designs", to="council")),
        (ALTITUDE, _set("requirements", to=[])),
        (ALTITUDE, _set("altitudes", 0, "id", to="nothing")),
        (ALTITUDE, _set("failure_modes", to=[])),
        (ALTITUDE, _set("build_order", to=["council", "decision_rights"])),
        (GUT, _set("scales", "horizon", "options", 0, "danger", to=False)),
    ],
)
def test_whatever_changes_a_score_or_a_verdict_changes_the_hash(instrument: Instrument, change: Change) -> None:
    data = plain(instrument)
    change(data)
    assert Instrument.model_validate(data).hash != instrument.hash


@pytest.mark.parametrize(
    "change",
    [
        _set("notice", to="Anders gesagt."),
        _set("altitudes", 0, "label", to="Niemand"),
        _set("requirements", 0, "note", to=""),
        _set("failure_modes", 0, "next", to="Anders."),
        _set("scales", "owner", "options", 9, "name", to="Die Geschäftsführung"),
    ],
)
def test_other_words_on_altitudes_leave_the_hash_as_it_is(change: Change) -> None:
    data = plain(ALTITUDE)
    change(data)
    assert Instrument.model_validate(data).hash == ALTITUDE.hash


def test_parts_that_only_altitudes_have_leave_the_hash_of_other_instruments_as_it_was() -> None:
    assert ROLE.hash.startswith("3ea25f0426f2")
    assert GUT.hash.startswith("02d5060fa808")


def test_the_order_of_verdicts_counts_since_the_first_that_holds_applies() -> None:
    data = plain(ROLE)
    data["verdicts"] = data["verdicts"][::-1]
    assert Instrument.model_validate(data).hash != ROLE.hash
