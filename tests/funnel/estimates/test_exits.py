from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gtmdiag.funnel.cells import merge
from gtmdiag.funnel.estimates.exits import Exits, exits, exits_by_group
from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.table import read_cells
from tests.funnel.estimates.stays import STAGES, STAYS, Stay, cells_of, exits_of, table_of


def assert_same(one: Exits, other: Exits) -> None:
    for name in ("days", "left", "open"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.amounts is not None
    assert other.amounts is not None
    np.testing.assert_array_equal(one.amounts.left, other.amounts.left)
    np.testing.assert_array_equal(one.amounts.open, other.amounts.open)
    np.testing.assert_allclose(one.amounts.left_squares, other.amounts.left_squares, rtol=1e-12)
    np.testing.assert_allclose(one.amounts.open_squares, other.amounts.open_squares, rtol=1e-12)


@settings(max_examples=25)
@given(STAYS, st.lists(st.integers(0, 2)), st.randoms(use_true_random=False))
def test_order_or_shards_that_matter(stays: list[Stay], shards: list[int], mixer: random.Random) -> None:
    mixed = mixer.sample(stays, len(stays))
    places = [*shards, *[0] * len(mixed)]
    parts = [cells_of([s for s, place in zip(mixed, places, strict=False) if place == shard]) for shard in range(3)]
    whole, merged = exits_of(stays), exits(read_cells(merge(*parts), STAGES), "MQL")
    assert_same(whole, merged)


def test_causes_by_next_stage_that_do_not_add_to_advanced() -> None:
    cells = table_of([(1, "advanced", 1), (2, "won", 1), (2, "lost", 1), (4, "open", 1), (-1, "lost", 1)])
    apart = exits(cells, "MQL", by_next_stage=True)
    assert apart.causes == ("SQL", "won", "lost")
    assert (apart.entered, apart.unknown) == (4, 1)
    assert incidence(apart).share[:2, -1].sum() == incidence(exits(cells, "MQL")).share[0, -1]


@given(STAYS, st.integers(1, 30))
def test_horizon_to_which_too_few_were_followed(stays: list[Stay], at_least: int) -> None:
    found = exits_of(stays)
    told = found.longest_horizon(at_least, 180)
    watched = sum(1 for day, outcome, _ in stays if outcome == "open" and day >= told)
    ended = sum(outcome != "open" for _, outcome, _ in stays)
    assert told == 0 or watched + ended >= at_least
    if ended == len(stays):
        assert told == (180 if len(stays) >= at_least else 0)
    # Nobody was followed beyond the last day on which someone was watched, as long as deals were open then.
    assert told in (0, 180) or told in found.days


def test_deals_that_left_early_taken_for_deals_that_nobody_followed() -> None:
    closed = [(day, "lost", 1) for day in range(30)]
    young = [(5, "open", 1)] * 30
    assert exits_of(closed).longest_horizon(20, 180) == 180
    assert exits_of([*closed, *young]).longest_horizon(20, 180) == 180
    assert exits_of([*closed[:20], *young]).longest_horizon(20, 180) == 5
    assert exits_of(young).longest_horizon(20, 180) == 5
    assert exits_of(young[:19]).longest_horizon(20, 180) == 0


def test_segments_apart_that_differ_from_each_alone() -> None:
    parts = {"west": [(1, "won", 5), (4, "open", 6)], "": [(2, "lost", 7)], "NA": [(0, "advanced", 8), (-1, "lost", 9)]}
    cells = merge(*(cells_of(stays, segment) for segment, stays in parts.items())).sample(frac=1, random_state=1)
    table = read_cells(cells, STAGES)
    assert table.segments == ("", "NA", "west")
    found = exits_by_group(table, "MQL", table.segment, table.segments)
    assert [one.unknown for one in found] == [0, 1, 0]
    for one in found:
        assert_same(one, exits(read_cells(cells[cells["segment"] == one.segment], STAGES), "MQL"))


def test_amounts_of_two_currencies_that_are_added() -> None:
    euros, dollars = cells_of([(1, "won", 5)]), cells_of([(1, "won", 7)]).assign(currency="USD")
    cells = merge(euros, dollars)
    both, one = (exits(read_cells(part, STAGES), "MQL") for part in (cells, dollars))
    assert both.entered == 2
    assert both.amounts is None
    assert one.amounts is not None
    assert one.amounts.left.tolist() == [[7], [0]]
    no_amount = merge(euros, dollars.assign(n_amount=0, amount_cents=0, amount_sq=0.0))
    assert exits(read_cells(no_amount, STAGES), "MQL").amounts is not None


def test_no_cells_at_all_that_fail() -> None:
    table = table_of([(1, "won", 5)])
    assert [one.entered for one in exits_by_group(table, "SQL", table.segment, table.segments)] == [0]
    nobody = exits(table, "SQL", by_next_stage=True)
    assert (nobody.entered, nobody.causes) == (0, ("won", "lost"))
    assert incidence(nobody).at("won", 30) is None
