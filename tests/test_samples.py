"""The samples are what their script makes, and the diagnostics find in them what is true."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from data_samples.companies import COMPANIES
from data_samples.company import Company
from data_samples.make_samples import write_all
from gtmdiag.diagnostics import champion_operator, gut_check, marketing, operating_model, ownership_altitude
from gtmdiag.diagnostics.company import company_stage
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.engagement.folder import Engagement, open_engagement
from gtmdiag.engagement.operating_file import read_operating_file
from gtmdiag.engagement.yamlfile import load_yaml
from gtmdiag.findings.plan import PlanPart
from gtmdiag.funnel.analyse import analyse
from gtmdiag.instruments.answers import Response, check_answers, responses
from gtmdiag.instruments.load import PACKAGED, packaged
from gtmdiag.instruments.operating_rules import kpis_of, operating_rules
from gtmdiag.kpis import read_kpi_data, run_rules
from gtmdiag.report import pages
from tests.engagements import diagnosed

SAMPLES = Path(__file__).resolve().parent.parent / "data_samples"
INSTRUMENTS = {name: packaged(name) for name in PACKAGED}
WITH_ROLE = [company for company in COMPANIES if company.role_truth]
WITH_STRUCTURE = [company for company in COMPANIES if company.structure_truth]
WITH_ALTITUDE = [company for company in COMPANIES if company.altitude_truth]
WITH_METRICS = [company for company in COMPANIES if company.metrics]
WITH_FUNNEL = [company for company in COMPANIES if company.funnel]


def truth(company: Company, part: str) -> dict[str, Any]:
    return load_yaml(SAMPLES / "truth" / f"{company.id}.yaml", company.id).data[part]


def opened(company: Company) -> tuple[Engagement, dict[str, tuple[Response, ...]], AnonymityRule]:
    engagement = open_engagement(SAMPLES / company.id)
    minimum = engagement.client.anonymity
    rule = AnonymityRule(minimum.group_minimum, minimum.spread_minimum)
    return engagement, responses(engagement.respondents, INSTRUMENTS), rule


def table(company: Company, name: str) -> list[dict[str, str]]:
    with (SAMPLES / company.id / "crm" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def moves_by_deal(company: Company) -> dict[str, dict[str, datetime]]:
    """Return the time of each stage by deal, from the file alone."""
    moves: dict[str, dict[str, datetime]] = defaultdict(dict)
    for row in table(company, "stage_history.csv"):
        moves[row["deal_id"]][row["stage"]] = datetime.fromisoformat(row["entered_at"])
    return moves


def test_committed_sample_is_not_what_the_script_makes(tmp_path: Path) -> None:
    made = {path.relative_to(tmp_path): path.read_bytes() for path in write_all(tmp_path)}
    folders = [SAMPLES / "truth", *(SAMPLES / company.id for company in COMPANIES)]
    present = {path.relative_to(SAMPLES) for folder in folders for path in folder.rglob("*") if path.is_file()}
    # Reports and kept versions are made by use and are not part of a sample.
    made_by_use = re.compile(r"(^|/)(reports|\.history|standups/20\d\d-W\d\d)/")
    present = {path for path in present if not made_by_use.search(path.as_posix())}
    assert present == made.keys()
    assert [str(name) for name, content in made.items() if (SAMPLES / name).read_bytes() != content] == []


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.id)
def test_sample_with_a_problem_or_a_warning_in_its_answers(company: Company) -> None:
    engagement, _, _ = opened(company)
    assert engagement.warnings == ()
    assert [problem for one in engagement.respondents for problem in check_answers(one, INSTRUMENTS)] == []


def test_northlight_answers_left_out_are_not_the_two_of_one_leader() -> None:
    northlight = next(company for company in COMPANIES if company.id == "northlight")
    _, given, _ = opened(northlight)
    missing = {
        (one.respondent, item.id)
        for name in ("champion_operator", "gut_check")
        for one in given[name]
        for item in INSTRUMENTS[name].items
        if item.id not in one.answers
    }
    assert missing == {
        ("tomas-lind", "champion_operator.modelling_behaviours.operator"),
        ("tomas-lind", "champion_operator.forecast_trusted.autonomy"),
    }


@pytest.mark.parametrize("company", WITH_ROLE, ids=lambda company: company.id)
def test_ceo_role_that_is_not_the_true_one(company: Company) -> None:
    engagement, given, rule = opened(company)
    facts = engagement.client.company
    stage = company_stage(facts.headcount, facts.business_units)
    result = champion_operator.diagnose(INSTRUMENTS["champion_operator"], given["champion_operator"], stage, rule)
    assert result is not None
    assert result.ceo is not None
    assert result.ceo.verdict is not None
    assert truth(company, "champion_operator") == {
        "ceo_verdict": result.ceo.verdict.id,
        "ceo_borderline": result.ceo.borderline,
        "ceo_room": result.ceo.room,
        "leaders_verdict": result.team.verdict.id if result.team and result.team.verdict else None,
        "leaders_room": result.team.room if result.team else None,
        "blind_spots": [domain.id for domain in result.blind_spots],
    }


@pytest.mark.parametrize("company", WITH_STRUCTURE, ids=lambda company: company.id)
def test_gut_check_that_is_not_the_true_one(company: Company) -> None:
    engagement, given, rule = opened(company)
    present = engagement.client.company.gtm_structure
    result = gut_check.diagnose(INSTRUMENTS["gut_check"], given["gut_check"], present, rule)
    assert result is not None
    assert result.ceo is not None
    sides = dict(result.sides or ())
    assert truth(company, "gut_check") == {
        "ceo_yes": result.ceo.yes,
        "side": result.side,
        "verdict": result.ceo.verdict.id if result.ceo.verdict else None,
        "prerequisite": result.ceo.prerequisite,
        "change": result.change,
        "leaders_centralized": sides.get("centralized"),
        "leaders_distributed": sides.get("distributed"),
    }


@pytest.mark.parametrize("company", WITH_ALTITUDE, ids=lambda company: company.id)
def test_altitude_that_is_not_the_true_one(company: Company) -> None:
    engagement, given, rule = opened(company)
    facts = engagement.client.company
    stage = company_stage(facts.headcount, facts.business_units)
    name = "ownership_altitude"
    result = ownership_altitude.diagnose(INSTRUMENTS[name], given[name], stage, facts.ownership, rule)
    assert result is not None
    assert result.ownership is not None
    parts = result.institution.parts
    assert truth(company, name) == {
        "stage": stage.stage,
        "owners": dict(result.ownership.owners),
        "unowned": result.ownership.unowned,
        "level": result.ownership.level,
        "in_practice": result.ownership.in_practice,
        "too_low": [f"{decision.id}.{side}" for decision, side in result.sides("too low")],
        "too_high": [f"{decision.id}.{side}" for decision, side in result.sides("too high")],
        "disputed": [f"{decision.id}.{side}" for decision, side in result.sides("disputed")],
        "in_place": [part.id for part in parts if part.in_place],
        "next_part": result.institution.next_part,
        "modes": [mode.id for mode in result.modes if mode.shows],
        "leaders_shown": any(part.leaders is not None for part in parts),
    }


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.id)
def test_operating_model_that_is_not_audited_to_the_truth(company: Company) -> None:
    _, given, rule = opened(company)
    file = read_operating_file(SAMPLES / company.id)
    assert file is not None
    rules, as_of = operating_rules(), company.as_of
    name = "operating_model"
    result = operating_model.diagnose(file.model, rules, INSTRUMENTS[name], given[name], rule, as_of=as_of)
    assert result is not None
    kpis = kpis_of(file.model, rules)
    data = read_kpi_data(SAMPLES / company.id / "kpis.csv", kpis)
    ran = run_rules(kpis, data, as_of=as_of).readings if data is not None else ()
    assert truth(company, name) == {
        "evidenced": [layer.evidenced for layer in result.layers],
        "effective": [layer.effective for layer in result.layers],
        "overclaimed": [layer.id for layer in result.layers if layer.overclaimed],
        "processes": [one.id for one in result.handoffs if one.process],
        "unowned": [row.activity for row in result.owners if row.unowned],
        "apart": [row.id for row in result.blind if row.disagree and not row.holder],
        "grades": {one.metric: one.grade for one in result.kpis},
        "leading": [one.rules for one in result.leading],
        "offered": [one.id for one in result.offered],
        "not_operational": [one.id for one in result.meetings if one.operational is False],
        "loops": {one.id: one.state for one in result.loops},
        "patterns": [one.id for one in result.patterns if one.shows],
        "fires": [reading.kpi.metric for reading in ran if reading.fires],
        "alarms": {reading.kpi.metric: len(reading.alarms) for reading in ran} or None,
    }


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.id)
def test_marketing_that_is_not_the_true_one(company: Company) -> None:
    _, given, rule = opened(company)
    result = marketing.diagnose(INSTRUMENTS["marketing"], given["marketing"], rule)
    assert result is not None
    assert truth(company, "marketing") == {
        "shown": [result.marketing.shown, result.sales.shown],
        "apart": [pillar.id for pillar in result.apart],
        "low": [pillar.id for pillar in result.pillars if pillar.low],
        "missing": [one.id for one in result.capabilities if one.missing],
    }


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.id)
def test_synthesis_plan_or_change_that_are_not_the_true_ones(company: Company) -> None:
    diagnosis = diagnosed(company.id)
    found, waves = diagnosis.synthesis, diagnosis.waves

    def by_rule(part: PlanPart) -> dict[str, int] | None:
        return dict(Counter(one.id.partition(".")[0] for one in diagnosis.plan.of(part))) or None

    assert truth(company, "synthesis") == {
        "constraint": found.constraint.finding if found.constraint else None,
        "links": [one.id for one in found.links],
        "contradictions": [one.id for one in found.contradictions],
        "build": by_rule("30-day build"),
        "blueprint": by_rule("90-day blueprint"),
        "closed": [one.finding for one in waves.findings if one.state == "closed"] if waves else [],
        "moved": [f"{one.id} {one.who}" for one in waves.moves if one.reading == "moved"] if waves else [],
    }


@pytest.mark.parametrize("company", WITH_METRICS, ids=lambda company: company.id)
def test_rule_that_fires_otherwise_than_a_plain_count_of_the_file_says(company: Company) -> None:
    path = SAMPLES / company.id
    file = read_operating_file(path)
    assert file is not None
    with (path / "kpis.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    over = f"{company.as_of - timedelta(days=company.as_of.weekday()):%G-W%V}"
    for kpi in kpis_of(file.model, operating_rules()):
        values = [row["value"] for row in rows if row["metric"] == kpi.metric and row["week"] < over]
        if kpi.kind == "lagging" or kpi.threshold is None or not values:
            continue
        missed = "".join(_mark(value, kpi.threshold, kpi.direction == "below") for value in values)
        runs = [run for run in re.findall("x+", missed) if len(run) >= (kpi.window or 1)]
        assert truth(company, "operating_model")["alarms"][kpi.metric] == len(runs)
        fires = kpi.metric in truth(company, "operating_model")["fires"]
        assert fires == missed.endswith("x" * (kpi.window or 1))


def _mark(value: str, threshold: float, below: bool) -> str:
    return "-" if not value else "x" if (float(value) < threshold if below else float(value) > threshold) else "."


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.id)
def test_findings_and_warnings_that_are_not_the_meant_ones(company: Company) -> None:
    diagnosis = diagnosed(company.id)
    assert {one.id: one.severity for one in diagnosis.findings} == truth(company, "findings")
    assert [f"{one.file}, {one.place}" for one in diagnosis.warnings] == truth(company, "warnings")


@pytest.mark.parametrize("company", COMPANIES, ids=lambda company: company.id)
def test_chapters_on_operating_and_owning_that_do_not_say_that_they_are_not_in_conflict(company: Company) -> None:
    diagnosis = diagnosed(company.id)
    for chapter in (pages.gut_check(diagnosis), pages.ownership_altitude(diagnosis)):
        assert str(chapter.to_dict()).count("ownership stays at business level") == 1
    alone = replace(diagnosis, gut_check=None)
    assert "two questions" not in str(pages.ownership_altitude(alone).to_dict())


def test_the_sample_that_has_just_begun_shows_anything_of_its_one_leader() -> None:
    kestrel = next(company for company in COMPANIES if company.id == "kestrel-labs")
    diagnosis = diagnosed(kestrel.id)
    assert diagnosis.champion_operator is not None
    assert diagnosis.gut_check is not None
    assert diagnosis.ownership_altitude is not None
    assert diagnosis.operating_model is not None
    assert diagnosis.operating_model.withheld
    assert all(layer.leaders is None for layer in diagnosis.operating_model.layers)
    assert diagnosis.champion_operator.team is None
    assert diagnosis.gut_check.sides is None
    assert all(one.withheld for one in (diagnosis.champion_operator, diagnosis.gut_check, diagnosis.ownership_altitude))
    chapters = [getattr(pages, name) for name in pages.__all__]
    for told in (diagnosis, *(str(chapter(diagnosis).to_dict()) for chapter in chapters)):
        assert "bottleneck" not in repr(told).lower()


@pytest.mark.parametrize("company", WITH_FUNNEL, ids=lambda company: company.id)
def test_files_that_do_not_hold_what_the_truth_counts(company: Company) -> None:
    expected = truth(company, "funnel")
    names = list(expected["stages"])
    moves = moves_by_deal(company)
    deals = {row["deal_id"]: row for row in table(company, "deals.csv")}
    assert deals.keys() == moves.keys()
    ends = {"won": "Closed Won", "lost": "Closed Lost"}
    by_outcome: dict[str, list[str]] = {"won": [], "lost": [], "open": []}
    for deal, entered in moves.items():
        by_outcome[next((outcome for outcome, end in ends.items() if end in entered), "open")].append(deal)
    counted: dict[str, Any] = {"deals": len(deals)}
    for outcome, ids in by_outcome.items():
        counted[outcome] = len(ids)
        counted[f"{outcome}_amount"] = sum(int(deals[deal]["amount"] or 0) for deal in ids)
    counted["without_owner"] = sum(not row["owner"] for row in deals.values())
    counted["without_amount"] = sum(not row["amount"] for row in deals.values())
    assert {key: expected[key] for key in counted} == counted
    for name, following in zip(names, [*names[1:], ends["won"]], strict=True):
        here = [entered for entered in moves.values() if name in entered]
        advanced = sum(following in entered for entered in here)
        lost = sum(following not in entered and ends["lost"] in entered for entered in here)
        stage = {"entered": len(here), "advanced": advanced, "lost": lost, "open": len(here) - advanced - lost}
        assert expected["stages"][name] == stage


@pytest.mark.parametrize("company", WITH_FUNNEL, ids=lambda company: company.id)
def test_export_without_its_blemishes_too_large_or_beyond_its_day(company: Company) -> None:
    expected = truth(company, "funnel")
    funnel = company.funnel
    assert funnel is not None
    rows = table(company, "stage_history.csv")
    backwards = sum(
        one["deal_id"] == two["deal_id"] and one["entered_at"] > two["entered_at"] for one, two in pairwise(rows)
    )
    assert (backwards > 0) == (funnel.out_of_order > 0)
    assert (expected["without_owner"] > 0) == (funnel.no_owner > 0)
    assert (expected["without_amount"] > 0) == (funnel.no_amount > 0)
    assert max(row["entered_at"] for row in rows)[:10] <= company.as_of.isoformat()
    sizes = [path.stat().st_size for path in (SAMPLES / company.id / "crm").iterdir()]
    assert sum(sizes) < 390_000, "with answers, below 400 kB"


@pytest.mark.parametrize("company", WITH_FUNNEL, ids=lambda company: company.id)
def test_true_share_of_a_handoff_not_found_among_deals_old_enough(company: Company) -> None:
    expected = truth(company, "funnel")
    names = list(expected["stages"])
    old_enough = datetime.combine(company.as_of, datetime.min.time()) - timedelta(days=120)
    for name, following in zip(names, [*names[1:], "Closed Won"], strict=True):
        old = [moves for moves in moves_by_deal(company).values() if name in moves and moves[name] < old_enough]
        share, true_share = sum(following in moves for moves in old) / len(old), expected["goes_on"][name]
        assert abs(share - true_share) < 2 * (true_share * (1 - true_share) / len(old)) ** 0.5, name
        assert name != expected["leak"] or share < 0.25, "the leak must show"


@pytest.mark.parametrize("company", WITH_FUNNEL, ids=lambda company: company.id)
def test_funnel_analysis_that_does_not_count_the_truth(company: Company) -> None:
    expected = truth(company, "funnel")
    result = analyse(SAMPLES / company.id / "crm", today=date(2026, 11, 2))
    assert result is not None
    assert result.as_of == company.as_of
    assert result.unread == ()
    for name in ("won", "lost", "open"):
        outcome = getattr(result.outcomes, name)
        assert outcome.n == expected[name]
        assert outcome.amounts == ((company.currency, 100 * expected[f"{name}_amount"]),)
    counted = {
        row.stage: {"entered": row.entered, "advanced": row.advanced, "lost": row.lost, "open": row.open}
        for row in result.stages
    }
    assert counted == expected["stages"]
