"""Parse YAML that a stranger may have written into plain data with lines.

Of YAML 1.2 the suite takes mappings, lists and scalars. Scalars follow the core schema (``no``, ``on`` and ``22:30``
are text), with dates and times besides. Everything that is not needed to fill in a form is refused: anchors, aliases,
tags, directives, tabs, several documents.

What is accepted, and every word about what is not, is ruamel.yaml's. Its parser takes 25 times as long as libyaml,
which PyYAML brings and which speaks YAML 1.1. So libyaml is asked first, and its answer taken where there is nothing to
tell and nothing in the text that the two are known to read differently.
"""

from __future__ import annotations

import re
from typing import Any, cast

import yaml

from gtmdiag.engagement.validation import Located
from gtmdiag.engagement.yamlbuild import CONTROL, Builder
from gtmdiag.errors import InputError, Problem, shorten

# None where PyYAML was built without libyaml.
_LIBYAML: Any = getattr(yaml, "CBaseLoader", None)
# What libyaml and ruamel.yaml read differently, and a little more; the tests look for what is missing here.
_DISPUTED = re.compile(
    r"[\u2028\u2029\ufeff]|\r(?!\n)"  # ends of lines, marks of byte order
    r"|\n(?:---|\.\.\.|%)"  # beginnings and ends of documents, directives
    r"|\n +\r?(?:\n|$)"  # a line of spaces, which may be the first of a block of text
    r"|[|>][-+0-9]*#"  # a comment that touches the head of such a block
    r"|:(?![ \r\n])(?<!\w:)"  # a colon after a quote or bracket that touches what follows
)


def parse_yaml(text: str, shown_as: str) -> Located:
    """Read YAML whose top level is a mapping.

    Raises
    ------
    InputError
        The text is not acceptable; every problem that can be told at once, with its line.
    """
    problems = _forbidden_characters(text, shown_as)
    if problems:
        raise InputError(problems)
    built = _built_by_libyaml(text, shown_as) or _built_by_ruamel(text, shown_as)
    return Located(built.data, shown_as, built.lines, built.raw)


def _built_by_libyaml(text: str, shown_as: str) -> Builder | None:
    """Return what libyaml reads, where ruamel.yaml is sure to read the same."""
    if _LIBYAML is None or _DISPUTED.search(f"\n{text}"):
        return None
    builder = Builder(shown_as)
    try:
        for event in cast("Any", yaml).parse(text, Loader=_LIBYAML):
            builder.take(event)
    except (InputError, yaml.YAMLError):
        return None
    return None if builder.problems else builder


def _built_by_ruamel(text: str, shown_as: str) -> Builder:
    # Most processes never need it.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    builder = Builder(shown_as)
    try:
        for event in cast("Any", YAML(typ="safe", pure=True)).parse(text):
            builder.take(event)
    except InputError:
        raise
    except MarkedYAMLError as error:
        builder.problems.append(_syntax_problem(error, shown_as))
    except (YAMLError, ValueError, OverflowError) as error:
        builder.refuse(0, shorten(str(error)), "YAML", "Check the file's form.")
    if builder.problems:
        raise InputError(builder.problems)
    return builder


def _forbidden_characters(text: str, shown_as: str) -> list[Problem]:
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            remedy = "Replace each tab by spaces; your editor can show them."
            problems.append(Problem(shown_as, f"line {number}", "a tab", "spaces", remedy))
        if control := CONTROL.search(line):
            found = f"control character U+{ord(control[0]):04X}"
            problems.append(Problem(shown_as, f"line {number}", found, "printable text", "Remove the character."))
    return problems


def _syntax_problem(error: Any, shown_as: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}" if mark is not None else ""
    found = shorten(" ".join(str(part) for part in (error.context, error.problem) if part), 120)
    remedy = "Check the indentation, the space after each colon, and that text with : # [ ] { } \" ' in it is quoted."
    return Problem(shown_as, place, found, "YAML: 'key: value' lines, indented with spaces", remedy)
