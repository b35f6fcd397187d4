"""Rules on weekly values: exact about thresholds, gaps, weeks that are not over, chance and quarters."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.errors import InputError
from gtmdiag.funnel.estimates.windows import Rule, Week, evaluate, false_alarm
from gtmdiag.kpis import KpiData, KpiWeek, read_kpi_data, run_rules
from gtmdiag.kpis.chance import chance_for_nothing, recent
from gtmdiag.kpis.run import last_complete, misses, run

MONDAY = date(2026, 1, 5)


def rule(**changes: Any) -> Kpi:
    told = {"metric": "m", "team": "sales", "kind": "leading", "unit": "share", "threshold": 0.25, "direction": "below"}
    return Kpi.model_validate({**told, "window": 2, "owner": "Ann", "action": "Call.", **changes})


def week(number: int, value: float | None, n: int | None = None) -> KpiWeek:
    return KpiWeek(MONDAY + timedelta(weeks=number), value, n)


def sunday(number: int) -> date:
    return MONDAY + timedelta(weeks=number, days=6)


@given(
    st.lists(st.one_of(st.none(), st.tuples(st.integers(0, 20), st.integers(0, 20))), min_size=1, max_size=20),
    st.integers(1, 4),
    st.sampled_from([0.07, 0.25, 0.3, 0.5]),
)
def test_rule_that_fires_otherwise_than_the_rule_on_deals(
    series: list[tuple[int, int] | None], window: int, threshold: float
) -> None:
    counted = {number: (min(pair), max(pair)) for number, pair in enumerate(series) if pair is not None}
    ours = [week(number, hits / n if n else None, n) for number, (hits, n) in counted.items()]
    theirs = [Week(one.name, counted[int((one.monday - MONDAY).days / 7)][0], one.n or 0) for one in ours]
    last = max(counted, default=0)
    done = run(rule(threshold=threshold, window=window), ours, sunday(last))
    expected = evaluate(Rule(threshold, window), theirs)
    assert tuple(one.name for one in done.fired) == expected.fired_in
    assert (done.running, done.running >= window) == (expected.running, expected.fires)
    assert done.gaps == expected.left_out
    assert [alarm.week for alarm in done.alarms] == [alarm.weeks[window - 1].name for alarm in done.alarms]


@pytest.mark.parametrize(
    ("direction", "value", "missed"),
    [("below", 0.3, False), ("below", 0.1 + 0.2, False), ("below", 0.2999, True), ("above", 0.3, False)],
)
def test_value_at_the_threshold_that_counts_as_a_miss(direction: str, value: float, missed: bool) -> None:
    assert misses(rule(threshold=0.3, direction=direction), value) is missed


def test_week_that_is_not_over_judged_or_a_late_export_that_still_fires() -> None:
    weeks = [week(0, 0.1), week(1, 0.1), week(2, 0.9)]
    assert last_complete(sunday(1)) == MONDAY + timedelta(weeks=1)
    assert last_complete(sunday(2) - timedelta(days=1)) == MONDAY + timedelta(weeks=1)
    midweek = run(rule(), weeks, MONDAY + timedelta(weeks=2, days=3))
    assert (midweek.running, midweek.partial) == (2, "2026-W04")
    assert run(rule(), weeks, sunday(2)).running == 0
    late = run(rule(), weeks[:2], sunday(3))
    assert (late.running, late.gaps) == (0, ("2026-W04", "2026-W05"))
    assert len(late.alarms) == 1


def test_false_alarms_of_a_rule_above_that_are_not_those_of_its_mirror() -> None:
    weeks = [week(number, 0.2, 20) for number in range(60)]
    below = chance_for_nothing(rule(), weeks)
    assert below is not None
    assert (below.rate, below.volume) == (pytest.approx(0.3), 20)
    assert below.chance == false_alarm(Rule(0.25, 2), [20] * 52, 0.25 * 1.2)
    above = chance_for_nothing(rule(threshold=0.5, direction="above"), weeks)
    assert above is not None
    assert above.chance == false_alarm(Rule(0.5, 2), [20] * 52, 0.6)
    assert chance_for_nothing(rule(unit="days", threshold=30.0), weeks) is None
    pooled = recent(rule(threshold=0.5, direction="above"), weeks)
    assert pooled is not None
    assert (pooled.weeks, pooled.n, pooled.share) == (13, 260, pytest.approx(0.2))
    assert pooled.low < 0.2 < pooled.high
    assert pooled.p_value > 0.999


def test_backtest_that_counts_a_firing_into_another_quarter_or_judges_one_that_is_not_over() -> None:
    result = rule(metric="arr", kind="lagging", unit="money", threshold=100.0, window=None)
    # The last week of June ends in July; its Thursday is in July too.
    weeks = tuple(week(number, 0.1 if number in (4, 5, 13) else 0.9) for number in range(27))
    arr = tuple(week(number, value) for number, value in ((3, 500), (11, 90), (24, 120), (25, 1)))
    data = KpiData({"m": weeks, "arr": arr})
    (reading,) = run_rules([rule(), result], data, as_of=date(2026, 7, 5)).readings
    past = reading.backtest
    assert (past.judged, past.fired, past.alarms) == (26, 1, 1)
    assert [(one.quarter, one.value, one.missed, one.alarm, one.weeks_early) for one in past.quarters] == [
        ("2026-Q1", 90, True, "2026-W07", 6),
        ("2026-Q2", 120, False, "", None),
    ]


def test_fault_of_the_file_that_is_not_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "kpis.csv"
    path.write_text(
        "metric,week,n,value\nm,2026-W54,1,0.2\nm,2026-W05,1,28 %\nm,2026-W06,x,1.2\nm,2026-W07,3,\n"
        "m,2026-W08,,0.2\nM,2026-W08,,0.3\n,2026-W09,,nan\nm,2026-W10,0.2\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        read_kpi_data(path, [rule()])
    assert [problem.place for problem in caught.value.problems] == [f"line {n}" for n in (2, 3, 4, 4, 5, 7, 8, 8, 9)]
    path.write_text("week;metric\n", encoding="utf-8")
    with pytest.raises(InputError, match="week, metric, value, n"):
        read_kpi_data(path, [rule()])


def test_metric_that_no_rule_knows_is_told_once_and_a_week_of_nothing_is_read(tmp_path: Path) -> None:
    path = tmp_path / "kpis.csv"
    path.write_text("week,metric,value,n\n2026-W01,m,,0\n2026-W01,x,5,\n2026-W02,x,5,\n", encoding="utf-8-sig")
    data = read_kpi_data(path, [rule()])
    assert data is not None
    assert data.weeks["m"] == (KpiWeek(date(2025, 12, 29), None, 0),)
    assert [(problem.place, problem.severity) for problem in data.problems] == [("line 3", "warning")]
    assert read_kpi_data(tmp_path / "none.csv", []) is None
