"""Leaks: conversions that are true, benchmarks that are the right ones, and money that adds up or is not told."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gtmdiag.engagement.yamlfile import load_yaml
from gtmdiag.funnel.analyse import analyse
from gtmdiag.funnel.leaks import Estimates, Leak, StageEstimate, estimate, estimate_counts
from gtmdiag.funnel.limits import MOST_STAGES
from tests.conftest import ROOT
from tests.funnel.made import HISTORY, STAGES, Move, config, table

ROLES = "roles: {mql: MQL, sql: SQL}\n"
# Of 1,000 leads 400 became MQL, of these 80 SQL, of these 20 were won; everything is over.
CLOSED = (
    Move("Lead", "MQL", 4, 400),
    Move("Lead", "lost", 9, 600),
    Move("MQL", "SQL", 12, 70),
    Move("MQL", "SQL", 30, 10),
    Move("MQL", "lost", 25, 320),
    Move("SQL", "won", 20, 12, 900),
    Move("SQL", "won", 40, 8, 400),
    Move("SQL", "lost", 33, 60),
)


def estimated(moves: Sequence[Move], more: str = "", stages: Sequence[str] = STAGES) -> Estimates:
    """Return the estimates, which are plain data in any case: JSON without NaN, in intervals the right way round."""
    found = estimate(table(moves, stages), config(more, stages))
    json.dumps(asdict(found), allow_nan=False)
    for stage in found.stages:
        if stage.conversion is not None:
            assert 0 <= stage.conversion.low <= stage.conversion.estimate <= stage.conversion.high <= 1
    for leak in found.leaks:
        assert (leak.value is None) == (leak.low is None) == (leak.high is None)
        assert leak.low is None or leak.high is None or leak.low <= leak.high
    return found


def by_stage(found: Estimates) -> dict[str, StageEstimate]:
    return {one.stage: one for one in found.stages}


def only(found: Estimates) -> Leak:
    (leak,) = found.leaks
    return leak


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the roots of (share − p)² = z²·p(1 − p)/n in p."""
    z2 = 1.959963984540054**2
    a, b, c = 1 + z2 / n, -(2 * share + z2 / n), share * share
    root = sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def revenue(conversion: Mapping[str, float], entries: Mapping[str, float], amount: float) -> float:
    """Return e(I − Q)⁻¹r·A for a funnel in which no stage is skipped, by a matrix."""
    k = len(conversion)
    shares = list(conversion.values())
    moving = np.diag(shares[:-1], 1)
    winning = np.array([*[0.0] * (k - 1), shares[-1]])
    start = np.array([entries.get(stage, 0.0) for stage in conversion])
    return float(start @ np.linalg.inv(np.eye(k) - moving) @ winning * amount)


def test_share_of_closed_deals_that_is_not_the_plain_one_with_wilsons_interval() -> None:
    found = by_stage(estimated(CLOSED))
    for stage, plain, n in (("Lead", 0.4, 1000), ("MQL", 0.2, 400), ("SQL", 0.25, 80)):
        share = found[stage].conversion
        assert share is not None
        assert share.estimate == pytest.approx(plain, abs=1e-12)
        assert (share.low, share.high) == pytest.approx(wilson(plain, n), abs=1e-9)
        assert (share.n, share.horizon_days) == (n, 180)
        assert share.open_share == pytest.approx(0, abs=1e-12)
    assert [one.to for one in found.values()] == ["MQL", "SQL", "won"]
    assert [quartile.day for quartile in found["MQL"].quartiles] == [25, 25, 25]


