"""Whose row it is in a survey's export, in which role, and when it was answered."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from gtmdiag.assess.answersfile import believed
from gtmdiag.assess.matching import key_of
from gtmdiag.assess.surveyrules import Accepted
from gtmdiag.assess.surveytable import Export
from gtmdiag.engagement.folder import RESPONDENT_ID
from gtmdiag.engagement.roles import known_roles, near_role
from gtmdiag.engagement.schema import slug
from gtmdiag.errors import Problem, did_you_mean, shorten
from gtmdiag.funnel.coded import Coded
from gtmdiag.funnel.dates import dates
from gtmdiag.funnel.parse import MISSING, read_column

_WHO = ("respondent", "email", "name")
_OFFSET = re.compile(r"\s*(?:GMT|UTC)(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?$")


@dataclass(frozen=True)
class Known:
    """The people of a wave: role by respondent id, of everyone who was asked or has answered.

    ``named`` and ``named_role`` are those given on the command line for an export of one row; empty otherwise.
    """

    roles: Mapping[str, str]
    named: str = ""
    named_role: str = ""

    def ceos(self) -> set[str]:
        """Return who is known as the CEO."""
        return {respondent for respondent, role in self.roles.items() if role == "ceo"}


class People:
    """Tells, row by row, whose answers a row holds, and takes up what is wrong.

    Attributes
    ----------
    found
        Respondent and role of each row; None where the row cannot be taken.
    ids, roles
        What the export calls a person and a role, and what was taken for it.
    problems
        What is wrong.
    """

    def __init__(
        self, export: Export, places: Mapping[str, str], accepted: Accepted, known: Known, blank: Collection[int]
    ) -> None:
        """Read all rows.

        Parameters
        ----------
        export
            The export.
        places
            Columns by what they hold: ``respondent``, ``email``, ``name``, ``role``.
        accepted
            Whom the people and roles stand for.
        known
            The people of the wave. Where there are any, a row of somebody else is refused.
        blank
            Rows without an answer, which are nobody's.
        """
        self._export = export
        self._accepted = accepted
        self._known = known
        self.ids: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self.problems: list[Problem] = []
        once = {meaning: header for meaning, header in places.items() if export.header.count(header) == 1}
        self._texts = {meaning: export.texts(header) for meaning, header in once.items()}
        if known.named and export.rows > 1:
            remedy = "Leave --respondent out; each row then tells whose it is."
            self._refuse("", f"{export.rows} rows", "one row with --respondent", remedy)
        if not known.named and not once.keys() & set(_WHO):
            remedy = "Name the column in a file for --accept, or the person with --respondent."
            allowed = "a column with respondent, e-mail or name"
            self._refuse("", "nothing that tells whose row it is", allowed, remedy)
            self.found: list[tuple[str, str] | None] = [None] * export.rows
        else:
            self.found = [None if row in blank else self._person(row) for row in range(export.rows)]

    def _person(self, row: int) -> tuple[str, str] | None:
        texts = self._texts
        called = self._known.named or next(
            (texts[name][row] for name in _WHO if name in texts and texts[name][row]), ""
        )
        respondent = self._respondent(self._export.line(row), called)
        if not respondent:
            return None
        role = self._role(self._export.line(row), texts["role"][row] if "role" in texts else "", respondent)
        return (respondent, role) if role else None

    def _respondent(self, place: str, called: str) -> str:
        """Return the respondent id of a row, or an empty string with a problem."""
        known, accepted = self._known, self._accepted.respondents
        plain = called.partition("@")[0]
        respondent = accepted.get(called) or known.named or slug(plain)
        remedy = "Write whom it stands for under 'respondents' for --accept."
        if not called or (respondent == "client" and key_of(plain) != "client"):
            return self._refuse(place, shorten(called) if called else "no name", "a person", remedy)
        self.ids[called] = respondent
        if not RESPONDENT_ID.fullmatch(respondent) or len(respondent) > 64:
            return self._refuse(place, shorten(respondent), "an id of a-z, 0-9 and '-'", remedy)
        others = [one for one, theirs in self.ids.items() if theirs == respondent and one != called]
        if others and called not in accepted:
            found = f"{shorten(called)} and {shorten(others[0])}, both '{respondent}'"
            return self._refuse(place, found, "one id a person", remedy)
        if known.roles and respondent not in known.roles and called not in accepted and not known.named:
            found = f"{shorten(called)}, who would be '{respondent}'"
            allowed = f"one of those asked: {', '.join(sorted(known.roles))}"
            return self._refuse(place, found, allowed, f"{did_you_mean(respondent, known.roles)} {remedy}".strip())
        return respondent

    def _role(self, place: str, title: str, respondent: str) -> str:
        """Return the role of a row, or an empty string with a problem."""
        asked = self._known.named_role or self._known.roles.get(respondent, "")
        told = self._accepted.roles.get(title) or _known_role(title)
        role = told or asked
        if title:
            self.roles[title] = role or "other"
        if title and not told and asked:
            found, remedy = f"{shorten(title)}, which is no role", f"Nothing, if '{respondent}' is the {asked}."
            allowed = f"{asked}, as the person was asked"
            self.problems.append(Problem(self._export.shown_as, place, found, allowed, remedy, "warning"))
        if role not in known_roles():
            remedy = near_role(title) or "Write the role under 'roles' for --accept."
            return self._refuse(place, shorten(title) if title else "no role", ", ".join(known_roles()), remedy)
        if asked and role != asked:
            remedy = "Correct the role of the one or the other under 'roles' for --accept."
            return self._refuse(place, f"{shorten(title)}, a {role}", f"{asked}, the role of '{respondent}'", remedy)
        return role

    def _refuse(self, place: str, found: str, allowed: str, remedy: str) -> str:
        self.problems.append(Problem(self._export.shown_as, place, found, allowed, remedy))
        return ""


def _known_role(title: str) -> str:
    key = key_of(title)
    return next((role.id for role in known_roles().values() if key in (key_of(role.id), key_of(role.label))), "")


def times_of(export: Export, header: str | None, problems: list[Problem], now: datetime) -> Sequence[datetime]:
    """Return when each row was answered; ``now`` where the export does not tell it."""
    if header is None or export.header.count(header) != 1:
        return [now] * export.rows
    texts = [_OFFSET.sub(_with_offset, text) for text in export.texts(header)]
    reading = read_column(Coded.of(texts), export.shown_as, header, dates(None), None)
    if reading.problems or not any(value != MISSING for value in reading.values):
        found = f"times that read in more than one way, or in none, such as {shorten(texts[0])}"
        remedy = "The answers count as given now. Earlier ones are kept in the history."
        allowed = "times with the year first"
        problems.append(Problem(export.shown_as, f"column {shorten(header)}", found, allowed, remedy, "warning"))
        return [now] * export.rows
    seconds = (int(value) for value in reading.values)
    return [now if one == MISSING else believed(datetime.fromtimestamp(one, tz=UTC), now) for one in seconds]


def _with_offset(found: re.Match[str]) -> str:
    return f" {found['sign']}{int(found['hours']):02}{found['minutes'] or '00'}"
