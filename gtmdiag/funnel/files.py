"""Tell by its first bytes what a file is, and read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gtmdiag.errors import Problem
from gtmdiag.funnel.delimited import read_delimited
from gtmdiag.funnel.excel import read_excel
from gtmdiag.funnel.parquet import read_parquet
from gtmdiag.funnel.tables import FileOptions, Kind, Table, refused

_READERS = {"text": read_delimited, "excel": read_excel, "parquet": read_parquet}
_NAMED: dict[str, Kind] = {".xlsx": "excel", ".parquet": "parquet"}
_KINDS = {"text": "a text file", "excel": "an Excel workbook", "parquet": "a parquet file"}


def read_table(path: Path, shown_as: str, how: FileOptions) -> Table:
    """Read a file whose first row is the header.

    Parameters
    ----------
    path
        An existing file. Its content tells what it is; a name that says otherwise gives a warning.
    shown_as
        Its name for messages.
    how
        What to keep, and what the content does not tell.

    Raises
    ------
    InputError
        The file cannot be read, is of no kind that is read, or has no header or no rows.
    """
    kind = _kind(path, shown_as)
    table = _READERS[kind](path, shown_as, how)
    if _NAMED.get(path.suffix.lower(), "text") == kind:
        return table
    remedy = "It was read as what it is; rename it."
    found = f"{_KINDS[kind]} under the name {path.suffix}"
    return replace(
        table, warnings=(*table.warnings, Problem(shown_as, "", found, "a name that fits", remedy, "warning"))
    )


def _kind(path: Path, shown_as: str) -> Kind:
    try:
        with path.open("rb") as stream:
            start = stream.read(512)
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
        raise refused(shown_as, "", found, "an export", "Export it again.") from None
    if start.startswith(b"PK\x03\x04"):
        return "excel"
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        found = "an old Excel file (.xls), or one with a password"
        raise refused(shown_as, "", found, "csv, xlsx or parquet", "Save it as xlsx without a password.")
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<html", b"<!doctype", b"<table", b"<?xml")):
        remedy = "Open it in a spreadsheet program and save it as xlsx, or export it as csv."
        raise refused(shown_as, "", "a web page or XML", "csv, xlsx or parquet", remedy)
    return "text"
