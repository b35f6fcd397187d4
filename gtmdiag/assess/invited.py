"""Who was asked in a wave: kept beside the answers, so that status can tell who has not answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gtmdiag.engagement.folder import WAVE, inside
from gtmdiag.engagement.lock import locked
from gtmdiag.engagement.save import write_atomic
from gtmdiag.engagement.yamlfile import load_yaml, validate
from gtmdiag.errors import MissingError

FOLDER = ".invited"
"""Hidden, for a wave that was only announced must not become the one that is reported."""


class Invitation(BaseModel):
    """What one person was asked: role, instruments, and the language of the form."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    role: str
    instruments: list[str]
    language: str = "en"


class _Invited(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    schema_: Literal["gtmdiag.invited/1"] = Field(default="gtmdiag.invited/1", alias="schema")
    people: Annotated[Mapping[str, Invitation], Field(default_factory=dict[str, Invitation])]


def invited(root: Path, wave: str) -> dict[str, Invitation]:
    """Return who was asked in a wave, by respondent id.

    Raises
    ------
    InputError, StorageError
        The list cannot be used or read.
    """
    shown_as = f"answers/{FOLDER}/{wave}.yaml"
    try:
        return dict(validate(_Invited, load_yaml(_file(root, wave), shown_as)).people)
    except MissingError:
        return {}


def invited_waves(root: Path) -> tuple[str, ...]:
    """Return the waves in which somebody was asked, sorted as text."""
    folder = inside(root, "answers", FOLDER)
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.stem for path in folder.glob("*.yaml") if WAVE.fullmatch(path.stem)))


def invite(root: Path, wave: str, respondent: str, invitation: Invitation) -> None:
    """Note that a person is asked; a second invitation replaces the first.

    Raises
    ------
    StorageError
        It cannot be saved.
    """
    path = _file(root, wave)
    with locked(path.parent):
        _write(path, {**invited(root, wave), respondent: invitation})


def forget(root: Path, respondent: str, wave: str = "") -> bool:
    """Forget that a person was asked, in one wave or in all; tell whether there was anything to forget."""
    found = False
    for name in [wave] if wave else invited_waves(root):
        path = _file(root, name)
        if not path.is_file():
            continue
        with locked(path.parent):
            people = invited(root, name)
            if people.pop(respondent, None) is not None:
                found = True
                _write(path, people)
    return found


def _file(root: Path, wave: str) -> Path:
    return inside(root, "answers", FOLDER, f"{wave}.yaml")


def _write(path: Path, people: Mapping[str, Invitation]) -> None:
    lines = ["schema: gtmdiag.invited/1", "people:" if people else "people: {}"]
    for respondent, one in sorted(people.items()):
        asked = json.dumps(one.instruments)
        lines.append(
            f'  "{respondent}": {{role: {one.role}, instruments: {asked}, language: {json.dumps(one.language)}}}'
        )
    write_atomic(path, ("\n".join(lines) + "\n").encode(), keep_previous=False)
