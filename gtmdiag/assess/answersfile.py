"""Read what a form gives back: one person's answers as JSON, held against engagement and instruments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from gtmdiag.assess.answersyaml import time_text
from gtmdiag.assess.merge import Cell, cells, part_of, utc
from gtmdiag.engagement.folder import RESPONDENT_ID, WAVE
from gtmdiag.engagement.schema import COMMENT_LIMIT, Answers, InstrumentAnswers, Moment, Prediction
from gtmdiag.engagement.validation import Located, validate
from gtmdiag.errors import InputError, Problem, StorageError, did_you_mean, has_error, shorten
from gtmdiag.instruments.answers import DONT_KNOW, is_allowed
from gtmdiag.instruments.schema import Instrument, Value
from gtmdiag.report.text import clean

SCHEMA = "gtmdiag.answers/1"
MAX_BYTES = 20_000_000
"""A form's file is some kB; a comment in it may be long, and is then cut."""
_AHEAD = timedelta(days=1)


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Given(_Record):
    """One answer as a form gives it; ``value`` None is "cleared or skipped"."""

    value: int | str | None = None
    comment: str = ""
    at: Moment | None = None


class Version(_Record):
    """The version of an instrument that a form asked."""

    version: str
    hash: str


class FormAnswers(_Record):
    """What a form gives back. ``answers`` are by item id; ``submitted`` speaks of ``saved_at``."""

    schema_: Literal["gtmdiag.answers/1"] = Field(alias="schema")
    respondent: Annotated[str, Field(pattern=f"^{RESPONDENT_ID.pattern}$", max_length=64)]
    role: str
    wave: Annotated[str, Field(pattern=f"^{WAVE.pattern}$", max_length=64)]
    client: str
    instruments: Mapping[str, Version] = {}
    answers: Mapping[str, Given] = {}
    prediction: Prediction | None = None
    saved_at: Moment | None = None
    submitted: bool = False


@dataclass(frozen=True)
class Intake:
    """Answers ready to be merged, and what was changed or noticed on the way."""

    answers: Answers
    warnings: tuple[Problem, ...]


