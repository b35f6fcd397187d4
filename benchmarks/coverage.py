"""Simulate how often 95 % intervals contain the truth, and write the tables of docs/coverage.md.

Deals enter evenly over 180 days and are looked at on the last one. 45 % advance, after 11 days on average; the rest is
lost, after 33 (both exponential). So the young deals are still open, and losses take longer to show than advances.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import numpy as np

from gtmdiag.funnel.estimates.chain import flow
from gtmdiag.funnel.estimates.exits import Amounts, Exits
from gtmdiag.funnel.estimates.incidence import incidence
from gtmdiag.funnel.estimates.intervals import wilson
from gtmdiag.funnel.estimates.moves import Moves, Value, bounds, chain_of, draw_chains, moves
from gtmdiag.funnel.estimates.survival import survival
from gtmdiag.funnel.estimates.table import ADVANCED, LOST, WON, FloatArray
from gtmdiag.funnel.estimates.weighting import value_conversion

TARGET = Path(__file__).resolve().parent.parent / "docs" / "coverage.md"
TRUE, HORIZON, WATCHED = 0.45, 90, 180.0
MEAN_ADVANCED, MEAN_LOST = 11.0, 33.0
SIZES = (30, 100, 500, 2_000)
Estimate = tuple[float, float, float]


@dataclass(frozen=True)
class Tally:
    """Bias and coverage of one way to estimate: error of its mean, in the estimate's unit, and share of hits."""

    bias: float
    coverage: float


def draw_exits(rng: np.random.Generator, n: int, *, share: float = TRUE, amounts: bool = False) -> Exits:
    """Draw the exits of n deals from one stage."""
    advances = rng.random(n) < share
    lasted = rng.exponential(np.where(advances, MEAN_ADVANCED, MEAN_LOST))
    watched = rng.uniform(0, WATCHED, n)
    row = np.where(lasted <= watched, np.where(advances, 0, 1), 2)
    day = np.minimum(lasted, watched).astype(np.int64)
    size = int(day.max()) + 1
    place = row * size + day

    def summed(weights: FloatArray) -> FloatArray:
        total = np.zeros(3 * size)
        np.add.at(total, place, weights)
        return total.reshape(3, size)

    count = summed(np.ones(n)).astype(np.int64)
    sums = None
    if amounts:
        cents = rng.lognormal(13, 1, n).round()
        total, squares = summed(cents), summed(cents**2)
        sums = Amounts(total[:2], total[2], squares[:2], squares[2])
    return Exits("MQL", None, (ADVANCED, LOST), np.arange(size), count[:2], count[2], sums)


def ours(exits: Exits) -> Estimate:
    """Aalen–Johansen at the horizon with Wilson's interval at effective n."""
    found = incidence(exits).at(ADVANCED, HORIZON)
    assert found is not None
    return found.estimate, found.low, found.high


def of_entered(exits: Exits) -> Estimate:
    """Advanced over entered, open deals counted as not advanced."""
    return _plain(int(exits.left[0].sum()), exits.entered)


def of_closed(exits: Exits) -> Estimate:
    """Advanced over closed, open deals left out."""
    return _plain(int(exits.left[0].sum()), int(exits.left.sum()))


def by_value(exits: Exits) -> Estimate:
    """Amount-weighted share with the jackknife's variance."""
    found = value_conversion(exits, ADVANCED, HORIZON)
    assert found is not None
    return found.estimate, found.low, found.high


def by_value_naive(exits: Exits) -> Estimate:
    """Give the amount-weighted share the interval of a plain share."""
    weighted, plain = value_conversion(exits, ADVANCED, HORIZON), incidence(exits).at(ADVANCED, HORIZON)
    assert weighted is not None
    assert plain is not None
    low, high = wilson(weighted.estimate, plain.effective_n)
    return weighted.estimate, low, high


def median_stay(exits: Exits) -> Estimate:
    """Kaplan–Meier median; an end of its interval that is not reached is beyond all days."""
    found = survival(exits).quantiles([0.5])[0]
    day = float("nan") if found.day is None else float(found.day)
    low, high = found.low, found.high
    return day, float(low or 0), float("inf") if high is None else float(high)


def median_stay_closed(exits: Exits) -> Estimate:
    """Median of closed deals alone, with the interval that this sample would have."""
    left = exits.left
    return median_stay(Exits("MQL", None, exits.causes, exits.days, left, np.zeros_like(exits.open)))


