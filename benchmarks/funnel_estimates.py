"""Time all statistics of a funnel: five stages in four segments, three ways to leave each, with 2,000 draws."""

from __future__ import annotations

import argparse
import time
from itertools import pairwise
from statistics import median

import numpy as np

from gtmdiag.funnel.estimates.chain import flow
from gtmdiag.funnel.estimates.exits import LOST, WON, Exits
from gtmdiag.funnel.estimates.gap import gap
from gtmdiag.funnel.estimates.incidence import Incidence, incidence
from gtmdiag.funnel.estimates.moves import Moves, Value, bounds, chain_of, draw_chains, moves
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


def money(estimates: list[list[Moves]], rng: np.random.Generator, draws: int) -> None:
    """Draw chains and give intervals to revenue, to the whole gap and to each stage's part of it."""
    for of_segment in estimates:
        chain = chain_of(STAGES, of_segment, ENTRIES, VALUE)
        drawn = draw_chains(chain, of_segment, VALUE, rng, draws)
        gap(chain, BENCHMARK)
        found = gap(drawn, BENCHMARK)
        bounds(np.concatenate([flow(drawn).revenue[np.newaxis], found.whole[np.newaxis], found.shapley]))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=30)
    settings = parser.parse_args()
    rng = np.random.default_rng(7)
    groups = [[make_exits(rng, place, segment) for place in range(len(STAGES))] for segment in SEGMENTS]
    estimates = conversions(groups)
    names = ("incidence curves", "conversions", "time in stage", "draws, revenue, gap", "all but the first")
    laps: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(settings.rounds):
        marks = [time.perf_counter()]
        curves(groups)
        marks.append(time.perf_counter())
        conversions(groups)
        marks.append(time.perf_counter())
        times_in_stage(groups)
        marks.append(time.perf_counter())
        money(estimates, rng, settings.draws)
        marks.append(time.perf_counter())
        spans = [later - earlier for earlier, later in pairwise(marks)]
        for name, span in zip(names, [*spans, sum(spans[1:])], strict=True):
            laps[name].append(span)
    print(f"{len(STAGES) * len(SEGMENTS)} groups × 3 causes × 180 days, {settings.draws} draws: milliseconds")
    for name, spans in laps.items():
        print(f"{name:22} median {1000 * median(spans):6.1f}   least {1000 * min(spans):6.1f}")


if __name__ == "__main__":
    main()
