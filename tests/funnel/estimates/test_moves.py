from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from gtmdiag.funnel.cells import merge
from gtmdiag.funnel.estimates.chain import flow
from gtmdiag.funnel.estimates.exits import Exits, exits
from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.moves import Value, bounds, chain_of, draw_chains, first_entries, moves, won_value
from gtmdiag.funnel.estimates.table import read_cells

STAGES = ("Lead", "MQL", "SQL")
KEYS = ("stage", "outcome", "next_stage", "day", "n", "amount")
ROWS = [
    ("Lead", "advanced", "MQL", 3, 60, 0),
    ("Lead", "advanced", "SQL", 4, 20, 0),
    ("Lead", "lost", "", 9, 120, 0),
    ("MQL", "advanced", "SQL", 5, 30, 0),
    ("MQL", "won", "", 5, 5, 100_00),
    ("MQL", "lost", "", 6, 45, 0),
    ("SQL", "won", "", 20, 20, 200_00),
    ("SQL", "lost", "", 30, 40, 0),
]


def _cells() -> pd.DataFrame:
    rows = pd.DataFrame(ROWS, columns=list(KEYS))
    return merge(
        rows.assign(
            segment="",
            currency="EUR",
            back=0,
            entered=20_454,
            n_amount=rows["n"].where(rows["amount"] > 0, 0),
            amount_cents=rows["n"] * rows["amount"],
            amount_sq=rows["n"] * rows["amount"] ** 2.0,
        ).drop(columns="amount")
    )


def test_closed_cells_whose_chain_does_not_give_back_what_happened() -> None:
    cells = read_cells(_cells(), STAGES)
    every = [moves(exits(cells, stage, by_next_stage=True), STAGES, 60) for stage in STAGES]
    value = won_value(cells, "EUR")
    assert value is not None
    assert (value.mean, value.n) == (180, 25)
    entries = first_entries(cells)
    np.testing.assert_array_equal(entries, [200, 20, 10])
    chain = chain_of(STAGES, every, entries, value)
    found = flow(chain)
    np.testing.assert_allclose(found.visits, [200, 80, 60])
    assert float(found.revenue) == pytest.approx(25 * 180)
    drawn = draw_chains(chain, every, value, np.random.default_rng(1), 20_000)
    revenue = flow(drawn).revenue
    assert revenue.mean() == pytest.approx(25 * 180, rel=0.02)
    conversion = every[0].conversion
    assert conversion is not None
    assert drawn.conversion[0].var() == pytest.approx(conversion.variance, rel=0.05)
    assert drawn.mix[0, 1].var() == pytest.approx(0.75 * 0.25 / 80, rel=0.05)
    low, high = bounds(revenue)
    assert low < 25 * 180 < high
    again = draw_chains(chain, every, value, np.random.default_rng(1), 20_000)
    np.testing.assert_array_equal(revenue, flow(again).revenue)


def test_stage_that_nobody_entered_or_left_stops_the_chain() -> None:
    cells = _cells()
    cells = cells[cells["stage"] != "SQL"]
    nobody = moves(exits(read_cells(cells, STAGES), "SQL", by_next_stage=True), STAGES, 60)
    assert nobody.conversion is None
    np.testing.assert_array_equal(nobody.onward, [0, 0, 0, 1])
    stuck = moves(exits(read_cells(cells[cells["outcome"] == "lost"], STAGES), "Lead", by_next_stage=True), STAGES, 60)
    np.testing.assert_array_equal(stuck.onward, [0, 1, 0, 0])


def test_next_stage_outside_the_map_is_refused() -> None:
    with pytest.raises(ValueError, match="advanced to SQL, not among the stages: Lead, MQL"):
        read_cells(_cells(), ("Lead", "MQL"))


def test_draws_that_vary_otherwise_than_the_aalen_johansen_covariance() -> None:
    rng = np.random.default_rng(3)
    day, watched, cause = rng.integers(0, 60, 2500), rng.integers(0, 90, 2500), rng.choice(3, 2500, p=[0.4, 0.1, 0.5])
    row = np.where(day <= watched, cause, 3)
    count = np.zeros((4, 90), dtype=np.int64)
    np.add.at(count, (row, np.minimum(day, watched)), 1)
    lead = Exits(
        "Lead", None, ("MQL", "SQL", "won", "lost"), np.arange(90), np.insert(count[:3], 2, 0, axis=0), count[3]
    )
    exact = incidence(lead).covariance(45)[:2, :2]
    rest = [moves(exits(read_cells(_cells(), STAGES), stage, by_next_stage=True), STAGES, 60) for stage in STAGES[1:]]
    every = [moves(lead, STAGES, 45), *rest]
    value = Value(1.0, 0.0, 9)
    drawn = draw_chains(chain_of(STAGES, every, np.ones(3), value), every, value, rng, 40_000)
    np.testing.assert_allclose(np.cov(drawn.conversion[0] * drawn.mix[0, 1:3]), exact, rtol=0.12)
    np.testing.assert_allclose(drawn.value, 1)


def test_single_won_deal_that_makes_its_amount_certain() -> None:
    cells = _cells()
    one = cells[(cells["outcome"] == "won") & (cells["stage"] == "MQL")].assign(
        n=1, n_amount=1, amount_cents=100_00, amount_sq=100_00.0**2
    )
    table = read_cells(one, STAGES)
    assert won_value(table, "EUR") == Value(100, 10_000, 1)
    assert won_value(table, "USD") is None
