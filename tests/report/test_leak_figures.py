"""The waterfall ends where its steps lead, tells each interval, and its title claims nothing within chance."""

from __future__ import annotations

from gtmdiag.funnel.benchmarks import Benchmark
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.leaks import Estimates, Leak, StageEstimate
from gtmdiag.report.leak_figures import leak_waterfall
from tests.report.test_figures import HOSTILE, require_safe

Money = tuple[float, float, float]


def estimates(*leaks: tuple[str, Money | None, bool]) -> Estimates:
    """Return estimates with these steps in order of the map; the leaks are listed the other way round."""
    share = Share(0.22, 0.17, 0.27, 0.001, 1234, 1000.0, 180, 0.01)
    mark = Benchmark(0.35, None, "crm.yaml, targets", "target")
    stages = tuple(StageEstimate(name, "won", share, (), None) for name, _, _ in leaks)
    found = [
        Leak(name, "won", share, mark, flagged, *(money or (None, None, None)), "") for name, money, flagged in leaks
    ]
    return Estimates(stages, tuple(reversed(found)), "EUR", 60_000.0, 29)


def test_picture_without_money() -> None:
    assert leak_waterfall(estimates(), 100.0) is None
    assert leak_waterfall(estimates(("MQL", None, True)), 100.0) is None
    assert leak_waterfall(estimates(("MQL", (5.0, 1.0, 9.0), True)), None) is None


def test_step_that_is_left_out_or_sum_that_does_not_hold() -> None:
    told = estimates(
        ("Lead", (-30e3, -50e3, -10e3), False), (HOSTILE, (20e3, -9e3, 50e3), False), ("MQL", (1e5, 6e4, 2e5), True)
    )
    figure = require_safe(leak_waterfall(told, 2e5))
    assert figure.title == "Meeting the benchmarks is worth up to 90 k EUR, most of it at MQL→won"
    assert figure.alt.index("Lead → won: −30 k EUR") < figure.alt.index(
        "MQL → won: +100 k EUR, from +60 k EUR to +200 k EUR"
    )
    assert "At today's conversions: 200 k EUR" in figure.alt
    assert figure.alt.endswith("at the benchmarks: 290 k EUR.")
    assert "<script>" not in figure.svg


def test_title_that_claims_what_chance_explains() -> None:
    chance = require_safe(
        leak_waterfall(estimates(("MQL", (1e5, -1.0, 2e5), True), ("SQL", (1e5, 5.0, 2e5), False)), 2e5)
    )
    assert chance.title == "No step's gap to its benchmark is worth anything beyond chance"
    mended = require_safe(
        leak_waterfall(estimates(("MQL", (1e5, 5e4, 2e5), True), ("SQL", (-3e5, -4e5, -2e5), False)), 5e5)
    )
    assert mended.title.startswith("MQL→won lies below its benchmark, but better steps make up for it")


def test_many_steps_beyond_a_page() -> None:
    many = estimates(*((f"Stage {n}", (1e4 * n, 1.0, 2e4 * n), True) for n in range(1, 41)))
    figure = require_safe(leak_waterfall(many, 1e6))
    assert "29 other steps" in figure.alt
    assert figure.alt.endswith("at the benchmarks: 9.2 M EUR.")
