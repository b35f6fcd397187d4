"""Time everything that is computed from cells: five stages in four segments, from reading the cells to all results."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import TypeVar

import numpy as np
import pandas as pd

from gtmdiag.funnel import model
from gtmdiag.funnel.cells import merge
from gtmdiag.funnel.change import change
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.definitions import definitions
from gtmdiag.funnel.estimates.table import read_cells
from gtmdiag.funnel.forecast import forecast
from gtmdiag.funnel.leaks import estimate
from gtmdiag.funnel.trend import trend

STAGES = ("Lead", "MQL", "SQL", "Opportunity", "Proposal")
SEGMENTS = np.array(["north", "south", "east", "west"], dtype=object)
_T = TypeVar("_T")
AS_OF = date(2026, 10, 31)
CONFIG = CrmConfig.model_validate(
    {
        "shape": "history",
        "file": "history.csv",
        "columns": {"deal": "deal", "stage": "stage", "entered_at": "entered_at"},
        "stages": STAGES,
        "won": ["Won"],
        "lost": ["Lost"],
        "roles": {"mql": "MQL", "sql": "SQL"},
        "targets": {"Lead→MQL": 0.55},
    }
)


def make_cells(deals: int, *, seed: int = 3, days: int = 730) -> pd.DataFrame:
    """Return the cells of so many deals that entered over ``days``; old entries are known by their week alone."""
    rng = np.random.default_rng(seed)
    last = (AS_OF - date(1970, 1, 1)).days
    segment = rng.integers(0, len(SEGMENTS), deals)
    entered = last - rng.integers(0, days, deals)
    cents = np.round(rng.lognormal(9, 1, deals) * 100).astype(np.int64)
    parts: list[pd.DataFrame] = []
    for place, stage in enumerate(STAGES):
        stay = np.floor(rng.exponential(12, len(entered))).astype(np.int64)
        moves, over = rng.random(len(entered)) < 0.45 + 0.02 * segment, entered + stay <= last
        on = "won" if place == len(STAGES) - 1 else "advanced"
        outcome = np.where(over, np.where(moves, on, "lost"), "open")
        day = np.where(over, stay, last - entered)
        week = entered - (entered + 3) % 7
        columns = {
            "segment": SEGMENTS[segment],
            "currency": "EUR",
            "stage": stage,
            "outcome": outcome,
            "next_stage": np.where(outcome == "advanced", STAGES[min(place + 1, len(STAGES) - 1)], ""),
            "back": 0,
            "day": day,
            "entered": np.where(entered + day < last - 26 * 7, week, entered),
            "n": 1,
            "n_amount": 1,
            "amount_cents": cents,
            "amount_sq": cents.astype(np.float64) ** 2,
        }
        parts.append(pd.DataFrame(columns))
        kept = outcome == "advanced"
        segment, cents, entered = segment[kept], cents[kept], (entered + day)[kept]
    return merge(*parts)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, nargs="+", default=[3_000, 50_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=10)
    settings = parser.parse_args()
    for deals in settings.deals:
        cells = make_cells(deals)
        laps: dict[str, list[float]] = {}
        for _ in range(settings.rounds):
            # The draws are kept from one question about a funnel to the next.
            model.solved.cache_clear()
            run(cells, laps)
        print(f"{deals:,} deals, {len(cells):,} cells: milliseconds")
        for name, spans in laps.items():
            print(f"  {name:36} median {1000 * median(spans):7.1f}   least {1000 * min(spans):7.1f}")


def run(cells: pd.DataFrame, laps: dict[str, list[float]]) -> None:
    """Compute everything once, and note how long each part took."""
    begun = time.perf_counter()

    def timed(name: str, part: Callable[[], _T]) -> _T:
        start = time.perf_counter()
        result = part()
        laps.setdefault(name, []).append(time.perf_counter() - start)
        return result

    table = timed("read the cells", lambda: read_cells(cells, STAGES))
    found = timed("conversion, time, leaks, segments", lambda: estimate(table, CONFIG))
    timed("trend and alarms", lambda: trend(table, CONFIG, found.horizons, as_of=AS_OF))
    timed("change", lambda: change(table, found.horizons, as_of=AS_OF))
    timed("definitions", lambda: definitions(table))
    timed("forecast", lambda: forecast(table, found.model))
    laps.setdefault("all", []).append(time.perf_counter() - begun)


if __name__ == "__main__":
    main()