def test_step_that_meets_its_target_named_a_leak_because_its_deals_are_few() -> None:
    rng = np.random.default_rng(5)
    rounds, flagged, missed = 300, 0, 0
    for _ in range(rounds):
        followed = rng.uniform(0, 300, 30)
        moves_on = rng.random(30) < 0.35
        stay = np.where(moves_on, rng.exponential(11, 30), rng.exponential(33, 30))
        told = np.where(stay > followed, "open", np.where(moves_on, "won", "lost"))
        days = np.minimum(stay, followed).astype(int)
        moves = [Move("MQL", str(to), int(day), 1) for to, day in zip(told, days, strict=True)]
        leak = only(estimate(table(moves, ["MQL"]), config("targets: {MQL→won: 0.35}", ["MQL"])))
        flagged += leak.flagged
        missed += not leak.conversion.low <= 0.35 <= leak.conversion.high
    assert flagged / rounds < 0.14, "10 % by design"
    assert missed / rounds < 0.08, "5 % by design"


@pytest.mark.parametrize("client", ["northlight", "harbour-finch"])
def test_sample_whose_true_rates_lie_outside_the_intervals_or_with_another_leak(client: str) -> None:
    truth: dict[str, Any] = load_yaml(ROOT / "data_samples" / "truth" / f"{client}.yaml", client).data["funnel"]
    result = analyse(ROOT / "data_samples" / client / "crm", today=date(2026, 11, 2))
    assert result is not None
    assert result.estimates is not None
    for stage in result.estimates.stages:
        assert stage.conversion is not None
        assert stage.conversion.low <= truth["goes_on"][stage.stage] <= stage.conversion.high
        assert stage.conversion.open_share < 0.05
        assert stage.conversion.n == truth["stages"][stage.stage]["entered"]
    leak = only(result.estimates)
    assert (leak.stage, leak.to, leak.benchmark.share) == ("MQL", "SQL", 0.35)
    assert leak.flagged == (truth["leak"] == "MQL")
    assert leak.value is not None
    assert (leak.value > 0) == (truth["leak"] == "MQL")


def test_parts_that_do_not_add_up_to_the_whole_gap() -> None:
    targets = {"Lead": 0.5, "MQL": 0.35, "SQL": 0.2}
    steps = "targets: {Lead→MQL: 0.5, MQL→SQL: 0.35, SQL→won: 0.2}"
    found = estimated(CLOSED, steps)
    amount = (12 * 900 + 8 * 400) / 20
    entries = {"Lead": 1000}
    now = revenue({"Lead": 0.4, "MQL": 0.2, "SQL": 0.25}, entries, amount)
    assert now == pytest.approx(20 * amount)
    values = {leak.stage: leak.value for leak in found.leaks}
    whole = sum(value or 0 for value in values.values())
    assert whole == pytest.approx(revenue(targets, entries, amount) - now, rel=1e-9)
    assert found.won_amount == pytest.approx(amount)
    assert values["SQL"] is not None
    assert values["SQL"] < 0, "a step above its target takes away"
    assert [leak.stage for leak in found.leaks] == ["MQL", "Lead", "SQL"], "the dearest first"
    assert [leak.flagged for leak in found.leaks] == [True, True, False]
    alone = only(estimated(CLOSED, "targets: {MQL→SQL: 0.35}"))
    assert alone.value == pytest.approx(revenue({"Lead": 0.4, "MQL": 0.35, "SQL": 0.25}, entries, amount) - now)


def test_published_value_where_the_client_has_a_target_or_the_roles_are_not_bound() -> None:
    published = only(estimated(CLOSED, ROLES)).benchmark
    assert (published.share, published.high, published.source, published.kind) == (0.35, 0.45, "OE", "published")
    own = only(estimated(CLOSED, ROLES + "targets: {MQL→SQL: 0.25}")).benchmark
    assert (own.share, own.high, own.kind) == (0.25, None, "target")
    assert "crm.yaml" in own.source
    for roles in ("", "roles: {mql: MQL}", "roles: {sql: SQL}", "roles: {mql: Lead, sql: SQL}"):
        assert estimated(CLOSED, roles).leaks == ()


@pytest.mark.parametrize("step", ["mql -> Sql", "qualified→accepted", "Qualified→SQL"])
def test_target_or_handoff_written_in_another_case_or_by_role_that_is_ignored(step: str) -> None:
    more = (
        f"roles: {{qualified: MQL, accepted: sql}}\ntargets: {{{step}: 0.3}}\nhandoffs: {{{step}: marketing → sales}}"
    )
    leak = only(estimated(CLOSED, more))
    assert (leak.stage, leak.benchmark.share, leak.handoff) == ("MQL", 0.3, "marketing → sales")


