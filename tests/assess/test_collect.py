"""Collecting: forms that went astray, surveys in the layouts of their tools, and what is only likely."""

from __future__ import annotations

from pathlib import Path

import pytest

from gtmdiag.assess.collect import Outcome, collect
from gtmdiag.assess.invited import Invitation, invite
from gtmdiag.assess.matching import find_value
from gtmdiag.assess.store import load
from gtmdiag.assess.surveyrules import Accepted, read_accepted
from gtmdiag.check import check
from gtmdiag.errors import InputError, UsageError
from tests.assess.answering import DIRECTION, INSTRUMENTS, MAKER, NOW, ROADMAP, client, form, sent
from tests.engagements import files_in
from tests.funnel.workbook import Day, sheet, write_workbook

EXPORTS = Path(__file__).with_name("exports")
SECOND, HORIZON = "gut_check.second_line.centralize", "gut_check.target_horizon.centralized"
JOURNEY, REPORTING = "gut_check.shared_journey.centralize", "gut_check.functions_reporting.centralized"


def stored(root: Path, respondent: str, wave: str = "2026-q4") -> dict[str, object]:
    found = load(root, wave, respondent)
    assert found is not None
    return {item: value for part in found.answers.values() for item, value in part.items.items()}


def one(root: Path, path: Path, accepted: Accepted | None = None, wave: str = "2026-q4", **who: str) -> Outcome:
    (outcome,) = collect(root, [path], now=NOW, wave=wave, accepted=accepted, **who)
    return outcome


def told(outcome: Outcome) -> str:
    return "\n".join(map(str, outcome.problems))


