"""The form as one file for one person, small enough for a mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gtmdiag.assess.page import form_page
from gtmdiag.assess.session import Session, open_session
from gtmdiag.engagement.roles import known_roles

PAGE_BYTES = 60_000
"""What a page should weigh at most: small enough for any mail, and to open at once."""


@dataclass(frozen=True)
class Mailed:
    """One person's form.

    Attributes
    ----------
    session
        What it asks.
    page
        The file.
    left_out
        Ids of the instruments that were left out to keep it small, since they are meant for other functions.
    """

    session: Session
    page: bytes
    left_out: tuple[str, ...]

    @property
    def heavy(self) -> bool:
        """Whether it weighs more than it should."""
        return len(self.page) > PAGE_BYTES


def mailed_form(
    root: Path, respondent: str, role: str, *, wave: str = "", instruments: Sequence[str] = (), language: str = ""
) -> Mailed:
    """Return the form of one person as a file; the parameters are those of `open_session`.

    Where no instrument is named and all of them make the page too heavy, those that are meant for other functions than
    this role's are left out: the CEO, who may answer everything, is then asked only what is asked of everyone.

    Raises
    ------
    InputError, MissingError, UsageError
        As `open_session`.
    """
    session = open_session(root, respondent, role, wave=wave, instruments=instruments, language=language)
    page = form_page(session.spec).encode()
    asked = [part.id for part in session.spec.parts]
    meant = [name for name in asked if _is_meant(session, name)]
    if instruments or len(page) <= PAGE_BYTES or meant in ([], asked):
        return Mailed(session, page, ())
    session = open_session(root, respondent, role, wave=wave, instruments=meant, language=language)
    left_out = tuple(name for name in asked if name not in meant)
    return Mailed(session, form_page(session.spec).encode(), left_out)


def _is_meant(session: Session, name: str) -> bool:
    instrument, function = session.instruments[name], known_roles()[session.role].function
    meant_for = [item.asked_of or instrument.asked_of for item in instrument.items]
    return any(not functions or function in functions for functions in meant_for)
