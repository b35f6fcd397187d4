"""The audit of the operating model: exact at its rules, monotone in evidence, silent on groups too small."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.diagnostics import operating_model
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.engagement.operating_model import OperatingModel
from gtmdiag.instruments.answers import Response
from gtmdiag.instruments.load import packaged
from gtmdiag.instruments.operating_rules import operating_rules
from tests.diagnostics.people import RULE, Given, some

QUESTIONS, RULES = packaged("operating_model"), operating_rules()
ID = QUESTIONS.id
TODAY = date(2026, 10, 31)
LAYERS = [layer.id for layer in RULES.layers]
ROLES = ("vp_sales", "cmo", "revops", "cpo", "vp_cs", "cfo")
DECLARED = {item.id for item in QUESTIONS.items if item.facet in ("accountable", "responsible")}


def audited(told: dict[str, Any] | None = None, *answers: Given) -> OperatingModelResult:
    """Return the audit of a file, where the first answers are the CEO's."""
    model = None if told is None else OperatingModel.model_validate(told)
    people = [Response(f"secret-{n}", ROLES[n % 6 - 1] if n else "ceo", one) for n, one in enumerate(answers) if one]
    result = operating_model.diagnose(model, RULES, QUESTIONS, people, RULE, as_of=TODAY)
    assert result is not None
    return result


def artefact(layer: str, **changes: Any) -> dict[str, Any]:
    return {"layer": layer, "name": "Map", "link": "https://x.example", "date": date(2026, 1, 1), **changes}


days = st.one_of(st.none(), st.dates(TODAY - timedelta(days=200), TODAY + timedelta(days=20)))
artefacts = st.builds(
    artefact,
    st.sampled_from(LAYERS),
    link=st.sampled_from(["", "https://x.example"]),
    date=days,
    used_on=days,
    improved_on=days,
    improved_because=st.sampled_from(["", "sales said so"]),
)


@given(st.lists(artefacts, max_size=6), artefacts, some(QUESTIONS, "claimed"))
def test_artefact_or_claim_more_that_lowers_a_maturity(
    few: list[dict[str, Any]], more: dict[str, Any], claims: Given
) -> None:
    raised: Given = {item: min(int(value) + 1, 4) for item, value in claims.items()}
    file = {"stages": [{"name": "MQL"}]}
    before = audited({**file, "artefacts": few}, claims).layers
    for after in (
        audited({**file, "artefacts": [*few, more]}, claims).layers,
        audited({**file, "artefacts": few}, raised).layers,
    ):
        for old, new in zip(before, after, strict=True):
            assert new.evidenced >= old.evidenced
            assert new.effective >= old.effective
            assert (new.claimed or 0) >= (old.claimed or 0)
    below = 4
    for layer in before:
        assert layer.effective == (below := min(below, layer.evidenced))
        assert layer.blind_spot == (layer.evidenced > layer.effective)


@pytest.mark.parametrize(
    ("changes", "maturity"),
    [
        ({"date": None}, 1),
        ({"link": ""}, 1),
        ({"date": TODAY + timedelta(days=1)}, 1),
        ({"link": "", "file": "map.pdf"}, 2),
        ({}, 2),
        ({"used_on": TODAY - timedelta(days=91)}, 2),
        ({"used_on": TODAY - timedelta(days=90)}, 3),
        ({"used_on": TODAY, "improved_on": TODAY}, 3),
        ({"used_on": TODAY, "improved_on": TODAY, "improved_because": "sales said so"}, 4),
        ({"improved_on": TODAY, "improved_because": "sales said so"}, 2),
    ],
)
def test_artefact_that_proves_more_or_less_than_it_shows(changes: dict[str, Any], maturity: int) -> None:
    (layer, *others) = audited({"artefacts": [artefact(LAYERS[0], **changes)]}).layers
    assert (layer.evidenced, [one.evidenced for one in others]) == (maturity, [0, 0, 0, 0])


