"""What the packaged questionnaires ask, held against the published method."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from gtmdiag.instruments.load import PACKAGED, load_all, packaged
from gtmdiag.instruments.rules import sources
from gtmdiag.instruments.schema import Instrument

ALL = [packaged(name) for name in PACKAGED]
ROLE, GUT = packaged("champion_operator"), packaged("gut_check")


@pytest.mark.parametrize("instrument", ALL, ids=lambda one: one.id)
def test_ids_are_unique_and_say_where_they_belong(instrument: Instrument) -> None:
    ids = [item.id for item in instrument.items]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(rf"{instrument.id}\.[a-z_]+\.[a-z_]+", item_id) for item_id in ids)
    assert {item.domain for item in instrument.items} == {domain.id for domain in instrument.domains}


@pytest.mark.parametrize("instrument", ALL, ids=lambda one: one.id)
def test_every_rule_names_a_source_that_can_be_looked_up(instrument: Instrument) -> None:
    known = {source.id for source in sources()}
    named = [
        part.source
        for parts in (
            instrument.items,
            instrument.indices,
            instrument.verdicts,
            instrument.stage_words,
            instrument.structures,
        )
        for part in parts
    ]
    assert set(named) | {instrument.source} <= known


@pytest.mark.parametrize("instrument", ALL, ids=lambda one: one.id)
def test_no_item_asks_for_two_things_at_once(instrument: Instrument) -> None:
    wordings = [text for item in instrument.items for text in (item.self_, item.observer) if text]
    # What stands before a colon is the name of one decision, such as "Offer, packaging, pricing".
    asked = [text.rpartition(": ")[2] for text in wordings]
    assert not [text for text in asked if re.search(r"\b(and|as well as|both)\b|;|&", text)]


def test_the_role_has_eight_mirrored_domains_six_autonomy_items_and_the_room_test() -> None:
    assert Counter(item.facet for item in ROLE.items) == {"champion": 8, "operator": 8, "autonomy": 6, "room": 1}
    champion, operator = ([item.domain for item in ROLE.items_of(facet)] for facet in ("champion", "operator"))
    assert champion == operator == [advice.domain for advice in ROLE.advice]
    assert all(item.scale == "frequency" for item in ROLE.items if item.facet != "room")
    assert [option.value for option in ROLE.scales["frequency"].options] == [1, 2, 3, 4, 5]


def test_only_the_four_published_operator_habits_are_cited_as_published() -> None:
    cited = {item.domain for item in ROLE.items_of("operator") if item.source == "CO"}
    assert cited == {
        "cross_functional_integration",
        "metrics_architecture",
        "system_accountability",
        "modelling_behaviours",
    }
    assert {item.source for item in ROLE.items_of("champion")} == {"CO"}
    assert {item.source for item in ROLE.items_of("autonomy")} == {"suite"}


def test_leaders_are_asked_about_the_ceo_and_the_ceo_about_himself() -> None:
    for item in ROLE.items:
        assert item.self_, item.id
        assert item.observer, item.id
        assert not re.search(r"\bthe CEO\b", item.self_, re.IGNORECASE), item.id
        assert not re.search(r"\b(I|my|me)\b", item.observer), item.id


def test_every_habit_can_be_handed_to_somebody_other_than_the_ceo() -> None:
    assert {advice.hand_over.to for advice in ROLE.advice} == {"council", "steward", "function"}


def test_the_gut_check_asks_five_published_questions_and_guards_both_structures() -> None:
    assert Counter(item.facet for item in GUT.items) == {"centralize": 5, "centralized": 3, "distributed": 3}
    assert {item.source for item in GUT.items_of("centralize")} == {"CD"}
    assert [(rule.high_from, rule.counts, rule.source) for rule in GUT.indices] == [(2, "yes", "CD")]
    assert [part.id for part in GUT.structures] == ["centralized", "distributed"]
    for item in (*GUT.items_of("centralized"), *GUT.items_of("distributed")):
        options = GUT.scale_of(item).options
        assert 0 < sum(option.danger for option in options) < len(options), item.id


def test_an_engagement_without_own_instruments_has_the_packaged_ones(tmp_path: Path) -> None:
    assert load_all(tmp_path) == ({instrument.id: instrument for instrument in ALL}, ())