def tally(
    way: Callable[[Exits], Estimate], truth: float, n: int, *, rounds: int, seed: int, amounts: bool = False
) -> Tally:
    """Estimate ``rounds`` times from n deals each and tell bias and coverage."""
    rng = np.random.default_rng([seed, n])
    rows = np.array([way(draw_exits(rng, n, amounts=amounts)) for _ in range(rounds)])
    hits = (rows[:, 1] <= truth) & (truth <= rows[:, 2])
    return Tally(float(np.nanmean(rows[:, 0]) - truth), float(hits.mean()))


def tally_revenue(n: int, *, rounds: int, seed: int, draws: int = 2_000) -> Tally:
    """Do the same for the revenue of a chain of three stages: bias in per cent of the truth."""
    rng = np.random.default_rng([seed, n])
    stages, shares, mean = ("MQL", "SQL", "Proposal"), (0.45, 0.5, 0.3), 1_000.0
    entries = np.array([float(n), 0, 0])
    truth = n * float(np.prod(shares)) * mean
    found: list[Estimate] = []
    for _ in range(rounds):
        size = n
        every: list[Moves] = []
        for place, (stage, share) in enumerate(zip(stages, shares, strict=True)):
            plain = draw_exits(rng, max(size, 1), share=share)
            following = stages[place + 1 : place + 2]
            left = plain.left if not following else np.stack([plain.left[0], 0 * plain.left[0], plain.left[1]])
            by_next = Exits(stage, None, (*following, WON, LOST), plain.days, left, plain.open)
            every.append(moves(by_next, stages, HORIZON))
            size = int(rng.binomial(size, share))
        amounts = rng.gamma(1, mean, max(size, 2))
        value = Value(float(amounts.mean()), float(amounts.var(ddof=1)) / len(amounts), len(amounts))
        chain = chain_of(stages, every, entries, value)
        low, high = bounds(flow(draw_chains(chain, every, value, rng, draws)).revenue)
        found.append((float(flow(chain).revenue), float(low), float(high)))
    rows = np.array(found)
    hits = (rows[:, 1] <= truth) & (truth <= rows[:, 2])
    return Tally(100 * float(rows[:, 0].mean() / truth - 1), float(hits.mean()))


def true_share() -> float:
    """Return the share that has advanced by the end of the horizon's last day."""
    return TRUE * (1 - exp(-(HORIZON + 1) / MEAN_ADVANCED))


def true_median() -> float:
    """Return the whole day within which half of all deals have left."""
    low, high = 0.0, 200.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        open_share = TRUE * exp(-middle / MEAN_ADVANCED) + (1 - TRUE) * exp(-middle / MEAN_LOST)
        low, high = (middle, high) if open_share > 0.5 else (low, middle)
    assert low > log(2) * MEAN_ADVANCED
    return float(int(low))


def tables(rounds: int, seed: int) -> str:
    """Return the tables as Markdown."""
    shares = [("Aalen–Johansen, Wilson at effective n", ours), ("advanced / entered", of_entered)]
    shares.append(("advanced / closed", of_closed))
    values = [("by value, jackknife", by_value), ("by value, amounts ignored in the variance", by_value_naive)]
    stays = [("Kaplan–Meier median", median_stay), ("median of closed deals", median_stay_closed)]
    lines = ["| estimate | n | bias | coverage |", "|---|--:|--:|--:|"]
    for n in SIZES:
        for name, way in shares:
            one = tally(way, true_share(), n, rounds=rounds, seed=seed)
            lines.append(f"| {name} | {n:,} | {100 * one.bias:+.1f} points | {100 * one.coverage:.1f} % |")
    for n in SIZES:
        for name, way in values:
            one = tally(way, true_share(), n, rounds=rounds, seed=seed, amounts=True)
            lines.append(f"| {name} | {n:,} | {100 * one.bias:+.1f} points | {100 * one.coverage:.1f} % |")
    for n in SIZES:
        for name, way in stays:
            one = tally(way, true_median(), n, rounds=rounds, seed=seed)
            lines.append(f"| {name} | {n:,} | {one.bias:+.1f} days | {100 * one.coverage:.1f} % |")
    for n in SIZES:
        one = tally_revenue(n, rounds=rounds // 2, seed=seed)
        lines.append(f"| revenue, three stages | {n:,} | {one.bias:+.1f} % | {100 * one.coverage:.1f} % |")
    return "\n".join(lines)


def _plain(successes: int, n: int) -> Estimate:
    low, high = wilson(successes / n, n)
    return successes / n, low, high


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="put the table into docs/coverage.md")
    settings = parser.parse_args()
    table = tables(settings.rounds, settings.seed)
    print(table)
    if settings.write:
        before = TARGET.read_text(encoding="utf-8").partition("| estimate |")[0]
        TARGET.write_text(f"{before}{table}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