@pytest.mark.parametrize(
    ("part", "words"), [("trigger", "trigger"), ("packet", "data packet"), ("sla", "response time")]
)
def test_handoff_without_one_of_three_parts_that_passes_for_a_process(part: str, words: str) -> None:
    whole = {"step": "A→B", "from": "sales", "to": "cs", "trigger": "t", "packet": ["p"], "sla": "49 hours"}
    full, *absent = audited({"handoffs": [whole]}).handoffs
    assert (full.process, full.missing, full.weak) == (True, (), ("escalation path", "who initiates"))
    assert full.slower == ("joint call 49 hours, published 48 hours",)
    assert [(one.id, one.process, one.origin) for one in absent] == [
        ("marketing_to_sales", False, "absent"),
        ("cs_to_expansion", False, "absent"),
    ]
    lacking = audited({"handoffs": [{**whole, part: None}]}).handoffs[0]
    assert (lacking.process, lacking.missing) == (False, (words,))


def test_row_of_the_map_with_everybody_nobody_or_several_that_passes_for_owned() -> None:
    file = {
        "stages": [{"name": name} for name in ("A", "B", "C", "D", "E")],
        "raci": [
            {"activity": "a", "accountable": "Ann", "responsible": "Bo"},
            {"activity": "B", "accountable": ["Everyone"], "responsible": ["Bo"]},
            {"activity": "C", "accountable": ["Ann", "Bo"], "responsible": "the team"},
            {"activity": "D", "accountable": ["Ann", "ann "], "responsible": "Bo", "sla": {"data": ["x"]}},
        ],
    }
    found = {row.activity: row.faults for row in audited(file).owners}
    assert found == {
        "A": (),
        "B": ("no accountable",),
        "C": ("several accountable", "no responsible"),
        "D": ("incomplete SLA",),
        "E": ("no accountable", "no responsible"),
    }
    pattern = audited(file).patterns[0]
    assert (pattern.shows, pattern.faulty, pattern.of) == (True, 3, 5)


@pytest.mark.parametrize(
    ("changes", "grade", "lacks"),
    [
        ({}, "complete", ()),
        ({"window": None}, "usable", ()),
        ({"source": None, "respond_within": None, "direction": None}, "usable", ()),
        ({"owner": None}, "report", ("owner",)),
        ({"owner": "Everyone"}, "report", ("owner",)),
        ({"threshold": None}, "report", ("threshold",)),
        ({"action": None}, "report", ("action",)),
        ({"action": "Monitor."}, "report", ("specific action",)),
    ],
)
def test_metric_graded_otherwise_than_by_its_parts(changes: dict[str, Any], grade: str, lacks: tuple[str, ...]) -> None:
    whole = {"metric": "m", "team": "sales", "kind": "leading", "threshold": 3.0, "direction": "below", "window": 2}
    whole |= {"owner": "Ann", "action": "Call ten.", "source": "CRM", "respond_within": "2 days"}
    result = audited({"kpis": [{**whole, **changes}]})
    (kpi,) = result.kpis
    assert (kpi.grade, kpi.lacks) == (grade, lacks)
    assert [one.rules for one in result.leading] == [0, int(grade != "report"), 0]
    assert len(result.offered) == len(RULES.kpis)


def test_lagging_metric_that_counts_as_leading_or_adopted_rule_that_does_not() -> None:
    lagging = {
        "metric": "Win Rate",
        "team": "sales",
        "kind": "leading",
        "threshold": 3.0,
        "owner": "A",
        "action": "Go.",
    }
    result = audited({"kpis": [lagging], "adopted": {"s1_s3_conversion": "Ann"}})
    assert [(one.misdeclared, one.published, one.grade) for one in result.kpis] == [
        (True, False, "usable"),
        (False, True, "usable"),
    ]
    assert [one.rules for one in result.leading] == [0, 1, 0]
    assert "s1_s3_conversion" not in {one.id for one in result.offered}


@pytest.mark.parametrize(
    ("held", "operational"),
    [
        ([], None),
        ([(20, 0, 0)], None),
        ([(20, 1, 1)], True),
        ([(20, 1, 0), (27, 2, 1)], True),
        ([(27, 1, 0), (20, 2, 1)], False),
        ([(27, 0, 0), (20, 2, 0)], False),
    ],
)
def test_stand_up_judged_on_a_week_without_misses_or_not_on_its_last(
    held: list[tuple[int, int, int]], operational: bool | None
) -> None:
    times = [{"date": date(2026, 10, day), "misses": misses, "actions": actions} for day, misses, actions in held]
    standup = {"meeting": "Call", "kind": "standup", "minutes": 31, "frequency": "weekly", "held": times}
    first, *others = audited({"cadence": [{**standup, "authority": ["process", "resources"]}]}).meetings
    assert first.operational is operational
    assert first.missing_powers == ("escalate blockers",)
    assert first.lacks == ("31 min instead of 30", "attendees", "outputs")
    assert not any(one.present for one in others)


