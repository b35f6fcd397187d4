"""Ownership altitude, held against the published classes and against a slow and certain count of positions."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.diagnostics import ownership_altitude
from gtmdiag.diagnostics.company import company_stage
from tests.diagnostics.owners import (
    ALTITUDE,
    DECISIONS,
    ID,
    LEVELS,
    OWNER,
    OWNERS,
    PARTS,
    RUNGS,
    altitude,
    everywhere,
    owned,
    right,
    side,
    text,
)
from tests.diagnostics.people import RULE, Given

BUSINESS, COUNCIL, STEWARD = ("business", "council", "steward")
ALL_BUSINESS = (BUSINESS, BUSINESS)
# domain.md, D3: who designs and who decides, by stage.
ASKED = {
    "market_thesis": ALL_BUSINESS,
    "icp_segments": (COUNCIL, BUSINESS),
    "offer_pricing": (COUNCIL, BUSINESS),
    "motion_channels": (COUNCIL, BUSINESS),
    "handoff_model": (COUNCIL, COUNCIL),
    "resource_allocation": (COUNCIL, BUSINESS),
    "metrics_definitions": (COUNCIL, BUSINESS),
    "cadence_slas": (STEWARD, STEWARD),
}


def _oracle(levels: list[str], asked: str) -> str:
    """Say the judgement by walking over every rung."""
    winners = [rung for rung in RUNGS if sum(level == rung for level in levels) > len(levels) - levels.count(rung)]
    if not levels:
        return "not answered"
    if not winners:
        return "disputed"
    (winner,) = winners
    below = RUNGS[: RUNGS.index(asked)]
    return "fits" if winner == asked else "too low" if winner in below else "too high"


@pytest.mark.parametrize("headcount", [60, 300, 900])
@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize(("place", "name"), [(0, "designs"), (1, "decides")])
def test_every_decision_at_every_stage_asks_what_the_method_says(
    headcount: int, decision: str, place: int, name: str
) -> None:
    asked = ALL_BUSINESS[place] if headcount < 100 else ASKED[decision][place]
    for answer, level in LEVELS.items():
        found = side(altitude({right(decision, name): answer}, headcount=headcount), decision, name)
        assert (found.required, found.required_near) == (asked, None)
        assert (found.level, found.judgement) == (level, _oracle([level], asked))


def test_the_map_asks_of_the_eight_decisions_and_no_other() -> None:
    assert list(ASKED) == DECISIONS
    assert [one.id for one in altitude({OWNER: "nobody"}).decisions] == DECISIONS


def test_every_pattern_of_up_to_four_positions_is_judged_as_counted_by_hand() -> None:
    by_level = {"nobody": "nobody", "function": "sales", "steward": "steward", "council": "council"}
    by_level["business"] = "business"
    for n in range(5):
        for levels in product(RUNGS, repeat=n):
            item = right("handoff_model", "decides")
            answers: list[Given] = [{item: by_level[level], OWNER: "unsure"} for level in levels]
            found = side(altitude({OWNER: "unsure"}, answers), "handoff_model", "decides")
            assert found.judgement == _oracle(list(levels), "council")


@given(st.lists(st.sampled_from(sorted(LEVELS)), max_size=9))
def test_a_majority_is_more_than_half_of_those_who_answered(answers: list[str]) -> None:
    item = right("icp_segments", "designs")
    leaders: list[Given] = [{item: answer} for answer in answers]
    found = side(altitude({OWNER: "unsure"}, leaders), "icp_segments", "designs")
    assert found.judgement == _oracle([LEVELS[answer] for answer in answers], "council")
    assert found.level is None or 2 * sum(LEVELS[one] == found.level for one in answers) > len(answers)
    assert len(found.positions) == len(answers)


def test_functions_that_most_name_but_not_the_same_are_too_low_and_told_as_different() -> None:
    item = right("motion_channels", "decides")
    result = altitude({item: "business"}, [{item: "sales"}, {item: "marketing"}])
    found = side(result, "motion_channels", "decides")
    assert (found.level, found.holder, found.judgement) == ("function", "", "too low")
    assert result.holder(found) == "Different functions"
    same = altitude({item: "business"}, [{item: "sales"}, {item: "sales"}])
    assert same.holder(side(same, "motion_channels", "decides")) == "Sales"


@pytest.mark.parametrize(("answer", "level"), OWNERS.items())
def test_each_class_of_the_question_has_its_altitude(answer: str, level: str) -> None:
    expected = {"team_written": "council", "ceo_in_name": "business", "ceo_in_practice": "business"}
    no_owner = ("nobody", "team_unwritten", "unsure")
    assert level == expected.get(answer, "nobody" if answer in no_owner else "function")
    found = owned(answer)
    assert found.level == level
    assert found.unowned == (answer in no_owner)
    assert len(found.owners) == (answer not in no_owner)
    assert found.in_practice == {"ceo_in_practice": True, "ceo_in_name": False}.get(answer)


def test_a_team_without_written_rights_is_nobody_and_with_them_a_council() -> None:
    assert owned("team_unwritten", "nobody", "unsure").level == "nobody"
    assert owned("team_written", "team_written", "nobody").level == "council"


def test_shares_and_owners_count_people_and_take_the_ceo_as_one_owner() -> None:
    found = owned("ceo_in_name", "ceo_in_practice", "sales", "marketing", "nobody", "unsure", "team_unwritten", "sales")
    assert dict(found.owners) == {"The CEO or general manager": 2, "Sales": 2, "Marketing": 1}
    assert (found.most_named_share, found.unowned, found.unowned_share) == (0.25, 3, 0.375)
    assert (found.level, found.functions) == (None, ("Sales", "Marketing"))
    assert found.ceo is not None
    assert found.ceo.value == "ceo_in_name"


@given(st.lists(st.sampled_from(sorted(OWNERS)), min_size=1, max_size=8))
def test_owners_nobody_and_respondents_add_up(answers: list[str]) -> None:
    found = owned(*answers)
    assert sum(n for _, n in found.owners) + found.unowned == len(found.positions) == len(answers)
    assert found.owners == tuple(sorted(found.owners, key=lambda pair: -pair[1]) or ())
    assert found.level == next((r for r in RUNGS if 2 * [OWNERS[a] for a in answers].count(r) > len(answers)), None)


@pytest.mark.parametrize(
    ("answers", "in_practice", "said"),
    [
        (("ceo_in_practice", "ceo_in_practice", "ceo_in_name"), True, "with council, steward, cadence"),
        (("ceo_in_practice", "ceo_in_name", "ceo_in_name"), False, "in name only"),
        (("ceo_in_practice", "ceo_in_name"), None, "not by a majority in practice"),
        (("ceo_in_practice", "ceo_in_practice", "ceo_in_name", "nobody"), None, "not by a majority in practice"),
    ],
)
def test_in_practice_needs_a_majority_of_all(answers: tuple[str, ...], in_practice: bool | None, said: str) -> None:
    given_answers: list[Given] = [{OWNER: answer} for answer in answers]
    result = altitude(given_answers[0], given_answers[1:])
    assert result.ownership is not None
    assert (result.ownership.level, result.ownership.in_practice) == ("business", in_practice)
    assert said in text(result)


def test_a_tie_for_the_most_named_names_none_of_them_as_first() -> None:
    result = altitude({OWNER: "sales"}, [{OWNER: "marketing"}, {OWNER: "product"}, {OWNER: "unsure"}])
    assert "three different owners: none is named by more than 1 (25%), and 1 of 4 (25%) name none" in text(result)


def test_what_the_ceo_says_is_set_beside_what_the_leaders_say() -> None:
    result = altitude({OWNER: "ceo_in_name"}, [{OWNER: "ceo_in_practice"}, {OWNER: "sales"}])
    assert "The CEO says: the CEO or general manager, in name. Of two leaders, one names the same." in text(result)
    assert "The CEO says" not in text(altitude(None, [{OWNER: "sales"}]))


def test_a_mandate_for_a_leader_who_is_being_hired_is_told() -> None:
    told = "mandate without authority"
    assert told in text(altitude({OWNER: "new_marketing_leader"}))
    assert told not in text(altitude({OWNER: "marketing"}))


@pytest.mark.parametrize(
    ("headcount", "units", "stage", "near"),
    [
        (89, None, "early", None),
        (90, 1, "early", "scaling"),
        (99, 1, "early", "scaling"),
        (100, 1, "scaling", "early"),
        (110, 1, "scaling", "early"),
        (111, 1, "scaling", None),
        (449, 1, "scaling", None),
        (450, 1, "scaling", "mature"),
        (499, 1, "scaling", "mature"),
        (500, 1, "mature", "scaling"),
        (550, 1, "mature", "scaling"),
        (551, 1, "mature", None),
        (60, 2, "mature", None),
        (None, 3, "mature", None),
    ],
)
def test_stage_at_its_edges_asks_for_its_own_altitude_and_shows_the_near_one(
    headcount: int | None, units: int | None, stage: str, near: str | None
) -> None:
    result = altitude(everywhere("business"), headcount=headcount, units=units)
    assert (result.stage.stage, result.stage.near) == (stage, near)
    for one in result.decisions:
        for place, found in enumerate((one.designs, one.decides)):
            asked = {"early": BUSINESS, "scaling": ASKED[one.id][place], "mature": ASKED[one.id][place]}
            assert found.required == asked[stage]
            assert found.required_near == (asked[near] if near and asked[near] != asked[stage] else None)
    assert len(result.sides("too high")) == (0 if stage == "early" else 9)


def test_without_a_stage_nothing_is_too_low_or_too_high() -> None:
    result = altitude(everywhere("sales"), [everywhere("business")], headcount=None)
    assert {one.designs.judgement for one in result.decisions} == {"disputed"}
    alone = altitude(everywhere("sales"), headcount=None)
    assert {one.decides.judgement for one in alone.decisions} == {"no stage"}
    assert "rights" not in text(alone)


def test_too_low_is_a_layer_collapse_and_too_high_a_bottleneck() -> None:
    assert "layer collapse: 16 rights" in text(altitude(everywhere("sales")))
    assert "bottleneck: nine rights" in text(altitude(everywhere("business")))


@given(
    st.integers(1, 99),
    st.lists(st.tuples(st.sampled_from(sorted(LEVELS)), st.sampled_from(sorted(OWNERS))), min_size=1, max_size=4),
)
def test_an_early_company_is_never_called_a_bottleneck(headcount: int, answers: list[tuple[str, str]]) -> None:
    given_answers: list[Given] = [{**everywhere(decider), OWNER: owner} for decider, owner in answers]
    result = altitude(given_answers[0], given_answers[1:], headcount=headcount)
    assert "bottleneck" not in repr(result).lower()
    assert not result.sides("too high")


def test_the_note_on_mature_companies_is_for_them_only() -> None:
    assert not any(one.note for one in altitude({OWNER: "sales"}, headcount=480).decisions)
    assert [one.id for one in altitude({OWNER: "sales"}, headcount=600).decisions if one.note] == [
        "market_thesis",
        "offer_pricing",
    ]


def test_private_equity_is_a_flag_and_changes_nothing_else() -> None:
    plain, flagged = (altitude(everywhere("business"), ownership=kind) for kind in ("founder", "pe"))
    assert "private equity" in text(flagged)
    assert "private equity" not in text(plain)
    assert (plain.stage, plain.decisions, plain.institution) == (flagged.stage, flagged.decisions, flagged.institution)


def test_parts_are_in_place_only_where_the_ceo_and_the_leaders_see_them() -> None:
    yes: Given = dict.fromkeys(PARTS, 2)
    assert all(part.in_place for part in altitude(yes).institution.parts)
    assert all(part.in_place for part in altitude(yes, [yes] * 3).institution.parts)
    partly: Given = dict.fromkeys(PARTS, 1)
    assert not any(part.in_place for part in altitude(yes, [partly] * 3).institution.parts)
    assert not any(part.in_place for part in altitude(partly, [yes] * 3).institution.parts)
    half = altitude(yes, [yes, yes, partly, partly]).institution
    assert [part.leaders for part in half.parts] == [1.5] * 9
    assert half.next_part is None


def test_the_first_part_of_the_order_that_is_not_in_place_comes_next() -> None:
    for number, missing in enumerate(PARTS):
        answers: Given = {item: 2 for item in PARTS if item != missing}
        assert altitude({**answers, missing: 0}).institution.next_part == ALTITUDE.build_order[number]
        assert altitude(answers).institution.next_part is None, "what nobody answered is not known to be missing"
    assert altitude(dict.fromkeys(PARTS, 0)).institution.next_part == "decision_rights"


@pytest.mark.parametrize(
    ("months", "home", "steward", "risks"),
    [
        ("under_6", "no", 2, 1),
        ("from_6", "yes", 2, 1),
        ("under_6", "yes", 1, 2),
        ("from_6", "no", 2, 0),
        ("none", "no", 0, 0),
        ("under_6", "yes", 0, 0),
    ],
)
def test_a_steward_risk_needs_a_steward_and_a_sign(months: str, home: str, steward: int, risks: int) -> None:
    answers: Given = {
        f"{ID}.steward_risk.months": months,
        f"{ID}.steward_risk.home_targets": home,
        f"{ID}.steward.in_place": steward,
    }
    result = altitude(answers)
    assert len(result.institution.steward_risks) == risks
    assert ("fall back into the home function" in text(result)) == bool(risks)


@pytest.mark.parametrize(
    ("domain", "signs", "shows"),
    [
        ("icp_fragments", ("yes", "yes"), True),
        ("icp_fragments", ("no", "yes"), False),
        ("icp_fragments", (None, "yes"), None),
        ("icp_fragments", (None, "no"), False),
        ("seams", ("yes", "yes", None), True),
        ("seams", ("yes", None, None), None),
        ("seams", ("yes", "no", "no"), False),
        ("silo_gravity", (None, None), None),
        ("cmo_hit", ("0",), False),
        ("cmo_hit", ("1",), False),
        ("cmo_hit", ("2",), True),
        ("cmo_hit", ("3",), True),
    ],
)
def test_a_way_to_fail_shows_where_most_of_its_signs_are_seen(
    domain: str, signs: tuple[str | None, ...], shows: bool | None
) -> None:
    items = [item.id for item in ALTITUDE.items if item.domain == domain]
    answers: Given = {item: sign for item, sign in zip(items, signs, strict=True) if sign is not None}
    (mode,) = (mode for mode in altitude({OWNER: "nobody", **answers}).modes if mode.id == domain)
    assert mode.shows == shows


def test_a_sign_is_seen_where_the_ceo_or_most_leaders_see_it() -> None:
    item = f"{ID}.silo_gravity.quarterly"
    yes: Given = {item: "yes"}
    no: Given = {item: "no"}
    for ceo, leaders, seen in (
        (yes, [no] * 3, True),
        (no, [yes, yes, no], True),
        (no, [yes, no, no], False),
        (no, [yes, yes, no, no], False),
        (no, [yes, yes], False),
    ):
        (mode,) = (mode for mode in altitude(ceo, leaders).modes if mode.id == "silo_gravity")
        assert mode.evidence[0].seen == seen


def test_nobody_s_answers_are_no_result() -> None:
    assert ownership_altitude.diagnose(ALTITUDE, [], company_stage(300, None), None, RULE) is None


def test_every_sentence_names_its_rule_and_inputs_and_no_person() -> None:
    leaders: list[Given] = [{**everywhere("sales"), OWNER: "sales", **dict.fromkeys(PARTS, 1)}] * 4
    result = altitude({**everywhere("business"), OWNER: "ceo_in_name"}, leaders, ownership="pe")
    for sentence in result.sentences:
        assert sentence.trail.rule
        assert sentence.trail.source in ("GJ", "suite")
        assert "secret" not in repr(sentence.trail)
        assert "respondent-zero" not in repr(sentence.trail)
