"""Guesses against the data: whose are told, and what of a group's."""

from __future__ import annotations

from pathlib import Path

import pytest

from gtmdiag.assess.calibration import ANOTHER, calibrate, predictions
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.schema import Prediction
from gtmdiag.findings.inputs import read_inputs
from gtmdiag.funnel.result import FunnelResult
from tests.assess.answering import ROADMAP, form
from tests.assess.test_store import save
from tests.engagements import SAMPLE, TODAY, sample

RULE = AnonymityRule()


@pytest.fixture(scope="module")
def funnel() -> FunnelResult:
    found = read_inputs(SAMPLE, today=TODAY).funnel
    assert found is not None
    return found


def guesses(*those: tuple[str, str, float | None]) -> dict[str, tuple[str, Prediction]]:
    return {f"p{n}": (role, Prediction(stage=stage, rate=rate)) for n, (role, stage, rate) in enumerate(those)}


def leak_of(funnel: FunnelResult) -> tuple[str, float]:
    result = calibrate({}, funnel, RULE)
    assert result.actual is not None
    return result.actual.stage, result.actual.rate


def test_biggest_leak_that_is_not_the_one_worth_most(funnel: FunnelResult) -> None:
    assert funnel.estimates is not None
    worth = {leak.stage: leak.value or 0.0 for leak in funnel.estimates.leaks if leak.flagged}
    assert leak_of(funnel)[0] == max(worth, key=lambda stage: worth[stage])


def test_guess_of_a_leader_that_can_be_told(funnel: FunnelResult) -> None:
    stage, rate = leak_of(funnel)
    two = calibrate(guesses(("ceo", stage, 50), ("cmo", stage, 10), ("cro", "Nowhere", 90)), funnel, RULE)
    assert two.ceo is not None
    assert (two.ceo.right, two.ceo.error) == (True, pytest.approx(50 - rate))
    assert (two.leaders.right, two.leaders.named, two.leaders.mean_error, two.leaders.rates) == (None, None, None, 0)
    assert all("leader" not in sentence.text for sentence in two.sentences)
    three = calibrate(guesses(*[("cmo", stage.upper(), 20.0)] * 3, ("cro", "<b>me, Ann</b>", 1)), funnel, RULE)
    assert three.leaders.named == ((stage, 3), (ANOTHER, 1))
    assert three.leaders.mean_error == pytest.approx(20 - rate)
    assert three.leaders.spread is None
    five = calibrate(guesses(*[("cmo", stage, 20.0 + n) for n in range(5)]), funnel, RULE)
    assert five.leaders.spread is not None


def test_guess_called_right_or_wrong_without_data() -> None:
    result = calibrate(guesses(*[("cmo", "MQL", 20.0)] * 3), None, RULE)
    assert (result.actual, result.leaders.right) == (None, None)


def test_guess_that_does_not_come_through_the_form(tmp_path: Path) -> None:
    root = sample(tmp_path / "c")
    data = form({ROADMAP: "yes"}, prediction={"stage": "MQL", "rate": 18.5, "at": "2026-11-22T11:00:00.000Z"})
    save(root, data, client="northlight")
    save(root, form({ROADMAP: "no"}, respondent="joe", prediction={"stage": None, "rate": 3}))
    found = predictions(root)
    assert {name: (role, guess.stage, guess.rate) for name, (role, guess) in found.items()} == {
        "jane": ("cmo", "MQL", 18.5)
    }
