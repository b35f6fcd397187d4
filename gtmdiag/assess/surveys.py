"""Read the export of a survey tool: whose row, which column asks what, which words mean which answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from gtmdiag.assess.matching import Asked, Questions
from gtmdiag.assess.surveycells import CellReader
from gtmdiag.assess.surveypeople import Known, People, times_of
from gtmdiag.assess.surveyrules import COMMENT_ON, MEANINGS, Accepted, tools
from gtmdiag.assess.surveytable import Export, export_of
from gtmdiag.engagement.schema import Answers
from gtmdiag.errors import InputError, Problem, did_you_mean, has_error, shorten
from gtmdiag.funnel.files import read_table
from gtmdiag.funnel.tables import FileOptions
from gtmdiag.instruments.schema import Instrument

MAX_ROWS = 2_000
_TABLE = "Save the sheet that holds the answers as csv."


@dataclass(frozen=True)
class Column:
    """What a column was taken for.

    Attributes
    ----------
    header
        As in the export.
    target
        An item id, ``comment on`` with one, one of ``respondent``, ``email``, ``name``, ``role``, ``time``, ``ignore``,
        or empty where nothing is known.
    certainty
        1 for the same words or an accepted column; less is a proposal, which is not taken; 0 where nothing is known.
    """

    header: str
    target: str
    certainty: float


@dataclass(frozen=True)
class Person:
    """One respondent's answers as an export holds them."""

    respondent: str
    role: str
    answers: Answers


@dataclass(frozen=True)
class Survey:
    """One export as it was read.

    Attributes
    ----------
    shown_as
        Its name.
    columns
        What each was taken for.
    people
        Their answers; empty where anything has to be decided first.
    notes
        What was done that is not plain from the columns.
    problems
        Errors, for which nothing of the export is taken, and warnings.
    proposal
        What would have to be accepted, with what is plain already.
    """

    shown_as: str
    columns: tuple[Column, ...]
    people: tuple[Person, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]
    proposal: Accepted

    @property
    def refused(self) -> bool:
        """Whether nothing of it is taken."""
        return has_error(self.problems)


@dataclass
class _Work:
    export: Export
    problems: list[Problem]
    notes: list[str]
    values: dict[str, dict[str, int | str]] = field(default_factory=dict[str, dict[str, int | str]])


def read_survey(
    path: Path, shown_as: str, instruments: Mapping[str, Instrument], accepted: Accepted, known: Known, *, now: datetime
) -> Survey:
    """Read one export, csv or xlsx, with one row a respondent.

    Parameters
    ----------
    path, shown_as
        The file, and its name for messages.
    instruments
        The questions it may hold.
    accepted
        What was decided about it.
    known
        The people of the wave, who may answer.
    now
        The clock: the time of answers that have none.

    Returns
    -------
    Survey
        With every problem at once; nothing is guessed.
    """
    try:
        table = read_table(path, shown_as, FileOptions(limit=MAX_ROWS + 1))
    except InputError as error:
        # The reader is that of CRM exports and names their settings.
        told = (replace(one, remedy=_TABLE) if "crm.yaml" in one.remedy else one for one in error.problems)
        return Survey(shown_as, (), (), (), tuple(told), accepted)
    export = export_of(table)
    if not export.rows:
        remedy = "Export it again when somebody has answered."
        empty = Problem(shown_as, "", "a header and no rows", "at least one row", remedy)
        return Survey(shown_as, (), (), export.notes, (empty,), accepted)
    warnings = [one for one in table.warnings if one.severity == "error" or "crm" not in one.remedy]
    work = _Work(export, warnings, list(export.notes))
    if export.rows > MAX_ROWS:
        remedy = "Send the answers of one client and one wave."
        work.problems.append(Problem(shown_as, "", f"more than {MAX_ROWS:,} rows", f"{MAX_ROWS:,} rows", remedy))
    asked, columns = _columns(work, Questions(instruments.values()), accepted)
    blank = _blank(export, asked)
    people = People(export, _places(columns), accepted, known, blank)
    work.notes += [f"{export.line(row)} holds no answer and was passed over" for row in sorted(blank)]
    work.problems += people.problems
    times = times_of(export, _places(columns).get("time"), work.problems, now)
    found = list(_answers(work, asked, people.found, times, instruments, accepted, now))
    proposal = Accepted(
        columns={column.header: column.target or "ignore" for column in columns},
        values={
            item: {**work.values.get(item, {}), **accepted.values.get(item, {})}
            for item in dict.fromkeys((*work.values, *accepted.values))
        },
        respondents=people.ids,
        roles=people.roles,
    )
    refused = has_error(work.problems)
    problems = tuple(sorted(work.problems, key=lambda problem: problem.severity != "error"))
    return Survey(shown_as, tuple(columns), () if refused else tuple(found), tuple(work.notes), problems, proposal)


