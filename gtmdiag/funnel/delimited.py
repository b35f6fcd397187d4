"""Read a csv or tsv file as a stream: only the columns that are used are kept, each distinct text once."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.tables import MAX_VALUES, FileOptions, Table, refused, table_of, too_many
from gtmdiag.funnel.words import counted

MAX_BYTES = 4 * 1024**3
_CHUNK = 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")


def read_delimited(path: Path, shown_as: str, how: FileOptions) -> Table:
    """Read a delimited file.

    Parameters
    ----------
    path
        A file as it is or packed by gzip.
    shown_as
        Its name for messages.
    how
        Without ``encoding``: UTF-8 with or without a byte order mark, else Windows-1252 with a warning. Without
        ``delimiter``: the one of comma, semicolon, tab and bar that parts the header into most columns.

    Raises
    ------
    InputError
        The file cannot be read, is too large, has no header or no rows, or its quotes do not match.
    """
    try:
        encoding, warnings = _encoding(path, shown_as, how.encoding)
        with _opened(path) as stream:
            text = io.TextIOWrapper(stream, encoding=encoding, newline="")
            return _parsed(text, shown_as, how, warnings)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refused(shown_as, "", f"a file that cannot be read ({reason})", "csv", "Export it again.") from None


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b" or path.name.lower().endswith(".gz")
    return cast("BinaryIO", gzip.open(path)) if packed else path.open("rb")


def _encoding(path: Path, shown_as: str, named: str | None) -> tuple[str, tuple[Problem, ...]]:
    """Return the encoding that the whole file fits."""
    failure = _misfit(path, shown_as, named or "utf-8")
    if failure is None:
        return ("utf-8-sig" if named is None or codecs.lookup(named).name == "utf-8" else named), ()
    line, byte = failure
    found = f"byte {byte:#04x}, which is not {named or 'UTF-8'}"
    remedy = "Save it as 'CSV UTF-8', or name its encoding in crm.yaml."
    if named is not None:
        raise refused(shown_as, f"line {line}", found, f"text in {named}", remedy)
    if _misfit(path, shown_as, "windows-1252") is not None:
        raise refused(shown_as, f"line {line}", found, "text in UTF-8", remedy)
    found += "; the file was read as Windows-1252"
    warning = Problem(shown_as, f"line {line}", found, "UTF-8", "Check names with accents.", "warning")
    return "windows-1252", (warning,)


def _misfit(path: Path, shown_as: str, encoding: str) -> tuple[int, int] | None:
    """Return line and byte of the first place that is not of an encoding; None where all is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    size = lines = 0
    with _opened(path) as stream:
        while True:
            chunk = stream.read(_CHUNK)
            size += len(chunk)
            if size > MAX_BYTES:
                limit = f"{MAX_BYTES // 1024**2:,} MB of text"
                remedy = "Export fewer columns or a shorter period."
                raise refused(shown_as, "", f"more than {limit}", limit, remedy)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return lines + error.object.count(b"\n", 0, error.start) + 1, error.object[error.start]
            if "\0" in text:
                remedy = "Save it as 'CSV UTF-8', or write 'encoding: utf-16' in crm.yaml."
                raise refused(shown_as, "", "NUL bytes", "text in UTF-8", remedy)
            lines += text.count("\n")
            if not chunk:
                return None


def _parsed(text: io.TextIOWrapper, shown_as: str, how: FileOptions, warnings: tuple[Problem, ...]) -> Table:
    delimiter = _delimiter(text, how.delimiter)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    rows = (row for row in reader if any(cell.strip() for cell in row))
    try:
        first = next(rows, None)
        if first is None:
            raise refused(shown_as, "", "an empty file", "a header and at least one row", "Export it again, with rows.")
        header = tuple(name.strip() for name in first)
        places = how.places(header)
        kept: dict[int, list[str]] = {place: [] for place in places}
        known: dict[str, str] = {}
        squared = _Squared(rows, len(header))
        n = 0
        for row in squared:
            if n == how.limit:
                break
            n += 1
            if n * len(places) > MAX_VALUES:
                raise too_many(shown_as)
            for place, values in kept.items():
                value = row[place]
                values.append(known.setdefault(value, value))
    except csv.Error as error:
        remedy = "Look at the quotes near this line; a field with a quote in it needs the quote doubled."
        found = f"text that is not csv ({error})"
        raise refused(shown_as, f"line {reader.line_num}", found, "csv", remedy) from None
    return table_of(shown_as, "text", header, kept, n, (*warnings, *squared.warnings(shown_as)))


def _delimiter(text: io.TextIOWrapper, named: str | None) -> str:
    """Return the delimiter, and leave the stream at the header, behind a ``sep=`` line."""
    sample = text.read(_CHUNK)
    first, _, rest = sample.partition("\n")
    text.seek(0)
    told = first.strip("\r")
    if told.startswith("sep=") and len(told) == 5:
        text.readline()
        return named or told[4]
    if named is not None:
        return named
    sample = sample if rest else first

    def width(candidate: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(sample, newline=""), delimiter=candidate), ()))
        except csv.Error:
            return 0

    return max(_DELIMITERS, key=width)


class _Squared:
    """Rows as wide as the header; a lone field in a wider table is a footer and goes."""

    def __init__(self, rows: Iterator[list[str]], width: int) -> None:
        self._rows, self._width = rows, width
        self._footers: list[str] = []
        self._n_footers = self._short = self._long = 0

    def __iter__(self) -> Iterator[list[str]]:
        width = self._width
        for row in self._rows:
            if len(row) == width:
                yield row
            elif len(row) == 1:
                self._n_footers += 1
                self._footers = self._footers or row
            else:
                self._short += len(row) < width
                self._long += len(row) > width
                yield [*row, *[""] * (width - len(row))][:width]

    def warnings(self, shown_as: str) -> list[Problem]:
        found: list[Problem] = []
        if self._n_footers:
            example = shorten(self._footers[0])
            words = f"{counted(self._n_footers, 'line')} with a single field, such as {example}; left out as footers"
            found.append(Problem(shown_as, "", words, f"{self._width} fields a line", "Nothing, if so.", "warning"))
        if self._short or self._long:
            words = f"{counted(self._short, 'row')} with fewer fields than the header (read as empty), {self._long} "
            remedy = "Check those rows; surplus fields were left out."
            found.append(Problem(shown_as, "", f"{words}with more", f"{self._width} fields a row", remedy, "warning"))
        return found