def test_won_under_the_clients_own_name_for_it() -> None:
    assert only(estimated(CLOSED, "targets: {SQL→Closed Won: 0.3}")).stage == "SQL"


@pytest.mark.parametrize("step", ["Lead→SQL", "MQL→Closed Lost", "MQL→won", "SQL→MQL"])
def test_target_of_another_step_taken_for_that_of_the_next_one(step: str) -> None:
    assert estimated(CLOSED, f"targets: {{{step}: 0.4}}").leaks == ()


def test_leak_that_is_not_told_without_amounts_or_money_in_two_currencies() -> None:
    bare = [Move(one.stage, one.to, one.day, one.n) for one in CLOSED]
    mixed = [*CLOSED, Move("SQL", "won", 20, 1, 900, "USD")]
    negative = [Move(one.stage, one.to, one.day, one.n, -one.euros) for one in CLOSED]
    few = [*(one for one in CLOSED if one.to != "won"), Move("SQL", "won", 20, 9, 900)]
    for moves in (bare, mixed, negative, few):
        found = estimated(moves, ROLES)
        leak = only(found)
        assert leak.flagged
        assert (leak.value, leak.low, leak.high, found.won_amount) == (None, None, None, None)


def test_stage_of_fewer_than_30_deals_told_a_rate() -> None:
    few = [Move("MQL", "SQL", 5, 9), Move("MQL", "lost", 5, 20), Move("SQL", "open", 3, 9)]
    found = estimated(few, ROLES)
    assert [(one.conversion, one.quartiles, one.beyond) for one in found.stages] == [(None, (), None)] * 3
    assert found.leaks == ()
    enough = by_stage(estimated([*few, Move("MQL", "lost", 6, 1)], ROLES))
    assert enough["MQL"].conversion is not None
    assert enough["SQL"].conversion is None


def test_money_that_vanishes_because_a_later_stage_or_none_at_all_has_few_deals() -> None:
    stages = (*STAGES, "Offer", "Never used")
    moves = [
        *(one for one in CLOSED if one.stage != "SQL"),
        Move("SQL", "Offer", 10, 15),
        Move("SQL", "lost", 10, 65),
        Move("Offer", "won", 9, 12, 1000),
        Move("Offer", "lost", 9, 3),
    ]
    leak = only(estimated(moves, ROLES, stages))
    assert leak.value == pytest.approx(12_000 * (0.35 / 0.2 - 1))
    assert leak.low is not None
    assert leak.low > 0


def test_target_for_a_stage_of_few_deals_that_counts_in_the_gap() -> None:
    moves = [
        *(one for one in CLOSED if one.stage != "SQL"),
        Move("SQL", "won", 20, 15, 1000),
        Move("SQL", "lost", 20, 5),
    ]
    one, both = (only(estimated(moves, f"targets: {{MQL→SQL: 0.35{more}}}")) for more in ("", ", SQL→won: 0.99"))
    assert one == both


@pytest.mark.parametrize(
    ("moves", "rate"),
    [
        ([Move("Lead", "MQL", 3, 90), Move("MQL", "SQL", 3, 90), Move("SQL", "won", 3, 90, 5)], 1),
        ([Move("MQL", "open", day, 10) for day in range(0, 300, 10)], 0),
        ([Move("MQL", "lost", 0, 300)], 0),
    ],
)
def test_funnel_that_is_all_won_all_open_or_all_lost(moves: list[Move], rate: int) -> None:
    found = estimated(moves, ROLES + "targets: {Lead→MQL: 1, SQL→won: 1}")
    mql = by_stage(found)["MQL"].conversion
    assert mql is not None
    assert mql.estimate == rate
    assert [leak.flagged for leak in found.leaks] == [rate == 0] * len(found.leaks)