def _columns(work: _Work, questions: Questions, accepted: Accepted) -> tuple[dict[str, Asked], list[Column]]:
    """Return which columns ask which item, and what every column was taken for."""
    asked: dict[str, Asked] = {}
    columns: list[Column] = []
    headers = list(filter(None, work.export.header))
    for stranger in accepted.columns.keys() - set(headers):
        remedy = did_you_mean(stranger, headers) or "Write the header as it stands in the export."
        work.problems.append(Problem(work.export.shown_as, "columns", shorten(stranger), "a column", remedy, "warning"))
    for header in dict.fromkeys(headers):
        column, found = _column(work, header, questions, accepted)
        columns.append(column)
        if found is not None:
            asked[header] = found
        repeated = work.export.repeated(header)
        if repeated is not None and column.target not in ("ignore", ""):
            work.problems.append(repeated)
    if not asked and not any(0 < column.certainty < 1 for column in columns):
        remedy = "Name the columns in a file for --accept; --write FILE makes a draft of it."
        found_here = f"{len(columns)} columns, none of which asks a question of an instrument"
        work.problems.append(Problem(work.export.shown_as, "", found_here, "questions in their own words", remedy))
    return asked, columns


def _column(work: _Work, header: str, questions: Questions, accepted: Accepted) -> tuple[Column, Asked | None]:
    file, place = work.export.shown_as, f"column {shorten(header, 80)}"
    decided = accepted.columns.get(header)
    if decided in MEANINGS:
        return Column(header, decided, 1.0), None
    if decided is not None:
        return _decided(work, header, place, decided, questions)
    if meaning := tools().meaning(header, work.export.header):
        return Column(header, meaning, 1.0), None
    commented = tools().commented(header)
    matches = questions.find(commented) if commented else ()
    prefix = COMMENT_ON if matches else ""
    matches = matches or questions.find(header)
    if not matches:
        found = "a column that asks no question of an instrument"
        remedy = "It was left out. Name its item in a file for --accept if it should count."
        work.problems.append(Problem(file, place, found, "a question in its own words", remedy, "warning"))
        return Column(header, "", 0.0), None
    match = matches[0]
    target = f"{prefix}{match.target.item}"
    if len(matches) > 1:
        items = ", ".join(one.target.item for one in matches[:4])
        work.problems.append(Problem(file, place, f"words of several questions: {items}", "one", _DECIDE))
        return Column(header, target, 0.5), None
    if match.certainty < 1:
        found = f"nearly the words of {target} ({match.certainty:.0%} alike)"
        work.problems.append(Problem(file, place, found, "a question in its own words", _DECIDE))
        return Column(header, target, match.certainty), None
    return Column(header, target, 1.0), replace(match.target, comment=bool(prefix))


def _decided(work: _Work, header: str, place: str, decided: str, questions: Questions) -> tuple[Column, Asked | None]:
    """Return what was accepted for a column, with the wording in which it asks where that is plain."""
    item = decided.removeprefix(COMMENT_ON)
    if not any(match.target.item == item for match in questions.find(item)):
        allowed = f"an item id, '{COMMENT_ON}' with one, or {', '.join(MEANINGS)}"
        file, remedy = work.export.shown_as, "Correct it in the accepted file."
        work.problems.append(Problem(file, place, shorten(decided), allowed, remedy))
        return Column(header, "", 0.0), None
    if item != decided:
        return Column(header, decided, 1.0), Asked(item, "id", comment=True)
    own = [match.target for match in questions.find(header) if match.target.item == decided and match.certainty == 1]
    return Column(header, decided, 1.0), own[0] if own else Asked(decided, "id")


_DECIDE = "Decide: --write FILE makes a draft of what is matched, --accept FILE takes it when you have checked it."


def _blank(export: Export, asked: Mapping[str, Asked]) -> set[int]:
    """Return the rows without an answer, such as those of people who began and never sent."""
    texts = [export.texts(header) for header in asked]
    return {row for row in range(export.rows) if asked and not any(column[row] for column in texts)}


def _places(columns: Sequence[Column]) -> dict[str, str]:
    """Return the first column for each meaning."""
    found: dict[str, str] = {}
    for column in columns:
        if column.target in MEANINGS and column.target != "ignore":
            found.setdefault(column.target, column.header)
    return found


def _answers(
    work: _Work,
    asked: Mapping[str, Asked],
    people: Sequence[tuple[str, str] | None],
    times: Sequence[datetime],
    instruments: Mapping[str, Instrument],
    accepted: Accepted,
    now: datetime,
) -> Iterator[Person]:
    reader = CellReader(work.export, asked, instruments, accepted)
    for row, person in enumerate(people):
        if person is None:
            continue
        respondent, role = person
        parts = reader.row(row, role, times[row])
        yield Person(respondent, role, Answers(role=role, saved_at=now, submitted=times[row], answers=parts))
    work.problems += reader.problems()
    work.notes += reader.notes
    work.values |= reader.proposed
