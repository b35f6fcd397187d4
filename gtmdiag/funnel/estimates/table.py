"""Cells read once for all statistics: every text becomes a place in a list of names, and each stage a run of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

ADVANCED: Final = "advanced"
WON: Final = "won"
LOST: Final = "lost"
OPEN: Final = "open"
OUTCOMES: Final = (ADVANCED, WON, LOST, OPEN)


@dataclass(frozen=True, eq=False)
class CellTable:
    """Cells as arrays of shape (N,), in order of stage; see `gtmdiag.funnel.cells`.

    Attributes
    ----------
    stages
        The K stages in order.
    segments, currencies
        Names in order, each once.
    starts
        Of K + 2 numbers: rows ``starts[k]`` to ``starts[k + 1]`` are those of stage k, and the last ones those of deals
        in no stage of the map.
    stage, segment, currency, outcome, following
        Places in ``stages`` (K for none), ``segments``, ``currencies``, `OUTCOMES` and, for the next stage, in
        ``stages`` (-1 for none).
    back, day, entered, n, n_amount, cents, squares
        As in the cells.
    """

    stages: tuple[str, ...]
    segments: tuple[str, ...]
    currencies: tuple[str, ...]
    starts: tuple[int, ...]
    stage: IntArray
    segment: IntArray
    currency: IntArray
    outcome: IntArray
    following: IntArray
    back: IntArray
    day: IntArray
    entered: IntArray
    n: IntArray
    n_amount: IntArray
    cents: IntArray
    squares: FloatArray

    def rows(self, stage: str) -> slice:
        """Return the rows of one stage."""
        place = self.stages.index(stage)
        return slice(self.starts[place], self.starts[place + 1])

    @property
    def advanced(self) -> NDArray[np.bool_]:
        """Which rows went on to a further stage."""
        return self.outcome == OUTCOMES.index(ADVANCED)

    @property
    def won(self) -> NDArray[np.bool_]:
        """Which rows were won."""
        return self.outcome == OUTCOMES.index(WON)

    @property
    def open(self) -> NDArray[np.bool_]:
        """Which rows are still open."""
        return self.outcome == OUTCOMES.index(OPEN)

    @property
    def cause(self) -> IntArray:
        """What ended each row's stay: 0 advanced or won, 1 lost, -1 nothing yet."""
        return np.array([0, 0, 1, -1], dtype=np.int64)[self.outcome]

    @property
    def amount_currencies(self) -> tuple[str, ...]:
        """Currencies in which any deal has an amount."""
        places: list[int] = np.unique(self.currency[self.n_amount > 0]).tolist()
        return tuple(self.currencies[place] for place in places)


def read_cells(cells: pd.DataFrame, stages: Sequence[str]) -> CellTable:
    """Read cells.

    Parameters
    ----------
    cells
        As `gtmdiag.funnel.cells` has them, in any order.
    stages
        Names of the stages in order.

    Raises
    ------
    ValueError
        A deal went on to a stage that is not among ``stages``.
    """
    segment, segments = pd.factorize(cells["segment"], sort=True)
    currency, currencies = pd.factorize(cells["currency"], sort=True)
    stage = _places(cells["stage"], stages)
    following = _places(cells["next_stage"], stages)
    outcome = _places(cells["outcome"], OUTCOMES)
    if (unknown := (outcome == 0) & (following < 0)).any():
        names = ", ".join(sorted({str(name) for name in cells["next_stage"][unknown]}))
        raise ValueError(f"deals advanced to {names}, not among the stages: {', '.join(stages)}")
    stage = np.where(stage < 0, len(stages), stage)
    # Sorting small numbers takes a single pass over them.
    order = np.argsort(stage.astype(np.int16), kind="stable")
    stage = stage[order]

    def whole(name: str) -> IntArray:
        return cells[name].to_numpy(dtype=np.int64)[order]

    return CellTable(
        stages=tuple(stages),
        segments=tuple(str(name) for name in segments),
        currencies=tuple(str(name) for name in currencies),
        starts=tuple(np.searchsorted(stage, np.arange(len(stages) + 2)).tolist()),
        stage=stage,
        segment=segment.astype(np.int64)[order],
        currency=currency.astype(np.int64)[order],
        outcome=outcome[order],
        following=following[order],
        back=whole("back"),
        day=whole("day"),
        entered=whole("entered"),
        n=whole("n"),
        n_amount=whole("n_amount"),
        cents=whole("amount_cents"),
        squares=cells["amount_sq"].to_numpy(dtype=np.float64)[order],
    )


def sums(place: IntArray, values: IntArray | FloatArray, size: int) -> FloatArray:
    """Add the values of each place from 0 to ``size`` - 1."""
    return np.bincount(place, weights=values.astype(np.float64), minlength=size)[:size].astype(np.float64)


def _places(texts: pd.Series[str], names: Sequence[str]) -> IntArray:
    """Return each text's place among the names, -1 for none. Each distinct text is looked up once."""
    codes, found = pd.factorize(texts)
    return pd.Index(list(names)).get_indexer(pd.Index(found))[codes].astype(np.int64)
