from __future__ import annotations

from dataclasses import astuple
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.period import Stays, by_week, period, stays_by_stage
from gtmdiag.funnel.estimates.table import read_cells
from tests.funnel.estimates.stays import STAGES, cells_of, exits_of

EPOCH = date(1970, 1, 1)
RECORDS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 25), st.integers(-1, 1), st.integers(1, 3)), min_size=1, max_size=40
)
Record = tuple[int, int, int, int]


def _stays(records: list[Record]) -> Stays:
    entered, lasted, cause, n = np.array(records, dtype=np.int64).T
    return Stays(("advanced", "lost"), entered, lasted, cause, n)


@given(RECORDS, st.integers(0, 40), st.integers(0, 20))
def test_window_that_differs_from_following_each_stay_day_by_day(
    records: list[Record], opens: int, length: int
) -> None:
    found = period(_stays(records), EPOCH + timedelta(opens), EPOCH + timedelta(opens + length))
    window = range(opens, opens + length + 1)
    share, still, age = np.zeros(2), 1.0, 0
    while True:
        here = [r for r in records if r[0] + age in window and age <= r[1]]
        at_risk = sum(r[3] for r in here)
        if not at_risk:
            break
        left = np.array([sum(r[3] for r in here if r[1] == age and r[2] == cause) for cause in (0, 1)])
        share = share + still * left / at_risk
        still *= 1 - left.sum() / at_risk
        assert found.at_risk[age] == at_risk
        np.testing.assert_allclose(found.share[:, age], share, atol=1e-12)
        age += 1
    assert len(found.days) == age
    assert found.n == sum(r[3] for r in records if r[0] in window)


@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["advanced", "lost", "open"]), st.just(1)), min_size=1))
def test_window_over_everything_other_than_the_cohort_estimate(made: list[tuple[int, str, int]]) -> None:
    cohort = incidence(exits_of(made)).at("advanced", 9)
    codes = {"advanced": 0, "lost": 1, "open": -1}
    record = _stays([(100, day, codes[outcome], n) for day, outcome, n in made])
    whole = period(record, EPOCH, EPOCH + timedelta(500)).at("advanced", 9)
    assert cohort is not None
    assert whole is not None
    assert whole.estimate == pytest.approx(cohort.estimate, abs=1e-12)
    assert whole.variance == pytest.approx(cohort.variance, abs=1e-12)


def test_fresh_fall_that_a_week_of_the_trend_does_not_show() -> None:
    rng = np.random.default_rng(8)
    entered = rng.integers(0, 30 * 7, 20_000)
    lasted = rng.integers(0, 28, 20_000)
    falls = entered + lasted >= 26 * 7
    cause = np.where(rng.random(20_000) < np.where(falls, 0.2, 0.4), 0, 1)
    seen = entered + lasted < 30 * 7
    record = Stays(
        ("advanced", "lost"),
        entered,
        np.where(seen, lasted, 30 * 7 - 1 - entered),
        np.where(seen, cause, -1),
        np.ones(20_000, dtype=np.int64),
    )
    mondays = [date(1970, 1, 5) + timedelta(weeks=k) for k in range(20, 29)]
    weeks = by_week(record, "advanced", 27, mondays)
    rates = [week.share.estimate if week.share else np.nan for week in weeks]
    assert weeks[0].week == "1970-W22"
    np.testing.assert_allclose(rates[:5], 0.4, atol=0.06)
    np.testing.assert_allclose(rates[6:], 0.2, atol=0.06)


def test_week_without_entries_that_has_a_share() -> None:
    record = _stays([(0, 30, 0, 5), (20, 2, 1, 5)])
    alone = by_week(record, "advanced", 20, [date(1970, 1, 12)])[0]
    assert (alone.entered, alone.at_risk, alone.share) == (0, 5, None)


def test_cells_that_give_other_stays() -> None:
    cells = cells_of([(3, "won", 1), (2, "lost", 1), (7, "open", 1), (-1, "lost", 1)]).assign(entered=[5, 4, 8, 9])
    (found, _) = stays_by_stage(read_cells(cells, STAGES))
    rows = zip(found.entered.tolist(), found.lasted.tolist(), found.cause.tolist(), found.n.tolist(), strict=True)
    expected = {(day, entered) for day, entered in zip(cells["day"], cells["entered"], strict=True) if day >= 0}
    assert {(lasted, entered) for entered, lasted, _, _ in rows} == expected
    assert dict(zip(found.lasted.tolist(), found.cause.tolist(), strict=True)) == {3: 0, 2: 1, 7: -1}


@given(RECORDS, st.integers(0, 25), st.integers(1, 3))
def test_weeks_all_at_once_that_differ_from_one_at_a_time(records: list[Record], horizon: int, weeks: int) -> None:
    mondays = [date(1970, 1, 5) + timedelta(weeks=place) for place in range(-1, 4)]
    record = _stays(records)
    for monday, found in zip(mondays, by_week(record, "advanced", horizon, mondays, weeks=weeks), strict=True):
        alone = period(record, monday, monday + timedelta(days=7 * weeks - 1)).at("advanced", horizon)
        assert (alone is None) == (found.share is None)
        if alone is not None and found.share is not None:
            assert astuple(found.share) == pytest.approx(astuple(alone), abs=1e-12, rel=1e-6)
