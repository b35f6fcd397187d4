"""Every problem of a client's folder, whichever file it stands in, is told at once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gtmdiag.check import check
from gtmdiag.errors import Problem
from tests.engagements import SAMPLE, TODAY, notebook, own, sample, write

CONFIG = """\
shape: snapshot
file: deals.csv
columns: {deal: Id, stage: Stage, amount: Value}
stages: [Discovery]
won: [Won]
lost: [Lost]
"""


def told(root: Path) -> list[str]:
    return [f"{one.file} {one.place}: {one.found} ({one.remedy})" for one in check(root, today=TODAY)]


def errors(root: Path) -> list[Problem]:
    return [problem for problem in check(root, today=TODAY) if problem.severity == "error"]


def test_sample_that_does_not_pass_its_own_check() -> None:
    assert errors(SAMPLE) == []


def test_folder_with_nothing_in_it(tmp_path: Path) -> None:
    assert [(one.severity, one.file) for one in check(tmp_path, today=TODAY)] == [("warning", "client.yaml")]


def test_problem_of_one_file_hides_those_of_the_others(tmp_path: Path) -> None:
    root = sample(tmp_path / "c")
    person = root / "answers" / "2026-10" / "julia-roth.yaml"
    person.write_text(re.sub("^role: .*$", "role: vp_sale", person.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    other = root / "answers" / "2026-10" / "henrik-aas.yaml"
    text = other.read_text("utf-8").replace("strategic_direction.champion: 4", "strategic_directon.champion: 4")
    other.write_text(text.replace("resource_allocation.champion: 4", "resource_allocation.champion: 6"), "utf-8")
    write(
        root,
        {
            "client.yaml": "id: c\nname: no\ncompany: {headcont: 012}",
            "instruments/own.yaml": "id: own",
            "crm/crm.yaml": CONFIG.replace("deals.csv", "deal.csv"),
        },
    )
    own(root, "gut_check", notebook(parameters="wave = ''"))
    found = errors(root)
    assert {problem.file for problem in found} == {
        "client.yaml",
        "answers/2026-10/julia-roth.yaml",
        "answers/2026-10/henrik-aas.yaml",
        "instruments/own.yaml",
        "crm/crm.yaml",
        "notebooks/gut_check.ipynb",
    }
    remedies = " ".join(problem.remedy for problem in found)
    for near in ("headcount", "vp_sales", "champion_operator.strategic_direction.champion", "deals.csv"):
        assert f"Did you mean '{near}'?" in remedies
    assert "6" in [problem.found for problem in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("id: c\nname: A\nname: B", "'name' a second time"),
        ("id: c\n\tname: A", "a tab"),
        ("id: c\nname: no", ""),
        ("id: 012\nname: Acme", "012"),
        ("id: c\nname: 22:30", ""),
        ("a: &a [x]\nb: &b [*a, *a]\nid: c\nname: *b", "'an alias (*)'"),
        ("[" * 3000, "more than 30 levels"),
        ("id: c\nname: Acme\n# " + "x" * 50_000_000, "50.0 MB"),
    ],
    ids=["duplicate", "tab", "no", "012", "22:30", "bomb", "depth", "size"],
)
def test_trap_of_yaml_that_is_no_plain_problem_of_the_file(tmp_path: Path, text: str, found: str) -> None:
    write(tmp_path, {"client.yaml": text})
    problems = check(tmp_path, today=TODAY)
    assert {problem.file for problem in problems} == ({"client.yaml"} if found else set())
    assert found in [problem.found for problem in problems] or not found


@pytest.mark.parametrize(
    ("export", "found"),
    [
        ("\ufeffId;Stage;Value\r\n1;Won;5\r\n2;Discovery;7\r\n", []),
        ("Id,Stage,Value\n1,Won,5\n", []),
        ("Id,Stage,Value\n", ["crm/deals.csv"]),
        ("", ["crm/deals.csv"]),
        ("Key,Stag,Value\n1,Won,5\n", ["crm/deals.csv", "crm/deals.csv"]),
        ("Id,Stage,Value\n1,Won,much\n", ["crm/deals.csv"]),
    ],
    ids=["bom", "one row", "no rows", "empty", "columns", "amounts"],
)
def test_export_that_is_refused_or_taken_wrongly(tmp_path: Path, export: str, found: list[str]) -> None:
    root = write(tmp_path, {"client.yaml": "id: c\nname: C", "crm/crm.yaml": CONFIG, "crm/deals.csv": export})
    assert [problem.file for problem in errors(root)] == found


def test_crm_folder_that_is_a_link_out_of_the_client_is_read(tmp_path: Path) -> None:
    root = write(tmp_path / "c", {"client.yaml": "id: c\nname: C"})
    (root / "crm").symlink_to(
        write(tmp_path / "outside", {"crm.yaml": CONFIG, "deals.csv": "Id,Stage,Value\n1,Won,5\n"})
    )
    assert told(root) == ["crm : a path or link out of the folder (Put the file itself into the engagement folder.)"]


def test_notebook_that_cannot_be_used_stays_unknown_until_a_render(tmp_path: Path) -> None:
    root = write(tmp_path / "c", {"client.yaml": "id: c\nname: C", "notebooks/broken.ipynb": json.dumps([])})
    own(root, "own", notebook(parameters='engagement = ""\nwafe = ""'))
    (root / "notebooks" / "link.ipynb").symlink_to(own(tmp_path, "outside", notebook()))
    assert [problem.file for problem in errors(root)] == [
        "notebooks/broken.ipynb",
        "notebooks/link.ipynb",
        "notebooks/own.ipynb",
        "notebooks/own.ipynb",
    ]
