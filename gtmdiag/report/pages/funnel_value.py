"""What the deals are worth: conversion by value, the open pipeline at its own odds, and what a point is worth."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.numbers import money
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.forecast import Forecast, Lacking, StageForecast
from gtmdiag.funnel.leaks import Estimates
from gtmdiag.funnel.limits import MINIMUM_DEALS, MINIMUM_WON, MOST_STAGES
from gtmdiag.funnel.model import Model
from gtmdiag.funnel.what_if import Amount, points, what_if
from gtmdiag.report.blocks import Block, Column, Notice, Table
from gtmdiag.report.words import prose
from gtmdiag.trail import Sentence, Trail

_LACKING: dict[Lacking, str] = {
    "open": "No deal is open.",
    "stages": f"The funnel has more than {MOST_STAGES} stages.",
    "deals": f"Not enough data: odds take {MINIMUM_DEALS} deals in a stage and in each that its deals go on to.",
    "amounts": "No open deal has an amount.",
    "currencies": "Open deals are in several currencies, which are never added. Give 'rates' in crm.yaml.",
}


def forecast_blocks(forecast: Forecast) -> list[Block]:
    """Return what the open deals may come to, by stage and in total, or why that cannot be told."""
    if forecast.total is None:
        return [Notice("neutral", "The open pipeline is not valued", _LACKING[forecast.lacking])]
    columns = (
        Column("Furthest stage"),
        *(Column(name, "right") for name in ("Open", "Amount as recorded", "Odds of winning (95 % interval)")),
        Column("May bring (95 % interval)", "right"),
    )
    rows = [_stage(one, forecast.currency) for one in forecast.stages]
    total = money(forecast.amount, forecast.currency)
    rows.append(("Total", f"{forecast.told:,}", total, "", _interval(forecast.total, forecast.currency)))
    note = (
        "Odds: the share of all deals of that stage that was won in the end, each step within its days; of a deal "
        "nothing but its furthest stage is used, neither its age nor its size nor its owner. The interval holds how "
        "far the odds are uncertain and the chance of the deals themselves. A deal without an amount counts for "
        "nothing, and the total counts deals with an amount only. Suite method: absorbing Markov chain."
    )
    return [
        prose(_forecast_sentences(forecast)),
        Table("The open pipeline at its own odds", columns, tuple(rows), note),
    ]


def _forecast_sentences(forecast: Forecast) -> Iterator[Sentence]:
    total = forecast.total
    if total is None:
        return
    trail = Trail(
        "open amounts times the odds of their stage (absorbing chain), interval from draws, with each deal's chance",
        "suite",
        ("crm, open deals",),
        forecast.told,
    )
    recorded, value, low, high = (
        money(amount, forecast.currency) for amount in (forecast.amount, total.estimate, total.low, total.high)
    )
    yield Sentence(
        f"{forecast.told:,} open deals stand at {recorded}. If they fare as deals of their stages fared so far, they "
        f"bring about {value} (95 % interval {low} to {high}).",
        trail,
    )
    yield Sentence(
        "This is no promise and has no date: it takes the coming deals to be like the past ones, and amounts to stay "
        "as they are recorded.",
        trail,
    )
    if left := forecast.open - forecast.told:
        text = f"{left:,} of {forecast.open:,} open deals are not in it: they have no amount, no stage on the map, or "
        yield Sentence(f"{text}stand where too few deals were seen.", trail)


def _stage(one: StageForecast, currency: str) -> tuple[str, ...]:
    amount = "–" if one.amount is None else money(one.amount, currency)
    if one.without_amount:
        amount += f" ({one.without_amount:,} without)"
    odds = "not enough data"
    if one.odds is not None:
        odds = f"{one.odds:.1%} ({one.odds_low:.1%} to {one.odds_high:.1%})"
    return one.stage, f"{one.open:,}", amount, odds, "–" if one.value is None else _interval(one.value, currency)


def what_if_blocks(estimates: Estimates) -> list[Block]:
    """Return what one and five points of conversion are worth at each stage, or why that cannot be told."""
    model = estimates.model
    found = points(model) if model is not None else ()
    if model is None or not found:
        return [Notice("neutral", "What a point of conversion is worth is not told", _no_money(estimates))]
    names = ("Conversion", "One point more (95 % interval)", "Five points more (95 % interval)")
    columns = (Column("Stage"), *(Column(name, "right") for name in names))
    rows: list[tuple[str, ...]] = []
    for point in found:
        five = Amount(*(5 * part for part in (point.worth.estimate, point.worth.low, point.worth.high)))
        told = _interval(five, model.currency) if point.conversion <= 0.95 else "–"
        rows.append((point.stage, f"{point.conversion:.1%}", _interval(point.worth, model.currency), told))
    rows.append(("All stages at once", "", *(_together(model, step) for step in (0.01, 0.05))))
    note = (
        "What it would have added on the deals of this export, if the later stages hold. Stages mended together add "
        "more than the sum of each alone. No cause is told, and nothing of what the points would cost. "
        f"Rests on {model.value.n if model.value is not None else 0:,} won deals with an amount."
    )
    return [Table("What a point of conversion is worth", columns, tuple(rows), note)]


def _together(model: Model, step: float) -> str:
    known = {
        stage: share.estimate for stage, share in zip(model.stages, model.conversions, strict=True) if share is not None
    }
    found = what_if(model, {stage: min(share + step, 1.0) for stage, share in known.items()})
    return "–" if found is None else _interval(found.change, model.currency)


def _no_money(estimates: Estimates) -> str:
    if estimates.model is None:
        return f"The funnel has more than {MOST_STAGES} stages."
    if not estimates.currency:
        return "No deal has an amount, or amounts are in several currencies, which are never added."
    return f"It takes {MINIMUM_WON} won deals with an amount; there are fewer, or they come to nothing."


def value_blocks(estimates: Estimates) -> list[Block]:
    """Return conversion by value beside that by number; nothing where no stage tells it."""
    if all(stage.by_value is None for stage in estimates.stages):
        return []
    names = ("By number (95 % interval)", "By value (95 % interval)", "Deals it is worth")
    columns = (Column("Step"), *(Column(name, "right") for name in names))
    rows = tuple(
        (
            f"{stage.stage} → {stage.to}",
            _share(stage.conversion),
            _share(stage.by_value),
            "–" if stage.by_value is None else f"{stage.by_value.effective_n:,.0f}",
        )
        for stage in estimates.stages
    )
    note = (
        "By value: the share of the money that moves on. Where it is lower, large deals are lost more often than small "
        "ones. A few large deals decide it, so that it is worth fewer deals than were counted. Not told where "
        "more than one deal in ten has no amount."
    )
    return [Table("Conversion by value", columns, rows, note)]


def _share(share: Share | None) -> str:
    return "not told" if share is None else f"{share.estimate:.1%} ({share.low:.1%} to {share.high:.1%})"


def _interval(amount: Amount, currency: str) -> str:
    value, low, high = (money(part, currency) for part in (amount.estimate, amount.low, amount.high))
    return f"{value} ({low} to {high})"
