"""The results of all diagnostics of one client, for what looks at several of them together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gtmdiag.diagnostics import champion_operator, gut_check, marketing, ownership_altitude
from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult
from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.diagnostics.gut_check import GutCheckResult
from gtmdiag.diagnostics.marketing import MarketingResult
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.diagnostics.ownership_altitude import OwnershipAltitudeResult
from gtmdiag.engagement.schema import Client
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.schema import Instrument
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


def results_of_answers(
    given: Mapping[str, Sequence[Response]], instruments: Mapping[str, Instrument], client: Client, stage: CompanyStage
) -> Results:
    """Return what the answers of one wave come to; all that rests on files is None.

    Parameters
    ----------
    given, instruments
        Valid answers, and what was asked, by the instruments' ids.
    client
        For the anonymity rule and the company's facts.
    stage
        The company's stage.
    """
    rule, facts = client.anonymity.rule, client.company
    role, gut, altitude, market = (
        (instruments[name], given[name])
        for name in ("champion_operator", "gut_check", "ownership_altitude", "marketing")
    )
    return Results(
        stage,
        champion_operator=champion_operator.diagnose(*role, stage, rule),
        gut_check=gut_check.diagnose(*gut, facts.gtm_structure, rule),
        ownership_altitude=ownership_altitude.diagnose(*altitude, stage, facts.ownership, rule),
        marketing=marketing.diagnose(*market, rule),
    )