def read_file(path: Path, shown_as: str) -> FormAnswers:
    """Read a form's file.

    Raises
    ------
    InputError
        It is none, with every problem of its form.
    StorageError
        It cannot be read.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise StorageError(f"{shown_as} cannot be read: {error.strerror}.") from error
    found = "more than 20 MB"
    if size <= MAX_BYTES:
        try:
            return parse(json.loads(content), shown_as)
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
            found = f"no JSON ({shorten(str(error))})"
    remedy = "Ask for the file that the form wrote; a mail program may have cut it."
    raise InputError([Problem(shown_as, "", found, "a form's answers", remedy)])


def parse(data: object, shown_as: str) -> FormAnswers:
    """Return plain data as a form's answers.

    Raises
    ------
    InputError
        With every problem of its form.
    """
    if not isinstance(data, dict) or cast("dict[str, object]", data).get("schema") != SCHEMA:
        remedy = "Send the file that the form wrote."
        raise InputError([Problem(shown_as, "schema", "something else", SCHEMA, remedy)])
    known = cast("dict[str | int, Any]", data)
    return validate(FormAnswers, Located(known, shown_as, _places(known), {}))


def intake(form: FormAnswers, instruments: Mapping[str, Instrument], shown_as: str, *, now: datetime) -> Intake:
    """Hold a form's answers against the instruments and return them as a record of the engagement.

    Parameters
    ----------
    form
        The answers.
    instruments
        Those of the engagement.
    shown_as
        Name of the file for messages.
    now
        The clock: the time of an answer that has none, and the latest that is believed.

    Raises
    ------
    InputError
        With every answer that does not fit.
    """
    problems: list[Problem] = []
    found: dict[str, dict[str, Cell]] = {name: {} for name in form.instruments}
    for item_id, given in form.answers.items():
        name = item_id.partition(".")[0]
        problems += refusals(instruments, item_id, given.value, shown_as, f"answers.{item_id}")
        comment, cut = kept_comment(given.comment)
        if cut:
            problems.append(_long(shown_as, f"answers.{item_id}"))
        found.setdefault(name, {})[item_id] = Cell(given.value, comment, believed(given.at or form.saved_at, now))
    for name, version in form.instruments.items():
        instrument = instruments.get(name)
        if instrument is not None and version.hash != instrument.hash:
            problems.append(_other_version(shown_as, name, version, instrument))
    if has_error(problems):
        raise InputError(problems)
    answers = Answers(
        role=form.role,
        saved_at=now,
        submitted=believed(form.saved_at, now) if form.submitted else None,
        prediction=_timed(form, now),
        answers={name: _part(form.instruments.get(name), instruments.get(name), one) for name, one in found.items()},
    )
    return Intake(answers, tuple(problems))


def form_data(answers: Answers, *, respondent: str, wave: str, client: str) -> dict[str, object]:
    """Return stored answers as a form takes them up again; see `FormAnswers` for the keys."""
    given: dict[str, object] = {}
    for part in answers.answers.values():
        for item, cell in cells(part).items():
            at = None if cell.at is None else time_text(cell.at)
            given[item] = {"value": cell.value, "comment": cell.comment, "at": at}
    prediction = answers.prediction
    return {
        "schema": SCHEMA,
        "respondent": respondent,
        "role": answers.role,
        "wave": wave,
        "client": client,
        "instruments": {
            name: {"version": part.version, "hash": part.hash}
            for name, part in answers.answers.items()
            if part.version is not None and part.hash is not None
        },
        "answers": given,
        "prediction": None
        if prediction is None
        else {
            "stage": prediction.stage,
            "rate": prediction.rate,
            "at": None if prediction.at is None else time_text(prediction.at),
        },
        "saved_at": None if answers.saved_at is None else time_text(answers.saved_at),
        "submitted": answers.submitted is not None,
    }


def refusals(
    instruments: Mapping[str, Instrument], item_id: str, value: Value | None, shown_as: str, place: str
) -> list[Problem]:
    """Tell why an answer fits no item; empty where it does."""
    name = item_id.partition(".")[0]
    instrument = instruments.get(name)
    if instrument is None:
        remedy = did_you_mean(name, instruments) or "Put the instrument into instruments/."
        return [Problem(shown_as, place, shorten(name), f"an instrument: {', '.join(instruments)}", remedy)]
    item = instrument.item(item_id)
    if item is None:
        known = [one.id for one in instrument.items]
        remedy = did_you_mean(item_id, known) or "Write the item into the instrument again, or remove the answer."
        return [Problem(shown_as, place, shorten(item_id), f"an item of {name} {instrument.version}", remedy)]
    scale = instrument.scale_of(item)
    if value is None or value == DONT_KNOW or is_allowed(scale, value):
        return []
    options = ", ".join(str(option.value) for option in scale.options)
    return [Problem(shown_as, place, shorten(value), f"{options} or {DONT_KNOW}", "Ask the person again.")]


def kept_comment(text: str) -> tuple[str, bool]:
    """Return a comment as it is kept, and whether it was cut: what can be shown, at most 2,000 characters."""
    # What cannot be shown needs no second look where the text is a megabyte of it.
    shown = "".join(clean(text[: 4 * COMMENT_LIMIT]).replace("\r\n", "\n").replace("\r", "\n")).strip()
    return shown[:COMMENT_LIMIT].rstrip(), len(shown) > COMMENT_LIMIT or len(text) > 4 * COMMENT_LIMIT


def believed(moment: datetime | None, now: datetime) -> datetime:
    """Return the time of an answer; a clock that runs ahead by more than a day, or none, gives ``now``."""
    return now if moment is None or utc(moment) > utc(now) + _AHEAD else utc(moment)


def _timed(form: FormAnswers, now: datetime) -> Prediction | None:
    if form.prediction is None:
        return None
    at = believed(form.prediction.at or form.saved_at, now)
    return form.prediction.model_copy(update={"at": at})


def _part(version: Version | None, instrument: Instrument | None, found: Mapping[str, Cell]) -> InstrumentAnswers:
    known = version or instrument
    return part_of(known.version if known else None, known.hash if known else None, found)


def _other_version(shown_as: str, name: str, version: Version, instrument: Instrument) -> Problem:
    found = f"answers to another version (version {shorten(version.version, 20)}, hash {shorten(version.hash, 14)})"
    wanted = f"version {instrument.version} (hash {instrument.hash[:12]})"
    remedy = "Items with the same id are kept; compare the two versions before you compare results."
    return Problem(shown_as, f"instruments.{name}", found, wanted, remedy, "warning")


def _long(shown_as: str, place: str) -> Problem:
    remedy = "The rest was left out; it stays in the file that was sent."
    return Problem(shown_as, place, "a longer comment", f"{COMMENT_LIMIT:,} characters", remedy, "warning")


def _places(data: Any, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], int]:
    """Return that everything is on line 0: the form's file has no lines worth naming, only places."""
    found: dict[tuple[str | int, ...], int] = {path: 0}
    if len(path) < 4 and isinstance(data, dict):
        for key, value in cast("dict[str, object]", data).items():
            found |= _places(value, (*path, key))
    return found
