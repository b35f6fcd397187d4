"""Read a csv or tsv file as a stream: only the columns that are used are kept, each distinct text once."""

from __future__ import annotations

import codecs
import csv
import io
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TextIO

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.coded import Coded, merged
from gtmdiag.funnel.encodings import encoding_of, opened, utf8_chunks
from gtmdiag.funnel.plain import BLOCK, LONGEST_ROW, NotPlainError, plain_rows
from gtmdiag.funnel.tables import MAX_VALUES, FileOptions, Table, refused, table_of, too_many
from gtmdiag.funnel.words import counted

_SAMPLE = 1024 * 1024
_BATCH = 10_000
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
        # Nearly all files are plain UTF-8, and their encoding is checked while they are read.
        utf8 = how.encoding is None or codecs.lookup(how.encoding).name == "utf-8"
        if utf8 and (table := _read_quickly(path, shown_as, how, "utf-8-sig", ())):
            return table
        encoding, warnings = encoding_of(path, shown_as, how.encoding)
        if encoding != "utf-8-sig" and (table := _read_quickly(path, shown_as, how, encoding, warnings)):
            return table
        return read_exactly(path, shown_as, how, encoding, warnings)
    except (OSError, EOFError, UnicodeError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refused(shown_as, "", f"a file that cannot be read ({reason})", "csv", "Export it again.") from None


def _read_quickly(
    path: Path, shown_as: str, how: FileOptions, encoding: str, warnings: tuple[Problem, ...]
) -> Table | None:
    """Read a whole file that has no oddities; None where it has, for the exact reader to read or refuse."""
    if how.limit is not None:
        return None
    with opened(path) as stream:
        chunks = utf8_chunks(stream, encoding, BLOCK)
        try:
            first = next(chunks, b"")
            sample = codecs.getincrementaldecoder("utf-8")().decode(first)
            lines = io.StringIO(sample, newline="")
            delimiter = _delimiter(lines, how.delimiter)
            header = _header(_filled(csv.reader(lines, delimiter=delimiter, strict=True)))
            behind = lines.tell()
            if not header or behind == len(sample) or "\0" in sample[:behind]:
                return None
            rest = first[len(sample[:behind].encode()) :]
            found = plain_rows(chain([rest], chunks), delimiter, len(header), how.places(header))
        except (NotPlainError, UnicodeError, OverflowError, csv.Error):
            return None
    if not found.n or found.n * len(found.kept) > MAX_VALUES:
        return None
    told = _footers_told(shown_as, len(header), found.footers, len(found.footers))
    return table_of(shown_as, "text", header, found.kept, found.n, (*warnings, *told))


def read_exactly(path: Path, shown_as: str, how: FileOptions, encoding: str, warnings: tuple[Problem, ...]) -> Table:
    """Read a file by Python's csv module, whatever is odd about it.

    Parameters
    ----------
    path, shown_as, how
        As for `read_delimited`.
    encoding
        One that all of the file fits.
    warnings
        What was noticed so far.

    Raises
    ------
    InputError
        The file has too many values, no header or no rows, or its quotes do not match.
    """
    with opened(path) as stream, _long_fields():
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        reader = csv.reader(text, delimiter=_delimiter(text, how.delimiter), strict=True)
        rows = _filled(reader)
        try:
            header = _header(rows)
            if not header:
                remedy = "Export it again, with rows."
                raise refused(shown_as, "", "an empty file", "a header and at least one row", remedy)
            parts: dict[int, list[Coded]] = {place: [] for place in how.places(header)}
            squared = _Squared(rows, len(header))
            limited, n = islice(squared, how.limit), 0
            while batch := list(islice(limited, _BATCH)):
                n += len(batch)
                if n * len(parts) > MAX_VALUES:
                    raise too_many(shown_as)
                for place, column in parts.items():
                    column.append(Coded.of([row[place] for row in batch]))
        except csv.Error as error:
            remedy = "Look at the quotes near this line; a field with a quote in it needs the quote doubled."
            found = f"text that is not csv ({error})"
            raise refused(shown_as, f"line {reader.line_num}", found, "csv", remedy) from None
    kept = {place: merged(column) for place, column in parts.items()}
    return table_of(shown_as, "text", header, kept, n, (*warnings, *squared.warnings(shown_as)))


@contextmanager
def _long_fields() -> Generator[None]:
    """Allow fields as long as the other reader does, not only the 131,072 characters that Python allows."""
    before = csv.field_size_limit(LONGEST_ROW)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _filled(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    return (row for row in rows if "".join(row).strip())


def _header(rows: Iterator[list[str]]) -> tuple[str, ...]:
    return tuple(name.strip() for name in next(rows, ()))


def _delimiter(text: TextIO, named: str | None) -> str:
    """Return the delimiter, and leave the stream at the header, behind a ``sep=`` line."""
    sample = text.read(_SAMPLE)
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


def _footers_told(shown_as: str, width: int, footers: Sequence[str], n: int) -> list[Problem]:
    if not n:
        return []
    words = f"{counted(n, 'line')} with a single field, such as {shorten(footers[0])}; left out as footers"
    return [Problem(shown_as, "", words, f"{width} fields a line", "Nothing, if so.", "warning")]


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
        found = _footers_told(shown_as, self._width, self._footers, self._n_footers)
        if self._short or self._long:
            words = f"{counted(self._short, 'row')} with fewer fields than the header (read as empty), {self._long} "
            remedy = "Check those rows; surplus fields were left out."
            found.append(Problem(shown_as, "", f"{words}with more", f"{self._width} fields a row", remedy, "warning"))
        return found
