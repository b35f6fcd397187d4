"""Build plain data with lines from a YAML parser's events, and tell everything that is not accepted."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from gtmdiag.engagement.validation import YamlPath, place_of
from gtmdiag.errors import InputError, Problem, shorten

MAX_DEPTH = 30
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no text of a file may hold, whether they stand in it or are written as an escape."""

_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+")
_RADIX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(_DATE.pattern + r"[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[-+][0-9]{2}:[0-9]{2})?")
_MAX_DIGITS = 18


@dataclass
class _Open:
    """A mapping or list that has begun and not ended."""

    content: dict[str | int, Any] | list[Any]
    path: YamlPath
    key: str | int | None = None


@dataclass
class Builder:
    """Builds plain data from a parser's events; iterative, so that depth costs no stack."""

    shown_as: str
    data: dict[str | int, Any] = field(default_factory=dict[str | int, Any])
    lines: dict[YamlPath, int] = field(default_factory=lambda: {(): 1})
    raw: dict[YamlPath, str] = field(default_factory=dict[YamlPath, str])
    problems: list[Problem] = field(default_factory=list[Problem])
    stack: list[_Open] = field(default_factory=list[_Open])
    documents: int = 0

    def refuse(self, line: int, found: str, allowed: str, remedy: str, path: YamlPath = ()) -> None:
        """Keep a problem to tell."""
        self.problems.append(Problem(self.shown_as, place_of(line or None, path), found, allowed, remedy))

    def take(self, event: Any) -> None:
        """Take the next event; ruamel.yaml's and PyYAML's have the same names and attributes."""
        kind = type(event).__name__
        line: int = event.start_mark.line + 1
        if kind == "ScalarEvent":
            self._check_node(event, line)
            self._scalar(event, line)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._check_node(event, line)
            self._begin(kind == "MappingStartEvent", line)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self.stack.pop()
        elif kind == "DocumentStartEvent":
            self._begin_document(event, line)
        elif kind == "AliasEvent":
            self._refuse_alias("an alias (*)", line)
            if self._awaits_key():
                raise InputError(self.problems)
            self._place(None, line)

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
        # Elsewhere there are no escapes, and the file itself holds no such character.
        if event.style == '"' and (control := CONTROL.search(text)):
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
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
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
