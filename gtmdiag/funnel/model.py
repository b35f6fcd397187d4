"""The funnel as a model that can be asked: where deals go, what a won one is worth, how far that is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gtmdiag.funnel.estimates.chain import Chain
from gtmdiag.funnel.estimates.exits import exits
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.estimates.moves import Moves, Value, chain_of, draw_chains, first_entries, moves, won_value
from gtmdiag.funnel.estimates.table import CellTable
from gtmdiag.funnel.limits import DRAWS, LONGEST, MINIMUM_WON, MOST_STAGES, SEED


@dataclass(frozen=True)
class Model:
    """What a chain and its draws are made from, as plain data of a few hundred numbers.

    Attributes
    ----------
    stages
        Names of the K stages in order.
    entries
        Deals whose first stage it is.
    conversions
        Share that moves on within the stage's horizon; None where nobody entered.
    onward
        For each stage K + 1 shares that add to 1: of those that move on, who goes to each stage and, last, is won.
    currency
        That of all amounts; empty where there is none or several.
    value
        Of a won deal; None where fewer than 10 won deals have amounts, these are in several currencies, or come to
        nothing or less.
    """

    stages: tuple[str, ...]
    entries: tuple[float, ...]
    conversions: tuple[Share | None, ...]
    onward: tuple[tuple[float, ...], ...]
    currency: str
    value: Value | None


@dataclass(frozen=True, eq=False)
class Solved:
    """A model's chain as estimated, and as drawn 2,000 times; values are 1 where no money is told."""

    chain: Chain
    drawn: Chain


def model_of(table: CellTable, horizons: Sequence[int]) -> Model | None:
    """Estimate the model of a funnel; None for more than 50 stages.

    A stage with few deals counts with all that is known of it; its draws tell how little that is. ``horizons`` are in
    days, one a stage; 0 where too few were followed.
    """
    stages = table.stages
    if len(stages) > MOST_STAGES:
        return None
    found = [
        moves(exits(table, stage, by_next_stage=True), stages, horizon or LONGEST)
        for stage, horizon in zip(stages, horizons, strict=True)
    ]
    currencies = table.amount_currencies
    worth = won_value(table, currencies[0]) if len(currencies) == 1 else None
    return Model(
        stages=stages,
        entries=tuple(first_entries(table).tolist()),
        conversions=tuple(one.conversion for one in found),
        onward=tuple(tuple(one.onward.tolist()) for one in found),
        currency=currencies[0] if len(currencies) == 1 else "",
        value=worth if worth is not None and worth.n >= MINIMUM_WON and worth.mean > 0 else None,
    )


@lru_cache(maxsize=1)
def solved(model: Model) -> Solved:
    """Return the model's chain and its draws, always the same; made once for all that is asked of one funnel."""
    found = [Moves(share, np.array(onward)) for share, onward in zip(model.conversions, model.onward, strict=True)]
    value = model.value or Value(1.0, 0.0, 0)
    chain = chain_of(model.stages, found, np.array(model.entries), value)
    return Solved(chain, draw_chains(chain, found, value, np.random.default_rng(SEED), DRAWS))
