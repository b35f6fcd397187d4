"""The export of a survey tool as one row a respondent and one name a column, however many rows its header has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gtmdiag.assess.matching import key_of
from gtmdiag.assess.surveyrules import tools
from gtmdiag.errors import Problem
from gtmdiag.funnel.tables import Table

_IMPORT_ID = '{"ImportId"'
_WHO = ("respondent", "email", "name", "time")


@dataclass(frozen=True)
class Export:
    """One export.

    Attributes
    ----------
    shown_as
        Its name for messages.
    header
        What each column is called; may hold duplicates and empty names.
    columns
        The texts of each column, stripped, one a respondent.
    first_line
        Line of the file at which the first respondent stands, where no line was passed over.
    notes
        How a header of several rows was read.
    """

    shown_as: str
    header: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    first_line: int
    notes: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Number of respondents."""
        return len(self.columns[0])

    def texts(self, name: str) -> tuple[str, ...]:
        """Return the first column of this name."""
        return self.columns[self.header.index(name)]

    def line(self, row: int) -> str:
        """Return where a respondent stands, for messages: ``"row 4"``."""
        return f"row {self.first_line + row}"

    def repeated(self, name: str) -> Problem | None:
        """Tell that a name stands in the header more than once; None where it does not."""
        count = self.header.count(name)
        if count < 2:
            return None
        remedy = "Rename or remove the others, so that it is clear which one is meant."
        found = f"{count} columns of this name"
        return Problem(self.shown_as, f"column {name}", found, "one column of this name", remedy)


def export_of(table: Table) -> Export:
    """Return a table as an export, with a header of two or three rows read as one.

    SurveyMonkey writes a question over its first column and what the column holds in the row below: "Response", a row
    of a grid, an option. Qualtrics writes short names, below them the questions, and below these a row of ids.
    """
    columns = tuple(_texts(table, place) for place in range(len(table.header)))
    if _is_qualtrics(columns):
        header = tuple(below or name for name, below in zip(table.header, (c[0] for c in columns), strict=True))
        note = "the second row of the header holds the questions, the third ids of the tool"
        return Export(table.shown_as, header, tuple(column[2:] for column in columns), 4, (note,))
    if _is_two_rows(table.header, columns):
        header = _joined(table.header, [column[0] for column in columns])
        export = _one_a_question(header, table.header, tuple(column[1:] for column in columns))
        note = "the first two rows were read as one header"
        return Export(table.shown_as, *export, first_line=3, notes=(note,))
    return Export(table.shown_as, table.header, columns, 2)


def _texts(table: Table, place: int) -> tuple[str, ...]:
    column = table.at(place)
    codes: list[int] = column.codes.tolist()
    return tuple(column.texts[code] for code in codes)


def _is_qualtrics(columns: Sequence[Sequence[str]]) -> bool:
    third = [column[1] for column in columns if len(column) > 1 and column[1]]
    return bool(third) and all(text.startswith(_IMPORT_ID) for text in third)


def _is_two_rows(header: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names columns: it says nothing of who answered or when, but what a column holds."""
    if len(columns[0]) < 2:
        return False
    pairs = [(name, column[0]) for name, column in zip(header, columns, strict=True)]
    who = [text for name, text in pairs if name and tools().meaning(name, header) in (*_WHO, "ignore")]
    named = [text for name, text in pairs if text and (not name or tools().is_holder(text))]
    return bool(who) and not any(who) and bool(named)


def _joined(header: Sequence[str], below: Sequence[str]) -> tuple[str, ...]:
    """Return one name a column: the question, and what follows it where that is more than "Response"."""
    names: list[str] = []
    question = ""
    for name, text in zip(header, below, strict=True):
        question = name or question
        names.append(question if not text or tools().is_holder(text) else f"{question} - {text}")
    return tuple(names)


def _one_a_question(
    names: Sequence[str], questions: Sequence[str], columns: tuple[tuple[str, ...], ...]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return names and columns with those of a question's options, in which each cell holds its own name, as one."""
    header: list[str] = []
    kept: list[tuple[str, ...]] = []
    place = 0
    while place < len(names):
        end = place + 1
        while end < len(names) and not questions[end]:
            end += 1
        group = range(place, end)
        options = [one for one in group if _holds_its_name(names[one], questions[place], columns[one])]
        if len(options) > 1 and all(sum(bool(cell) for cell in row) < 2 for row in _rows(columns, options)):
            header.append(questions[place])
            kept.append(tuple("".join(row) for row in _rows(columns, options)))
            group = [one for one in group if one not in options]
        header += [names[one] for one in group]
        kept += [columns[one] for one in group]
        place = end
    return tuple(header), tuple(kept)


def _rows(columns: tuple[tuple[str, ...], ...], places: Sequence[int]) -> list[tuple[str, ...]]:
    return list(zip(*(columns[place] for place in places), strict=True))


def _holds_its_name(name: str, question: str, column: Sequence[str]) -> bool:
    own = key_of(name.removeprefix(f"{question} - "))
    return bool(own) and name != question and all(key_of(text) in ("", own) for text in column)
