"""Stays made for tests, and the exits they give."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from numpy.typing import NDArray

from gtmdiag.funnel.cells import merge
from gtmdiag.funnel.estimates.exits import Amounts, Exits
from gtmdiag.funnel.estimates.table import CellTable, read_cells

Stay = tuple[int, str, int]
"""Whole days, outcome, amount in cents."""

STAGES = ("MQL", "SQL")
STAYS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(["advanced", "lost", "open", "won"]), st.integers(1, 10**6)),
    min_size=1,
    max_size=60,
)


def cells_of(stays: list[Stay], segment: str = "") -> pd.DataFrame:
    frame = pd.DataFrame(stays, columns=["day", "outcome", "amount_cents"])
    return merge(
        frame.assign(
            segment=segment,
            currency="EUR",
            stage="MQL",
            next_stage=np.where(frame["outcome"] == "advanced", "SQL", ""),
            back=0,
            entered=20_454,
            n=1,
            n_amount=1,
            amount_sq=frame["amount_cents"].astype(float) ** 2,
        )
    )


def table_of(stays: list[Stay], segment: str = "") -> CellTable:
    return read_cells(cells_of(stays, segment), STAGES)


def exits_of(stays: list[Stay]) -> Exits:
    """Exits counted one by one, not by way of cells."""
    days = sorted({day for day, _, _ in stays})
    rows = {"advanced": 0, "won": 0, "lost": 1, "open": 2}
    n, amounts, squares = np.zeros((3, 3, len(days)))
    for day, outcome, amount in stays:
        place = rows[outcome], days.index(day)
        n[place] += 1
        amounts[place] += amount
        squares[place] += amount**2
    count = n.astype(np.int64)
    sums = Amounts(amounts[:2], amounts[2], squares[:2], squares[2])
    return Exits("MQL", None, ("advanced", "lost"), np.array(days), count[:2], count[2], sums)


def random_stays(rng: np.random.Generator, n: int, longest: int = 40) -> list[Stay]:
    """Draw stays with many ties; a tenth ends in a win, a third is open."""
    outcomes = rng.choice(["advanced", "lost", "open", "won"], size=n, p=[0.3, 0.27, 0.33, 0.1])
    days = rng.integers(0, longest, size=n)
    amounts = rng.integers(1, 10**6, size=n)
    return [(int(d), str(o), int(a)) for d, o, a in zip(days, outcomes, amounts, strict=True)]


def exits_at(days: NDArray[np.int64], lost: NDArray[np.bool_]) -> Exits:
    """Exits of stays that were lost or are open, without the way over a frame."""
    ages = np.arange(int(days.max()) + 1)
    left, still = np.bincount(days[lost], minlength=len(ages)), np.bincount(days[~lost], minlength=len(ages))
    return Exits("MQL", None, ("lost",), ages, left[np.newaxis], still)
