"""Time all statistics of a funnel: five stages in four segments, three ways to leave each, with 2,000 draws.

Curves, conversions and times in stage are those of every segment, 20 groups; money is that of the whole funnel.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from itertools import pairwise
from statistics import median

import numpy as np

from gtmdiag.funnel.estimates.chain import Chain, flow
from gtmdiag.funnel.estimates.exits import LOST, WON, Exits
from gtmdiag.funnel.estimates.gap import gap
from gtmdiag.funnel.estimates.incidence import Incidence, incidence
from gtmdiag.funnel.estimates.moves import Moves, Value, bounds, chain_of, draw_chains, moves
from gtmdiag.funnel.estimates.segments import heterogeneity, shrink
from gtmdiag.funnel.estimates.survival import survival

STAGES = ("Lead", "MQL", "SQL", "Opportunity", "Proposal")
SEGMENTS = ("north", "south", "east", "west")
HORIZON = 90
VALUE = Value(12_000.0, 250_000.0, 100)
BENCHMARK = np.array([0.5, 0.45, 0.5, np.nan, 0.4])
ENTRIES = np.array([2000.0, 0, 0, 0, 0])


def make_exits(rng: np.random.Generator, place: int, segment: str, *, days: int = 180) -> Exits:
    """Return exits on each of so many days: to the next stage, to the one after it (or won), and lost."""
    following = STAGES[place + 1 : place + 3]
    causes = (*following, WON, LOST)
    left = rng.poisson(3, (len(causes), days))
    if len(following) == 2:
        left[2] = 0
    return Exits(STAGES[place], segment, causes, np.arange(days), left, rng.poisson(6, days))


def curves(groups: list[list[Exits]]) -> list[Incidence]:
    """Estimate all incidences."""
    return [incidence(exits) for of_segment in groups for exits in of_segment]


def times_in_stage(groups: list[list[Exits]]) -> None:
    """Estimate the time in each stage: quartiles, 90th percentile and restricted mean."""
    for of_segment in groups:
        for exits in of_segment:
            found = survival(exits)
            found.quantiles([0.25, 0.5, 0.75, 0.9])
            found.restricted_mean(HORIZON)


def conversions(groups: list[list[Exits]]) -> list[list[Moves]]:
    """Estimate where deals of each stage go, with intervals."""
    return [[moves(exits, STAGES, HORIZON) for exits in of_segment] for of_segment in groups]


def whole(of_stage: list[Exits]) -> Exits:
    """Return the exits of one stage in all segments together."""
    left, still_open = (sum(getattr(one, name) for one in of_stage) for name in ("left", "open"))
    return replace(of_stage[0], segment=None, left=left, open=still_open)


def money(found: list[Moves], rng: np.random.Generator, draws: int) -> Chain:
    """Draw chains and give intervals to revenue, to the whole gap and to each stage's part of it."""
    chain = chain_of(STAGES, found, ENTRIES, VALUE)
    drawn = draw_chains(chain, found, VALUE, rng, draws)
    gap(chain, BENCHMARK)
    told = gap(drawn, BENCHMARK)
    bounds(np.concatenate([flow(drawn).revenue[np.newaxis], told.whole[np.newaxis], told.shapley]))
    return drawn


def segments(estimates: list[list[Moves]]) -> None:
    """Test whether segments differ, and draw them together, at each stage."""
    for of_stage in zip(*estimates, strict=True):
        told = [one.conversion for one in of_stage if one.conversion is not None]
        shares, n = np.array([one.estimate for one in told]), np.array([one.effective_n for one in told])
        heterogeneity(shares, n)
        shrink(shares, n)


def asked(drawn: Chain, rng: np.random.Generator) -> None:
    """Forecast the open deals, tell what a point is worth at each stage, and answer one what-if."""
    found = flow(drawn)
    odds = found.wins
    brought = rng.beta(odds * 50, (1 - odds) * 50)
    bounds(np.concatenate([odds, brought, brought.sum(axis=0, keepdims=True), found.sensitivity]))
    there = flow(replace(drawn, conversion=np.clip(drawn.conversion + 0.05, 0, 1))).revenue
    bounds(np.stack([there, there - found.revenue]))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=30)
    settings = parser.parse_args()
    rng = np.random.default_rng(7)
    groups = [[make_exits(rng, place, segment) for place in range(len(STAGES))] for segment in SEGMENTS]
    estimates = conversions(groups)
    together = conversions([[whole(list(of_stage)) for of_stage in zip(*groups, strict=True)]])[0]
    names = ("incidence curves", "conversions", "time in stage", "segments", "draws, revenue, gap", "forecast, what-if")
    names = (*names, "all but the first")
    laps: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(settings.rounds):
        marks = [time.perf_counter()]
        curves(groups)
        marks.append(time.perf_counter())
        conversions(groups)
        marks.append(time.perf_counter())
        times_in_stage(groups)
        marks.append(time.perf_counter())
        segments(estimates)
        marks.append(time.perf_counter())
        drawn = money(together, rng, settings.draws)
        marks.append(time.perf_counter())
        asked(drawn, rng)
        marks.append(time.perf_counter())
        spans = [later - earlier for earlier, later in pairwise(marks)]
        for name, span in zip(names, [*spans, sum(spans[1:])], strict=True):
            laps[name].append(span)
    print(f"{len(STAGES) * len(SEGMENTS)} groups × 3 causes × 180 days, {settings.draws} draws: milliseconds")
    for name, spans in laps.items():
        print(f"{name:22} median {1000 * median(spans):6.1f}   least {1000 * min(spans):6.1f}")


if __name__ == "__main__":
    main()
