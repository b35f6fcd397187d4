"""Handoffs: who waits is never left out, hours are those in which people work, and nothing is told beyond the data."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from gtmdiag.engagement.hours import BusinessHours
from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.estimates.intervals import wilson
from gtmdiag.funnel.handoff_words import handoff_sentences, wait_text
from gtmdiag.funnel.handoffs import HandoffRow, handoffs, waiting_stages
from gtmdiag.funnel.leaks import estimate
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.waits import Waits
from tests.funnel.test_leaks import CLOSED, table

HOURS = BusinessHours(timezone="Europe/Berlin", hours="09:00-17:00")
CONFIG = """
shape: history
file: f.csv
columns: {deal: Id, stage: Stage, entered_at: Since}
stages: [Lead, MQL, SQL, Onboarding]
won: [Closed Won]
lost: [Closed Lost]
roles: {mql: MQL, sql: SQL, onboarding: Onboarding}
handoffs:
  mql→SQL: {from: marketing, to: sales, sla_hours: 4}
  Closed Won→onboarding: sales → CS
targets: {MQL→SQL: 0.40}
"""


def seconds(text: str) -> int:
    return int((datetime.fromisoformat(text) - datetime(1970, 1, 1)).total_seconds())


def waits(*groups: tuple[int, str, str, int], until: str = "2026-11-27T17:00:00") -> Waits:
    """Return so many deals each: entered, left (empty where unknown), and how they ended."""
    rows = [
        (seconds(entered) if entered else MISSING, seconds(left) if left else MISSING, ended)
        for n, entered, left, ended in groups
        for _ in range(n)
    ]
    entered, left, ended = (np.array([row[place] for row in rows], dtype=np.int64) for place in range(3))
    return Waits(entered, left, ended.astype(np.int8), seconds(until))


# Friday 16:00; an hour of work lies before the weekend.
DEALS = (
    (40, "2026-11-20T16:00:00", "2026-11-23T11:00:00", 0),  # 3 business hours
    (20, "2026-11-20T16:00:00", "2026-11-23T12:00:00", 1),  # 4
    (20, "2026-11-20T16:00:00", "2026-11-24T09:30:00", 0),  # 9.5
    (20, "2026-11-20T16:00:00", "", 2),  # waits since 33
)


def rows(found: Waits, hours: BusinessHours | None = HOURS, config: str = CONFIG) -> tuple[HandoffRow, ...]:
    crm = validate(CrmConfig, parse_yaml(config, "crm.yaml"))
    return handoffs({"MQL": found}, crm, estimate(table(CLOSED, crm.stages), crm), hours)


def told(row: HandoffRow) -> str:
    return " ".join(sentence.text for sentence in handoff_sentences(row))


def test_wait_over_a_weekend_or_deal_without_an_answer_told_wrongly() -> None:
    row, _ = rows(
        waits(*DEALS, (1, "", "2026-11-23T12:00:00", 0), (2, "2026-11-23T12:00:00", "2026-11-22T12:00:00", 1))
    )
    assert (row.n, row.taken, row.turned_down, row.waiting, row.unknown, row.overdue) == (100, 60, 20, 20, 3, 20)
    assert [quartile.hours for quartile in row.quartiles] == [3.0, 4.0, 9.5]
    assert row.within is not None
    # Nobody is censored before the four hours, so this is a plain share; those who wait count as not answered.
    assert row.within.estimate == pytest.approx(0.6)
    assert (row.within.low, row.within.high) == pytest.approx(wilson(0.6, 100))
    assert "60% moved on or were closed (95 % interval" in told(row)
    assert "20 deals still wait for longer" in told(row)
    assert "within 4 business hours (95 % interval 4 to 4 business hours), three quarters within 9.5" in told(row)
    assert [one.id for one in row.published] == ["mql_sql_response"]


def test_names_and_roles_that_are_not_found_or_row_that_is_missing() -> None:
    first, second = rows(waits(*DEALS))
    assert (first.step, first.giving, first.taking, second.step) == ("MQL→SQL", "marketing", "sales", "won→Onboarding")
    assert first.conversion is not None
    assert first.leak is not None
    assert (first.leak.benchmark.share, first.currency) == (0.4, "EUR")
    assert (second.told, second.n, second.overdue, second.leak) == (False, 0, None, None)
    assert [one.unit for one in second.published] == ["hours", "business days"]
    assert "how long deals wait for CS is not told" in told(second)
    crm = validate(CrmConfig, parse_yaml(CONFIG, "crm.yaml"))
    assert waiting_stages(crm) == ("MQL", "won")


def test_hours_of_the_clock_posing_as_business_hours() -> None:
    row, _ = rows(waits(*DEALS), None)
    assert (row.clock, row.quartiles[0].hours) == ("hours", 67.0)
    assert row.within is not None
    assert row.within.estimate == 0
    assert "0% moved on or were closed (95 % interval 0% to 4%)" in told(row)
    assert "the least that the share within the agreed 4 business hours can be. At most 20 deals" in told(row)
    assert "nights and weekends included" in told(row)


def test_dates_without_times_judged_by_the_hour() -> None:
    row, _ = rows(waits((50, "2026-11-20T00:00:00", "2026-11-23T00:00:00", 0)))
    assert (row.clock, row.within, row.overdue) == ("days", None, None)
    assert wait_text(row.quartiles[1].hours, row) == "3 days"
    assert "cannot be told" in told(row)


def test_few_deals_or_young_ones_that_prove_something() -> None:
    few, _ = rows(waits((29, "2026-11-20T16:00:00", "2026-11-23T11:00:00", 0)))
    assert (few.quartiles, few.within, few.overdue) == ((), None, 0)
    assert "not enough" in told(few)
    young, _ = rows(waits((90, "2026-11-27T15:00:00", "", 2), (10, "2026-11-20T16:00:00", "2026-11-23T11:00:00", 0)))
    assert (young.within, young.overdue) == (None, 0)
    assert "not even half" in told(young)
    assert "Too few deals were followed" in told(young)
    nothing, _ = rows(waits())
    assert (nothing.n, nothing.quartiles) == (0, ())
    assert told(nothing) == "MQL→SQL: no deal with known times waited for sales."


def test_row_without_an_agreed_time() -> None:
    row, _ = rows(waits(*DEALS), config=CONFIG.replace(", sla_hours: 4", ""))
    assert (row.within, row.overdue) == (None, None)
    assert "crm.yaml has no response time" in told(row)
    assert row.to_dict()["quartile_hours"] == [3.0, 4.0, 9.5]
    assert row.to_dict()["within_sla"] is None
