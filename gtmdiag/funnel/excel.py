"""Read a sheet of an xlsx workbook. Its size and extent are measured before anything is parsed."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import python_calamine

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.tables import FileOptions, Table, refused, table_of
from gtmdiag.funnel.typed import text_of
from gtmdiag.funnel.words import counted

MAX_FILE = 20 * 1024**2
MAX_EXPANDED = 200 * 1024**2
MAX_CELLS = 20_000_000
MAX_TEXT = 1024**3
_SHARED = re.compile(rb"<(?:\w+:)?si\b(.*?)</(?:\w+:)?si>", re.DOTALL)
_REFERENCE = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>(\d{1,9})<')
_SINCE_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true)[\"']")
_LOOKED_AT = 1000
_MOST_TITLES = 20
_SMALLER = "Export it as csv, or fewer columns or a shorter period."


def read_excel(path: Path, shown_as: str, how: FileOptions) -> Table:
    """Read one sheet; formulas give the values that were saved with them.

    Parameters
    ----------
    path
        The workbook: at most 20 MB, at most 200 MB unpacked.
    shown_as
        Its name for messages.
    how
        Without ``sheet``, the only visible sheet that holds anything.

    Raises
    ------
    InputError
        The workbook is too large or broken, the sheet or the row of column names is not clear, that row has merged
        cells, or there are no rows below it.
    """
    since_1904 = _measure(path, shown_as)
    try:
        with path.open("rb") as stream, python_calamine.CalamineWorkbook.from_filelike(stream) as book:
            sheet = _sheet(book, shown_as, how.sheet)
            merged = sheet.merged_cell_ranges or []
            cells = sheet.to_python(nrows=None if how.limit is None else how.limit + _MOST_TITLES + 1)
            start = sheet.start
    except (python_calamine.CalamineError, python_calamine.PasswordError, OSError) as error:
        found = f"a workbook that cannot be read ({shorten(str(error))})"
        raise refused(shown_as, "", found, "xlsx", "Save it again, without a password, or as csv.") from None
    place = f"sheet {sheet.name}"
    titles = _titles(cells, shown_as, place)
    top = (start[0] if start else 0) + titles
    if any(first[0] <= top <= last[0] for first, last in merged):
        remedy = "Undo the merge and leave one row of column names on top, then save it again."
        raise refused(shown_as, place, "merged cells in the row of column names", "one name a column", remedy)
    warnings: list[Problem] = []
    if titles:
        found = f"{counted(titles, 'row')} above the column names, with {shorten(_first(cells))}; left out"
        remedy = f"Check that row {top + 1} holds the column names; else delete what is above them."
        warnings.append(Problem(shown_as, place, found, "column names in the first row", remedy, "warning"))
    header = tuple(text_of(value).strip() for value in cells[titles]) if cells else ()
    rows = [
        row for row in ([text_of(value) for value in row] for row in cells[titles + 1 :]) if any(map(str.strip, row))
    ]
    kept = {place: [row[place] for row in rows[: how.limit]] for place in how.places(header)}
    if blocks := sum(first[0] > top for first, _ in merged):
        found = f"{counted(blocks, 'block')} of merged cells; only the first cell of each holds the value"
        warnings.append(Problem(shown_as, place, found, "no merged cells", "Undo the merges and fill down.", "warning"))
    table = table_of(shown_as, "excel", header, kept, len(rows[: how.limit]), warnings)
    return replace(table, days_since=1904 if since_1904 else 1900)


def _titles(cells: list[list[Any]], shown_as: str, place: str) -> int:
    """Return the number of rows above the column names.

    Titles fill less than half as many cells as the fullest row. The first row that fills more has to hold the column
    names: texts, all different, and as many as any row has values.
    """
    filled = [[value for value in row if text_of(value).strip()] for row in cells[:_LOOKED_AT]]
    widest = max(map(len, filled), default=0)
    titles = next((place for place, row in enumerate(filled) if len(row) * 2 >= widest), 0)
    names = filled[titles] if filled else []
    if titles and (
        titles > _MOST_TITLES
        or len(names) < widest
        or not all(isinstance(name, str) for name in names)
        or len(set(names)) < len(names)
    ):
        found = f"{shorten(_first(cells))} in the first row, and no row below it that is clearly one of column names"
        remedy = "Leave one row of column names on top, a name a column, then save it again."
        raise refused(shown_as, place, found, "column names in the first row", remedy)
    return titles


def _first(cells: list[list[Any]]) -> str:
    return next(text for row in cells for value in row if (text := text_of(value).strip()))


def _measure(path: Path, shown_as: str) -> bool:
    """Refuse a workbook that would not fit into memory, or that says less of its size than is true.

    Returns
    -------
    bool
        True where it counts its days since 1904.
    """
    size = path.stat().st_size
    if size > MAX_FILE:
        raise refused(shown_as, "", f"a workbook of {size / 1024**2:.0f} MB", "at most 20 MB", _SMALLER)
    try:
        with zipfile.ZipFile(path) as packed:
            expanded = sum(entry.file_size for entry in packed.infolist())
            if expanded > MAX_EXPANDED:
                found = f"a workbook that unpacks to {expanded / 1024**2:,.0f} MB"
                raise refused(shown_as, "", found, "at most 200 MB", _SMALLER)
            # Reads each entry to its stated size and compares its checksum: a false size is found out.
            broken = packed.testzip()
            if broken is not None:
                raise zipfile.BadZipFile(broken)
            strings = [entry for entry in packed.infolist() if entry.filename.lower().endswith("sharedstrings.xml")]
            lengths = [len(text) for entry in strings for text in _SHARED.findall(packed.read(entry))]
            for entry in packed.infolist():
                if re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", entry.filename, re.IGNORECASE):
                    _measure_sheet(packed.read(entry), lengths, shown_as)
            books = [entry for entry in packed.infolist() if entry.filename.lower().endswith("xl/workbook.xml")]
            return any(_SINCE_1904.search(packed.read(entry)) for entry in books)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        found = f"a broken workbook, or none ({shorten(str(error))})"
        raise refused(shown_as, "", found, "xlsx", "Save it again, or as csv.") from None


def _measure_sheet(xml: bytes, lengths: list[int], shown_as: str) -> None:
    """Refuse a sheet whose corners are too far apart, or that repeats a long text too often: both fill the memory."""
    rows = {int(number) for number in re.findall(rb'\sr="[A-Z]{1,3}(\d{1,7})"', xml)}
    columns = {_column(letters) for letters in set(re.findall(rb'\sr="([A-Z]{1,3})\d', xml))}
    if rows and (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) > MAX_CELLS:
        found = f"a sheet of {max(rows):,} rows and {max(columns):,} columns"
        raise refused(shown_as, "", found, f"{MAX_CELLS:,} cells", "Delete what lies beyond the data, then save it.")
    # Each cell holds a copy of its shared text. Counting them all takes time, so only where it could matter.
    if max(lengths, default=0) * xml.count(b't="s"') > MAX_TEXT:
        places = (int(place) for place in _REFERENCE.findall(xml))
        if sum(lengths[place] for place in places if place < len(lengths)) > MAX_TEXT:
            raise refused(shown_as, "", "more than 1 GB of text in the cells of a sheet", "1 GB", _SMALLER)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet(book: python_calamine.CalamineWorkbook, shown_as: str, named: str | None) -> python_calamine.CalamineSheet:
    names = [
        known.name
        for known in book.sheets_metadata
        if known.typ == python_calamine.SheetTypeEnum.WorkSheet
        and (known.name == named or known.visible == python_calamine.SheetVisibleEnum.Visible)
    ]
    allowed = shorten(", ".join(names), 200)
    if named is not None:
        if named not in names:
            raise refused(shown_as, "sheet", f"no sheet {shorten(named)}", allowed, "Correct 'sheet' in crm.yaml.")
        return book.get_sheet_by_name(named)
    filled = [sheet for sheet in map(book.get_sheet_by_name, names) if sheet.height]
    if not filled:
        raise refused(shown_as, "", "an empty workbook", "a header and at least one row", "Export it again, with rows.")
    if len(filled) > 1:
        names = [sheet.name for sheet in filled]
        found = f"{len(names)} sheets: {shorten(', '.join(names), 200)}"
        raise refused(shown_as, "", found, "one sheet", "Write 'sheet: …' in crm.yaml to say which one.")
    return filled[0]
