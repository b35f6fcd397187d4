"""Time in stage: what was not reached is said, and no stage is called the slowest by chance."""

from __future__ import annotations

from gtmdiag.funnel.estimates.survival import Quantile
from gtmdiag.funnel.leaks import Estimates, StageEstimate
from gtmdiag.report.time_figures import time_in_stage
from tests.report.test_figures import HOSTILE, require_safe

Day = tuple[int | None, int | None, int | None]


def stage(name: str, *days: Day) -> StageEstimate:
    quartiles = tuple(Quantile(share, *day) for share, day in zip((0.25, 0.5, 0.75), days, strict=False))
    return StageEstimate(name, "won", None, quartiles, None)


def estimates(*stages: StageEstimate) -> Estimates:
    return Estimates(stages, (), "", None, 0)


FAST = stage("Lead", (0, 0, 1), (3, 2, 4), (9, 8, 10))
SLOW = stage("SQL", (9, 7, 11), (20, 15, 30), (None, 40, None))


def test_picture_without_enough_deals_or_beyond_a_page() -> None:
    assert time_in_stage(estimates()) is None
    assert time_in_stage(estimates(stage("Lead"))) is None
    assert time_in_stage(estimates(*[FAST] * 31)) is None


def test_quartile_that_was_not_reached_told_as_a_day() -> None:
    figure = require_safe(time_in_stage(estimates(FAST, SLOW, stage(HOSTILE))))
    assert figure.title == "Deals stay longest in SQL: half of them for 20 days or more"
    assert "SQL: a quarter by day 9 (7 to 11), half by day 20 (15 to 30), three quarters not reached." in figure.alt
    assert HOSTILE not in figure.alt
    never = stage(HOSTILE, (None, None, None), (None, None, None), (None, None, None))
    untold = require_safe(time_in_stage(estimates(FAST, never)))
    assert untold.title.startswith("Not even half of the deals left A_$")
    assert "<script>" not in untold.svg
    assert require_safe(time_in_stage(estimates(never))).title == untold.title


def test_slowest_stage_that_chance_makes_the_slowest() -> None:
    near = stage("MQL", (4, 3, 5), (14, 12, 16), (30, 25, 40))
    assert require_safe(time_in_stage(estimates(near, SLOW))).title == (
        "Half of the deals leave within 14 to 20 days, depending on the stage"
    )
    assert require_safe(time_in_stage(estimates(SLOW))).title == "Half of the deals leave SQL within 20 days"
    at_once = stage("Lead", (0, 0, 0), (0, 0, 0), (0, 0, 0))
    assert (
        require_safe(time_in_stage(estimates(at_once))).title == "Half of the deals leave Lead within less than a day"
    )
