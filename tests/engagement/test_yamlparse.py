"""libyaml is asked first, but what counts is what ruamel.yaml says."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtmdiag.engagement import yamlparse
from gtmdiag.engagement.yamlbuild import Builder
from gtmdiag.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
FILES = [path for folder in ("data_samples", "gtmdiag") for path in sorted((ROOT / folder).rglob("*.yaml"))]
LINES = sorted({line for path in FILES for line in path.read_text(encoding="utf-8").splitlines()})

# Where a parser may be when it meets something odd.
PLACES = [
    ("", ""),
    ("a: ", "\nb: 1"),
    ("a: [", "]"),
    ("a: {", "}"),
    ('a: "', '"'),
    ("a: |", "\n  b: 1"),
    ("a: b\n", "c"),
]
SIGNS = "a1 \n:-,[{}]#'\""
ODD = st.sampled_from(
    [
        *SIGNS,
        *"?|>.&*!%@`~\\é🎉\r\ufeff\u2028\xa0",
        "\r\n",
        ": ",
        "- ",
        " #",
        "\n  ",
        "\n...",
        "\n---",
        ">-\n",
        "\\x41",
        "<<",
    ]
)
ODDITY = st.lists(ODD, max_size=8).map("".join)
LINE = st.one_of(st.sampled_from(LINES), st.builds("{}: {}".format, st.sampled_from(["a", "  b", "- c"]), ODDITY))


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draw what nobody would write, or what people write with something odd at some place of it."""
    before, after = draw(st.sampled_from(PLACES))
    if draw(st.booleans()):
        return before + draw(ODDITY) + after
    lines = "\n".join(draw(st.lists(LINE, max_size=6)))
    place = draw(st.integers(0, len(lines)))
    return lines[:place] + draw(ODDITY) + lines[place:]


def differs(text: str) -> bool:
    """Tell whether libyaml is believed although ruamel.yaml says something else."""
    believed = yamlparse._built_by_libyaml(text, "f.yaml")
    if believed is None:
        return False
    try:
        return everything(believed) != everything(yamlparse._built_by_ruamel(text, "f.yaml"))
    except InputError:
        return True


def everything(built: Builder) -> tuple[str, ...]:
    # As text, since values that are equal may differ in kind: 1, 1.0 and true.
    return repr(built.data), repr(built.lines), repr(built.raw)


@given(texts())
@settings(max_examples=500)
def test_text_that_the_two_parsers_read_differently(text: str) -> None:
    assert not differs(text)


@pytest.mark.proof
@given(texts())
@settings(max_examples=20_000)
def test_rare_text_that_the_two_parsers_read_differently(text: str) -> None:
    assert not differs(text)


@pytest.mark.proof
@pytest.mark.parametrize(("before", "after"), PLACES)
def test_signs_in_a_row_that_the_two_parsers_read_differently(before: str, after: str) -> None:
    rows = ("".join(signs) for length in range(1, 5) for signs in itertools.product(SIGNS, repeat=length))
    assert [text for row in rows if differs(text := f"{before}{row}{after}")] == []


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\u2028b: 2\n",
        "\u2029a: 1\n",
        "\na: 1\n\ufeff",
        "a: 1\n...\n...\n",
        "a: |#\n  b\n",
        "a: |\n \n  b\n",
        "a: |\r \r  b\r",
        "a: ['b':]\n",
    ],
)
def test_difference_that_is_known_is_forgotten(text: str) -> None:
    assert not differs(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_ordinary_file_is_left_to_the_slow_parser(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert yamlparse._built_by_libyaml(text, path.name) is not None
    assert not differs(text)


def test_pyyaml_without_libyaml_stops_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlparse, "_LIBYAML", None)
    assert yamlparse.parse_yaml("a: [1, no]\n", "f.yaml").data == {"a": [1, "no"]}
