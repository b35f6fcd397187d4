"""One person's assessment in one host: what is asked, what is there already, and where each change goes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from gtmdiag.assess.form import FormSpec, Named, form_spec
from gtmdiag.assess.form import Respondent as Asked
from gtmdiag.assess.invited import Invitation, invite, invited, invited_waves
from gtmdiag.assess.store import load, load_form, save_form
from gtmdiag.engagement.folder import chosen_wave, inside, read_folder
from gtmdiag.engagement.schema import Client
from gtmdiag.errors import GtmdiagError, InputError, Problem, UsageError, did_you_mean, shorten
from gtmdiag.funnel.config import read_config
from gtmdiag.instruments.load import load_all
from gtmdiag.instruments.schema import Instrument

if TYPE_CHECKING:
    from gtmdiag.assess.live import Live
    from gtmdiag.assess.widget import AssessmentForm

ENGAGEMENT, WAVE = "GTMDIAG_ENGAGEMENT", "GTMDIAG_WAVE"
RESPONDENT, ROLE = "GTMDIAG_RESPONDENT", "GTMDIAG_ROLE"
INSTRUMENTS, LANGUAGE = "GTMDIAG_INSTRUMENTS", "GTMDIAG_LANGUAGE"


@dataclass(frozen=True)
class Session:
    """One person in one wave of one client.

    Attributes
    ----------
    root
        The client's folder.
    client
        client.yaml.
    wave, respondent, role
        Which round of answers, and whose.
    spec
        What the form asks.
    instruments
        All of the engagement, against which answers are held.
    """

    root: Path
    client: Client
    wave: str
    respondent: str
    role: str
    spec: FormSpec
    instruments: Mapping[str, Instrument]

    def answers(self) -> Mapping[str, object]:
        """Return what is answered already, as the form takes it up; empty for nothing."""
        return load_form(self.root, self.wave, self.respondent, self.client.id) or {}

    def save(self, data: Mapping[str, object]) -> Mapping[str, object] | None:
        """Save what the form holds; return it joined with what another session has answered meanwhile, if any.

        Raises
        ------
        InputError, StorageError
            It was not saved; in words for the person.
        """
        save_form(self.root, data, self.instruments, now=datetime.now(tz=UTC))
        kept = self.answers()
        return None if _same(kept, data) else {**data, **{name: kept[name] for name in ("answers", "prediction")}}


def open_session(
    root: Path,
    respondent: str,
    role: str,
    *,
    wave: str = "",
    instruments: Sequence[str] = (),
    language: str = "",
) -> Session:
    """Return the session of one person.

    Parameters
    ----------
    root
        The client's folder.
    respondent, role
        Who is asked.
    wave
        May be new. By default the last one in which somebody was asked or answered.
    instruments
        Ids of those that are asked; by default all.
    language
        Language tag of the form; by default that of client.yaml.

    Raises
    ------
    InputError
        client.yaml, an instrument or the person's answers cannot be used, or the answers are those of another role.
    MissingError
        There is no such engagement.
    UsageError
        No such instrument or role, an id of another form, or no wave.
    """
    folder = read_folder(root, answers=False)
    every, broken = load_all(root)
    if folder.client is None or broken:
        raise InputError([*(one for one in folder.problems if folder.client is None), *broken])
    client = folder.client
    wave = wave or chosen_wave(sorted({*folder.waves, *invited_waves(root)}))
    if not wave:
        raise UsageError("Name the wave of the answers, for instance --wave 2026-q4; there is none yet.")
    for name in instruments:
        if name not in every:
            known = f"The instruments are: {', '.join(every)}."
            raise UsageError(f"No instrument {shorten(name)}. {known} {did_you_mean(name, every)}".strip())
    stored = load(root, wave, respondent)
    if stored is not None and stored.role != role:
        remedy = "Use that role, or another id for this person."
        shown_as = f"answers/{wave}/{respondent}.yaml"
        raise InputError([Problem(shown_as, "role", f"the role {stored.role}", f"the role asked for: {role}", remedy)])
    spec = form_spec(
        [every[name] for name in instruments or every],
        Asked(client.id, client.name, wave, respondent, role, language or client.language),
        client.anonymity.rule,
        funnel_stages(root),
    )
    return Session(root, client, wave, respondent, role, spec, every)


def invite_session(session: Session) -> None:
    """Note that the person of a session is asked, so that status knows.

    Raises
    ------
    StorageError
        It cannot be saved.
    """
    asked = [part.id for part in session.spec.parts]
    invitation = Invitation(role=session.role, instruments=asked, language=session.spec.respondent.language)
    if invited(session.root, session.wave).get(session.respondent) != invitation:
        invite(session.root, session.wave, session.respondent, invitation)


def funnel_stages(root: Path) -> tuple[Named, ...]:
    """Return the steps among which the biggest leak may be guessed; none where no usable crm.yaml tells them."""
    try:
        config = read_config(inside(root, "crm"))
    except GtmdiagError:
        return ()
    if config is None:
        return ()
    following = (*config.stages[1:], "won")
    return tuple(Named(stage, f"{stage} → {to}") for stage, to in zip(config.stages, following, strict=True))


def open_form(engagement: str, wave: str = "") -> AssessmentForm | Live:
    """Return the live form for a notebook: of the one person that ``gtmdiag assess`` names, who sees no result.

    Where nobody is named, as in JupyterLab, a consultant chooses the person and sees what the answers come to.

    Parameters
    ----------
    engagement, wave
        The client's folder and the wave. The environment variables that ``gtmdiag assess`` sets come first.

    Raises
    ------
    InputError, MissingError, UsageError
        As `open_session`.
    """
    told = os.environ.get
    respondent, role = told(RESPONDENT, ""), told(ROLE, "")
    if not respondent or not role:
        from gtmdiag.assess.beside import desk

        return desk(engagement, wave)
    session = open_session(
        Path(told(ENGAGEMENT) or engagement),
        respondent,
        role,
        wave=told(WAVE) or wave,
        instruments=tuple(filter(None, told(INSTRUMENTS, "").split(","))),
        language=told(LANGUAGE, ""),
    )
    return live_form(session)


def live_form(session: Session) -> AssessmentForm:
    """Return the form of a session as a widget; each change is saved."""
    from gtmdiag.assess.widget import AssessmentForm

    return AssessmentForm(session.spec, session.answers(), session.save, lambda: datetime.now(tz=UTC))


def environment(session: Session) -> dict[str, str]:
    """Return the environment variables by which `open_form` finds a session."""
    return {
        ENGAGEMENT: str(session.root.resolve()),
        WAVE: session.wave,
        RESPONDENT: session.respondent,
        ROLE: session.role,
        INSTRUMENTS: ",".join(part.id for part in session.spec.parts),
        LANGUAGE: session.spec.respondent.language,
    }


def _same(kept: Mapping[str, object], given: Mapping[str, object]) -> bool:
    return _said(kept) == _said(given)


def _said(record: Mapping[str, object]) -> object:
    """Return what a record says, whenever it was said."""
    answers = cast("Mapping[str, Mapping[str, object]]", record.get("answers") or {})
    prediction = cast("Mapping[str, object]", record.get("prediction") or {})
    given = {item: (one.get("value"), one.get("comment") or "") for item, one in answers.items()}
    return given, prediction.get("stage"), prediction.get("rate")
