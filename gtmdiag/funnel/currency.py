"""Amounts of several currencies: kept apart, or converted at rates that ``crm.yaml`` gives."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from gtmdiag.errors import InputError, Problem
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.numbers import LARGEST
from gtmdiag.funnel.reduction.engines import Engine
from gtmdiag.funnel.source import Source


def converted(
    deals: nw.LazyFrame[Any], config: CrmConfig, source: Source, engine: Engine
) -> tuple[nw.LazyFrame[Any], list[Problem]]:
    """Return deals with amounts in the currency of ``crm.yaml``, where a rate is given; all others stay as they are.

    Cents are rounded, halves up. Amounts without a currency are in that of ``crm.yaml``.

    Raises
    ------
    InputError
        A converted amount is above what can be counted in cents.
    """
    currency = nw.col("currency").str.to_uppercase()
    if config.currency is not None:
        currency = nw.coalesce(currency, nw.lit(config.currency))
    deals = deals.with_columns(currency=currency)
    if not config.rates or config.currency is None:
        return deals, []
    rates = {name: rate for name, rate in config.rates.items() if name != config.currency}
    rate = nw.lit(1.0)
    for name, worth in rates.items():
        rate = nw.when(nw.col("currency") == name).then(nw.lit(worth)).otherwise(rate)
    foreign = nw.col("currency").is_in(list(rates))
    cents = (nw.col("amount").cast(nw.Float64) * rate + 0.5).floor()
    value = nw.when(foreign).then(cents).otherwise(nw.col("amount").cast(nw.Float64))
    deals = engine.kept(deals.with_columns(value=value))
    largest = deals.select(nw.col("value").abs().max()).collect().item()
    origin = source.inputs("currency", "amount")
    file, _, place = (origin[0] if origin else source.file).partition(", ")
    if largest is not None and largest > LARGEST * 100:
        found = "amounts above 1,000,000,000,000 once converted"
        raise InputError([Problem(file, place, found, "smaller amounts", "Check 'rates' in crm.yaml.")])
    apart = deals.filter(~nw.col("amount").is_null() & ~nw.coalesce(foreign, nw.lit(value=False)))
    names = apart.select("currency").unique().collect().get_column("currency").to_list()
    warnings: list[Problem] = []
    if unknown := sorted(str(name or "") for name in names if name != config.currency):
        found = f"no rate for {', '.join(name or 'amounts without a currency' for name in unknown)}; kept apart"
        warnings.append(Problem(file, place, found, "a rate for each currency", "Add it to 'rates'.", "warning"))
    own = nw.when(foreign).then(nw.lit(config.currency)).otherwise(nw.col("currency"))
    return deals.with_columns(amount=nw.col("value").cast(nw.Int64), currency=own).drop("value"), warnings