def test_monthly_review_without_a_budget_that_may_decide() -> None:
    powers = ["process", "resources", "escalation"]
    monthly = {"meeting": "Review", "kind": "operating", "authority": powers}
    found = {one.id: one.missing_powers for one in audited({"cadence": [monthly]}).meetings if one.present}
    assert found == {"operating": ("decide on budget",)}


def test_loop_closed_without_a_dated_change() -> None:
    told = {"from": "cs", "to": "sales", "what": "promises"}
    changes: list[dict[str, Any]] = [{}, {"last_change": "x"}, {"changed_on": TODAY}]
    changes += [
        {"last_change": "x", "changed_on": TODAY + timedelta(days=1)},
        {"last_change": "x", "changed_on": TODAY},
    ]
    states = [audited({"feedback_loops": [{**told, **change}]}).loops[1].state for change in changes]
    assert states == ["reporting"] * 4 + ["closed"]


@pytest.mark.parametrize(("reports", "shows"), [(1, False), (2, False), (3, True)])
def test_pattern_that_shows_at_half_of_the_parts(reports: int, shows: bool) -> None:
    rule = {"team": "sales", "kind": "leading", "threshold": 3.0, "owner": "Ann", "action": "Call ten."}
    kpis = [{**rule, "metric": f"m{n}", "owner": None if n < reports else "Ann"} for n in range(4)]
    pattern = audited({"kpis": kpis}).patterns[1]
    assert (pattern.shows, pattern.faulty, pattern.of) == (shows, reports, 4)


@given(st.lists(some(QUESTIONS), min_size=1, max_size=4), some(QUESTIONS))
def test_respondent_more_who_reveals_a_group_below_the_minimum(leaders: list[Given], more: Given) -> None:
    few = [one for one in leaders if one][: RULE.group_minimum - 1]
    result = audited(None, {f"{ID}.{LAYERS[0]}.claimed": 2}, *few)
    silent: list[Given] = [{key: value for key, value in one.items() if key in DECLARED} for one in few]
    told = audited(None, {f"{ID}.{LAYERS[0]}.claimed": 2}, *silent)
    # Apart from declared positions, a group below the minimum might as well not have answered.
    assert [(one.leaders, one.evidenced) for one in result.layers] == [
        (one.leaders, one.evidenced) for one in told.layers
    ]
    assert [one.process for one in result.handoffs] == [one.process for one in told.handoffs]
    assert [one.shows for one in result.patterns[1:]] == [one.shows for one in told.patterns[1:]]
    assert [one.state for one in result.loops] == [one.state for one in told.loops]
    grown = audited(None, {f"{ID}.{LAYERS[0]}.claimed": 2}, *few, more)
    for layer in grown.layers:
        given_to = sum(f"{ID}.{layer.id}.claimed" in one for one in [*few, more])
        assert (layer.leaders is not None) == (given_to >= RULE.group_minimum)


def test_blind_map_that_names_a_person_or_takes_all_of_us_for_an_owner() -> None:
    row = f"{ID}.renewal.accountable"
    result = audited(None, {row: "all"}, {row: "all"}, {row: "sales"})
    (found,) = result.blind
    assert (found.id, found.disagree, found.nobody, found.holder) == ("renewal", True, True, "All of us together")
    assert [position.role for position in found.accountable] == ["CEO", "Chief marketing officer", "VP Sales"]
    assert "secret" not in repr(result)
    split = audited(None, {row: "sales"}, {row: "marketing"})
    assert (split.blind[0].holder, split.blind[0].nobody) == ("", False)


def test_sentence_without_a_trail_or_audit_of_nothing() -> None:
    assert operating_model.diagnose(None, RULES, QUESTIONS, [], RULE, as_of=TODAY) is None
    assert operating_model.diagnose(OperatingModel(), RULES, QUESTIONS, [], RULE, as_of=TODAY) is None
    result = audited({"stages": [{"name": "MQL"}]})
    assert all(sentence.trail.rule and sentence.trail.inputs for sentence in result.sentences)
