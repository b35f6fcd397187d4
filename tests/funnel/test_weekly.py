"""Weekly values that the funnel counts: each week holds what was known at its end, and no week that is not over."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from gtmdiag.funnel.analyse import analyse
from gtmdiag.funnel.weekly import WeeklySeries

MONDAY = date(2026, 1, 5)
CONFIG = """\
shape: history
file: moves.csv
columns: {deal: Id, stage: Stage, entered_at: Since, source: Source}
stages: [MQL, SQL, Demo, Offer, Onboarding, Live]
won: [Won]
lost: [Lost]
roles: {mql: MQL, sql: SQL, s1: SQL, s3: Offer, onboarding: Onboarding, first_success: Live}
marketing_sources: [web]
as_of: %s
"""


def series(folder: Path, moves: list[str], as_of: date) -> dict[str, WeeklySeries]:
    crm = folder / "crm"
    crm.mkdir(exist_ok=True)
    (crm / "crm.yaml").write_text(CONFIG % as_of)
    (crm / "moves.csv").write_text("\n".join(["Id,Stage,Since,Source", *moves]))
    result = analyse(crm, today=as_of)
    assert result is not None
    return {name: one for one in result.weekly for name in one.names}


def deal(name: str, source: str, steps: dict[str, int]) -> list[str]:
    return [f"{name},{stage},{MONDAY + timedelta(days=day)},{source}" for stage, day in steps.items()]


def weekly(weeks: int) -> list[str]:
    """Return ten deals a week: six reach SQL after 8 days, three of these Offer after 10 more, two over Demo."""
    moves: list[str] = []
    for week in range(weeks):
        for k in range(10):
            day = 7 * week + k % 5
            steps = {"MQL": day, "SQL": day + 8} if k < 6 else {"MQL": day, "Lost": day + 2}
            steps |= {"Demo": day + 12} if k in (1, 2) else {}
            steps |= {"Offer": day + 18} if k < 3 else {"Lost": day + 14} if k < 6 else {}
            moves += deal(f"{week}-{k}", "Web" if k < 4 else "partner", steps)
    return moves


def values(one: WeeklySeries) -> list[tuple[int, float | None, int]]:
    return [((week.monday - MONDAY).days // 7, week.value, week.n) for week in one.weeks]


@pytest.mark.parametrize(("day", "last"), [(6, 20), (5, 19), (0, 19)])
def test_week_that_is_not_over_or_entries_that_had_no_time_yet_count(tmp_path: Path, day: int, last: int) -> None:
    # The export ends with the day; what would come later is not in it.
    as_of = MONDAY + timedelta(weeks=20, days=day)
    moves = [move for move in weekly(21) if move.split(",")[2] <= as_of.isoformat()]
    found = series(tmp_path, moves, as_of)
    # Within 8 days, so two weeks later: the entries of week 0 are judged in week 2.
    expected = [(week, pytest.approx(0.6), 10) for week in range(2, last + 1)]
    assert values(found["mql_sql_conversion"]) == expected
    assert found["MQL→SQL"] is found["mql_sql_conversion"]


def test_step_over_a_stage_in_between_that_only_counts_those_who_took_it(tmp_path: Path) -> None:
    found = series(tmp_path, weekly(20), MONDAY + timedelta(weeks=22, days=6))
    counted = values(found["s1_s3_conversion"])[2:-6]
    assert {value for _, value, _ in counted} == {0.5}
    assert {n for _, _, n in counted} == {6}
    assert "SQL→Offer" not in found


def test_source_of_another_case_or_of_sales_counts_as_marketing(tmp_path: Path) -> None:
    found = series(tmp_path, weekly(10), MONDAY + timedelta(weeks=12, days=6))
    share = found["marketing_pipeline_share"]
    assert values(share)[1:8] == [(week, pytest.approx(4 / 6), 6) for week in range(2, 9)]


def test_customer_on_its_way_or_a_week_without_one_that_tells_days_to_success(tmp_path: Path) -> None:
    moves = [*deal("a", "x", {"Onboarding": 0, "Live": 20}), *deal("b", "x", {"Onboarding": 1, "Live": 15})]
    moves += [*deal("c", "x", {"Onboarding": 2}), *deal("d", "x", {"Onboarding": 9, "Live": 29})]
    found = series(tmp_path, moves, MONDAY + timedelta(weeks=5, days=2))
    assert values(found["days_to_first_success"]) == [(2, 17.0, 2), (3, None, 0), (4, 20.0, 1)]


def test_win_rate_that_runs_on_from_one_quarter_into_the_next(tmp_path: Path) -> None:
    moves = [
        move
        for k, (end, day) in enumerate((("Won", 70), ("Lost", 71), ("Lost", 86)))
        for move in deal(str(k), "x", {"SQL": 0, end: day})
    ]
    found = series(tmp_path, moves, MONDAY + timedelta(weeks=13, days=6))
    assert values(found["win_rate"]) == [(10, 0.5, 2), (11, 0.5, 2), (12, 0.0, 1), (13, 0.0, 1)]


def test_age_of_deals_that_is_not_as_it_was_at_the_end_of_each_week(tmp_path: Path) -> None:
    moves = [move for k in range(4) for move in deal(f"new{k}", "x", {"Demo": 7 * k})]
    moves += [*deal("old", "x", {"Demo": -100, "Lost": 30}), *deal("older", "x", {"Demo": -100})]
    found = series(tmp_path, moves, MONDAY + timedelta(weeks=4, days=6))
    # On the Sunday of the fourth week 6, 13, 20, 27 and twice 127 days old; of the fifth without the lost one.
    assert values(found["deal_age_ratio"])[-2:] == [
        (3, pytest.approx((6 + 13 + 20 + 27 + 127 * 2) / 6 / 23.5), 6),
        (4, pytest.approx((13 + 20 + 27 + 34 + 134) / 5 / 27), 5),
    ]
