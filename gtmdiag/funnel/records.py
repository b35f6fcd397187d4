"""Results for programs: plain records of what ``gtmdiag funnel --json`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gtmdiag.funnel.checks import Check
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.leaks import Estimates, Leak
from gtmdiag.funnel.outcomes import Amounts, StageRow
from gtmdiag.funnel.stalled import StalledDeals
from gtmdiag.funnel.what_if import points

Record = dict[str, Any]


def stage_record(row: StageRow, estimates: Estimates | None) -> Record:
    """Return one stage: its counts, and what is estimated of it."""
    closed = (row.advanced or 0) + (row.lost or 0)
    unknown = row.advanced is None or row.lost is None or closed == 0
    return {
        "stage": row.stage,
        "entered": row.entered,
        "advanced": row.advanced,
        "lost": row.lost,
        "open": row.open,
        "advanced_share_so_far": row.advanced_share_so_far,
        "conversion_closed": None if unknown else (row.advanced or 0) / closed,
        **_estimated(row.stage, estimates),
    }


def _estimated(stage: str, estimates: Estimates | None) -> Record:
    found = next((one for one in estimates.stages if one.stage == stage), None) if estimates is not None else None
    ninetieth = found.ninetieth if found is not None else None
    mean = found.mean_days if found is not None else None
    return {
        "conversion": share_record(found.conversion if found is not None else None),
        "conversion_by_value": share_record(found.by_value if found is not None else None),
        "median_days": found.quartiles[1].day if found is not None and found.quartiles else None,
        "ninetieth_days": None if ninetieth is None else ninetieth.day,
        "mean_days": None if mean is None else mean.days,
        "open_beyond_2x_median": found.beyond.open if found is not None and found.beyond is not None else None,
    }


def leak_record(leak: Leak) -> Record:
    """Return one leak with its benchmark."""
    return {
        "from": leak.stage,
        "to": leak.to,
        "value": leak.value,
        "low": leak.low,
        "high": leak.high,
        "benchmark": leak.benchmark.share,
        "benchmark_source": leak.benchmark.source,
        "benchmark_kind": leak.benchmark.kind,
        "flagged": leak.flagged,
    }


def what_if_records(estimates: Estimates) -> list[Record]:
    """Return what one point of conversion is worth at each stage."""
    found = points(estimates.model) if estimates.model is not None else ()
    return [
        {
            "stage": one.stage,
            "conversion": one.conversion,
            "worth_of_a_point": {"estimate": one.worth.estimate, "low": one.worth.low, "high": one.worth.high},
        }
        for one in found
    ]


def check_records(checks: Sequence[Check]) -> list[Record]:
    """Return the checks of the data, those without a fault too."""
    return [
        {
            "check": check.id,
            "title": check.title,
            "rows": check.n,
            "of": check.of,
            "unit": check.unit,
            "share": check.share,
            "value_share": check.value_share,
            "examples": list(check.examples),
            "weakens": list(check.weakens),
            "serious": check.serious,
        }
        for check in checks
    ]


def stalled_record(stalled: StalledDeals) -> Record:
    """Return stalled deals by stage, and those listed."""
    return {
        "n": stalled.n,
        "stages": [
            {
                "stage": one.stage,
                "open": one.open,
                "beyond": one.beyond,
                "limit_days": one.limit_days,
                "amount": amount_record(one.value, several=len(one.value) > 1),
            }
            for one in stalled.stages
        ],
        "listed": [
            {
                "deal": one.deal,
                "stage": one.stage,
                "age_days": one.age_days,
                "limit_days": one.limit_days,
                "owner": one.owner,
                "amount": None if one.amount_cents is None else _units(one.amount_cents),
                "currency": one.currency,
            }
            for one in stalled.listed
        ],
    }


def share_record(share: Share | None) -> Record | None:
    """Return a share with its interval and horizon."""
    if share is None:
        return None
    return {
        "estimate": share.estimate,
        "low": share.low,
        "high": share.high,
        "horizon_days": share.horizon_days or None,
    }


def amount_record(amounts: Amounts, *, several: bool) -> int | float | dict[str, int | float] | None:
    """Return an amount in whole units, keyed by currency where there are several."""
    units = {currency: _units(cents) for currency, cents in amounts}
    return units if several else next(iter(units.values()), None)


def _units(cents: int) -> int | float:
    return cents // 100 if cents % 100 == 0 else cents / 100
