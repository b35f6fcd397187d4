"""The gut check against all 32 answer patterns, and all 243 with unanswered questions."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.diagnostics.gut_check.readings import read
from tests.diagnostics.people import FIVE, GUT, Given, five, gut, some

WHOLE = ["".join(marks) for marks in product("yn", repeat=5)]
PARTLY = ["".join(marks) for marks in product("yn-", repeat=5)]
SECOND_LINE = 2


def _filled(pattern: str) -> list[str]:
    """Return every whole pattern that a partly answered one may become."""
    return ["".join(marks) for marks in product(*("yn" if mark == "-" else mark for mark in pattern))]


def _side(pattern: str) -> str | None:
    sides = {"centralized" if one.count("y") >= 2 else "distributed" for one in _filled(pattern)}
    return sides.pop() if len(sides) == 1 else None


def _verdict(pattern: str) -> str | None:
    verdicts = {
        "distribute"
        if one.count("y") < 2
        else "centralize"
        if one[SECOND_LINE] == "y"
        else "centralize_prerequisite_missing"
        for one in _filled(pattern)
    }
    return verdicts.pop() if len(verdicts) == 1 else None


def _turned(pattern: str, place: int) -> str:
    return pattern[:place] + ("n" if pattern[place] == "y" else "y") + pattern[place + 1 :]


@pytest.mark.parametrize("pattern", PARTLY[1:-1] + WHOLE[-1:])
def test_every_pattern_reads_as_all_its_completions_do(pattern: str) -> None:
    reading = read(GUT, five(pattern))
    side = _side(pattern)
    assert (reading.yes, reading.no, reading.unanswered) == tuple(pattern.count(mark) for mark in "yn-")
    assert reading.side == side
    assert (None if reading.verdict is None else reading.verdict.id) == _verdict(pattern)
    assert reading.prerequisite == {"y": "met", "n": "missing", "-": "unknown"}[pattern[SECOND_LINE]]
    flips = [
        FIVE[place]
        for place in range(5)
        if side is not None and pattern[place] != "-" and _side(_turned(pattern, place)) not in (side, None)
    ]
    assert list(reading.flips) == flips
    others = [place for place in range(5) if pattern[place] != "-"]
    if side is None:
        needed = next(n for n in range(1, 6) if pattern.count("y") + n >= 2)
        assert (reading.needed, reading.margin) == (needed, None)
    else:
        # Moved one by one, so many answers can change before the side is no longer certain.
        firm = pattern.count("y") - 2 if side == "centralized" else 1 - pattern.count("y") - pattern.count("-")
        assert (reading.needed, reading.margin) == (0, firm)
        assert all(_side(_turned(pattern, place)) == side for place in others) == (firm > 0 or not others)


def test_the_base_rate_is_counted_and_printed() -> None:
    assert sum(_side(pattern) == "centralized" for pattern in WHOLE) == 26
    result = gut(five("yynnn"))
    assert result.base_rate == (26, 32)
    assert any("26 of the 32" in sentence.text for sentence in result.caveats)


def _said(pattern: str, leaders: tuple[str, ...] = (), present: str | None = None) -> str:
    result = gut(five(pattern), [five(one) for one in leaders], present)
    return " ".join(one.text for one in (*result.sentences, *result.caveats))


def test_an_open_result_says_how_many_answers_decide_it() -> None:
    assert "one more yes" in _said("yn---").replace("1 more yes", "one more yes")
    assert "2 more yes" in _said("n----")
    assert "no verdict yet" in _said("yn---")


def test_the_third_question_unanswered_is_told_as_an_unknown_prerequisite() -> None:
    assert "Prerequisite unknown" in _said("yy-nn")
    assert "Prerequisite unknown" not in _said("yyynn")


@pytest.mark.parametrize(
    ("pattern", "present", "change"),
    [
        ("yyyyy", "centralized", "keep"),
        ("yynnn", "centralized", "keep"),
        ("nnnnn", "distributed", "keep"),
        ("yyyny", "distributed", "change"),
        ("yynyy", "distributed", "change later"),
        ("yy-yy", "distributed", "change later"),
        ("ynynn", "distributed", "change later"),
        ("nnnnn", "centralized", "change"),
        ("ynnnn", "centralized", "change later"),
        ("nnynn", "centralized", "change later"),
        ("y----", "distributed", "unknown"),
        ("yyyyy", None, "unknown"),
    ],
)
def test_today_s_structure_is_kept_changed_or_changed_later(pattern: str, present: str | None, change: str) -> None:
    assert gut(five(pattern), (), present).change == change
    assert ("change later" in _said(pattern, (), present)) == (change == "change later")


@pytest.mark.parametrize(
    ("pattern", "reason", "others"),
    [
        ("yynyy", "the prerequisite is missing", ("unknown", "margin is nil: change")),
        ("yy-yy", "the prerequisite is unknown", ("missing", "margin is nil: change")),
        ("ynynn", "but the margin is nil", ("prerequisite",)),
    ],
)
def test_a_change_put_off_says_why_and_nothing_else(pattern: str, reason: str, others: tuple[str, ...]) -> None:
    said = _said(pattern, (), "distributed")
    assert reason in said
    told = next(text for text in said.split(". ") if "change later" in text)
    assert not any(other in told for other in others)


def test_a_change_that_only_leaders_call_for_waits_for_the_prerequisite() -> None:
    leaders = [five("yyyyy")] * 4
    result = gut(None, leaders, "distributed")
    assert (result.side, result.basis, result.change) == ("centralized", "most leaders", "change later")
    assert gut(None, [five("nnnnn")] * 4, "centralized").change == "change"


def test_verdicts_are_pooled_and_never_questions() -> None:
    # Each question has a majority of no, and yet most leaders come out for one leader.
    leaders = [five(one) for one in ("yynnn", "nnyyn", "ynnny", "nnnnn", "nnnnn")]
    result = gut(None, leaders)
    assert all((one.leaders_yes or 0) < 0.5 for one in result.questions)
    assert (result.side, result.sides) == ("centralized", (("centralized", 3), ("distributed", 2), ("open", 0)))


@given(st.lists(st.sampled_from(PARTLY[:-1]), min_size=3, max_size=7))
def test_each_leader_is_judged_apart(patterns: list[str]) -> None:
    result = gut(None, [five(one) for one in patterns])
    sides = [_side(one) or "open" for one in patterns]
    if len(sides) - sides.count("open") < 3:
        assert result.sides is None
        return
    assert dict(result.sides or ()) == {side: sides.count(side) for side in ("centralized", "distributed", "open")}
    most = [side for side in ("centralized", "distributed") if 2 * sides.count(side) > len(sides)]
    assert result.side == (most[0] if most else None)


def test_leaders_evenly_split_name_no_side() -> None:
    assert gut(None, [five("yyyyy")] * 2 + [five("nnnnn")] * 2, "distributed").side is None


def test_the_ceo_s_answers_go_before_the_leaders() -> None:
    result = gut(five("nnnnn"), [five("yyyyy")] * 5)
    assert (result.side, result.basis) == ("distributed", "the CEO's answers")


def test_agreement_is_the_share_of_the_more_frequent_answer() -> None:
    (first, second, *_) = gut(None, [five("yn---"), *[five("nn---")] * 4]).questions
    assert (first.leaders_yes, first.agreement) == (0.2, 0.8)
    assert (second.leaders_yes, second.agreement) == (0, 1)


def test_guard_rails_warn_of_the_dangers_of_either_structure() -> None:
    ceo: Given = {
        "gut_check.target_horizon.centralized": "quarter",
        "gut_check.functions_reporting.centralized": "all",
        "gut_check.lead_definition.distributed": "no",
    }
    rails = {rail.label: rail for rail in gut(ceo).guard_rails}
    assert len(rails) == 6
    assert {label: rail.danger for label, rail in rails.items() if rail.danger is not None} == {
        "Horizon of the targets": True,
        "Functions reporting in": False,
        "Shared lead definition": True,
    }
    assert rails["Neutral measurement"].answer == "not answered"


@given(some(GUT), st.lists(some(GUT), max_size=5), st.sampled_from(["centralized", "distributed", None]))
def test_every_sentence_says_what_it_rests_on(ceo: Given, leaders: list[Given], present: str | None) -> None:
    if not ceo and not any(leaders):
        return
    for sentence in gut(ceo or None, leaders, present).sentences:
        assert sentence.text.endswith(".")
        assert sentence.trail.source in ("CD", "suite")
        assert sentence.trail.inputs


def test_the_published_threshold_is_cited_and_our_additions_are_not() -> None:
    def source(pattern: str) -> str:
        return next(one.trail.source for one in gut(five(pattern)).sentences if "two or more" in one.trail.rule)

    assert source("yyyyy") == "CD"
    assert source("yy-nn") == "CD"
    assert source("yynnn") == "suite"
    assert source("nnnnn") == "suite"
