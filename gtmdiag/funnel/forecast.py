"""What the open deals may come to, at the odds with which deals of their stage were won so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np

from gtmdiag.funnel.estimates.chain import flow
from gtmdiag.funnel.estimates.moves import bounds
from gtmdiag.funnel.estimates.table import CellTable, FloatArray, IntArray, sums
from gtmdiag.funnel.limits import DRAWS, MINIMUM_DEALS, MOST_STAGES, SEED
from gtmdiag.funnel.model import Model, solved
from gtmdiag.funnel.what_if import Amount

_LEAST: Final = 1e-6

Lacking = Literal["", "open", "stages", "deals", "amounts", "currencies"]


@dataclass(frozen=True)
class StageForecast:
    """The open deals whose furthest stage this is.

    Attributes
    ----------
    stage
        Its name.
    open, without_amount
        Open deals, and those of them that have no amount.
    amount
        Sum of their amounts in whole units of the currency; None where amounts have several currencies.
    odds, odds_low, odds_high
        Share of all deals of this stage that is won in the end, each step within its horizon, with the interval of that
        share; None where it, or a stage that its deals go on to, was entered by less than 30 deals.
    value
        What these deals bring at those odds, with the interval of what they may bring; None where odds or amounts are
        not known.
    """

    stage: str
    open: int
    without_amount: int
    amount: float | None
    odds: float | None
    odds_low: float | None
    odds_high: float | None
    value: Amount | None


@dataclass(frozen=True)
class Forecast:
    """The open pipeline at each stage's own odds.

    Attributes
    ----------
    stages
        Those with open deals, in order.
    currency
        Of all amounts; may be empty.
    total
        Over the stages that have a value; None where no stage has one.
    told, open
        Open deals that the total rests on, and all open deals, those in no stage of the map included.
    amount
        Amounts of the deals that the total rests on.
    lacking
        Why there is no total: no ``open`` deals, too many ``stages``, too few ``deals``, no ``amounts``, several
        ``currencies``; else empty.
    """

    stages: tuple[StageForecast, ...]
    currency: str
    total: Amount | None
    told: int
    open: int
    amount: float
    lacking: Lacking

    def to_dict(self) -> dict[str, Any]:
        """Return the forecast for programs."""
        return asdict(self)


def forecast(table: CellTable, model: Model | None) -> Forecast:
    """Forecast the value of the open deals.

    Parameters
    ----------
    table
        Cells of a history, by first entry.
    model
        Of the same cells; None for more than 50 stages.

    Notes
    -----
    Odds are the absorbing chain's b, conditional on nothing but the stage: how old a deal is, how large, or who sells
    it is not used. In each draw of the chain the value of a stage's deals is a beta variable on 0 to Σa with mean bΣa
    and variance b(1−b)Σa², that of independent deals: the interval holds the uncertainty of the odds and the chance of
    the deals themselves. Odds of several stages are drawn together, as they share the later steps.
    """
    deals = _open_deals(table)
    still_open = table.open
    currencies: list[int] = np.unique(table.currency[still_open & (table.n_amount > 0)]).tolist()
    total_open = int(table.n[still_open].sum())
    told = np.zeros(len(table.stages), dtype=bool) if model is None else _told(model)
    valued = told & (deals.amount > 0) & (len(currencies) == 1)
    stages, total = _stages(table.stages, model, deals, told, valued, several=len(currencies) > 1)
    lacking: Lacking = ""
    if not total_open:
        lacking = "open"
    elif len(currencies) != 1:
        lacking = "currencies" if currencies else "amounts"
    elif len(table.stages) > MOST_STAGES:
        lacking = "stages"
    elif total is None:
        lacking = "deals"
    return Forecast(
        stages=tuple(one for one in stages if one.open),
        currency=table.currencies[currencies[0]] if len(currencies) == 1 else "",
        total=total,
        told=int(deals.with_amount[valued].sum()),
        open=total_open,
        amount=float(deals.amount[valued].sum()),
        lacking=lacking,
    )


@dataclass(frozen=True, eq=False)
class _OpenDeals:
    """Open deals by furthest stage, shape (K,): how many, how many with an amount, Σ amount and Σ amount² in units."""

    n: IntArray
    with_amount: IntArray
    amount: FloatArray
    square: FloatArray


def _open_deals(table: CellTable) -> _OpenDeals:
    chosen, size = table.open, len(table.stages)
    place = table.stage[chosen]

    columns = (table.n, table.n_amount, table.cents, table.squares)
    n, with_amount, cents, squares = (sums(place, column[chosen], size) for column in columns)
    return _OpenDeals(n.astype(np.int64), with_amount.astype(np.int64), cents / 100, squares / 10_000)


def _told(model: Model) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which stages have odds: enough deals entered it, and each stage that its deals go on to."""
    enough = [share is not None and share.n >= MINIMUM_DEALS for share in model.conversions]
    for place in reversed(range(len(enough))):
        ahead = [to for to, share in enumerate(model.onward[place][:-1]) if share > 0]
        enough[place] = enough[place] and all(enough[to] for to in ahead)
    return np.array(enough, dtype=bool)


def _stages(
    names: Sequence[str],
    model: Model | None,
    deals: _OpenDeals,
    told: np.ndarray[tuple[int], np.dtype[np.bool_]],
    valued: np.ndarray[tuple[int], np.dtype[np.bool_]],
    *,
    several: bool,
) -> tuple[list[StageForecast], Amount | None]:
    """Return each stage's forecast, and the total of those valued."""
    amounts, empty = deals.amount, np.zeros(len(names))
    odds, low, high, brought = empty, empty, empty, np.zeros((len(names), 1))
    if model is not None:
        funnel = solved(model)
        odds, drawn = flow(funnel.chain).wins, flow(funnel.drawn).wins
        low, high = bounds(drawn)
        brought = _brought(drawn, np.where(valued, amounts, 0.0), deals.square)
    least, most = bounds(brought)
    whole = bounds(brought.sum(axis=0))
    found = [
        StageForecast(
            stage=stage,
            open=int(deals.n[i]),
            without_amount=int(deals.n[i] - deals.with_amount[i]),
            amount=None if several else float(amounts[i]),
            odds=float(odds[i]) if told[i] else None,
            odds_low=float(low[i]) if told[i] else None,
            odds_high=float(high[i]) if told[i] else None,
            value=Amount(float(odds[i] * amounts[i]), float(least[i]), float(most[i])) if valued[i] else None,
        )
        for i, stage in enumerate(names)
    ]
    if not valued.any():
        return found, None
    return found, Amount(float((odds * amounts)[valued].sum()), float(whole[0]), float(whole[1]))


def _brought(odds: FloatArray, amounts: FloatArray, squares: FloatArray) -> FloatArray:
    """Draw what the deals of each stage bring, shape (K, draws)."""
    rng = np.random.default_rng(SEED + 2)
    brought = np.zeros((len(amounts), DRAWS))
    for i in np.flatnonzero(amounts > 0).tolist():
        # (Σa)²/Σa² deals of one size would vary as these do; a single one is won or not.
        deals = max(amounts[i] ** 2 / squares[i], 1.0)
        if deals - 1 < _LEAST:
            brought[i] = amounts[i] * (rng.random(DRAWS) < odds[i])
        else:
            a, b = (np.maximum(part * (deals - 1), _LEAST) for part in (odds[i], 1 - odds[i]))
            brought[i] = amounts[i] * rng.beta(a, b)
    return brought
