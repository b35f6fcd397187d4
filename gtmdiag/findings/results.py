"""The results of all diagnostics of one client, for what looks at several of them together."""

from __future__ import annotations

from dataclasses import dataclass

from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult
from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.gut_check import GutCheckResult
from gtmdiag.diagnostics.marketing import MarketingResult
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.diagnostics.ownership_altitude import OwnershipAltitudeResult
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.kpis import KpiResult


@dataclass(frozen=True)
class Results:
    """One result a diagnostic, or None where its inputs are missing."""

    stage: CompanyStage
    champion_operator: ChampionOperatorResult | None = None
    gut_check: GutCheckResult | None = None
    ownership_altitude: OwnershipAltitudeResult | None = None
    operating_model: OperatingModelResult | None = None
    marketing: MarketingResult | None = None
    kpis: KpiResult | None = None
    funnel: FunnelResult | None = None

    def missing_parts(self) -> frozenset[str]:
        """Return the parts of the institution, such as council and steward, that are known not to be in place."""
        if self.ownership_altitude is None:
            return frozenset()
        return frozenset(one.id for one in self.ownership_altitude.institution.parts if one.in_place is False)
