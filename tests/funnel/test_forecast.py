"""The open pipeline: true odds, an interval that holds what the deals bring, and no total where there can be none."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from gtmdiag.funnel.forecast import Forecast, forecast
from gtmdiag.funnel.model import model_of
from tests.funnel.made import STAGES, Move, table

PAST = [
    Move("Lead", "MQL", 4, 400),
    Move("Lead", "lost", 9, 600),
    Move("MQL", "SQL", 12, 80),
    Move("MQL", "lost", 25, 320),
    Move("SQL", "won", 20, 20, 900),
    Move("SQL", "lost", 33, 60),
]
OPEN = [
    Move("Lead", "open", 0, 7, 1000),
    Move("Lead", "open", 0, 2),
    Move("SQL", "open", 0, 3, 500),
    Move("", "open", -1, 5, 9000),
]


def forecasted(moves: Sequence[Move], stages: Sequence[str] = STAGES, horizon: int = 100) -> Forecast:
    frame = table(moves, stages)
    found = forecast(frame, model_of(frame, [horizon] * len(stages)))
    json.dumps(found.to_dict(), allow_nan=False)
    return found


def test_expected_value_other_than_odds_times_amount() -> None:
    found = forecasted([*PAST, *OPEN])
    lead, sql = found.stages
    assert (lead.stage, lead.open, lead.without_amount, lead.amount) == ("Lead", 9, 2, 7000)
    assert lead.odds == pytest.approx(0.4 * 0.2 * 0.25)
    assert sql.odds == pytest.approx(0.25)
    assert found.total is not None
    assert found.total.estimate == pytest.approx(7000 * 0.02 + 1500 * 0.25)
    assert (found.told, found.open, found.amount, found.currency) == (10, 17, 8500, "EUR")
    for one in (lead, sql):
        assert one.value is not None
        assert one.amount is not None
        assert 0 <= one.value.low <= one.value.estimate <= one.value.high <= one.amount


def test_interval_that_forgets_the_chance_of_the_deals_or_how_few_decide() -> None:
    rng = np.random.default_rng(12)
    inside, rounds = 0, 200
    for _ in range(rounds):
        euros = np.maximum(rng.lognormal(8, 1, 15).round(), 1).astype(int).tolist()
        won = int(rng.binomial(80, 0.4))
        moves = [Move("Deal", "won", 3, won, 100), Move("Deal", "lost", 3, 80 - won)]
        moves += [Move("Deal", "open", 0, 1, amount) for amount in euros]
        found = forecasted(moves, ["Deal"]).total
        assert found is not None
        brought = float((rng.random(15) < 0.4) @ np.array(euros))
        inside += found.low <= brought <= found.high
    assert 0.9 < inside / rounds < 0.99


def test_single_open_deal_told_anything_but_won_or_not() -> None:
    found = forecasted([*PAST, Move("SQL", "open", 0, 1, 5000)]).total
    assert found is not None
    assert (found.low, found.estimate, found.high) == pytest.approx((0, 1250, 5000))


@pytest.mark.parametrize(
    ("moves", "lacking"),
    [
        (PAST, "open"),
        ([*PAST, Move("SQL", "open", 0, 3)], "amounts"),
        ([*PAST, Move("SQL", "open", 0, 3, 500), Move("SQL", "open", 0, 3, 500, "USD")], "currencies"),
        ([Move("SQL", "open", 0, 3, 500), Move("SQL", "won", 3, 20, 500)], "deals"),
        ([*PAST, Move("SQL", "open", 0, 3, -500)], "deals"),
    ],
)
def test_total_where_there_can_be_none(moves: list[Move], lacking: str) -> None:
    found = forecasted(moves)
    assert (found.total, found.lacking, found.told) == (None, lacking, 0)


def test_odds_told_of_a_stage_whose_deals_go_on_to_one_that_hardly_anyone_entered() -> None:
    few = [one for one in PAST if one.stage != "SQL"] + [Move("SQL", "won", 3, 12, 900)]
    lead, sql = forecasted([*few, *OPEN]).stages
    assert (lead.odds, lead.value, sql.odds) == (None, None, None)


def test_two_hundred_stages_that_take_all_memory() -> None:
    stages = [f"S{place}" for place in range(200)]
    moves = [Move(stages[0], "won", 2, 50, 10), Move(stages[0], "open", 2, 50, 10)]
    assert forecasted(moves, stages).lacking == "stages"
