"""Opening a client's folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.engagement.folder import RESPONDENT_ID, inside, open_engagement, read_folder
from gtmdiag.errors import InputError, MissingError, Problem, UsageError
from tests.engagements import write


def problems_of(root: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        open_engagement(root)
    return list(caught.value.problems)


def test_empty_folder_opens_under_its_own_name(tmp_path: Path) -> None:
    root = tmp_path / "Ünïcode & Co"
    root.mkdir()
    engagement = open_engagement(root)
    assert (engagement.client.id, engagement.client.name) == ("unicode-co", "Ünïcode & Co")
    assert (engagement.waves, engagement.wave, engagement.respondents) == ((), "", ())
    assert [problem.file for problem in engagement.warnings] == ["client.yaml"]


def test_no_folder_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="gtmdiag init"):
        open_engagement(tmp_path / "nowhere")


def test_last_wave_is_the_default_and_any_can_be_named(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "client.yaml": "id: acme\nname: Acme",
            "answers/2026-q3/jane.yaml": "role: ceo",
            "answers/2026-q4/zoe.yaml": "role: cmo",
            "answers/2026-q4/bob-2.yaml": "role: cmo",
            "answers/EXAMPLE/ceo.yaml": "role: ceo",
        },
    )
    engagement = open_engagement(root)
    assert (engagement.waves, engagement.wave) == (("2026-q3", "2026-q4"), "2026-q4")
    assert [(person.id, person.function) for person in engagement.respondents] == [
        ("bob-2", "marketing"),
        ("zoe", "marketing"),
    ]
    assert [person.id for person in open_engagement(root, "2026-q3").respondents] == ["jane"]
    assert engagement.warnings == ()
    with pytest.raises(UsageError, match=r"No wave '2026q3'. The waves are: 2026-q3, 2026-q4. Did you mean '2026-q3'"):
        open_engagement(root, "2026q3")


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "client.yaml": "id: ../../x\nname: Acme\ncompany: {headcont: 3}",
            "answers/2026-q3/jane.yaml": "rol: ceo",
            "answers/2026-q4/bob.yaml": "role: ceo\nanswers:\n  own: {items: {a: [1]}}",
            "answers/2026-q4/Zoe.yaml": "role: cmo",
            "answers/2026-q4/tim.yml": "role: cmo",
            "answers/Q4 2026/ann.yaml": "role: cmo",
        },
    )
    assert [(problem.file, problem.place) for problem in problems_of(root)] == [
        ("client.yaml", "line 1, id"),
        ("client.yaml", "line 3, company.headcont"),
        ("answers/Q4 2026", ""),
        ("answers/2026-q3/jane.yaml", "line 1, role"),
        ("answers/2026-q3/jane.yaml", "line 1, rol"),
        ("answers/2026-q4/Zoe.yaml", ""),
        ("answers/2026-q4/bob.yaml", "line 3, answers.own.items.a"),
        ("answers/2026-q4/tim.yml", ""),
    ]


def test_line_of_an_item_is_there_for_whoever_knows_the_items(tmp_path: Path) -> None:
    root = write(tmp_path, {"answers/w/jane.yaml": "role: ceo\nanswers:\n  own:\n    items:\n      own.a.b: 9\n"})
    jane = open_engagement(root).respondents[0]
    assert jane.located.place(("answers", "own", "items", "own.a.b")) == "line 5, answers.own.items.own.a.b"


def test_second_ceo_of_a_wave_is_an_error(tmp_path: Path) -> None:
    root = write(tmp_path, {"answers/w/a.yaml": "role: ceo", "answers/w/b.yaml": "\nrole: ceo"})
    (problem,) = [problem for problem in problems_of(root) if problem.severity == "error"]
    assert (problem.file, problem.place) == ("answers/w/b.yaml", "line 2, role")


def test_stray_files_are_warned_about_and_never_read(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        {
            "client.yaml": "id: acme\nname: Acme",
            "answers/notes.txt": "",
            "answers/README.md": "",
            "answers/w/jane.yaml": "role: ceo",
            "answers/w/jane.yaml.bak": "role: ceo",
            "answers/w/.history/jane.yaml.1": "role: ceo",
            "answers/w/.DS_Store": "",
            "answers/w/list.xlsx": "",
            "answers/empty/.keep": "",
        },
    )
    assert [(problem.file, problem.severity) for problem in open_engagement(root).warnings] == [
        ("answers/notes.txt", "warning"),
        ("answers/empty", "warning"),
        ("answers/w/list.xlsx", "warning"),
    ]


@pytest.mark.parametrize("linked", ["client.yaml", "answers", "answers/w", "answers/w/jane.yaml"])
def test_link_out_of_the_folder_is_refused(tmp_path: Path, linked: str) -> None:
    outside = write(tmp_path / "outside", {"w/jane.yaml": "role: ceo", "jane.yaml": "role: ceo"})
    root = tmp_path / "acme"
    target = outside / "jane.yaml" if linked.endswith(".yaml") else outside
    (root / linked).parent.mkdir(parents=True)
    (root / linked).symlink_to(target)
    assert [problem.file for problem in problems_of(root) if problem.severity == "error"] == [linked]


def test_link_to_itself_or_to_nothing_is_told(tmp_path: Path) -> None:
    root = write(tmp_path, {"answers/w/a.yaml": "role: cmo"})
    (root / "answers/w/loop.yaml").symlink_to("loop.yaml")
    (root / "answers/w/none.yaml").symlink_to("nowhere.yaml")
    assert [problem.file for problem in problems_of(root) if problem.severity == "error"] == [
        "answers/w/loop.yaml",
        "answers/w/none.yaml",
    ]


@pytest.mark.parametrize("parts", [("..", "x"), ("crm/../../x",), ("/etc/passwd",), ("a\0b",)])
def test_path_that_leaves_the_folder_is_refused(tmp_path: Path, parts: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="out of the folder"):
        open_engagement(tmp_path).inside(*parts)


@given(st.from_regex(RESPONDENT_ID, fullmatch=True))
def test_respondent_id_is_always_a_path_in_the_folder(respondent: str) -> None:
    root = Path("clients/acme")
    assert inside(root, "answers", "w", f"{respondent}.yaml") == root / "answers" / "w" / f"{respondent}.yaml"


def test_folder_of_something_else_that_would_be_written_into(tmp_path: Path) -> None:
    (tmp_path / "passwd").touch()
    with pytest.raises(MissingError, match="no client's folder"):
        read_folder(tmp_path)
    (tmp_path / "crm").mkdir()
    assert read_folder(tmp_path).client is not None
