"""Hold plain data against a typed model and tell every misfit in words, with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from gtmdiag.errors import InputError, Problem, did_you_mean, shorten

YamlPath = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Located:
    """Plain data of one file with the place of every value.

    Attributes
    ----------
    data
        Dicts, lists, text, numbers, true/false, None and dates.
    shown_as
        Name of the file as the user knows it.
    """

    data: dict[str | int, Any]
    shown_as: str
    _lines: Mapping[YamlPath, int] = field(repr=False)
    _raw: Mapping[YamlPath, str] = field(repr=False)

    def line(self, path: YamlPath) -> int | None:
        """Return the line (from 1) of the value at ``path``, or of its nearest parent that is there."""
        for length in range(len(path), -1, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return None

    def place(self, path: YamlPath) -> str:
        """Return ``"line 4, company.headcount"`` for use in a `Problem`."""
        return place_of(self.line(path), path)

    def raw(self, path: YamlPath) -> str | None:
        """Return a scalar as it stands in the file (``"012"``), or None where there is none."""
        return self._raw.get(path)

    def has(self, path: YamlPath) -> bool:
        """Tell whether something stands at ``path``."""
        return path in self._lines


def place_of(line: int | None, path: YamlPath) -> str:
    """Return ``"line 4, company.headcount"``; either part may be absent."""
    # A key may be a page long.
    dotted = ".".join(str(part) for part in path)
    dotted = dotted if len(dotted) <= 120 else dotted[:119] + "…"
    return ", ".join(part for part in (f"line {line}" if line else "", dotted) if part)


def refusal(allowed: str, remedy: str) -> PydanticCustomError:
    """Return the error that a validator of a model raises to word its own ``allowed`` and ``remedy``."""
    return PydanticCustomError("refused", "{allowed}", {"allowed": allowed, "remedy": remedy})


def validate(model: type[M], located: Located) -> M:
    """Return ``located.data`` as a model.

    Raises
    ------
    InputError
        Every misfit at once, in the order of the file.
    """
    try:
        return model.model_validate(located.data)
    except ValidationError as error:
        problems = [_problem(detail, model, located) for detail in error.errors(include_url=False)]
    raise InputError(_merged(problems))


def _merged(problems: list[tuple[int, Problem]]) -> list[Problem]:
    """Make one problem of those that stand at one place, as the members of a union do."""
    by_place: dict[tuple[str, str], Problem] = {}
    for _, problem in sorted(problems, key=lambda item: item[0]):
        key = (problem.place, problem.found)
        known = by_place.get(key)
        if known is None:
            by_place[key] = problem
        elif problem.allowed not in known.allowed:
            allowed = f"{known.allowed}, or {problem.allowed}"
            by_place[key] = Problem(known.file, known.place, known.found, allowed, known.remedy or problem.remedy)
    return list(by_place.values())


def _problem(detail: ErrorDetails, model: type[BaseModel], located: Located) -> tuple[int, Problem]:
    location: YamlPath = detail["loc"]
    path: YamlPath = ()
    for part in location:
        # pydantic puts names of union members and "[key]" into the path; they are not in the file.
        if located.has((*path, part)):
            path = (*path, part)
    if detail["type"] == "missing":
        path = (*path, *location[-1:])
    raw = located.raw(path)
    if detail["type"] == "missing":
        found = "nothing"
    elif detail["type"] == "extra_forbidden":
        found = f"the key {shorten(str(location[-1]))}"
    elif location[-1:] == ("[key]",):
        raw = str(detail["input"])
        found = f"the key {shorten(raw)}"
    else:
        found = _shown(detail["input"], raw)
    allowed, remedy = _words(detail, model, raw)
    return located.line(path) or 0, Problem(located.shown_as, located.place(path), found, allowed, remedy)


def _shown(value: object, raw: str | None) -> str:
    if isinstance(value, dict | list | tuple):
        return "a list" if not isinstance(value, dict) else "keys and values"
    if value is None:
        return "nothing"
    return shorten(value) if isinstance(value, str) or raw is None else " ".join(raw.split())[:60]


def _words(detail: ErrorDetails, model: type[BaseModel], raw: str | None) -> tuple[str, str]:
    """Return what is allowed and what to do."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "missing":
        return "a value; this key is required", f"Add a line '{name}: …'."
    if kind == "extra_forbidden":
        known = _known_keys(model, detail["loc"][:-1])
        return ", ".join(known), did_you_mean(name, known) or "Remove it, or use one of these keys."
    if kind in ("literal_error", "enum"):
        allowed = str(context["expected"])
        choices = allowed.replace("'", "").replace(" or ", ", ").split(", ")
        return allowed, did_you_mean(str(value), choices) or "Write one of these."
    if kind == "refused":
        return str(context["allowed"]), str(context["remedy"])
    if kind == "value_error":
        return str(context["error"]), "Change it."
    return _allowed(kind, context) or shorten(detail["msg"], 120), _remedy(kind, value, raw)


def _allowed(kind: str, context: Mapping[str, Any]) -> str:
    """Return the words for a kind of misfit, or an empty string where pydantic's own have to do."""
    by_type = {
        "string": "text",
        "int": "a whole number",
        "float": "a number",
        "bool": "true or false",
        "date": "a date such as 2026-10-31",
        "datetime": "a date and time such as 2026-10-31T09:30:00Z",
        "dict": "keys and values, each 'key: value' on a line of its own",
        "mapping": "keys and values, each 'key: value' on a line of its own",
        "model": "keys and values, each 'key: value' on a line of its own",
        "list": "a list, each entry on a line that starts with '- '",
        "tuple": "a list, each entry on a line that starts with '- '",
        "none": "nothing",
    }
    by_kind = {
        "greater_than_equal": "a number of at least {ge}",
        "greater_than": "a number above {gt}",
        "less_than_equal": "a number of at most {le}",
        "less_than": "a number below {lt}",
        "string_too_short": "text of at least {min_length} characters",
        "string_too_long": "text of at most {max_length} characters",
        "string_pattern_mismatch": "text of the form {pattern}",
        "too_short": "at least {min_length} entries",
        "too_long": "at most {max_length} entries",
    }
    if kind in by_kind:
        return by_kind[kind].format(**context)
    return by_type.get(kind.split("_")[0], "")


def _remedy(kind: str, value: object, raw: str | None) -> str:
    if value is None:
        return "Fill it in, or remove the line."
    if kind == "string_type" and isinstance(value, bool | int | float | date):
        return f'Write it in quotes: "{raw or value}".'
    if kind in ("int_type", "float_type") and isinstance(value, str) and value.strip().lstrip("-").isdigit():
        return "Write it without quotes."
    return "Change it."


def _known_keys(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the model allows at ``path``."""
    candidates = [model]
    for part in path:
        inner = [
            found
            for candidate in candidates
            for key, info in candidate.model_fields.items()
            if part == (info.alias or key)
            for found in _models_in(info.annotation)
        ]
        # A list index or a free key leads to no field; the candidates stay.
        candidates = inner or candidates
    return [info.alias or key for candidate in candidates for key, info in candidate.model_fields.items()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_in(part)]
