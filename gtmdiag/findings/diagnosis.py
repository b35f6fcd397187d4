"""One client's whole diagnosis: open the folder, run every diagnostic that has its inputs, rank the findings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gtmdiag.diagnostics import champion_operator, gut_check, ownership_altitude
from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult
from gtmdiag.diagnostics.company import CompanyStage, company_stage
from gtmdiag.diagnostics.gut_check import GutCheckResult
from gtmdiag.diagnostics.numbers import count
from gtmdiag.diagnostics.own import OwnResult, diagnose_own
from gtmdiag.diagnostics.ownership_altitude import OwnershipAltitudeResult
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.schema import Client
from gtmdiag.errors import InputError, Problem
from gtmdiag.findings.finding import Finding, ranked
from gtmdiag.findings.from_ceo_role import ceo_role_findings
from gtmdiag.findings.from_funnel import funnel_findings
from gtmdiag.findings.from_gut_check import gut_check_findings
from gtmdiag.findings.from_ownership import ownership_findings
from gtmdiag.findings.inputs import read_inputs
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.instruments.answers import responses
from gtmdiag.trail import Sentence, Trail

_AS_OF_SOURCES = {
    "config": "crm.yaml",
    "data": "the last date in the CRM export",
    "today": "the day of the analysis, since the CRM export has no dates",
}


@dataclass(frozen=True)
class Diagnosis:
    """Everything that the report of one client and wave is made from.

    Attributes
    ----------
    client, wave
        Who and which round of answers; ``wave`` is empty when there are no answers.
    respondents
        Number of respondents in the wave.
    as_of
        The date that the report speaks of, or None when neither client.yaml nor the data tell it.
    as_of_source
        Where that date comes from, in words.
    stage
        The company's stage.
    champion_operator, gut_check, ownership_altitude, funnel
        Results, or None where the inputs are missing.
    own
        Results of the consultant's own instruments.
    findings
        Ranked.
    missing
        What is missing and what it would add.
    warnings
        Problems of the inputs that did not stop the analysis.
    """

    client: Client
    wave: str
    respondents: int
    as_of: date | None
    as_of_source: str
    stage: CompanyStage
    champion_operator: ChampionOperatorResult | None
    gut_check: GutCheckResult | None
    ownership_altitude: OwnershipAltitudeResult | None
    own: tuple[OwnResult, ...]
    funnel: FunnelResult | None
    findings: tuple[Finding, ...]
    missing: tuple[Sentence, ...]
    warnings: tuple[Problem, ...]


def diagnose(root: Path, wave: str = "", *, today: date) -> Diagnosis:
    """Diagnose one engagement.

    Parameters
    ----------
    root
        The client's folder.
    wave
        A wave of it; by default the last one.
    today
        The clock; dates after it are not believed.

    Raises
    ------
    InputError
        With every problem of every input that makes the analysis impossible.
    MissingError
        When the folder is not there.
    """
    inputs = read_inputs(root, wave, today=today)
    client = inputs.client
    if client is None or any(problem.severity == "error" for problem in inputs.problems):
        raise InputError(inputs.problems)
    instruments, funnel = inputs.instruments, inputs.funnel
    given = responses(inputs.respondents, instruments)
    rule = AnonymityRule(client.anonymity.group_minimum, client.anonymity.spread_minimum)
    stage = company_stage(client.company.headcount, client.company.business_units)
    ceo_role = champion_operator.diagnose(instruments["champion_operator"], given["champion_operator"], stage, rule)
    gut = gut_check.diagnose(instruments["gut_check"], given["gut_check"], client.company.gtm_structure, rule)
    altitude = ownership_altitude.diagnose(
        instruments["ownership_altitude"], given["ownership_altitude"], stage, client.company.ownership, rule
    )
    as_of, as_of_source = _as_of(client, funnel)
    return Diagnosis(
        client=client,
        wave=inputs.wave,
        respondents=len(inputs.respondents),
        as_of=as_of,
        as_of_source=as_of_source,
        stage=stage,
        champion_operator=ceo_role,
        gut_check=gut,
        ownership_altitude=altitude,
        own=diagnose_own(instruments, given, rule),
        funnel=funnel,
        findings=ranked(_findings(ceo_role, gut, altitude, funnel)),
        missing=tuple(_missing(client, ceo_role, gut, altitude, funnel)),
        warnings=tuple(_without_names(problem) for problem in inputs.problems),
    )


def _without_names(problem: Problem) -> Problem:
    """Return a problem of an answers file without the respondent's id, which is no reader's business."""
    return replace(problem, file="answers", place="") if problem.file.startswith("answers/") else problem


def _findings(
    ceo_role: ChampionOperatorResult | None,
    gut: GutCheckResult | None,
    altitude: OwnershipAltitudeResult | None,
    funnel: FunnelResult | None,
) -> Iterator[Finding]:
    if ceo_role is not None:
        parts = altitude.institution.parts if altitude is not None else ()
        yield from ceo_role_findings(ceo_role, {part.id for part in parts if part.in_place is False})
    if altitude is not None:
        yield from ownership_findings(altitude)
    if gut is not None:
        yield from gut_check_findings(gut)
    if funnel is not None:
        yield from funnel_findings(funnel)


def _as_of(client: Client, funnel: FunnelResult | None) -> tuple[date | None, str]:
    if client.as_of is not None:
        return client.as_of, "client.yaml"
    if funnel is not None:
        return funnel.as_of, _AS_OF_SOURCES[funnel.as_of_source]
    return None, ""


def _missing(
    client: Client,
    ceo_role: ChampionOperatorResult | None,
    gut: GutCheckResult | None,
    altitude: OwnershipAltitudeResult | None,
    funnel: FunnelResult | None,
) -> Iterator[Sentence]:
    """Yield what is missing and what it would add."""

    def sentence(text: str, *inputs: str) -> Sentence:
        return Sentence(text, Trail("inputs that were not there", "suite", inputs))

    if ceo_role is None or ceo_role.ceo is None:
        yield sentence("The CEO's answers on the CEO's role would name the CEO's own verdict.", "champion_operator")
    if ceo_role is None or ceo_role.leaders == 0:
        yield sentence("Leaders' answers about the CEO would show blind spots.", "champion_operator")
    elif ceo_role.leaders < client.anonymity.group_minimum:
        more = count(client.anonymity.group_minimum - ceo_role.leaders, "more leader")
        text = f"Answers of {more} would let the leaders' view be shown beside the CEO's."
        yield sentence(text, "champion_operator")
    if gut is None:
        yield sentence("Answers to the gut check would say whether one leader should run go-to-market.", "gut_check")
    if altitude is None:
        yield sentence("Answers on ownership would show at which level decisions sit.", "ownership_altitude")
    if funnel is None:
        yield sentence("A CRM export would show where deals are lost between stages.", "crm/crm.yaml")
    elif funnel.shape in ("snapshot", "counts"):
        yield from funnel.cannot
    if client.company.headcount is None:
        yield sentence(
            "The headcount would tell what the CEO's role means at this stage.", "client.yaml, company.headcount"
        )
    if client.company.gtm_structure is None:
        yield sentence("Today's structure would tell whether to change it.", "client.yaml, company.gtm_structure")
