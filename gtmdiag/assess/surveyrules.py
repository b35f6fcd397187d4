"""What is known of survey tools, and what a consultant decided about one export."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gtmdiag.assess.matching import key_of
from gtmdiag.engagement.yamlfile import load_yaml, validate

MEANINGS = ("respondent", "email", "name", "role", "time", "ignore")
"""What a column may be beside a question."""
COMMENT_ON = "comment on "
"""What stands before an item's id where a column holds comments on it."""
_MARKS = (" - ", " [", " (", ": ", " | ")


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tools(_Record):
    """What is known of survey tools, all in the form of `key_of`.

    ``columns`` are names by what they hold, ``unless`` such names with the one beside which they mean nothing,
    ``holders`` and ``comment`` what a column is called that holds an answer or a comment, ``dont_know`` ways to say so.
    """

    columns: Mapping[str, tuple[str, ...]]
    unless: Mapping[str, str]
    holders: tuple[str, ...]
    comment: tuple[str, ...]
    dont_know: tuple[str, ...]

    def meaning(self, header: str, beside: Collection[str]) -> str | None:
        """Return what a column of this name holds, among all the columns ``beside``; None where it is not known."""
        key = key_of(header)
        if key in self.unless and self.unless[key] in map(key_of, beside):
            return "ignore"
        return next((name for name, known in self.columns.items() if key in known), None)

    def is_holder(self, text: str) -> bool:
        """Tell whether a text only says that its column holds the answer."""
        return key_of(text) in self.holders

    def commented(self, header: str) -> str:
        """Return the question on which a column of this name holds comments, or nothing."""
        for mark in _MARKS:
            before, found, after = header.rstrip(" ])").rpartition(mark)
            if found and key_of(after) in self.comment:
                return self.commented(before) or before.strip()
        return ""

    def is_dont_know(self, text: str) -> bool:
        """Tell whether a cell says "don't know"."""
        return key_of(text) in map(key_of, self.dont_know)


class Accepted(_Record):
    """The file of ``--accept``: what each column, answer, person and role of an export stands for.

    ``columns`` maps a header to an item id, to `COMMENT_ON` with one, or to one of `MEANINGS`; ``values`` an item id to
    texts and what they stand for; ``respondents`` what the export calls a person to the respondent id; ``roles`` a job
    title to a role.
    """

    schema_: Annotated[Literal["gtmdiag.survey/1"], Field(alias="schema")] = "gtmdiag.survey/1"
    columns: Mapping[str, str] = {}
    values: Mapping[str, Mapping[str, int | str]] = {}
    respondents: Mapping[str, str] = {}
    roles: Mapping[str, str] = {}


@cache
def tools() -> Tools:
    """Return what is known of survey tools."""
    return validate(Tools, load_yaml(Path(__file__).with_name("surveys.yaml"), "surveys.yaml"))


def read_accepted(path: Path) -> Accepted:
    """Return what was accepted.

    Raises
    ------
    InputError, MissingError, StorageError
        The file cannot be used, is not there or cannot be read.
    """
    return validate(Accepted, load_yaml(path, path.name))


def accepted_yaml(accepted: Accepted, certainties: Mapping[str, float]) -> str:
    """Return the file's content, with the certainty of each column that is only likely.

    Parameters
    ----------
    accepted
        Everything that is matched or proposed.
    certainties
        From 0 to 1, by header, of what is proposed.
    """
    return "\n".join(_lines(accepted, certainties)) + "\n"


def _lines(accepted: Accepted, certainties: Mapping[str, float]) -> Iterator[str]:
    yield "# What each column of the export stands for. Correct it, then: gtmdiag collect DIR FILE --accept THIS_FILE"
    yield f"# A column is an item id, '{COMMENT_ON}' with one, or one of: {', '.join(MEANINGS)}."
    yield "schema: gtmdiag.survey/1"
    yield "columns:" if accepted.columns else "columns: {}"
    for header, target in accepted.columns.items():
        likely = f"  # a guess, {certainties[header]:.0%} alike: check it" if header in certainties else ""
        yield f"  {_text(header)}: {_text(target)}{likely}"
    yield "# What the people of the export are called here (a-z, 0-9 and '-'), and what their job titles stand for."
    for name, pairs in (("respondents", accepted.respondents), ("roles", accepted.roles)):
        yield f"{name}:" if pairs else f"{name}: {{}}"
        yield from (f"  {_text(key)}: {_text(value)}" for key, value in pairs.items())
    yield "# What an answer stands for where its words are not those of the question's scale."
    yield "values:" if accepted.values else "values: {}"
    for item, texts in accepted.values.items():
        yield f"  {item}:"
        yield from (f"    {_text(text)}: {json.dumps(value)}" for text, value in texts.items())


def _text(text: str) -> str:
    return json.dumps(text)
