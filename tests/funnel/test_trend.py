"""Trends that see a fresh fall and only that; alarms that are counted and judged as they are written."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from pandas import DataFrame

from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.errors import InputError
from gtmdiag.funnel.alarms import Alarm
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.estimates.table import read_cells
from gtmdiag.funnel.trend import StepTrend, Trend, trend
from gtmdiag.funnel.trend_words import trend_sentences
from tests.funnel.rows import STAGES, Row, cells_of, day_of, rounded

AS_OF = date(2026, 10, 31)
LAST = day_of(AS_OF)
HORIZONS = (120, 120, 120)


def config(more: str = "") -> CrmConfig:
    text = "shape: history\nfile: f.csv\ncolumns: {deal: Id, stage: Stage, entered_at: Since}\n"
    text += f"stages: {json.dumps(list(STAGES))}\nwon: [Closed Won]\nlost: [Closed Lost]\n{more}"
    return validate(CrmConfig, parse_yaml(text, "crm.yaml"))


def moving(
    stage: str, to: str, a_week: int, weeks: int, rates: tuple[float, float], turn: int, seed: int = 1
) -> list[Row]:
    """Return stays that end by chance, with the first rate of advance up to day ``turn`` and the second after it."""
    rng = np.random.default_rng(seed)
    size = a_week * weeks
    entered = LAST - rng.integers(0, 7 * weeks, size)
    lasted = np.minimum(rng.geometric(1 / 15, size) - 1, 119)
    moves = rng.random(size) < np.where(entered + lasted > turn, rates[1], rates[0])
    return [
        Row(stage, (to if moved else "lost") if start + days <= LAST else "open", start, min(days, LAST - start))
        for start, days, moved in zip(entered.tolist(), lasted.tolist(), moves.tolist(), strict=True)
    ]


@cache
def falling() -> DataFrame:
    lead = moving("Lead", "MQL", 150, 60, (0.45, 0.2), LAST - 34)
    return cells_of([*lead, *moving("MQL", "SQL", 60, 60, (0.4, 0.4), LAST, seed=3)])


def told(cells: DataFrame, more: str = "", as_of: date = AS_OF) -> Trend:
    found = trend(read_cells(cells, STAGES), config(more), HORIZONS, as_of=as_of)
    json.dumps(asdict(found), allow_nan=False)
    return found


def step(found: Trend, stage: str) -> StepTrend:
    return next(one for one in found.steps if one.stage == stage)


def only(found: Trend) -> Alarm:
    (alarm,) = found.alarms
    return alarm


def test_fall_of_four_weeks_that_is_missed_or_seen_where_there_is_none() -> None:
    found = told(falling())
    lead, mql, sql = found.steps
    assert (lead.changed, mql.changed) == (True, False)
    assert lead.before is not None
    assert lead.lately is not None
    assert lead.before.estimate == pytest.approx(0.45 * lead.covers, abs=0.04)
    assert lead.lately.estimate == pytest.approx(0.2 * lead.covers, abs=0.04)
    assert sql.lacking
    texts = [sentence.text for sentence in trend_sentences(found)]
    assert texts[0].startswith("Lead → MQL fell to ")
    assert any("Not enough data for a trend: SQL → won" in text for text in texts)


def test_unfinished_week_in_a_trend_or_finished_one_left_out() -> None:
    found = told(falling())
    assert (found.last_week, found.unfinished) == ("2026-W43", "2026-W44")
    assert [point.week for point in step(found, "Lead").points] == [f"2026-W{week}" for week in range(31, 44)]
    sunday = told(falling(), as_of=date(2026, 11, 1))
    assert (sunday.last_week, sunday.unfinished) == ("2026-W44", "")


def test_thin_step_by_week_or_with_a_window_that_overlaps() -> None:
    cells = cells_of(moving("MQL", "SQL", 5, 60, (0.4, 0.4), LAST))
    thin = step(told(cells), "MQL")
    assert thin.windows.weeks == 4
    assert [point.week for point in thin.points] == [f"2026-W{week}" for week in range(20, 44, 4)]
    firsts = [LAST - (LAST + 3) % 7 - 7 * (24 - 4 * place) for place in range(6)]
    for first, point in zip(firsts, thin.points, strict=True):
        inside = cells["entered"].between(first, first + 27)
        assert point.entered == cells.loc[inside, "n"].sum()


@pytest.mark.parametrize("to", ["open", "won", "lost", "MQL"])
def test_funnel_of_one_kind_or_of_nothing_that_breaks_the_trend(to: str) -> None:
    for rows in ([], [Row("Lead", to, LAST, 0)], [Row("Lead", to, LAST - day, 0, 9) for day in range(200)]):
        found = told(cells_of(rows), "rules: {Lead→MQL: {below: 0.3}}")
        assert len(found.steps) == 3
        assert trend_sentences(found)


def test_entries_known_to_the_week_only_that_change_a_result() -> None:
    rows = moving("Lead", "MQL", 40, 90, (0.4, 0.4), LAST)
    exact = cells_of(rows)
    rules = "rules: {Lead→MQL: {below: 0.3, weeks: 2}}"
    one, other = told(exact, rules), told(rounded(exact, AS_OF), rules)
    assert (one.steps[0].points, one.alarms) == (other.steps[0].points, other.alarms)


def test_rule_that_is_not_the_one_in_force() -> None:
    roles = "roles: {mql: MQL, sql: SQL}\n"
    cells = falling()
    published = only(told(cells, roles))
    assert (published.told.rule.below, published.told.rule.weeks, published.told.source) == (0.3, 1, "OE")
    own = told(cells, f"{roles}rules: {{MQL→SQL: {{below: 0.2, weeks: 3}}}}\ntargets: {{mql→sql: 0.5}}\n")
    assert (only(own).told.rule.below, only(own).told.rule.weeks, only(own).told.own) == (0.2, 3, True)
    line = step(own, "MQL").threshold
    assert line is not None
    assert (line.share, line.kind) == (0.2, "rule")
    target = step(told(cells, f"{roles}targets: {{MQL→SQL: 0.5}}\n"), "MQL").threshold
    assert target is not None
    assert (target.share, target.kind) == (0.5, "target")
    two = told(cells, "roles: {s1: MQL, s3: SQL}\n")
    assert (only(two).told.rule.below, only(two).told.rule.weeks) == (0.25, 2)
    assert not told(cells, "roles: {s1: Lead, s3: SQL}\n").alarms
    with pytest.raises(InputError):
        config("rules: {MQL→SQL: {below: 25}}")


def test_weeks_of_a_rule_other_than_counted_one_deal_at_a_time() -> None:
    rows = moving("Lead", "MQL", 20, 80, (0.35, 0.35), LAST)
    alarm = only(told(cells_of(rows), "rules: {Lead→MQL: {below: 0.3, weeks: 2}}"))
    for week in alarm.weeks:
        monday = date.fromisocalendar(2026, int(week.week[6:]), 1)
        days = range(day_of(monday), day_of(monday) + 7)
        deals = [row for row in rows if row.entered in days]
        assert week.n == len(deals)
        assert week.successes == sum(row.to == "MQL" and row.day <= alarm.days for row in deals)
    last = date.fromisocalendar(2026, int(alarm.weeks[-1].week[6:]), 7)
    assert last + timedelta(days=alarm.days) <= AS_OF < last + timedelta(days=alarm.days + 7)
    misses = [week.successes / week.n < 0.3 for week in alarm.weeks]
    running = [alarm.weeks[k].week for k in range(1, 13) if misses[k - 1] and misses[k]]
    assert alarm.ripe.fired_in == tuple(running)
    assert alarm.rate_is == "own"


def test_false_alarms_of_young_weeks_that_are_not_told_apart() -> None:
    """With a true 42%, a rule on counts of this week's deals fires at once; on ripe weeks hardly ever."""
    rows = moving("Lead", "MQL", 300, 80, (0.42, 0.42), LAST)
    alarm = only(told(cells_of(rows), "rules: {Lead→MQL: {below: 0.3, weeks: 2}}"))
    assert alarm.counted.fires
    assert not alarm.ripe.fired_in
    assert alarm.false_alarm < 0.01
    assert alarm.pooled is not None
    assert alarm.pooled.p_value > 0.5