def survey(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_form_that_does_not_arrive_or_another_file_that_stops_it(tmp_path: Path) -> None:
    root = client(tmp_path / "c")
    good = sent(tmp_path / "jane.json", form({ROADMAP: "yes"}))
    bad = sent(tmp_path / "joe.json", form({ROADMAP: "perhaps"}, respondent="joe", client="globex", wave="2026-10"))
    cut = tmp_path / "cut.json"
    cut.write_text(good.read_text()[:80])
    done = collect(root, [bad, good, cut], now=NOW, wave="2026-11")
    assert [outcome.refused for outcome in done] == [True, False, True]
    assert [problem.place for problem in done[0].problems] == ["client", "wave", f"answers.{ROADMAP}"]
    assert stored(root, "jane", "2026-11") == {ROADMAP: "yes"}
    assert load(root, "2026-10", "joe") is None
    assert collect(root, [good], now=NOW)[0].taken[0].added == ()
    assert check(root, today=NOW.date()) == ()


def test_form_of_a_wave_or_a_person_that_nobody_knows_taken_silently(tmp_path: Path) -> None:
    root = client(tmp_path / "c")
    path = sent(tmp_path / "jane.json", form({ROADMAP: "yes"}))
    assert "If it is a new wave, say so with --wave 2026-11" in told(collect(root, [path], now=NOW)[0])
    invite(root, "2026-11", "jane", Invitation(role="cro", instruments=["gut_check"]))
    assert "allowed: cro, the role of 'jane'" in told(collect(root, [path], now=NOW)[0])
    invite(root, "2026-11", "jane", Invitation(role="cmo", instruments=["gut_check"]))
    assert "allowed: omar" in told(collect(root, [path], now=NOW, respondent="omar")[0])
    assert not collect(root, [path], now=NOW)[0].refused


def test_answers_to_another_version_of_an_instrument_not_told(tmp_path: Path) -> None:
    root = client(tmp_path / "c")
    data = form({ROADMAP: "yes"}, instruments={"gut_check": {"version": "0", "hash": "f" * 64}})
    outcome = one(root, sent(tmp_path / "jane.json", data), wave="2026-11")
    assert not outcome.refused
    assert "version '0', hash" in told(outcome)
    kept = load(root, "2026-11", "jane")
    assert kept is not None
    assert (kept.answers["gut_check"].version, kept.answers["gut_check"].hash) == ("0", "f" * 64)


def test_export_of_google_forms(tmp_path: Path) -> None:
    root = client(tmp_path)
    outcome = one(root, EXPORTS / "google_forms.csv")
    assert not outcome.refused, told(outcome)
    assert [(taken.respondent, taken.role) for taken in outcome.taken] == [
        ("jane-doe", "cmo"),
        ("omar-haddad", "vp_sales"),
        ("jane-doe", "cmo"),
    ]
    # The later row counts; what it leaves empty stays.
    assert stored(root, "jane-doe") == {ROADMAP: "no", MAKER: "no", SECOND: "dont_know", HORIZON: "quarter"}
    assert stored(root, "omar-haddad") == {ROADMAP: "no", MAKER: "yes", SECOND: "yes", HORIZON: "beyond"}
    assert "Anything else you would like to tell us?" in told(outcome)
    kept = load(root, "2026-q4", "omar-haddad")
    assert kept is not None
    assert kept.submitted is not None
    assert kept.submitted.isoformat() == "2026-11-18T15:02:10+00:00"
    everything = b"".join(files_in(root).values())
    assert b"HYPERLINK" not in everything
    assert b"<script" not in everything
    before = files_in(root)
    again = one(root, EXPORTS / "google_forms.csv")
    assert {name for name, data in files_in(root).items() if name in before and data != before[name]} == set()
    assert [taken.added + taken.replaced for taken in again.taken] == [(), (), ()]


def test_export_of_typeform_whose_near_match_is_taken_silently(tmp_path: Path) -> None:
    root = client(tmp_path / "c")
    before = files_in(root)
    path = EXPORTS / "typeform.csv"
    refused = one(root, path)
    assert refused.refused
    assert f"nearly the words of {JOURNEY} (9" in told(refused)
    assert files_in(root) == before
    draft = tmp_path / "draft.yaml"
    draft.write_text(refused.proposal, encoding="utf-8")
    assert "# a guess, 9" in refused.proposal
    done = one(root, path, read_accepted(draft))
    assert not done.refused, told(done)
    assert len(done.taken) == 2, "the third row was begun and never sent"
    assert stored(root, "ana-sol") == {ROADMAP: "yes", MAKER: "no", JOURNEY: "yes", REPORTING: "some"}
    assert stored(root, "li-wei") == {ROADMAP: "no", MAKER: "yes", JOURNEY: "yes", REPORTING: "all"}
    assert any("1 and 0" in note for note in done.notes)


def comments(root: Path, respondent: str) -> dict[str, str]:
    found = load(root, "2026-q4", respondent)
    assert found is not None
    return {item: text for part in found.answers.values() for item, text in part.comments.items()}


def test_export_of_surveymonkey_whose_header_has_two_rows(tmp_path: Path) -> None:
    root = client(tmp_path)
    outcome = one(root, EXPORTS / "surveymonkey.csv")
    assert not outcome.refused, told(outcome)
    assert "the first two rows were read as one header" in outcome.notes
    assert [(taken.respondent, taken.role) for taken in outcome.taken] == [("ana-sol", "cro"), ("li-wei", "cmo")]
    assert stored(root, "ana-sol") == {ROADMAP: "yes", MAKER: "no", SECOND: "yes", HORIZON: "year"}
    assert stored(root, "li-wei") == {ROADMAP: "no", MAKER: "yes", HORIZON: "beyond"}
    assert comments(root, "ana-sol") == {HORIZON: "=1+1 It depends"}
    assert comments(root, "li-wei") == {ROADMAP: "It used to"}


def test_export_of_qualtrics_whose_header_has_three_rows(tmp_path: Path) -> None:
    root = client(tmp_path)
    path = EXPORTS / "qualtrics.csv"
    refused = one(root, path)
    assert "row 5: found 'Perhaps'" in told(refused), "as the file counts its rows"
    outcome = one(root, path, Accepted(values={ROADMAP: {"Perhaps": "dont_know"}}))
    assert not outcome.refused, told(outcome)
    assert stored(root, "ana-sol") == {ROADMAP: "yes", MAKER: "no", SECOND: "yes"}
    assert stored(root, "li-wei") == {ROADMAP: "dont_know", MAKER: "yes", SECOND: "dont_know"}
    assert comments(root, "ana-sol") == {MAKER: "Not yet, says the board"}
    (tmp_path / "none.csv").write_text("".join(path.read_text("utf-8").splitlines(keepends=True)[:3]), "utf-8")
    assert "a header and no rows" in told(one(root, tmp_path / "none.csv"))


def test_comment_of_a_survey_lost_cut_silently_or_guessed(tmp_path: Path) -> None:
    root = client(tmp_path)
    words = "Does winning in your industry take a roadmap of several years?"
    near = words.replace("roadmap", "road map")
    text = f'name,role,{ROADMAP},"{near} [Comment]",Say more\nAnn,cmo,yes,{"word " * 600},because\n'
    path = survey(tmp_path, text)
    assert f"nearly the words of comment on {ROADMAP}" in told(one(root, path))
    columns = {f"{near} [Comment]": f"comment on {ROADMAP}", "Say more": f"comment on {MAKER}"}
    done = one(root, path, Accepted(columns=columns))
    assert not done.refused, told(done)
    assert "row 2: found a longer comment; allowed: 2,000 characters" in told(done)
    kept = comments(root, "ann")
    assert (len(kept[ROADMAP]), kept[MAKER]) == (1999, "because")
    wrong = one(root, path, Accepted(columns={**columns, "Say more": "comment on nothing"}))
    assert "'comment on nothing'" in told(wrong)


def test_export_of_microsoft_forms(tmp_path: Path) -> None:
    root = client(tmp_path / "c")
    items = [item for item in INSTRUMENTS["champion_operator"].items if item.scale == "frequency"][:6]
    header: list[object] = [
        "ID",
        "Start time",
        "Completion time",
        "Email",
        "Name",
        *(f"{item.observer}\xa0" for item in items),
    ]
    rows: list[list[object]] = [
        [1, Day(46342.5), Day(46342.51), "anonymous", "Jane Doe", 5, "Often", "4 - Often", "never", "Always ", 3],
        [2, Day(46343.5), Day(46343.51), "anonymous", "Omar Haddad", *["Rarely"] * 6],
    ]
    path = write_workbook(tmp_path / "survey.xlsx", Form1=sheet(header, *rows))
    for name, role in (("jane-doe", "cmo"), ("omar-haddad", "vp_sales")):
        invite(root, "2026-q4", name, Invitation(role=role, instruments=["champion_operator"]))
    refused = one(root, path)
    # "anonymous" is no person; the column has to be left out.
    assert refused.refused
    done = one(root, path, Accepted(columns={"Email": "ignore"}))
    assert not done.refused, told(done)
    assert list(stored(root, "jane-doe").values()) == [5, 4, 4, 1, 5, 3]
    assert list(stored(root, "omar-haddad").values()) == [2] * 6


def test_ceo_wording_answered_by_somebody_else(tmp_path: Path) -> None:
    root = client(tmp_path / "c")
    item = INSTRUMENTS["champion_operator"].item(DIRECTION)
    assert item is not None
    text = f'respondent,role,"{item.self_}","{item.observer}"\nann,ceo,4,\njane,cmo,,2\njoe,cro,3,\n'
    refused = one(root, survey(tmp_path, text))
    assert "row 4: found an answer of somebody else to the CEO's own wording" in told(refused)
    done = one(root, survey(tmp_path, text.replace("joe,cro,3,", "joe,cro,,3")))
    assert not done.refused, told(done)
    assert [stored(root, name) for name in ("ann", "jane", "joe")] == [{DIRECTION: 4}, {DIRECTION: 2}, {DIRECTION: 3}]


def test_problems_of_a_survey_told_one_after_the_other(tmp_path: Path) -> None:
    root = client(tmp_path / "c")
    invite(root, "2026-q4", "jane", Invitation(role="cmo", instruments=["gut_check"]))
    text = (
        f"name,role,{ROADMAP},Does your company shape the market rather than follow it?,{SECOND}\n"
        "Jane,cmo,Yess,Yes,perhaps\nJune,cro,Yes,Yes,Yes\n,cro,Yes,,\nJane,gardener,,,Yes\n"
    )
    refused = one(root, survey(tmp_path, text))
    words = told(refused)
    for part in (
        "'Yess', nearly 'yes'",
        "'perhaps'; allowed: yes (Yes), no (No)",
        f"nearly the words of {MAKER}",
        "'June', who would be 'june'; allowed: one of those asked: jane. Did you mean 'jane'?",
        "row 4: found no name",
        "row 5: found 'gardener', which is no role; allowed: cmo, as the person was asked",
    ):
        assert part in words
    assert load(root, "2026-q4", "jane") is None


def test_survey_that_makes_two_people_one_or_two_ceos(tmp_path: Path) -> None:
    root = client(tmp_path / "c")
    two = f"email,role,{ROADMAP}\njane@a.example,cmo,yes\njane@b.example,cro,no\n"
    assert "both 'jane'" in told(one(root, survey(tmp_path, two)))
    ceos = f"name,role,{ROADMAP}\nAnn,ceo,yes\nBen,ceo,no\n"
    assert "several CEOs: ann, ben" in told(one(root, survey(tmp_path, ceos)))
    assert not (root / "answers").exists()
    with pytest.raises(UsageError, match="Name the wave"):
        collect(root, [survey(tmp_path, two)], now=NOW)


def test_accepted_file_that_is_not_held_against_the_instruments(tmp_path: Path) -> None:
    root = client(tmp_path / "c")
    path = survey(tmp_path, f"name,role,What about roads?,{MAKER}\nAnn,Head of marketing,a great deal,No\n")
    accepted = Accepted(
        columns={"What about roads?": ROADMAP, "Nothing": ROADMAP},
        values={ROADMAP: {"a great deal": "very"}},
        roles={"Head of marketing": "cmo"},
    )
    words = told(one(root, path, accepted))
    assert "accepted as 'very'" in words
    assert "'Nothing'" in words
    good = accepted.model_copy(update={"values": {ROADMAP: {"a great deal": "yes"}}})
    done = one(root, path, good)
    assert not done.refused, told(done)
    assert stored(root, "ann") == {ROADMAP: "yes", MAKER: "no"}
    (tmp_path / "bad.yaml").write_text("columms: {}", encoding="utf-8")
    with pytest.raises(InputError, match="Did you mean 'columns'"):
        read_accepted(tmp_path / "bad.yaml")


@pytest.mark.parametrize(
    ("text", "value"), [("Often", 4), (" often ", 4), ("4", 4), ("4 (Often)", 4), ("4 = Often", 4), ("5 - Often", None)]
)
def test_label_of_a_scale_that_is_not_read(text: str, value: int | None) -> None:
    match = find_value(INSTRUMENTS["champion_operator"].scales["frequency"], text)
    assert (match.value if match is not None and match.certainty == 1 else None) == value
