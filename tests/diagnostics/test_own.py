"""A consultant's own instrument, scored and shown by the same rules."""

from __future__ import annotations

import pytest

from gtmdiag.diagnostics.own import OwnResult, diagnose_own, shown
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.schema import Instrument
from tests.diagnostics.people import ROLE, Given, responses, role_answers
from tests.instruments.small import plain, small

BANDS = [{"start": 0, "label": "weak"}, {"start": 40, "label": "fair"}, {"start": 80, "label": "strong"}]


def _with_bands() -> Instrument:
    data = plain(small())
    data["indices"][0]["bands"] = BANDS[::-1]
    return Instrument.model_validate(data)


def _own(ceo: Given | None, leaders: list[Given]) -> OwnResult:
    own = _with_bands()
    (result,) = diagnose_own({"own": own, ROLE.id: ROLE}, {"own": responses(ceo, leaders)}, AnonymityRule())
    return result


def _good(first: int, second: int) -> Given:
    return {"own.first.good": first, "own.second.good": second}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (_good(1, 1), "0 (weak)"),
        (_good(2, 1), "25 (weak)"),
        (_good(3, 1), "50 (fair)"),
        (_good(3, 2), "100 (strong)"),
        ({"own.first.good": 2}, "25–75"),
        ({"own.second.bad": 2}, "not shown"),
    ],
)
def test_an_index_is_told_with_its_band_where_its_bounds_agree(answers: Given, told: str) -> None:
    good = _own(answers, []).indices[0]
    assert shown(good.ceo, good.ceo_band) == told


def test_two_leaders_show_nothing_and_three_their_index() -> None:
    assert _own(None, [_good(1, 1)] * 2).indices[0].leaders is None
    three = _own(None, [_good(1, 1), _good(3, 2), _good(3, 1)])
    assert three.n == 3
    assert shown(three.indices[0].leaders, three.indices[0].leaders_band) == "50 (fair)"


def test_an_item_that_two_of_three_answered_holds_back_its_index() -> None:
    result = _own(None, [_good(1, 1), _good(3, 2), {"own.first.good": 3}])
    assert result.indices[0].leaders is None


def test_packaged_and_unanswered_instruments_are_not_own_results() -> None:
    given = {ROLE.id: responses(role_answers(3, 3), []), "own": []}
    assert diagnose_own({"own": small(), ROLE.id: ROLE}, given, AnonymityRule()) == ()
