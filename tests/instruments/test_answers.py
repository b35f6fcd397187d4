"""Which answers count, and what is said of the others."""

from __future__ import annotations

from typing import Any

from gtmdiag.engagement.folder import Respondent
from gtmdiag.engagement.schema import Answers
from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.instruments.answers import check_answers, responses
from gtmdiag.instruments.load import packaged

INSTRUMENTS = {name: packaged(name) for name in ("champion_operator", "gut_check")}
RUNS = "champion_operator.system_accountability.operator"
DEALS = "champion_operator.strategic_direction.operator"
ROOM = "champion_operator.four_weeks_away.room"


def respondent(text: str, name: str = "kim") -> Respondent:
    located = parse_yaml(f"role: vp_sales\nanswers:\n{text}", f"answers/2026/{name}.yaml")
    answers = validate(Answers, located)
    return Respondent(name, answers.role, "sales", answers.answers, located.shown_as, located)


def _told(text: str) -> list[tuple[str, str, str, str]]:
    problems = check_answers(respondent(text), INSTRUMENTS)
    return [(one.place, one.found, one.allowed, one.remedy) for one in problems]


def test_every_wrong_answer_of_a_file_is_told_with_its_line_and_what_is_allowed() -> None:
    told: Any = _told(
        f"  champion_operator:\n    items:\n      {RUNS}: 6\n      {DEALS[:-1]}: 3\n      {ROOM}: perhaps\n"
        "  gut_chek:\n    items: {}\n"
    )
    assert [(place.split(",")[0], found) for place, found, *_ in told] == [
        ("line 5", "6"),
        ("line 6", f"'{DEALS[:-1]}'"),
        ("line 7", "'perhaps'"),
        ("line 8", "'gut_chek'"),
    ]
    assert told[0][2] == "1, 2, 3, 4, 5 or dont_know"
    assert told[1][3] == f"Did you mean '{DEALS}'?"
    assert told[2][2] == "yes, partly, no or dont_know"
    assert told[3][3] == "Did you mean 'gut_check'?"


def test_unanswered_and_dont_know_are_missing_and_no_mistake() -> None:
    text = f"  champion_operator:\n    items:\n      {RUNS}: dont_know\n      {ROOM}:\n      {DEALS}: 2\n"
    assert _told(text) == []
    (response,) = responses((respondent(text),), INSTRUMENTS)["champion_operator"]
    assert response.answers == {DEALS: 2}


def test_an_answer_outside_its_scale_never_reaches_the_scoring() -> None:
    text = f'  champion_operator:\n    items:\n      {RUNS}: 6\n      {DEALS}: "3"\n      {ROOM}: 1\n'
    assert responses((respondent(text),), INSTRUMENTS)["champion_operator"] == ()
    assert len(_told(text)) == 3


def test_somebody_who_answered_nothing_is_no_respondent() -> None:
    text = "  champion_operator:\n    items: {}\n"
    assert responses((respondent(text),), INSTRUMENTS) == {"champion_operator": (), "gut_check": ()}


def test_answers_to_another_version_are_scored_with_a_warning() -> None:
    text = f"  champion_operator:\n    version: '0'\n    hash: {'f' * 64}\n    items: {{{RUNS}: 4}}\n"
    (problem,) = check_answers(respondent(text), INSTRUMENTS)
    assert (problem.severity, problem.place.split(",")[0]) == ("warning", "line 5")
    own = f"  champion_operator:\n    hash: {INSTRUMENTS['champion_operator'].hash}\n    items: {{{RUNS}: 4}}\n"
    assert _told(own) == []
    assert responses((respondent(text),), INSTRUMENTS)["champion_operator"][0].answers == {RUNS: 4}
