"""Parse YAML that a stranger may have written into plain data with lines.

Of YAML 1.2 the suite takes mappings, lists and scalars. Scalars follow the core schema (``no``, ``on`` and ``22:30``
are text), with dates and times besides. Everything that is not needed to fill in a form is refused: anchors, aliases,
tags, directives, tabs, several documents.
"""

from __future__ import annotations

from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from gtmdiag.engagement.validation import Located
from gtmdiag.engagement.yamlbuild import CONTROL, Builder
from gtmdiag.errors import InputError, Problem, shorten


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
    return Located(builder.data, shown_as, builder.lines, builder.raw)


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
