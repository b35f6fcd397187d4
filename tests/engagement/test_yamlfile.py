"""YAML as strangers write it: told in words and lines, never obeyed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict

from gtmdiag.engagement.yamlfile import load_yaml, parse_yaml, validate
from gtmdiag.errors import InputError, MissingError, Problem


class Firm(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    headcount: int | None = None
    ownership: Literal["vc", "pe"] | None = None


class Example(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: str
    name: str
    n: int = 3
    firm: Firm = Firm()
    items: dict[str, int | str | None] = {}


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        parse_yaml(text, "f.yaml")
    return caught.value.problems


def test_words_that_yaml_1_1_turns_into_something_else() -> None:
    data = parse_yaml(
        "a: no\nb: 22:30\nc: 012\nd: =x\ne: 2026-02-30\nf: 2026-02-28\ng: .nan\n<<: 3\n1: 🎉 中 עברית", "f"
    ).data
    assert data == {
        "a": "no",
        "b": "22:30",
        "c": 12,
        "d": "=x",
        "e": "2026-02-30",
        "f": date(2026, 2, 28),
        "g": ".nan",
        "<<": 3,
        1: "🎉 中 עברית",
    }


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3, a", "a second time"),
        ("a:\n\tb: 1\n", "line 2", "a tab"),
        ("a: &x 1\n", "line 1", "'&x'"),
        ("b: 1\n*a : 2\n", "line 2", "an alias"),
        ("a: !!python/object:os.system x\n", "line 1", "python/object"),
        ("a: ! x\n", "line 1", "'!'"),
        ("a: 1\n---\nb: 2\n", "line 2", "a second document"),
        ("%YAML 1.1\n---\na: no\n", "line 2", "a directive"),
        ("a: " + "[" * 100_000, "line 1", "more than 30 levels"),
        ("- a\n", "line 1", "a list"),
        ("hello\n", "line 1", "'hello'"),
        ("a: 1\nb: c: d\n", "line 2", "mapping values are not allowed here"),
        ("a: [1\n", "line 2", "while parsing a flow sequence"),
        ("[a]: 1\n", "line 1", "a list"),
        ("true: 1\n", "line 1", "true"),
        ("a: \x00\n", "line 1", "U+0000"),
        ('a: "\\x07"\n', "line 1", "U+0007"),
        ('a: "\\ud800"\n', "line 1", "U+D800"),
        ("a: " + "9" * 10_000, "line 1", "9999"),
        ("a: 1e999\n", "line 1", "1e999"),
    ],
)
def test_form_that_is_not_accepted_names_its_line(text: str, line: str, word: str) -> None:
    problem = problems_of(text)[0]
    assert (problem.file, problem.place) == ("f.yaml", line)
    assert word in problem.found


def test_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
    )
    assert all("anchors" in problem.allowed for problem in problems_of(bomb))


def test_every_problem_of_form_is_told_at_once() -> None:
    assert [problem.place for problem in problems_of("a: &x 1\na: 2\nb: !t 3\n")] == ["line 1", "line 2, a", "line 3"]


def test_50_mb_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(InputError, match=r"50\.0 MB"):
        load_yaml(path, "big.yaml")


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encoding_is_told(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("a: 1\nname: Müller\n".encode(encoding))
    with pytest.raises(InputError, match="Save the file with the encoding UTF-8"):
        load_yaml(path, "f.yaml")


def test_bom_and_windows_line_ends_are_no_problem(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes("a: 1\r\nb: ü\r\n".encode("utf-8-sig"))
    located = load_yaml(path, "f.yaml")
    assert located.data == {"a": 1, "b": "ü"}
    assert located.line(("b",)) == 2


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "{}\n"])
def test_empty_file_is_an_empty_mapping(text: str) -> None:
    assert parse_yaml(text, "f.yaml").data == {}


def test_folder_or_nothing_in_place_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a file"):
        load_yaml(tmp_path, "f.yaml")
    with pytest.raises(MissingError, match=r"f\.yaml is not there"):
        load_yaml(tmp_path / "f.yaml", "f.yaml")


def test_line_of_what_is_not_there_is_its_nearest_parent() -> None:
    located = parse_yaml("a:\n  - b: 1\n  - c: 2\n", "f")
    assert [located.line(path) for path in (("a", 1, "c"), ("a", 1, "x", "y"), ("z",))] == [3, 3, 1]


@given(st.text())
def test_any_text_is_either_read_or_told(text: str) -> None:
    try:
        parse_yaml(text, "f.yaml")
    except InputError as error:
        assert error.problems


HOSTILE = """\
id: 012
n: "3"
firm:
  hedcount: 3
  ownership: PE
  headcount: yes
items:
  a: 1
  b: [1]
  3: 1
  c: true
"""


def test_every_misfit_is_told_at_once_in_words() -> None:
    with pytest.raises(InputError) as caught:
        validate(Example, parse_yaml(HOSTILE, "f.yaml"))
    told = {problem.place: problem for problem in caught.value.problems}
    assert list(told) == [
        "line 1, id",
        "line 1, name",
        "line 2, n",
        "line 4, firm.hedcount",
        "line 5, firm.ownership",
        "line 6, firm.headcount",
        "line 9, items.b",
        "line 10, items.3",
        "line 11, items.c",
    ]
    assert (told["line 1, id"].found, told["line 1, id"].remedy) == ("012", 'Write it in quotes: "012".')
    assert told["line 1, name"].remedy == "Add a line 'name: …'."
    assert told["line 2, n"].remedy == "Write it without quotes."
    assert told["line 4, firm.hedcount"].allowed == "headcount, ownership"
    assert told["line 4, firm.hedcount"].remedy == "Did you mean 'headcount'?"
    assert told["line 5, firm.ownership"].allowed == "'vc' or 'pe'"
    assert told["line 5, firm.ownership"].remedy == "Did you mean 'pe'?"
    assert told["line 9, items.b"].allowed == "a whole number, or text"
    assert told["line 10, items.3"].remedy == 'Write it in quotes: "3".'
