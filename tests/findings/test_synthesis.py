"""One printed order, a gate that shows, contradictions and links that the results bear out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.diagnostics.company import company_stage
from gtmdiag.findings.contradictions import contradictions
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.finding import Finding, Money
from gtmdiag.findings.links import links
from gtmdiag.findings.ranking import binding, rank, rule_in_words
from gtmdiag.findings.results import Results
from gtmdiag.findings.trust import through_gate
from gtmdiag.funnel.checks import Check
from gtmdiag.instruments.load import load_all
from gtmdiag.instruments.synthesis_rules import synthesis_rules
from gtmdiag.trail import Sentence, Trail
from tests.conftest import ROOT
from tests.diagnostics.people import five, gut, role, role_answers
from tests.engagements import diagnosed

RULES = synthesis_rules()
STAGE = company_stage(300, None)


def finding(name: str, severity: str = "medium", confidence: str = "medium", value: float | None = None) -> Finding:
    worth = None if value is None else Money(value, value / 2, value * 2, "EUR")
    evidence = (Sentence("S.", Trail("r", "suite", ("crm, stage A",))),)
    return Finding(name, severity, "C.", evidence, confidence, "b", "CEO", "N.", worth)  # pyright: ignore[reportArgumentType]


def fault(weakens: str = "value of leaks", *, serious: bool = True) -> Check:
    title = "Deals without an amount"
    return Check("missing_amount", title, 14, 100, "deals", None, (), (weakens,), serious, "Ask for them.")


def test_points_that_are_not_those_of_the_printed_rule() -> None:
    gaps = [
        finding("funnel.leak.A", "high", "medium", 400.0),
        finding("funnel.leak.B", "medium", "high", 100.0),
        finding("operating_model.handoffs", "high", "low"),
        finding("ownership_altitude.owner", "critical", "high"),
        finding("operating_model.loops", "strength", "high"),
    ]
    points = {one.finding: one.points for one in rank(gaps, RULES)}
    assert points == {
        "ownership_altitude.owner": 4 * 1 + 3 * 0.5,
        "funnel.leak.A": pytest.approx(3 * 0.8 + 2),
        "funnel.leak.B": 2 * 1 + 2 * 100 / 400,
        "operating_model.handoffs": 3 * 0.5 + 2 * 0.5,
    }
    told = [float(number) for number in re.findall(r"[0-9.]*[0-9]", rule_in_words(RULES).text)]
    ranking = RULES.ranking
    assert told == [*ranking.severity.values(), *ranking.confidence.values(), 2.0, 0.5, 2.0]


@given(st.permutations(["ownership_altitude.owner", "funnel.leak.A", "gut_check.structure", "marketing.pillars"]))
def test_order_that_hangs_on_the_order_of_the_diagnostics(names: list[str]) -> None:
    ranked = rank([finding(name) for name in names], RULES)
    assert ranked[0].finding == "ownership_altitude.owner"
    assert set(ranked[0].dependents) == {*names} - {"ownership_altitude.owner"}


def test_constraint_of_low_gaps_or_of_strengths_alone() -> None:
    mild = [finding("ownership_altitude.owner", "low"), finding("gut_check.structure", "strength")]
    assert binding(rank(mild, RULES), mild, RULES) is None
    close = [finding("operating_model.handoffs"), finding("gut_check.structure")]
    found = binding(rank(close, RULES), close, RULES)
    assert found is not None
    assert (found.finding, found.runner_up) == ("operating_model.handoffs", "gut_check.structure")


def test_fault_in_the_data_that_does_not_show_on_what_rests_on_it() -> None:
    with_value, without = finding("funnel.leak.A", value=10.0), finding("funnel.leak.B")
    other = finding("ownership_altitude.owner")
    passed, gate = through_gate([with_value, without, other], [fault(), fault(serious=False)], RULES)
    assert [one.confidence for one in passed] == ["low", "medium", "medium"]
    assert "deals without an amount (14 of 100)" in passed[0].because
    assert passed[1:] == (without, other)
    assert [(one.finding, one.before, one.after) for one in gate.lowered] == [("funnel.leak.A", "medium", "low")]
    both = [fault(), fault("conversion")]
    assert [one.confidence for one in through_gate([without], both, RULES)[0]] == ["low"], "one step, not one a fault"
    assert through_gate([other], [], RULES)[1].says == ()
    trend = [fault("trend")]
    rule = finding("kpis.m")
    assert through_gate([rule], trend, RULES)[0][0].confidence == "low"
    by_hand = replace(rule, evidence=(Sentence("S.", Trail("r", "suite", ("kpis.csv, m",))),))
    assert through_gate([by_hand], trend, RULES)[0] == (by_hand,)


def test_finding_of_a_sample_without_a_theme_or_told_twice() -> None:
    for name in ("northlight", "kestrel-labs", "harbour-finch"):
        diagnosis = diagnosed(name)
        gaps = [one.id for one in diagnosis.findings if one.severity != "strength"]
        assert all(RULES.theme_of(one) for one in gaps)
        assert sorted(one.finding for one in diagnosis.synthesis.ranked) == sorted(gaps)
        assert len(diagnosis.synthesis.shown) <= 7
        assert [one.id for one in diagnosis.findings][: len(gaps)] == [
            *diagnosis.synthesis.shown,
            *(one.finding for one in diagnosis.synthesis.ranked if one.finding not in diagnosis.synthesis.shown),
        ]


def test_sentence_of_the_synthesis_that_leads_to_no_input_or_claims_a_cause(northlight: Diagnosis) -> None:
    found = northlight.synthesis
    assert found.constraint
    sentences = [*found.constraint.why, *(one.says for one in found.links)]
    sentences += [one for pair in found.contradictions for one in (pair.one, pair.other)]
    for one in sentences:
        assert one.trail.inputs
        assert one.trail.rule
        assert not re.search(r"\b(because of|due to|leads to|caused)\b", one.text)


@pytest.mark.parametrize("name", ["northlight", "kestrel-labs", "harbour-finch"])
def test_sentence_of_the_synthesis_or_a_finding_that_cannot_be_followed_to_its_inputs(name: str) -> None:
    diagnosis = diagnosed(name)
    found = diagnosis.synthesis
    sentences = [*(one.says for one in found.links), *found.gate.says, found.rule]
    sentences += [one for pair in found.contradictions for one in (pair.one, pair.other)]
    sentences += found.constraint.why if found.constraint else ()
    items = {item.id for instrument in load_all(ROOT / "none")[0].values() for item in instrument.items}
    domains = {item.rpartition(".")[0] for item in items}
    known = items | domains | {one.id for one in diagnosis.findings}
    sentences += [said for card in diagnosis.findings for said in card.evidence]
    for place in {place for said in sentences for place in said.trail.inputs}:
        file = re.match(r"(crm|CRM export|kpis\.csv|\w+\.yaml)(, |$|/)", place)
        assert file or place in known, place


def test_centralise_without_second_line_or_an_early_operator_that_is_linked_wrongly() -> None:
    def ids(results: Results) -> list[str]:
        return [one.id for one in links(results)]

    assert ids(Results(STAGE, gut_check=gut(five("yynyy")))) == ["centralize_without_second_line"]
    assert ids(Results(STAGE, gut_check=gut(five("yyyyy")))) == []
    assert ids(Results(STAGE, gut_check=gut(five("nnnnn")))) == []


def test_operator_linked_to_a_steward_who_is_there(northlight: Diagnosis) -> None:
    altitude = northlight.ownership_altitude
    assert altitude
    operator = role(role_answers(1, 5, 1, "no"))
    linked = Results(STAGE, champion_operator=operator, ownership_altitude=altitude)
    assert [one.id for one in links(linked)] == ["operator_without_steward"]
    parts = tuple(replace(one, in_place=True) for one in altitude.institution.parts)
    there = replace(altitude, institution=replace(altitude.institution, parts=parts))
    assert links(replace(linked, ownership_altitude=there)) == ()
    early = role(role_answers(1, 5, 1, "no"), headcount=40)
    assert links(replace(linked, champion_operator=early)) == ()


def test_fragmented_icp_linked_where_it_is_decided_high_enough(northlight: Diagnosis) -> None:
    altitude = northlight.ownership_altitude
    assert altitude
    modes = tuple(replace(one, shows=one.id == "icp_fragments") for one in altitude.modes)
    low = Results(STAGE, ownership_altitude=replace(altitude, modes=modes))
    assert [one.id for one in links(low)] == ["low_altitude_fragmented_icp"]
    decisions = tuple(one for one in altitude.decisions if one.id != "icp_segments")
    high = Results(STAGE, ownership_altitude=replace(altitude, modes=modes, decisions=decisions))
    assert links(high) == ()


def test_sources_shown_as_apart_where_only_one_of_them_is_used() -> None:
    alone = Results(STAGE, gut_check=gut(five("nnnnn")))
    assert contradictions(alone, RULES) == ()
    central = contradictions(Results(STAGE, gut_check=gut(five("yyyyy"))), RULES)
    assert [(one.id, one.one.trail.source, one.other.trail.source) for one in central] == [
        ("cro_runs_or_owns", "CD", "GJ")
    ]
