"""Who has answered what in a wave, what is missing, and the words to remind people with. Never an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from gtmdiag.assess.form import Respondent as Asked
from gtmdiag.assess.form import form_spec
from gtmdiag.assess.invited import Invitation, invited, invited_waves
from gtmdiag.assess.words import words_for
from gtmdiag.engagement.folder import chosen_wave, read_folder
from gtmdiag.engagement.schema import Answers, Client
from gtmdiag.engagement.stale import is_stale
from gtmdiag.engagement.validation import validate
from gtmdiag.errors import InputError
from gtmdiag.instruments.load import load_all
from gtmdiag.instruments.schema import Instrument

State = Literal["not begun", "begun", "complete", "submitted"]


@dataclass(frozen=True)
class Progress:
    """How much of one instrument a person has answered; "don't know" is an answer here."""

    instrument: str
    title: str
    answered: int
    asked: int


@dataclass(frozen=True)
class PersonStatus:
    """One person of a wave.

    Attributes
    ----------
    respondent, role
        Who.
    state
        ``complete`` is every question answered, ``submitted`` what the person said to be.
    progress
        By instrument that the person was asked.
    saved_at
        When the answers were last saved, where known.
    reminder
        The text to send; empty where nothing is missing.
    """

    respondent: str
    role: str
    state: State
    progress: tuple[Progress, ...]
    saved_at: datetime | None
    reminder: str


@dataclass(frozen=True)
class GroupStatus:
    """One instrument: how many leaders (everyone but the CEO) have begun it, and how many a group's score needs."""

    instrument: str
    title: str
    ceo: bool
    leaders: int
    needed: int


@dataclass(frozen=True)
class Status:
    """One wave.

    ``stale`` tells that its reports rest on answers that were withdrawn.
    """

    wave: str
    waves: tuple[str, ...]
    people: tuple[PersonStatus, ...]
    groups: tuple[GroupStatus, ...]
    stale: bool


def status(root: Path, wave: str = "") -> Status:
    """Return how far a wave is.

    Parameters
    ----------
    root
        The client's folder.
    wave
        By default the last one in which somebody was asked or answered.

    Raises
    ------
    InputError
        client.yaml, an instrument or an answers file cannot be used.
    MissingError
        There is no such engagement.
    UsageError
        There is no such wave.
    """
    folder = read_folder(root)
    instruments, broken = load_all(root)
    errors = [*(one for one in folder.problems if one.severity == "error"), *broken]
    client = folder.client
    if client is None or errors:
        raise InputError(errors)
    waves = tuple(sorted({*folder.waves, *invited_waves(root)}))
    chosen = chosen_wave(waves, wave)
    asked = invited(root, chosen) if chosen else {}
    given = {one.id: validate(Answers, one.located) for one in folder.waves.get(chosen, ())}
    people = tuple(
        _person(client, chosen, respondent, asked.get(respondent), given.get(respondent), instruments)
        for respondent in sorted({*asked, *given})
    )
    stale = bool(chosen) and is_stale(root, chosen)
    return Status(chosen, waves, people, _groups(client, people, instruments), stale)


def _person(
    client: Client,
    wave: str,
    respondent: str,
    invitation: Invitation | None,
    given: Answers | None,
    instruments: Mapping[str, Instrument],
) -> PersonStatus:
    role = given.role if given is not None else invitation.role if invitation is not None else "other"
    names = invitation.instruments if invitation is not None else list(given.answers if given is not None else ())
    progress = _progress(
        client, wave, respondent, role, [instruments[name] for name in names if name in instruments], given
    )
    language = invitation.language if invitation is not None else client.language
    answered, total = sum(one.answered for one in progress), sum(one.asked for one in progress)
    state: State = "begun" if answered else "not begun"
    if given is not None and given.submitted is not None:
        state = "submitted"
    elif total and answered == total:
        state = "complete"
    reminder = "" if state in ("submitted", "complete") else _reminder(client, respondent, language, progress, answered)
    return PersonStatus(respondent, role, state, progress, given.saved_at if given is not None else None, reminder)


def _progress(
    client: Client,
    wave: str,
    respondent: str,
    role: str,
    instruments: Sequence[Instrument],
    given: Answers | None,
) -> tuple[Progress, ...]:
    if not instruments:
        return ()
    rule = client.anonymity.rule
    spec = form_spec(instruments, Asked(client.id, client.name, wave, respondent, role), rule)
    items = {name: part.items for name, part in given.answers.items()} if given is not None else {}
    return tuple(
        Progress(
            part.id,
            part.title,
            sum(items.get(part.id, {}).get(item.id) is not None for item in part.items),
            len(part.items),
        )
        for part in spec.parts
    )


def _groups(
    client: Client, people: Sequence[PersonStatus], instruments: Mapping[str, Instrument]
) -> tuple[GroupStatus, ...]:
    begun = {
        name: [one.role for one in people if any(part.instrument == name and part.answered for part in one.progress)]
        for name in instruments
    }
    wanted = {part.instrument for one in people for part in one.progress}
    return tuple(
        GroupStatus(
            name,
            instrument.title,
            "ceo" in begun[name],
            sum(role != "ceo" for role in begun[name]),
            client.anonymity.group_minimum,
        )
        for name, instrument in instruments.items()
        if name in wanted
    )


def _reminder(client: Client, respondent: str, language: str, progress: Sequence[Progress], answered: int) -> str:
    words = words_for(language)
    left = [
        words.write("part", {"title": one.title, "n": one.asked - one.answered})
        for one in progress
        if one.answered < one.asked
    ]
    *others, last = left or [words.write("the_form")]
    parts = f"{', '.join(others)}{words.write('and')}{last}" if others else last
    opening = words.write("begun" if answered else "not_begun", {"client": client.name})
    told = (opening, words.write("open", {"parts": parts}), words.write("how"), words.write("closing"))
    return f"{words.write('greeting', {'respondent': respondent})}\n\n{told[0]}\n{told[1]}\n{told[2]}\n{told[3]}\n"
