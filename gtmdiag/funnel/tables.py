"""Read one file of an export as text, and nothing but text: ``001`` stays ``001``, ``NA`` stays a segment.

What a file is, its content tells, not its name. Typed cells of Excel and parquet become texts that read in one way
only.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal

from gtmdiag.errors import InputError, Problem, did_you_mean, shorten
from gtmdiag.funnel.coded import Coded

Kind = Literal["text", "excel", "parquet"]

SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz", ".xlsx", ".parquet")
MAX_VALUES = 200_000_000
"""Values of the columns that are kept; more would not fit into the memory of a usual machine."""


@dataclass(frozen=True)
class FileOptions:
    """How a file is to be read, where its content does not tell.

    Attributes
    ----------
    encoding, delimiter
        Of a text file; None: see `gtmdiag.funnel.delimited`.
    sheet
        Of a workbook; None: the only one that holds anything.
    only
        Names of the columns to keep; None keeps all.
    limit
        Number of rows to read at most; None reads all.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    only: Collection[str] | None = None
    limit: int | None = None

    def places(self, header: Sequence[str]) -> list[int]:
        """Return the places of the columns to keep."""
        return [place for place, name in enumerate(header) if self.only is None or name in self.only]


@dataclass(frozen=True)
class Table:
    """One file as text.

    Attributes
    ----------
    shown_as
        The file's name for messages: ``"crm/deals.csv"``.
    kind
        What the file is.
    header
        Column names, stripped; may hold duplicates.
    rows
        Number of data rows kept.
    warnings
        What was noticed on the way: encoding, ragged rows, footer lines.
    days_since
        From which year's beginning a workbook counts its days.
    """

    shown_as: str
    kind: Kind
    header: tuple[str, ...]
    rows: int
    warnings: tuple[Problem, ...]
    _kept: Mapping[int, Coded] = field(repr=False)
    days_since: Literal[1900, 1904] = 1900

    def column(self, name: str) -> Coded:
        """Return one of the columns that were kept."""
        return self._kept[self.header.index(name)]

    def at(self, place: int) -> Coded:
        """Return the column at a place of the header, which may have no name or that of another one."""
        return self._kept[place]

    def problem_with(self, name: str) -> Problem | None:
        """Tell why a column cannot be used; None where it stands in the header exactly once."""
        count = self.header.count(name)
        if count == 1:
            return None
        if count:
            remedy = "Rename or remove the others, so that it is clear which one is meant."
            return Problem(
                self.shown_as, f"column {name}", f"{count} columns of this name", "one column of this name", remedy
            )
        by_key = {known.casefold(): known for known in self.header}
        near = did_you_mean(name, by_key)
        for key, known in by_key.items():
            near = near.replace(f"'{key}'", f"'{known}'")
        available = shorten(", ".join(filter(None, self.header)), 300)
        return Problem(self.shown_as, f"column {name}", "no such column", available, near or "Correct it in crm.yaml.")


def locate(crm_dir: Path, key: str, name: str) -> Path:
    """Return the path of the file that ``crm.yaml`` names under ``key``.

    Raises
    ------
    InputError
        The name leaves the ``crm`` folder, is of a kind that is not read, or there is no such file.
    """
    shown = f"{crm_dir.name}/crm.yaml"
    relative = PurePosixPath(name)
    elsewhere = relative.is_absolute() or ".." in relative.parts or "\\" in name or PureWindowsPath(name).drive
    path = crm_dir / relative
    if elsewhere or not path.resolve().is_relative_to(crm_dir.resolve()):
        remedy = "Put the export into the crm folder and name it by its plain name."
        raise InputError([Problem(shown, key, shorten(name), "a file inside the crm folder", remedy)])
    if not name.lower().endswith(SUFFIXES):
        raise InputError([Problem(shown, key, shorten(name), ", ".join(SUFFIXES), "Save the export as csv or xlsx.")])
    if not path.is_file():
        present = sorted(entry.name for entry in crm_dir.iterdir() if entry.name.lower().endswith(SUFFIXES))
        allowed = shorten(", ".join(present), 200) or "an export in the crm folder; there is none"
        remedy = did_you_mean(name, present) or "Put the file there, or correct its name."
        raise InputError([Problem(shown, key, f"{shorten(name)}, which is not there", allowed, remedy)])
    return path


def refused(shown_as: str, place: str, found: str, allowed: str, remedy: str) -> InputError:
    """Return the one problem of a file as an error to raise."""
    return InputError([Problem(shown_as, place, found, allowed, remedy)])


def table_of(
    shown_as: str,
    kind: Kind,
    header: tuple[str, ...],
    kept: Mapping[int, Coded | Sequence[str]],
    rows: int,
    warnings: Sequence[Problem] = (),
) -> Table:
    """Return a table with at least one row.

    Raises
    ------
    InputError
        There is no row.
    """
    if not rows:
        remedy = "Export it again, with rows."
        raise refused(shown_as, "", "a header and no rows", "at least one row", remedy)
    columns = {place: texts if isinstance(texts, Coded) else Coded.of(texts) for place, texts in kept.items()}
    return Table(shown_as, kind, header, rows, tuple(warnings), columns)


def too_many(shown_as: str) -> InputError:
    """Return the error for a file that would not fit into memory."""
    found, allowed = f"more than {MAX_VALUES:,} values in the columns that are used", f"{MAX_VALUES:,} values"
    return refused(shown_as, "", found, allowed, "Export fewer columns or a shorter period.")
