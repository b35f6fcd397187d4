"""Read one delimited file as text, and nothing but text: ``001`` stays ``001``, ``NA`` stays a segment."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

import pandas as pd

from gtmdiag.errors import InputError, Problem, did_you_mean, shorten
from gtmdiag.funnel.words import counted

SUFFIXES = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
MAX_BYTES = 512 * 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Table:
    """One file as text.

    Attributes
    ----------
    shown_as
        The file's name for messages: ``"crm/deals.csv"``.
    header
        Column names, stripped; may hold duplicates.
    columns
        One tuple of texts a column, in the order of ``header``.
    rows
        Number of data rows kept.
    warnings
        What was noticed on the way: encoding, ragged rows, footer lines.
    """

    shown_as: str
    header: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    rows: int
    warnings: tuple[Problem, ...]

    def column(self, name: str) -> pd.Series[str]:
        """Return one column as stripped text."""
        return pd.Series([text.strip() for text in self.columns[self.header.index(name)]], dtype="str")

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
        remedy = "Save the export as csv; parquet and Excel files are not read in this version."
        raise InputError([Problem(shown, key, shorten(name), ", ".join(SUFFIXES), remedy)])
    if not path.is_file():
        present = sorted(entry.name for entry in crm_dir.iterdir() if entry.name.lower().endswith(SUFFIXES))
        allowed = shorten(", ".join(present), 200) or "an export in the crm folder; there is none"
        remedy = did_you_mean(name, present) or "Put the file there, or correct its name."
        raise InputError([Problem(shown, key, f"{shorten(name)}, which is not there", allowed, remedy)])
    return path


def read_table(path: Path, shown_as: str, *, encoding: str | None, delimiter: str | None) -> Table:
    """Read a delimited file whose first row is the header.

    Parameters
    ----------
    path
        A file as `locate` returns it; ``.gz`` is unpacked.
    shown_as
        Its name for messages.
    encoding
        None: UTF-8 with or without a byte order mark, else Windows-1252 with a warning.
    delimiter
        None: the one of comma, semicolon, tab and bar that parts the header into most columns.

    Raises
    ------
    InputError
        The file cannot be read, has no header or no rows, or its quotes do not match.
    """
    text, warnings = _decode(_read_bytes(path, shown_as), shown_as, encoding)
    text, delimiter = _delimiter(text, delimiter)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = [row for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        remedy = "Look at the quotes near this line; a field with a quote in it needs the quote doubled."
        found = f"text that is not csv ({error})"
        raise _refused(shown_as, f"line {reader.line_num}", found, "csv", remedy) from None
    if not records:
        raise _refused(shown_as, "", "an empty file", "a header and at least one row", "Export it again, with rows.")
    header = tuple(name.strip() for name in records[0])
    kept, ragged = _squared(records[1:], len(header), shown_as)
    if not kept:
        raise _refused(shown_as, "", "a header and no rows", "at least one row", "Export it again, with rows.")
    columns = tuple(zip(*kept, strict=True))
    return Table(shown_as, header, columns, len(kept), (*warnings, *ragged))


def _refused(shown_as: str, place: str, found: str, allowed: str, remedy: str) -> InputError:
    return InputError([Problem(shown_as, place, found, allowed, remedy)])


def _read_bytes(path: Path, shown_as: str) -> bytes:
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(shown_as, "", f"a file that cannot be read ({reason})", "csv", "Export it again.") from None
    if len(content) > MAX_BYTES:
        size = f"more than {MAX_BYTES // 1024**2} MB of text"
        raise _refused(shown_as, "", size, f"{MAX_BYTES // 1024**2} MB", "Export fewer columns or a shorter period.")
    return content


def _decode(content: bytes, shown_as: str, encoding: str | None) -> tuple[str, tuple[Problem, ...]]:
    if b"\0" in content and encoding is None:
        remedy = "Save it as 'CSV UTF-8', or write 'encoding: utf-16' in crm.yaml."
        raise _refused(shown_as, "", "NUL bytes", "text in UTF-8", remedy)
    warnings: tuple[Problem, ...] = ()
    try:
        text = content.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte {content[error.start]:#04x}, which is not {encoding or 'UTF-8'}"
        remedy = "Save it as 'CSV UTF-8', or name its encoding in crm.yaml."
        if encoding is not None:
            raise _refused(shown_as, f"line {line}", found, f"text in {encoding}", remedy) from None
        try:
            text = content.decode("windows-1252")
        except UnicodeDecodeError:
            raise _refused(shown_as, f"line {line}", found, "text in UTF-8", remedy) from None
        found += "; the file was read as Windows-1252"
        warnings = (Problem(shown_as, f"line {line}", found, "UTF-8", "Check names with accents.", "warning"),)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise _refused(shown_as, "", "NUL characters", "text", "Export it again, or name its encoding in crm.yaml.")
    return text, warnings


def _delimiter(text: str, delimiter: str | None) -> tuple[str, str]:
    """Return the text without a leading ``sep=`` line, and the delimiter."""
    first, _, rest = text.partition("\n")
    if first.strip("\r").startswith("sep=") and len(first.strip("\r")) == 5:
        return rest, delimiter or first[4]
    if delimiter is not None:
        return text, delimiter

    def width(candidate: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=candidate), ()))
        except csv.Error:
            return 0

    return text, max(_DELIMITERS, key=width)


def _squared(rows: list[list[str]], width: int, shown_as: str) -> tuple[list[list[str]], tuple[Problem, ...]]:
    """Make all rows as wide as the header; a lone field in a wider table is a footer and goes."""
    kept: list[list[str]] = []
    footers: list[str] = []
    short = long = 0
    for row in rows:
        if len(row) == width:
            kept.append(row)
        elif len(row) == 1:
            footers.append(row[0])
        else:
            short += len(row) < width
            long += len(row) > width
            kept.append([*row, *[""] * (width - len(row))][:width])
    warnings: list[Problem] = []
    if footers:
        found = (
            f"{counted(len(footers), 'line')} with a single field, such as {shorten(footers[0])}; left out as footers"
        )
        warnings.append(Problem(shown_as, "", found, f"{width} fields a line", "Nothing, if so.", "warning"))
    if short or long:
        found = f"{counted(short, 'row')} with fewer fields than the header (read as empty), {long} with more"
        remedy = "Check those rows; surplus fields were left out."
        warnings.append(Problem(shown_as, "", found, f"{width} fields a row", remedy, "warning"))
    return kept, tuple(warnings)