@pytest.mark.parametrize("to", ["open", "won", "lost", "MQL"])
@pytest.mark.parametrize("day", [-1, 0, 3])
def test_single_deal_told_more_than_that_it_is_not_enough(to: str, day: int) -> None:
    found = estimated([Move("Lead", to, day, 1, 70)], ROLES)
    assert {one.conversion for one in found.stages} == {None}
    assert found.leaks == ()


def test_deals_that_all_came_today_or_at_unknown_times_told_a_rate() -> None:
    for day in (0, -1):
        assert by_stage(estimated([Move("MQL", "open", day, 99)], ROLES))["MQL"].conversion is None


def test_funnel_of_one_stage() -> None:
    moves = [Move("Deal", "won", 5, 30, 100), Move("Deal", "lost", 5, 70)]
    found = estimated(moves, "targets: {Deal→won: 0.5}", ["Deal"])
    assert only(found).value == pytest.approx(20 * 100)
    assert only(found).flagged


@pytest.mark.parametrize("count", [MOST_STAGES, 200])
def test_funnel_of_so_many_stages_that_money_would_take_all_memory(count: int) -> None:
    stages = [f"S{place}" for place in range(count)]
    steps = list(pairwise([*stages, "won"]))
    moves = [
        *(Move(one, two, 2, 1000 - 4 * place, 50 if two == "won" else 0) for place, (one, two) in enumerate(steps)),
        *(Move(one, "lost", 2, 2) for one in stages),
        *(Move(one, two, 2, 1) for one, two in zip(stages, stages[2:], strict=False)),
    ]
    targets = ", ".join(f"{one}→{two}: 0.9999" for one, two in steps)
    found = estimated(moves, f"targets: {{{targets}}}", stages)
    assert len(found.leaks) == count
    assert (found.leaks[0].value is None) == (count > MOST_STAGES)


def test_numbers_that_change_from_run_to_run_or_with_the_order_of_rows(tmp_path: Path) -> None:
    again = [estimated(CLOSED, ROLES) for _ in range(2)]
    assert again[0] == again[1]
    rows = [
        f"{deal},{stage},2026-{1 + deal % 6 + place:02}-{1 + deal % 27:02},{deal % 7 * 100}"
        for deal in range(300)
        for place, stage in enumerate(("Lead", "MQL", "SQL", "Closed Won")[: 1 + deal % 5])
    ]
    text = HISTORY.replace("Since}", "Since, amount: Amount}") + "stages: [Lead, MQL, SQL]\nwon: [Closed Won]\n" + ROLES
    (tmp_path / "crm.yaml").write_text(text + "currency: EUR\n", encoding="utf-8")
    told: list[Estimates | None] = []
    for seed in range(3):
        mixed = random.Random(seed).sample(rows, len(rows))
        (tmp_path / "f.csv").write_text("\n".join(["Id,Stage,Since,Amount", *mixed, ""]), encoding="utf-8")
        result = analyse(tmp_path, today=date(2026, 11, 2))
        assert result is not None
        told.append(result.estimates)
    assert told[0] is not None
    assert told[0].leaks
    assert told[0].leaks[0].value is not None
    assert told[0] == told[1] == told[2]


def test_counts_whose_shares_are_not_those_counted_or_that_tell_time_or_money() -> None:
    numbers = {"Lead": (1000, 400), "MQL": (400, 80), "SQL": (29, 20)}
    found = estimate_counts(numbers, config(ROLES))
    for stage, (entered, advanced) in list(numbers.items())[:2]:
        share = by_stage(found)[stage].conversion
        assert share is not None
        assert (share.estimate, share.n, share.horizon_days) == (advanced / entered, entered, 0)
        assert (share.low, share.high) == pytest.approx(wilson(advanced / entered, entered))
        assert by_stage(found)[stage].quartiles == ()
    assert by_stage(found)["SQL"].conversion is None, "29 deals are too few"
    leak = only(found)
    assert (leak.stage, leak.flagged, leak.value) == ("MQL", True, None)
