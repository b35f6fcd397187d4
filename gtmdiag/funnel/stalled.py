"""Open deals that have stayed longer in their stage than nine in ten do."""

from __future__ import annotations

from dataclasses import dataclass

from gtmdiag.funnel.outcomes import Amounts


@dataclass(frozen=True)
class Stalled:
    """Open deals of one stage: all, and those ``beyond`` the stage's own 90th percentile of ``limit_days``."""

    stage: str
    open: int
    beyond: int
    limit_days: int | None
    value: Amounts


@dataclass(frozen=True)
class StalledDeal:
    """One deal beyond the limit of its stage; age in whole days."""

    deal: str
    stage: str
    age_days: int
    limit_days: int
    owner: str
    amount_cents: int | None
    currency: str


@dataclass(frozen=True)
class StalledDeals:
    """Stalled deals by stage; ``listed`` are at most 25 of the ``n``, by value, then by age."""

    stages: tuple[Stalled, ...]
    listed: tuple[StalledDeal, ...]
    n: int
