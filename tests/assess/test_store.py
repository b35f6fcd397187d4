"""Answers: merged, interrupted, refused, withdrawn."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pytest

from gtmdiag.assess.store import Withdrawn, load, load_form, save_form, withdraw
from gtmdiag.engagement.folder import read_folder
from gtmdiag.engagement.lock import locked
from gtmdiag.engagement.save import HISTORY
from gtmdiag.errors import GtmdiagError, InputError, MissingError, StorageError, UsageError
from gtmdiag.instruments.answers import check_answers
from tests.assess.answering import DIRECTION, INSTRUMENTS, MAKER, NOW, ROADMAP, at, client, form
from tests.engagements import files_in

HOSTILE = (
    '<script>alert(1)</script>\n=HYPERLINK("http://x")\t#set page(width: 1pt)\r\n\x1b[2J\x00\x85\u2028\u202e 🎉 '
    "]]> {{7*7}}\nrole: ceo\n---\n"
)


def save(root: Path, data: dict[str, object], **changed: object) -> object:
    return save_form(root, {**data, **changed}, INSTRUMENTS, now=NOW)


def items(root: Path, respondent: str = "jane") -> dict[str, object]:
    stored = load(root, "2026-11", respondent)
    assert stored is not None
    return {item: value for part in stored.answers.values() for item, value in part.items.items()}


def killed_while_saving(root: Path, rounds: int) -> None:
    command = [sys.executable, "-m", "tests.assess.killing", str(root), str(rounds)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_a_kill_while_saving_leaves_a_broken_file(tmp_path: Path) -> None:
    killed_while_saving(client(tmp_path), 10)


@pytest.mark.proof
@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_one_of_200_kills_while_saving_leaves_a_broken_file(tmp_path: Path) -> None:
    killed_while_saving(client(tmp_path), 200)


def test_later_answer_lost_or_earlier_one_not_kept(tmp_path: Path) -> None:
    root = client(tmp_path)
    save(root, form({ROADMAP: "yes", MAKER: "no"}))
    save(root, form({ROADMAP: "no"}, minutes=-30))
    late = save_form(root, form({ROADMAP: "dont_know", DIRECTION: 4}, minutes=-45), INSTRUMENTS, now=NOW)
    assert items(root) == {ROADMAP: "no", MAKER: "no", DIRECTION: 4}
    assert (late.added, late.replaced, late.outdated) == ((DIRECTION,), (), (ROADMAP,))
    history = "".join(data.decode() for name, data in files_in(root).items() if HISTORY in name)
    assert f'{ROADMAP}: "yes"' in history
    assert f'{ROADMAP}: "dont_know"' in history


def test_the_same_answers_again_change_a_byte(tmp_path: Path) -> None:
    root = client(tmp_path)
    save(root, form({ROADMAP: "yes"}, prediction={"stage": "MQL", "rate": 18}))
    before = files_in(root)
    again = save_form(root, form({ROADMAP: "yes"}, minutes=-1), INSTRUMENTS, now=NOW)
    assert (again.added, again.replaced, again.outdated) == ((), (), ())
    assert files_in(root) == before


def test_form_that_does_not_resume_with_what_was_saved(tmp_path: Path) -> None:
    root = client(tmp_path)
    answers = {ROADMAP: {"value": "yes", "comment": "because", "at": at(-60)}, MAKER: {"value": None, "at": at(-59)}}
    data = form(answers, prediction={"stage": "MQL", "rate": 18, "at": at(-1)}, submitted=True)
    save(root, data)
    again = load_form(root, "2026-11", "jane", "acme")
    assert again is not None
    assert again["answers"] == {ROADMAP: answers[ROADMAP], MAKER: {"value": None, "comment": "", "at": at(-59)}}
    assert {name: again[name] for name in ("role", "client", "instruments", "submitted")} == {
        "role": "cmo",
        "client": "acme",
        "instruments": data["instruments"],
        "submitted": True,
    }
    assert save_form(root, again, INSTRUMENTS, now=NOW).replaced == ()


def test_hostile_comment_that_breaks_the_file_or_gets_out_of_it(tmp_path: Path) -> None:
    root = client(tmp_path)
    huge = HOSTILE + "x" * 1_000_000
    save(
        root,
        form({ROADMAP: {"value": "yes", "comment": huge, "at": at(-9)}, MAKER: {"value": "no", "comment": HOSTILE}}),
    )
    stored = load(root, "2026-11", "jane")
    assert stored is not None
    comments = stored.answers["gut_check"].comments
    assert len(comments[ROADMAP]) <= 2000
    for comment in comments.values():
        assert comment.startswith("<script>alert(1)</script>\n=HYPERLINK")
        assert not {"\x1b", "\x00", "\x85", "\r"} & set(comment)
    assert stored.role == "cmo"
    (respondent,) = read_folder(root).waves["2026-11"]
    assert list(check_answers(respondent, INSTRUMENTS)) == []


def test_two_sessions_at_once_that_lose_or_mix_answers(tmp_path: Path) -> None:
    """Six tabs of two people, each answering its own items in its own order."""
    root = client(tmp_path)
    wanted = {item.id: 1 + number % 5 for number, item in enumerate(INSTRUMENTS["champion_operator"].items[:18])}
    trouble: list[GtmdiagError] = []

    def tab(number: int) -> None:
        person = f"person-{number % 2}"
        try:
            for item, value in list(wanted.items())[number // 2 :: 3]:
                save(root, form({item: value}, minutes=-number, respondent=person))
        except GtmdiagError as error:
            trouble.append(error)

    tabs = [threading.Thread(target=tab, args=(number,)) for number in range(6)]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert trouble == []
    assert items(root, "person-0") == items(root, "person-1") == wanted


def test_wait_for_another_session_that_never_ends(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(StorageError, match="Another session has been saving"),
        locked(tmp_path, patience=0.05),
    ):
        pass


@pytest.mark.parametrize("step", ["replace", "fsync", "open"])
def test_full_disk_that_costs_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    root = client(tmp_path)
    save(root, form({ROADMAP: "yes"}))
    before = files_in(root)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(StorageError, match="no space left on device"):
            save(root, form({ROADMAP: "no"}, minutes=-1))
    after = files_in(root)
    assert {name: after[name] for name in before} == before
    assert not [name for name in after if name.endswith(".tmp")]
    save(root, form({ROADMAP: "no"}, minutes=-1))
    assert items(root) == {ROADMAP: "no"}


def test_hand_written_remarks_that_are_lost(tmp_path: Path) -> None:
    root = client(tmp_path)
    path = root / "answers" / "2026-11" / "jane.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(
        f"role: cmo  # by phone\nanswers:\n  gut_check:\n    items:\n      {ROADMAP}: 'yes'\n", encoding="utf-8"
    )
    save(root, form({MAKER: "no"}))
    assert items(root) == {ROADMAP: "yes", MAKER: "no"}
    assert b"# by phone" in files_in(path.parent)[f"{HISTORY}/jane.yaml.1"]


def test_answers_that_fit_nothing_or_belong_to_another_person(tmp_path: Path) -> None:
    root = client(tmp_path)
    wrong = form({ROADMAP: "maybe", "gut_check.roadmap.nothing": "yes", DIRECTION: True, MAKER: 1})
    with pytest.raises(InputError) as refused:
        save(root, wrong)
    assert any("answers" in problem.place for problem in refused.value.problems)
    wrong["answers"].pop(DIRECTION)
    with pytest.raises(InputError) as refused:
        save(root, wrong)
    assert [problem.found for problem in refused.value.problems] == ["'maybe'", "'gut_check.roadmap.nothing'", "1"]
    assert not (root / "answers").exists()
    save(root, form({ROADMAP: "yes"}, role="ceo"))
    with pytest.raises(InputError, match="those of the ceo"):
        save(root, form({ROADMAP: "no"}))
    with pytest.raises(InputError, match="second CEO"):
        save(root, form({ROADMAP: "no"}, role="ceo", respondent="joe"))
    for respondent in ("../x", "a/b", "Jane", "", "x" * 65):
        with pytest.raises(InputError):
            save(root, form({ROADMAP: "no"}, respondent=respondent))
        with pytest.raises(UsageError):
            load(root, "2026-11", respondent)


def test_clock_that_runs_ahead_and_wins_for_ever(tmp_path: Path) -> None:
    root = client(tmp_path)
    save(root, form({ROADMAP: "yes"}, minutes=60 * 24 * 400))
    save(root, form({ROADMAP: "no"}, minutes=0))
    assert items(root) == {ROADMAP: "no"}


def test_withdrawn_answers_that_stay_somewhere(tmp_path: Path) -> None:
    root = client(tmp_path)
    for wave in ("2026-10", "2026-11"):
        save(root, form({ROADMAP: "yes"}, wave=wave))
        save(root, form({ROADMAP: "no"}, minutes=-1, wave=wave))
        save(root, form({ROADMAP: "no"}, respondent="jane-2", wave=wave))
        save(root, form({ROADMAP: "yes"}, minutes=-1, respondent="jane-2", wave=wave))
        (root / "reports" / wave).mkdir(parents=True)
    done = withdraw(root, "jane", today=date(2026, 11, 22))
    marks = tuple(root / "reports" / wave / "STALE.json" for wave in ("2026-10", "2026-11"))
    assert done == Withdrawn(("2026-10", "2026-11"), 4, marks)
    left = files_in(root)
    assert not [name for name in left if "/jane.yaml" in name]
    assert len([name for name in left if "/jane-2.yaml" in name]) == 4
    assert b"jane" not in marks[0].read_bytes()
    with pytest.raises(MissingError, match="no answers"):
        withdraw(root, "jane", today=date(2026, 11, 22))
