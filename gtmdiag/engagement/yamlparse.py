"""Parse YAML that a stranger may have written into plain data with lines.

Of YAML 1.2 the suite takes mappings, lists and scalars. Scalars follow the core schema (``no``, ``on`` and ``22:30``
are text), with dates and times besides. Everything that is not needed to fill in a form is refused: anchors, aliases,
tags, directives, tabs, several documents.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from gtmdiag.engagement.validation import Located, YamlPath, place_of
from gtmdiag.errors import InputError, Problem, shorten

MAX_DEPTH = 30

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INT = re.compile(r"[-+]?[0-9]+")
_RADIX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(_DATE.pattern + r"[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[-+][0-9]{2}:[0-9]{2})?")
_MAX_DIGITS = 18


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
    reader = _Reader(shown_as)
    try:
        for event in cast("Any", YAML(typ="safe", pure=True)).parse(text):
            reader.take(event)
    except InputError:
        raise
    except MarkedYAMLError as error:
        reader.problems.append(_syntax_problem(error, shown_as))
    except (YAMLError, ValueError, OverflowError) as error:
        reader.refuse(0, shorten(str(error)), "YAML", "Check the file's form.")
    if reader.problems:
        raise InputError(reader.problems)
    return Located(reader.data, shown_as, reader.lines, reader.raw)


def _forbidden_characters(text: str, shown_as: str) -> list[Problem]:
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            remedy = "Replace each tab by spaces; your editor can show them."
            problems.append(Problem(shown_as, f"line {number}", "a tab", "spaces", remedy))
        if control := _CONTROL.search(line):
            found = f"control character U+{ord(control[0]):04X}"
            problems.append(Problem(shown_as, f"line {number}", found, "printable text", "Remove the character."))
    return problems


def _syntax_problem(error: Any, shown_as: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = f"line {mark.line + 1}" if mark is not None else ""
    found = shorten(" ".join(str(part) for part in (error.context, error.problem) if part), 120)
    remedy = "Check the indentation, the space after each colon, and that text with : # [ ] { } \" ' in it is quoted."
    return Problem(shown_as, place, found, "YAML: 'key: value' lines, indented with spaces", remedy)


@dataclass
class _Open:
    """A mapping or list that has begun and not ended."""

    content: dict[str | int, Any] | list[Any]
    path: YamlPath
    key: str | int | None = None


@dataclass
class _Reader:
    """Builds plain data from the parser's events; iterative, so that depth costs no stack."""

    shown_as: str
    data: dict[str | int, Any] = field(default_factory=dict[str | int, Any])
    lines: dict[YamlPath, int] = field(default_factory=lambda: {(): 1})
    raw: dict[YamlPath, str] = field(default_factory=dict[YamlPath, str])
    problems: list[Problem] = field(default_factory=list[Problem])
    stack: list[_Open] = field(default_factory=list[_Open])
    documents: int = 0

    def refuse(self, line: int, found: str, allowed: str, remedy: str, path: YamlPath = ()) -> None:
        self.problems.append(Problem(self.shown_as, place_of(line or None, path), found, allowed, remedy))

    def take(self, event: Any) -> None:
        line: int = event.start_mark.line + 1 if event.start_mark is not None else 0
        if isinstance(event, DocumentStartEvent):
            self._begin_document(event, line)
        elif isinstance(event, AliasEvent):
            self._refuse_alias("an alias (*)", line)
            if self._awaits_key():
                raise InputError(self.problems)
            self._place(None, line)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            self.stack.pop()
        elif isinstance(event, MappingStartEvent | SequenceStartEvent | ScalarEvent):
            self._check_node(event, line)
            if isinstance(event, ScalarEvent):
                self._scalar(event, line)
            else:
                self._begin(isinstance(event, MappingStartEvent), line)

    def _begin_document(self, event: Any, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            self.refuse(line, "a second document ('---')", "one document a file", "Remove the line '---'.")
            raise InputError(self.problems)
        if event.version is not None or event.tags:
            self.refuse(line, "a directive ('%')", "none", "Remove the line that starts with '%'.")

    def _refuse_alias(self, found: str, line: int) -> None:
        self.refuse(line, shorten(found), "no anchors (&) or aliases (*)", "Write the value out, or in quotes.")

    def _check_node(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            self._refuse_alias(f"&{event.anchor}", line)
        # The tag "!" stands for "text" and comes with a bare "!".
        if event.tag is not None:
            self.refuse(line, shorten(str(event.tag)), "no tags (!)", "Remove the tag, or put the text in quotes.")

    def _begin(self, is_mapping: bool, line: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self.refuse(line, f"more than {MAX_DEPTH} levels", f"at most {MAX_DEPTH} levels", "Flatten the file.")
            raise InputError(self.problems)
        if self._awaits_key():
            self.refuse(line, "a list or mapping as a key", "text as a key", "Write a plain word before the colon.")
            raise InputError(self.problems)
        content: dict[str | int, Any] | list[Any] = {} if is_mapping else []
        path = self._place(content, line)
        self.stack.append(_Open(content, path))

    def _awaits_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1].content, dict) and self.stack[-1].key is None

    def _scalar(self, event: Any, line: int) -> None:
        text: str = event.value
        value = _resolved(text) if event.style in (None, "") else text
        if isinstance(value, str) and (control := _CONTROL.search(value.replace("\n", ""))):
            found = f"control character U+{ord(control[0]):04X}"
            self.refuse(line, found, "printable text", "Remove the escape in the quoted text.")
        too_long = isinstance(value, int) and len(text) > _MAX_DIGITS
        if too_long or (isinstance(value, float) and not math.isfinite(value)):
            self.refuse(line, shorten(text), f"numbers of at most {_MAX_DIGITS} digits", "Write a smaller number.")
        if self._awaits_key():
            self._take_key(value, text, line)
        else:
            path = self._place(value, line)
            self.raw[path] = text

    def _take_key(self, value: Any, text: str, line: int) -> None:
        top = self.stack[-1]
        if isinstance(value, bool) or not isinstance(value, str | int):
            found = shorten(text) if text else "an empty key"
            self.refuse(line, found, "text as a key", "Write the key in quotes.", top.path)
            value = text
        path = (*top.path, value)
        if value in top.content:
            first = self.lines[path]
            remedy = f"Keep one of the two; the other is on line {first}."
            self.refuse(line, f"{shorten(text)} a second time", "each key once", remedy, path)
        self.lines.setdefault(path, line)
        top.key = value

    def _place(self, value: Any, line: int) -> YamlPath:
        """Put a value where it belongs and return its path."""
        if not self.stack:
            if isinstance(value, dict):
                self.data = cast("dict[str | int, Any]", value)
            elif value is not None:
                found = "a list" if isinstance(value, list) else shorten(value)
                self.refuse(line, found, "'key: value' lines", "Start with a key, a colon and a space.")
            return ()
        top = self.stack[-1]
        if isinstance(top.content, list):
            path = (*top.path, len(top.content))
            self.lines[path] = line
            top.content.append(value)
            return path
        assert top.key is not None
        path = (*top.path, top.key)
        top.content[top.key] = value
        top.key = None
        return path


def _resolved(text: str) -> str | int | float | bool | date | None:
    """Return what an unquoted scalar stands for: YAML 1.2 core schema, dates and times besides.

    Not a number and infinity stay text, as do dates that no calendar has.
    """
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text[0] in "tT"
    if _INT.fullmatch(text):
        return int(text) if len(text) <= _MAX_DIGITS else int(text[:_MAX_DIGITS])
    if _RADIX.fullmatch(text):
        return int(text[:_MAX_DIGITS], 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _TIME.fullmatch(text):
            return datetime.fromisoformat(text.upper())
    except ValueError:
        return text
    return text
