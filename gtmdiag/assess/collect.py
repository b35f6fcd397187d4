"""Bring answers back: files of the form and exports of survey tools, each whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from gtmdiag.assess.answersfile import intake, read_file
from gtmdiag.assess.answersyaml import time_text
from gtmdiag.assess.invited import invited, invited_waves
from gtmdiag.assess.store import Saved, save
from gtmdiag.assess.surveypeople import Known
from gtmdiag.assess.surveyrules import Accepted, accepted_yaml
from gtmdiag.assess.surveys import Column, Person, Survey, read_survey
from gtmdiag.engagement.folder import WAVE, read_folder
from gtmdiag.engagement.schema import Client
from gtmdiag.errors import InputError, MissingError, Problem, UsageError, did_you_mean, has_error, shorten
from gtmdiag.instruments.load import load_all
from gtmdiag.instruments.schema import Instrument


@dataclass(frozen=True)
class Taken:
    """One respondent's answers that were saved; see `gtmdiag.assess.store.Saved` for the items."""

    respondent: str
    role: str
    wave: str
    added: tuple[str, ...]
    replaced: tuple[str, ...]
    outdated: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Attributes
    ----------
    file
        As it was named.
    kind
        ``"form"`` or ``"survey"``.
    taken
        Whose answers were saved.
    columns, notes
        Of a survey: what each column was taken for, and what is not plain from that.
    problems
        Errors, for which nothing of the file was saved, and warnings.
    proposal
        Of a survey: the draft of a file for ``--accept``.
    """

    file: str
    kind: Literal["form", "survey"]
    taken: tuple[Taken, ...]
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]
    proposal: str = ""

    @property
    def refused(self) -> bool:
        """Whether an error stood against it."""
        return has_error(self.problems)


@dataclass(frozen=True)
class _Target:
    root: Path
    client: Client
    instruments: Mapping[str, Instrument]
    waves: Mapping[str, Mapping[str, str]]
    wave: str
    respondent: str
    role: str
    now: datetime


def collect(
    root: Path,
    files: Sequence[Path],
    *,
    now: datetime,
    wave: str = "",
    respondent: str = "",
    role: str = "",
    accepted: Accepted | None = None,
) -> tuple[Outcome, ...]:
    """Read files, save what fits and tell of each what was done. A file with an error changes nothing.

    Parameters
    ----------
    root
        The client's folder.
    files
        Files of the form (JSON) and exports of survey tools (csv, xlsx).
    now
        The clock.
    wave
        The wave of the answers; it may be new. By default that which a form names, and for surveys the last one in
        which somebody was asked or answered.
    respondent, role
        Whose answers they are; a form that says otherwise is refused. For a survey: of one row.
    accepted
        What was decided about the columns of the surveys.

    Raises
    ------
    InputError
        client.yaml or an instrument cannot be used.
    MissingError
        There is no such engagement, or no such file.
    StorageError
        An answers file cannot be read or written.
    UsageError
        The wave is not of the form of an id.
    """
    target = _target(root, wave, respondent, role, now)
    for path in files:
        if not path.is_file():
            raise MissingError(f"{path} is not a file.")
    return tuple(
        _form(target, path) if path.suffix.lower() == ".json" else _survey(target, path, accepted or Accepted())
        for path in files
    )


def _target(root: Path, wave: str, respondent: str, role: str, now: datetime) -> _Target:
    if wave and not WAVE.fullmatch(wave):
        raise UsageError(f"{shorten(wave)} is no wave: a-z, 0-9 and '-'.")
    folder = read_folder(root)
    instruments, broken = load_all(root)
    if folder.client is None or broken:
        raise InputError([*(one for one in folder.problems if folder.client is None), *broken])
    known: dict[str, dict[str, str]] = {name: {} for name in (*folder.waves, *invited_waves(root))}
    for name, people in known.items():
        people |= {one: asked.role for one, asked in invited(root, name).items()}
        people |= {one.id: one.role for one in folder.waves.get(name, ())}
    return _Target(root, folder.client, instruments, known, wave, respondent, role, now)


def _form(target: _Target, path: Path) -> Outcome:
    shown_as = path.name
    try:
        form = read_file(path, shown_as)
        problems = list(_misdirected(target, shown_as, form.client, form.wave, form.respondent, form.role))
        try:
            taken_in = intake(form, target.instruments, shown_as, now=target.now)
        except InputError as error:
            raise InputError([*problems, *error.problems]) from None
        if problems:
            raise InputError(problems)
        saved = save(target.root, form.wave, form.respondent, taken_in.answers)
    except InputError as error:
        return Outcome(shown_as, "form", (), (), (), error.problems)
    taken = _taken(form.respondent, form.role, form.wave, saved)
    return Outcome(shown_as, "form", (taken,), (), (), taken_in.warnings)


def _misdirected(
    target: _Target, shown_as: str, client: str, wave: str, respondent: str, role: str
) -> Iterator[Problem]:
    """Tell where a form is another client's, another wave's or another person's than was said or is known."""
    if client != target.client.id:
        remedy = "Collect it into the folder of the client that it names."
        yield Problem(shown_as, "client", shorten(client), target.client.id, remedy)
    if target.wave and wave != target.wave:
        yield Problem(shown_as, "wave", shorten(wave), target.wave, "Leave --wave out, or name the form's.")
    elif not target.wave and wave not in target.waves:
        known = ", ".join(target.waves) or "none yet"
        remedy = did_you_mean(wave, target.waves) or f"If it is a new wave, say so with --wave {wave}."
        yield Problem(shown_as, "wave", shorten(wave), f"a known wave ({known})", remedy)
    for what, said, told in (("respondent", target.respondent, respondent), ("role", target.role, role)):
        if said and said != told:
            yield Problem(shown_as, what, shorten(told), said, f"Leave --{what} out, or check whose file it is.")
    expected = target.waves.get(wave, {}).get(respondent)
    if expected is not None and expected != role and not target.role:
        remedy = "Check whose file it is; two people need two ids."
        yield Problem(shown_as, "role", shorten(role), f"{expected}, the role of '{respondent}'", remedy)


