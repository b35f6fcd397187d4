"""Tell the encoding of a text file: UTF-8, else Windows-1252, unless it is named."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from gtmdiag.errors import Problem
from gtmdiag.funnel.tables import refused

MAX_BYTES = 4 * 1024**3
_CHUNK = 1024 * 1024


def opened(path: Path) -> BinaryIO:
    """Open a file, unpacked where gzip packed it."""
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b" or path.name.lower().endswith(".gz")
    return cast("BinaryIO", gzip.open(path)) if packed else path.open("rb")


def encoding_of(path: Path, shown_as: str, named: str | None) -> tuple[str, tuple[Problem, ...]]:
    """Return the encoding that the whole file fits, the named one if any, with what there is to tell about it.

    Raises
    ------
    InputError
        The file is in no encoding that is read, or too large.
    """
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
    with opened(path) as stream:
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


def utf8_chunks(stream: BinaryIO, encoding: str, size: int) -> Iterator[bytes]:
    """Give a text in UTF-8 without a byte order mark, by chunks of about ``size`` bytes; UTF-8 itself is not checked.

    Raises
    ------
    UnicodeError
        The text is not in that encoding.
    OverflowError
        It is longer than what is read.
    """
    decoder = None if encoding == "utf-8-sig" else codecs.getincrementaldecoder(encoding)()
    total = 0
    while chunk := stream.read(size):
        if total == 0 and decoder is None:
            chunk = chunk.removeprefix(codecs.BOM_UTF8)
        total += len(chunk)
        if total > MAX_BYTES:
            raise OverflowError
        yield decoder.decode(chunk).encode() if decoder else chunk
    if decoder:
        yield decoder.decode(b"", final=True).encode()
