"""One client's whole diagnosis: open the folder, run every diagnostic that has its inputs, rank the findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from gtmdiag.diagnostics import operating_model
from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult
from gtmdiag.diagnostics.company import CompanyStage, company_stage
from gtmdiag.diagnostics.gut_check import GutCheckResult
from gtmdiag.diagnostics.marketing import MarketingResult
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.diagnostics.own import OwnResult, diagnose_own
from gtmdiag.diagnostics.ownership_altitude import OwnershipAltitudeResult
from gtmdiag.engagement.schema import Client
from gtmdiag.errors import InputError, Problem, has_error
from gtmdiag.findings.finding import Finding, ranked
from gtmdiag.findings.from_ceo_role import ceo_role_findings
from gtmdiag.findings.from_funnel import funnel_findings
from gtmdiag.findings.from_gut_check import gut_check_findings
from gtmdiag.findings.from_marketing import marketing_findings
from gtmdiag.findings.from_operating_model import kpi_findings, operating_findings
from gtmdiag.findings.from_ownership import ownership_findings
from gtmdiag.findings.inputs import Inputs, read_inputs
from gtmdiag.findings.missing import missing
from gtmdiag.findings.plan import Plan, make_plan
from gtmdiag.findings.results import Results, results_of_answers
from gtmdiag.findings.synthesis import Synthesis, synthesise
from gtmdiag.findings.told_once import told_once
from gtmdiag.findings.trust import through_gate
from gtmdiag.findings.waves import Waves, compare_waves
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.instruments.answers import Response, responses
from gtmdiag.instruments.operating_rules import kpis_of, operating_rules
from gtmdiag.instruments.plan_rules import plan_rules
from gtmdiag.instruments.synthesis_rules import synthesis_rules
from gtmdiag.kpis import KpiResult, run_rules
from gtmdiag.trail import Sentence

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
    champion_operator, gut_check, ownership_altitude, operating_model, marketing, kpis, funnel
        Results, or None where the inputs are missing.
    own
        Results of the consultant's own instruments.
    findings
        In the order of the synthesis and through the trust gate; strengths come last.
    synthesis, plan
        What they say together, and what to do by when.
    waves
        What changed since earlier waves; None where there is none.
    later_dates
        Whether the inputs hold dates after today, which a later day would believe, or an export without any.
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
    operating_model: OperatingModelResult | None
    marketing: MarketingResult | None
    kpis: KpiResult | None
    own: tuple[OwnResult, ...]
    funnel: FunnelResult | None
    findings: tuple[Finding, ...]
    synthesis: Synthesis
    plan: Plan
    waves: Waves | None
    later_dates: bool
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
    if client is None or has_error(inputs.problems):
        raise InputError(inputs.problems)
    given = responses(inputs.respondents, inputs.instruments)
    as_of, as_of_source = _as_of(client, inputs, today)
    results = _results(client, inputs, given, as_of or today)
    checks = results.funnel.checks if results.funnel is not None else ()
    passed, gate = through_gate(told_once(_findings(results), results), checks, synthesis_rules())
    synthesis = synthesise(ranked(passed), results, gate, synthesis_rules())
    findings = _in_order(ranked(passed), synthesis)
    return Diagnosis(
        client=client,
        wave=inputs.wave,
        respondents=len(inputs.respondents),
        as_of=as_of,
        as_of_source=as_of_source,
        stage=results.stage,
        champion_operator=results.champion_operator,
        gut_check=results.gut_check,
        ownership_altitude=results.ownership_altitude,
        operating_model=results.operating_model,
        marketing=results.marketing,
        kpis=results.kpis,
        own=diagnose_own(inputs.instruments, given, client.anonymity.rule),
        funnel=results.funnel,
        findings=findings,
        synthesis=synthesis,
        plan=_plan(inputs, findings, results, client.plan_start or as_of),
        waves=compare_waves(
            {name: those for name, those in inputs.waves.items() if name <= inputs.wave},
            inputs.instruments,
            client,
            results.stage,
            inputs.actions,
        ),
        later_dates=any(day > today for day in inputs.days)
        or (inputs.funnel is not None and inputs.funnel.later_dates),
        missing=tuple(missing(client, results)),
        warnings=tuple(_without_names(problem) for problem in inputs.problems),
    )


def _results(client: Client, inputs: Inputs, given: Mapping[str, Sequence[Response]], as_of: date) -> Results:
    instruments = inputs.instruments
    stage = company_stage(client.company.headcount, client.company.business_units)
    operating = operating_model.diagnose(
        inputs.operating.model if inputs.operating is not None else None,
        operating_rules(),
        instruments["operating_model"],
        given["operating_model"],
        client.anonymity.rule,
        as_of=as_of,
    )
    answered = results_of_answers(given, instruments, client, stage)
    return replace(answered, operating_model=operating, kpis=_kpis(inputs, as_of), funnel=inputs.funnel)


def _in_order(findings: Sequence[Finding], synthesis: Synthesis) -> tuple[Finding, ...]:
    """Return findings in the order of the synthesis, the binding constraint first; strengths come last."""
    order = [*synthesis.shown, *(one.finding for one in synthesis.ranked)]
    return tuple(sorted(findings, key=lambda one: order.index(one.id) if one.id in order else len(order)))


def _plan(inputs: Inputs, findings: Sequence[Finding], results: Results, start: date | None) -> Plan:
    """Return the plan on the findings in their order."""
    model = inputs.operating.model if inputs.operating is not None else None
    hours = inputs.client.business_hours if inputs.client is not None else None
    return make_plan(findings, results, plan_rules(), model=model, cadence=operating_rules(), start=start, hours=hours)


def _without_names(problem: Problem) -> Problem:
    """Return a problem of an answers file without the respondent's id, which is no reader's business."""
    return replace(problem, file="answers", place="") if problem.file.startswith("answers/") else problem


def _findings(results: Results) -> Iterator[Finding]:
    if results.champion_operator is not None:
        yield from ceo_role_findings(results.champion_operator, results.missing_parts())
    if results.ownership_altitude is not None:
        yield from ownership_findings(results.ownership_altitude)
    if results.gut_check is not None:
        yield from gut_check_findings(results.gut_check)
    if results.funnel is not None:
        yield from funnel_findings(results.funnel)
    if results.operating_model is not None:
        yield from operating_findings(results.operating_model, results.stage)
    if results.kpis is not None:
        yield from kpi_findings(results.kpis)
    if results.marketing is not None:
        yield from marketing_findings(results.marketing)


def _as_of(client: Client, inputs: Inputs, today: date) -> tuple[date | None, str]:
    if client.as_of is not None:
        return client.as_of, "client.yaml"
    if inputs.funnel is not None:
        return inputs.funnel.as_of, _AS_OF_SOURCES[inputs.funnel.as_of_source]
    last = max((day for day in inputs.days if day <= today), default=None)
    return last, "the last date in operating_model.yaml and kpis.csv" if last is not None else ""


def _kpis(inputs: Inputs, as_of: date) -> KpiResult | None:
    if inputs.operating is None or inputs.kpi_data is None:
        return None
    result = run_rules(kpis_of(inputs.operating.model, operating_rules()), inputs.kpi_data, as_of=as_of)
    return result if result.readings else None