def _survey(target: _Target, path: Path, accepted: Accepted) -> Outcome:
    wave = target.wave or max(target.waves, default="")
    if not wave:
        raise UsageError("Name the wave of these answers, for instance --wave 2026-q4; there is none yet.")
    known = Known(target.waves.get(wave, {}), target.respondent, target.role)
    survey = read_survey(path, path.name, target.instruments, accepted, known, now=target.now)
    certainties = {one.header: one.certainty for one in survey.columns if 0 < one.certainty < 1}
    outcome = Outcome(
        path.name,
        "survey",
        (),
        survey.columns,
        survey.notes,
        survey.problems,
        accepted_yaml(survey.proposal, certainties),
    )
    if survey.refused:
        return outcome
    ceos = sorted({one.respondent for one in survey.people if one.role == "ceo"} | known.ceos())
    if len(ceos) > 1:
        remedy = "Give all but one another role: 'gm' for the head of a unit."
        second = Problem(path.name, "", f"several CEOs: {', '.join(ceos)}", "one CEO a wave", remedy)
        return replace(outcome, problems=(second, *survey.problems))
    taken: list[Taken] = []
    problems = list(survey.problems)
    for person in _joined(survey, target.now):
        try:
            saved = save(target.root, wave, person.respondent, person.answers)
        except InputError as error:
            problems += error.problems
            continue
        taken.append(_taken(person.respondent, person.role, wave, saved))
    return replace(outcome, taken=tuple(taken), problems=tuple(problems))


def _joined(survey: Survey, now: datetime) -> Sequence[Person]:
    """Return the people, earliest answers first, so that of two rows of one person the later counts."""
    return sorted(survey.people, key=lambda person: time_text(person.answers.submitted or now))


def _taken(respondent: str, role: str, wave: str, saved: Saved) -> Taken:
    return Taken(respondent, role, wave, saved.added, saved.replaced, saved.outdated)
