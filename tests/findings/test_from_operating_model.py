"""Findings on the operating model: where sources disagree, what is missing, and how sure a firing is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from gtmdiag.check import check
from gtmdiag.diagnostics.company import company_stage
from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.findings.from_operating_model import kpi_findings, operating_findings
from tests.engagements import TODAY, sample, write

CRM = """\
shape: counts
file: counts.csv
columns: {stage: Stage, entered: In, advanced: Out}
stages: [MQL, SQL, Trial, Offer]
handoffs:
  MQL→SQL: {from: Marketing, to: Sales, sla_hours: 4}
  SQL→Trial: Sales → Customer success
  Trial→Offer: {from: customer success, to: sales}
"""
MODEL = """\
stages: [{name: SQL}, {name: mql}, {name: Offer}, {name: Customer}]
handoffs:
  - {step: MQL -> SQL, from: marketing, to: sales, sla: 1 business day}
  - {step: SQL -> Offer, from: sales, to: cs}
"""


def test_disagreement_with_crm_yaml_that_check_does_not_tell(tmp_path: Path) -> None:
    counts = "Stage,In,Out\nMQL,9,5\nSQL,5,3\nTrial,3,2\nOffer,2,1\n"
    write(tmp_path, {"client.yaml": "id: a\nname: A\n", "crm/crm.yaml": CRM, "crm/counts.csv": counts})
    write(tmp_path, {"operating_model.yaml": MODEL})
    told = [one for one in check(tmp_path, today=TODAY) if one.file == "operating_model.yaml"]
    assert [(one.place, one.found, one.severity) for one in told] == [
        ("line 1, stages", "no stage 'Trial'", "warning"),
        ("line 1, stages", "the stages in another order", "warning"),
        ("line 3, handoffs.0.sla", "1 business day", "warning"),
        ("line 2, handoffs", "no handoff SQL→Trial", "warning"),
        ("line 2, handoffs", "no handoff Trial→Offer", "warning"),
    ]


def test_faults_of_the_two_new_files_that_are_not_told_together(tmp_path: Path) -> None:
    root = sample(tmp_path / "client")
    write(root, {"operating_model.yaml": "stagez: []\n", "kpis.csv": "week,metric,value,n\n2026-W99,a,1,\n"})
    found = [(one.file, one.place) for one in check(root, today=TODAY) if one.severity == "error"]
    assert found == [("operating_model.yaml", "line 1, stagez"), ("kpis.csv", "line 2")]


def test_date_of_the_report_from_the_clock_where_the_files_have_one(tmp_path: Path) -> None:
    artefact = "artefacts:\n  - {layer: ownership_map, name: Map, link: x, date: 2026-03-01, used_on: 2026-04-05}\n"
    write(tmp_path, {"operating_model.yaml": artefact})
    found = diagnose(tmp_path, today=TODAY)
    assert (found.as_of, found.later_dates) == (date(2026, 4, 5), False)
    assert found.operating_model
    assert found.operating_model.layers[1].evidenced == 3
    early = diagnose(tmp_path, today=date(2026, 3, 20))
    assert (early.as_of, early.later_dates) == (date(2026, 3, 1), True)
    assert "Weekly values" not in " ".join(sentence.text for sentence in found.missing)


def test_firing_that_is_surer_than_its_numbers(northlight: Diagnosis) -> None:
    assert northlight.kpis
    found = {one.id: one for one in kpi_findings(northlight.kpis)}
    sure, open_ = found["kpis.mql_sql_conversion"], found["kpis.days_to_first_success"]
    assert (sure.confidence, open_.confidence) == ("high", "low")
    # The client's own action says nothing; the published one does.
    assert sure.next_step.startswith("Audit the qualification criteria")
    assert (sure.owner, open_.owner) == ("VP Marketing", "VP Customer Success")
    (reading, *_) = northlight.kpis.readings
    alone = replace(northlight.kpis, readings=(replace(reading, recent=None),))
    (unsure,) = kpi_findings(alone)
    assert (unsure.confidence, "97% of years" in unsure.because) == ("low", True)


def test_early_company_that_is_blamed_as_a_large_one_is(northlight: Diagnosis) -> None:
    assert northlight.operating_model
    early = {one.id: one.severity for one in operating_findings(northlight.operating_model, company_stage(40, 1))}
    assert early["operating_model.maturity"] == "medium"
    assert early["operating_model.strategy_without_ownership"] == "medium"
