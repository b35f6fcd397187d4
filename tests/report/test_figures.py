"""Figures tell in words all that they draw, are the same at any time, and carry nothing of a client as markup."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date

import matplotlib as mpl
import pytest

from gtmdiag.funnel.benchmarks import Benchmark
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.leaks import Estimates, Leak, StageEstimate
from gtmdiag.funnel.outcomes import Outcome, Outcomes, StageRow
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.report.blocks import Figure
from gtmdiag.report.figures import role_profile, role_quadrant, stage_bars
from gtmdiag.report.funnel_figures import conversion_intervals
from gtmdiag.report.pictures import svg_fault
from tests.diagnostics.people import BY_VERDICT, DOMAINS, ROLE, role, role_answers

HOSTILE = "A_$\\frac{$ <script>alert(1)</script> & #set page " + "long " * 30
NONE = Outcome(0, (), 0)


def row(stage: str, advanced: int, open_: int, lost: int) -> StageRow:
    entered = advanced + open_ + lost
    return StageRow(stage, (), entered, advanced, lost, open_, (), (), advanced / entered if entered else None)


def funnel(*rows: StageRow) -> FunnelResult:
    outcomes = Outcomes(NONE, NONE, Outcome(sum((one.open or 0) for one in rows), (), 0))
    day = date(2026, 10, 31)
    return FunnelResult(day, "data", False, "history", 0, 0, outcomes, None, rows, outcomes, (), (), (), (), ())


def step(stage: str, estimate: float, **wanted: bool) -> tuple[StageEstimate, tuple[Leak, ...]]:
    """Return a step, and where a flag is wanted the leak that it is, or is not beyond chance."""
    share = Share(estimate, estimate - 0.05, estimate + 0.05, 0.001, 1234, 1000.0, 180, 0.01)
    mark = Benchmark(0.35, 0.45, "OE", "published")
    leaks = [Leak(stage, "won", share, mark, flagged, 5.0, 1.0, 9.0, "") for flagged in wanted.values()]
    return StageEstimate(stage, "won", share, (), None), tuple(leaks)


def estimates(*steps: tuple[StageEstimate, tuple[Leak, ...]]) -> Estimates:
    leaks = tuple(leak for _, some in steps for leak in some)
    return Estimates(tuple(stage for stage, _ in steps), leaks, "EUR", 100.0, 30)


def require_safe(figure: Figure | None) -> Figure:
    assert figure is not None
    assert svg_fault(figure.svg) == ""
    assert figure.title.strip()
    assert figure.alt.strip().endswith(".")
    return figure


def test_figure_of_nothing() -> None:
    unanswered = role({}, [{DOMAINS[0]: 3}])
    assert role_quadrant(unanswered) is None
    assert role_profile(unanswered) is None
    assert stage_bars(funnel()) is None
    assert stage_bars(funnel(row("A", 0, 0, 0))) is None


def test_point_or_dot_that_the_description_leaves_out() -> None:
    own, seen = role_answers(*BY_VERDICT["champion"]), role_answers(2, 4)
    both = role(own, [seen] * 3)
    quadrant = require_safe(role_quadrant(both))
    assert "CEO: champion practice 100, operator habit 0; Leaders: champion practice 25" in quadrant.alt
    profile = require_safe(role_profile(both))
    assert profile.alt.count("champion 5, operator 1, leaders 2 and 4") == len(DOMAINS)
    for domain in both.domains:
        assert domain.label in profile.alt


def test_view_of_two_leaders_that_is_drawn() -> None:
    few = role(role_answers(5, 1), [role_answers(1, 5)] * 2)
    for figure in (require_safe(role_quadrant(few)), require_safe(role_profile(few))):
        assert "leaders" not in figure.alt.lower()
        assert figure == (role_quadrant if "Quadrant" in figure.alt else role_profile)(role(role_answers(5, 1)))


def test_answers_that_are_missing_drawn_as_if_given() -> None:
    some = {item: value for item, value in role_answers(4, 2).items() if not item.startswith(f"{ROLE.id}.{DOMAINS[0]}")}
    quadrant = require_safe(role_quadrant(role(some)))
    assert " to " in quadrant.alt
    assert "unanswered" in quadrant.caption
    assert "champion not shown, operator not shown" in require_safe(role_profile(role(some))).alt


def test_stage_that_the_description_leaves_out_or_share_that_is_no_finding() -> None:
    figure = require_safe(stage_bars(funnel(row("Lead", 50, 25, 25), row(HOSTILE, 10, 20, 20))))
    assert "Lead: 100 entered, 50 moved on, 25 open, 25 lost" in figure.alt
    assert f"{HOSTILE}: 50 entered, 10 moved on, 20 open, 20 lost" in figure.alt
    assert figure.title.endswith("20%")
    assert "<script>" not in figure.svg


def test_snapshot_drawn_as_if_it_told_shares() -> None:
    known = row("Lead", 0, 7, 0)
    untold = replace(known, entered=None, advanced=None, lost=None, advanced_share_so_far=None)
    figure = require_safe(stage_bars(funnel(untold)))
    assert (figure.title, figure.caption) == ("7 open deals by present stage", "")
    assert "Lead: 7 open." in figure.alt


def test_many_stages_drawn_beyond_a_page() -> None:
    assert stage_bars(funnel(*(row(f"Stage {n}", n, 1, 1) for n in range(31)))) is None
    assert stage_bars(funnel(*(row(f"Stage {n}", n, 1, 1) for n in range(30)))) is not None


def test_conversion_without_its_interval_or_number_or_a_title_that_is_no_finding() -> None:
    nothing = StageEstimate("Lead", "MQL", None, (), None)
    assert conversion_intervals(estimates()) is None
    assert conversion_intervals(estimates((nothing, ()))) is None
    leak = require_safe(conversion_intervals(estimates(step(HOSTILE, 0.5), step("MQL", 0.22, flagged=True))))
    assert leak.title == "MQL→won converts below its benchmark: 22% against 35%"
    assert leak.alt.startswith(leak.title)
    assert "MQL to won: 22%, from 17% to 27%, n = 1,234, benchmark 35%" in leak.alt
    assert f"{HOSTILE} to won: 50%, from 45% to 55%, n = 1,234;" in leak.alt
    assert "<script>" not in leak.svg
    chance = require_safe(conversion_intervals(estimates(step("MQL", 0.34, flagged=False))))
    assert chance.title == "No step converts below its benchmark beyond chance"
    plain = require_safe(conversion_intervals(estimates(step("Lead", 0.5), step("MQL", 0.2))))
    assert plain.title == "Conversion from stage to stage: 20% to 50%"
    assert conversion_intervals(estimates(*(step(f"Stage {n}", 0.5) for n in range(31)))) is None


@pytest.mark.filterwarnings("ignore:Glyph")
def test_name_that_no_font_shows_stops_a_report() -> None:
    require_safe(stage_bars(funnel(row("שלום 客户 🎉 \ufffe", 1, 1, 1))))


def test_figure_that_differs_at_another_time_or_after_another() -> None:
    first = role_quadrant(role(role_answers(4, 2)))
    stage_bars(funnel(row("Lead", 1, 1, 1)))
    assert role_quadrant(role(role_answers(4, 2))) == first


def test_figure_that_leaves_its_style_to_the_consultants_next_one() -> None:
    before = dict(mpl.rcParams)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        require_safe(stage_bars(funnel(row("Lead", 50, 25, 25))))
    assert dict(mpl.rcParams) == before
