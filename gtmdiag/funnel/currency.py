"""Amounts of several currencies: kept apart, or converted at rates that ``crm.yaml`` gives."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gtmdiag.errors import InputError, Problem
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.numbers import LARGEST
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.source import Source


def converted(deals: pd.DataFrame, config: CrmConfig, source: Source) -> tuple[pd.DataFrame, list[Problem]]:
    """Return deals with amounts in the currency of ``crm.yaml``, where a rate is given; all others stay as they are.

    Cents are rounded, half to even.

    Raises
    ------
    InputError
        A converted amount is above what can be counted in cents.
    """
    if not config.rates or config.currency is None:
        return deals, []
    rates = {**config.rates, config.currency: 1.0}
    known = deals["amount"] != MISSING
    applied = known & deals["currency"].isin(list(rates)) & (deals["currency"] != config.currency)
    cents = deals["amount"].to_numpy(dtype=np.float64) * deals["currency"].map(rates).to_numpy(dtype=np.float64)
    cents = np.rint(np.where(applied, cents, 0.0))
    origin = source.inputs("currency", "amount")
    file, _, place = (origin[0] if origin else source.file).partition(", ")
    if (np.abs(cents) > LARGEST * 100).any():
        found = "amounts above 1,000,000,000,000 once converted"
        raise InputError([Problem(file, place, found, "smaller amounts", "Check 'rates' in crm.yaml.")])
    warnings: list[Problem] = []
    if apart := sorted(set(deals["currency"][known & ~deals["currency"].isin(list(rates))])):
        found = f"no rate for {', '.join(name or 'amounts without a currency' for name in apart)}; kept apart"
        warnings.append(Problem(file, place, found, "a rate for each currency", "Add it to 'rates'.", "warning"))
    amount = deals["amount"].where(~applied, cents.astype(np.int64))
    return deals.assign(amount=amount, currency=deals["currency"].where(~applied, config.currency)), warnings
