"""The pages on conversion over time tell all that they draw, and say plainly where there is too little."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gtmdiag.funnel.alarms import Alarm, StepRule
from gtmdiag.funnel.change import StepChange
from gtmdiag.funnel.definitions import Defined, StepDefinitions
from gtmdiag.funnel.estimates.difference import difference
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.estimates.period import WeekShare
from gtmdiag.funnel.estimates.windows import Rule, Verdict
from gtmdiag.funnel.trend import StepTrend, Threshold, Trend
from gtmdiag.report.blocks import Figure, Notice, Table
from gtmdiag.report.pages.funnel_trend import change_blocks, definitions_blocks, trend_blocks
from gtmdiag.report.pictures import svg_fault
from gtmdiag.report.trend_figure import MOST_PANELS, trend_panels

HOSTILE = "A_$\\frac{$ <script>alert(1)</script> & #set page " + "long " * 30


def share(estimate: float) -> Share:
    return Share(estimate, estimate - 0.1, estimate + 0.1, 0.0025, 40, 60.0, 30, 0.1)


def step(stage: str, *rates: float | None, lately: float = 0.4, changed: bool = False) -> StepTrend:
    points = tuple(
        WeekShare(f"2026-W{place + 10}", 40, 60, None if rate is None else share(rate))
        for place, rate in enumerate(rates)
    )
    before, now = share(0.6), share(lately)
    line = Threshold(0.95, "OE", "rule")
    moved = difference(before, now)
    return StepTrend(
        stage,
        "won",
        line,
        "",
        horizon_days=30,
        covers=0.95,
        points=points,
        before=before,
        lately=now,
        moved=moved,
        changed=changed,
    )


def trend(*steps: StepTrend) -> Trend:
    return Trend("2026-W22", "", steps, ())


def drawn(found: Trend) -> Figure:
    figure = trend_panels(found)
    assert figure is not None
    assert svg_fault(figure.svg) == ""
    return figure


def test_fall_that_the_title_does_not_tell_or_a_gap_that_is_drawn_over() -> None:
    figure = drawn(trend(step("Lead", 0.6, None, 0.5, 0.4, changed=True), step(HOSTILE, None, None, 0.9)))
    assert figure.title == "Lead → won fell in the last 4 weeks to 40%, from 60%"
    assert "2026-W10 60% (50% to 70%), 2026-W11 not known, 2026-W12 50%" in figure.alt
    assert "<script" not in figure.svg


def test_steady_trend_with_an_alarming_title() -> None:
    quiet = replace(step("Lead", 0.6, 0.6, lately=0.6), threshold=None)
    assert drawn(trend(quiet)).title == "No step has changed lately beyond chance"
    assert drawn(trend(step("Lead", 0.6, 0.6))).title == "Lead → won stays below its threshold of 95%"


def test_two_hundred_stages_that_flood_the_page() -> None:
    steps = [step(f"Stage {k}", 0.6, 0.5, changed=k == 150) for k in range(200)]
    figure = drawn(trend(*steps))
    assert "Stage 150 to won" in figure.alt
    assert f"{200 - MOST_PANELS} more are in the table" in figure.caption
    table = next(block for block in trend_blocks(trend(*steps)) if isinstance(block, Table))
    assert len(table.rows) == 30
    assert "of 200 steps" in table.note


def test_nothing_to_tell_that_shows_nothing() -> None:
    lacking = StepTrend("Lead", "won", None, "3 of at least 30 deals")
    for found in (trend_blocks(trend(lacking)), trend_blocks(trend()), change_blocks([]), change_blocks([change()])):
        (notice,) = found
        assert isinstance(notice, Notice)
        assert notice.title.startswith("Not enough data")
    assert definitions_blocks([])


def change() -> StepChange:
    return StepChange("Lead", "won", "too few deals")


def test_definition_or_alarm_whose_numbers_do_not_reach_the_page() -> None:
    one = StepDefinitions("Lead", "won", Defined(10, 100), Defined(40, 120), Defined(0, 0))
    table = definitions_blocks([one])[1]
    assert isinstance(table, Table)
    assert table.rows == (("Lead → won", "10.0% (10 of 100)", "33.3% (40 of 120)", "–", "not enough data"),)
    quiet = Verdict(False, (), 0, ())
    alarm = Alarm("Lead", "won", StepRule(Rule(0.25, 2), "OE"), quiet, 30, quiet, (), 0.917, 0.3, "own", 20.0, None)
    blocks = trend_blocks(replace(trend(step("Lead", 0.5, 0.6)), alarms=(alarm,)))
    rows = blocks[-1]
    assert isinstance(rows, Table)
    assert rows.rows[0][0] == "Lead → won below 25% 2 weeks running (OE)"
    assert rows.rows[0][3] == "92% of years at 30%"


@pytest.mark.parametrize("n", [1, 2, 3])
def test_panels_that_run_out_of_the_picture(n: int) -> None:
    assert drawn(trend(*(step(f"S{k}", 0.0, 1.0) for k in range(n))))
