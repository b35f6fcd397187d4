"""The suite's sources, stages and published values, held against the published tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import cast

import pytest

from gtmdiag.engagement.yamlfile import load_yaml
from gtmdiag.instruments.load import PACKAGED
from gtmdiag.instruments.operating_rules import operating_rules
from gtmdiag.instruments.rules import references, sources, stages
from tests.conftest import ROOT

# metric: (low, high), source, year
PUBLISHED = {
    "mql_sql_observed": ((0.15, 0.25), "OE", 2026),
    "mql_sql_right": ((0.35, 0.45), "OE", 2026),
    "mql_sql_alarm": ((0.30, None), "OE", 2026),
    "s1_s3_alarm": ((0.25, None), "OE", 2026),
    "deal_age_alarm": ((2, None), "OE", 2026),
    "time_to_value_alarm": ((30, None), "OE", 2026),
    "mql_sql_response": ((4, None), "OE", 2026),
    "won_onboarding_call": ((48, None), "OE", 2026),
    "won_onboarding_session": ((5, None), "OE", 2026),
    "spread_lead_mql": ((0.10, 0.40), "web compilations", None),
    "spread_mql_sql": ((0.12, 0.60), "web compilations", None),
    "spread_sql_opportunity": ((0.30, 0.80), "web compilations", None),
    "spread_opportunity_won": ((0.10, 0.40), "web compilations", None),
    "response_within_hour": ((0.37, None), "Oldroyd", 2011),
    "response_after_day": ((0.24, None), "Oldroyd", 2011),
    "response_never": ((0.23, None), "Oldroyd", 2011),
    "hour_against_later": ((7, None), "Oldroyd", 2011),
    "sales_cycle": ((60, None), "Bridge Group", 2017),
    "ceo_meetings": ((0.72, None), "Porter and Nohria", 2018),
    "ceo_reactive": ((0.36, None), "Porter and Nohria", 2018),
    "ceo_customers": ((0.03, None), "Porter and Nohria", 2018),
    "ceo_types": ((None, None), "Bandiera", 2020),
}


def test_every_published_value_is_there_as_published() -> None:
    found = {one.id: ((one.low, one.high), one.source, one.year) for one in references()}
    assert found.keys() == PUBLISHED.keys()
    for name, (values, source, year) in PUBLISHED.items():
        assert found[name][0] == values, name
        assert found[name][1].startswith(source), name
        assert found[name][2] == year, name


@pytest.mark.parametrize(
    ("start", "n"),
    [("Oldroyd", "2241 US firms"), ("Bridge", "384 firms"), ("Porter", "27 CEOs"), ("Bandiera", "1114 CEOs")],
)
def test_studies_tell_how_many_they_looked_at(start: str, n: str) -> None:
    assert any(n in one.n for one in references() if one.source.startswith(start))


def test_no_published_value_poses_as_a_target() -> None:
    by_flag = Counter(one.comparable for one in references())
    assert by_flag["yes"] == 0
    assert all(one.comparable == "no" for one in references() if one.id.startswith(("spread", "response", "ceo")))
    assert all(one.definition and one.meaning for one in references())


def test_a_range_begins_at_the_end_that_a_leak_is_measured_against() -> None:
    assert all(one.low is not None and one.low < one.high for one in references() if one.high is not None)


def test_every_value_has_a_source_that_can_be_found() -> None:
    known = {source.id for source in sources()}
    assert known == {"CO", "GJ", "CD", "AJ", "OE", "suite"}
    assert all(one.source in known or one.year or one.source == "web compilations" for one in references())
    assert all(source.title in source.citation for source in sources())


def test_stages_begin_at_the_published_headcounts() -> None:
    assert [(stage.id, stage.from_headcount) for stage in stages().stages] == [
        ("early", 1),
        ("scaling", 100),
        ("mature", 500),
    ]
    assert stages().edge == 0.10


def test_rule_of_the_suite_s_data_without_a_source_that_can_be_found() -> None:
    known = {one.id for one in sources()}
    folder = ROOT / "gtmdiag" / "instruments"
    for name in ("operating_rules", "plan_rules", "synthesis_rules", "stages", *PACKAGED):
        found = list(sourced(load_yaml(folder / f"{name}.yaml", name).data))
        assert found, name
        assert {one for one in found if not {*one.split(", ")} <= known} == set(), name
    for part in ("handoffs", "kpis", "meetings", "loops", "patterns", "layers"):
        assert all(one.source for one in getattr(operating_rules(), part))


def sourced(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, object]", value)
        yield from (str(one) for key, one in entries.items() if key == "source")
        yield from (found for one in entries.values() for found in sourced(one))
    elif isinstance(value, list):
        yield from (found for one in cast("list[object]", value) for found in sourced(one))


def test_rule_whose_place_is_not_where_the_list_of_rules_says() -> None:
    rows = [line for line in (ROOT / "docs" / "rules.md").read_text("utf-8").splitlines() if line.startswith("| ")][1:]
    for row in rows:
        _, rule, source, places, _ = row.split("|")
        assert {*source.strip().split(", ")} <= {*(one.id for one in sources()), "each its own"}, rule
        paths = re.findall(r"`([^`]+)`", places)
        assert paths, rule
        for path in paths:
            assert (ROOT / path).is_file(), f"{rule}: {path}"
    listed = " ".join(rows)
    for name in ("operating_rules", "plan_rules", "synthesis_rules", "references", "stages", *PACKAGED):
        assert f"{name}.yaml" in listed, name
