"""The client's own better part as a benchmark: last in order, never a phantom, and known to be an estimate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from gtmdiag.funnel.benchmarks import Benchmark, below
from gtmdiag.funnel.leaks import Leak, estimate
from tests.funnel.made import STAGES, Move, config, table

FIRST = date(2024, 1, 8)
EPOCH = date(1970, 1, 1)


def by_quarter(rates: list[float], n: int = 120) -> list[Move]:
    """Return deals of the stage MQL that came in so many quarters, at these rates."""
    days = [(FIRST + timedelta(days=91 * place) - EPOCH).days for place in range(len(rates))]
    return [
        move
        for rate, day in zip(rates, days, strict=True)
        for move in (
            Move("MQL", "SQL", 5, round(rate * n), entered=day),
            Move("MQL", "lost", 9, n - round(rate * n), entered=day),
        )
        if move.n
    ]


def by_segment(rates: dict[str, float], n: int = 200) -> list[Move]:
    return [
        move
        for name, rate in rates.items()
        for move in (
            Move("MQL", "SQL", 5, round(rate * n), segment=name),
            Move("MQL", "lost", 9, n - round(rate * n), segment=name),
        )
    ]


def leaks(moves: list[Move], more: str = "") -> tuple[Leak, ...]:
    return estimate(table(moves), config(more)).leaks


def test_best_of_eight_equal_quarters_taken_for_a_benchmark() -> None:
    rng = np.random.default_rng(8)
    taken = sum(bool(leaks(by_quarter((rng.binomial(50, 0.3, 8) / 50).tolist(), 50))) for _ in range(100))
    assert taken / 100 < 0.17, "10 % by design"


def test_better_quarter_that_is_not_found_or_not_drawn_towards_the_others() -> None:
    (leak,) = leaks(by_quarter([0.3, 0.3, 0.5, 0.3, 0.3]))
    assert leak.benchmark.kind == "own"
    assert leak.benchmark.source == "own better quarter: entries of 2024 Q3"
    assert 0.4 < leak.benchmark.share < 0.5
    assert leak.benchmark.error > 0.01
    assert leak.flagged


def test_better_segment_that_is_not_named_or_is_the_deals_without_a_segment() -> None:
    (leak,) = leaks(by_segment({"North": 0.5, "South": 0.3, "East": 0.28}))
    assert (leak.benchmark.kind, leak.benchmark.source) == ("own", "own better segment: North")
    assert all(leak.benchmark.share < 0.5 for leak in leaks(by_segment({"": 0.6, "South": 0.4, "East": 0.28})))


def test_lower_of_a_better_quarter_and_a_better_segment_passed_over() -> None:
    south = [replace(move, segment="South") for move in by_quarter([0.2, 0.5, 0.2, 0.2])]
    north = [replace(move, segment="North") for move in by_quarter([0.7] * 4, 50)]
    (leak,) = leaks([*south, *north])
    assert "quarter" in leak.benchmark.source
    assert leak.benchmark.share < 0.6


@pytest.mark.parametrize(
    ("more", "kind"), [("targets: {MQL→SQL: 0.33}", "target"), ("roles: {mql: MQL, sql: SQL}", "published")]
)
def test_own_better_part_put_before_a_target_or_a_published_value(more: str, kind: str) -> None:
    (leak,) = leaks(by_segment({"North": 0.5, "South": 0.3}), more)
    assert leak.benchmark.kind == kind


def test_error_of_an_estimated_benchmark_forgotten_in_the_test_and_the_money() -> None:
    won = [Move("SQL", "won", 3, 90, 500), Move("SQL", "lost", 3, 90)]
    (own,) = leaks([*by_segment({"North": 0.5, "South": 0.3, "East": 0.28}), *won])
    (same,) = leaks(
        [*by_segment({"North": 0.5, "South": 0.3, "East": 0.28}), *won], f"targets: {{MQL→SQL: {own.benchmark.share}}}"
    )
    assert own.value == pytest.approx(same.value)
    assert None not in (own.low, own.high, same.low, same.high)
    assert (own.high or 0) - (own.low or 0) > 1.2 * ((same.high or 0) - (same.low or 0))
    assert below(own.conversion, own.benchmark) > below(own.conversion, same.benchmark)
    sure = Benchmark(1.0, None, "", "target")
    assert below(replace(own.conversion, estimate=1.0), sure) == 1
    assert [stage for stage in STAGES if stage == own.stage] == ["MQL"]
