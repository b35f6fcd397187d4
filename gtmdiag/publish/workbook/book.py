"""The workbook as a file: frozen heads, number formats, filters; text is text whatever it begins with."""

# XlsxWriter has types only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import io
import re
from typing import Any

from gtmdiag.publish.office import made_at, new_workbook
from gtmdiag.publish.typesetting import day_of
from gtmdiag.publish.workbook.sheets import Cell, Sheet, sheets
from gtmdiag.report.document import Document
from gtmdiag.report.theme import Theme
from gtmdiag.report.words import day

_FORMATS = {"share": "0.0%", "number": "#,##0.##", "count": "#,##0", "text": "@"}
_HEAD_ROW = 3
_MOST_SHEETS = 120
_MOST_LETTERS = 32_000
"""Of one cell; the format holds 32,767."""


def render_xlsx(document: Document) -> bytes:
    """Return the numbers of ``document`` as a workbook. The same document gives the same bytes."""
    held = io.BytesIO()
    book = new_workbook(held)
    about = {"title": document.title[:250], "subject": document.client[:250], "author": "gtmdiag"}
    book.set_properties({**about, "created": made_at(document.date)})
    theme = document.brand.theme
    formats = _formats(book, theme)
    made = list(sheets(document))[:_MOST_SHEETS]
    names = _names(made)
    _contents(book, document, made, names, formats)
    for sheet, name in zip(made, names, strict=True):
        _write(book.add_worksheet(name), sheet, formats, document)
    book.close()
    return held.getvalue()


def _formats(book: Any, theme: Theme) -> dict[str, Any]:
    base = {"font_name": theme.fonts.office, "font_size": 10, "font_color": theme.light.ink, "valign": "top"}
    made = {form: book.add_format({**base, "num_format": code}) for form, code in _FORMATS.items()}
    made["text"] = book.add_format({**base, "num_format": "@", "text_wrap": True})
    made["title"] = book.add_format({**base, "bold": True, "font_size": 14})
    made["note"] = book.add_format({**base, "font_color": theme.light.muted, "font_size": 9})
    made["head"] = book.add_format(
        {**base, "bold": True, "text_wrap": True, "bg_color": theme.light.wash, "bottom": 1, "valign": "bottom"}
    )
    made["head right"] = book.add_format(
        {
            **base,
            "bold": True,
            "text_wrap": True,
            "bg_color": theme.light.wash,
            "bottom": 1,
            "valign": "bottom",
            "align": "right",
        }
    )
    return made


def _names(made: list[Sheet]) -> list[str]:
    """Return a name of at most 31 letters for each sheet, no two alike whatever their case."""
    taken, names = {"contents"}, list[str]()
    for number, sheet in enumerate(made, start=1):
        base = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", sheet.name)
        base = " ".join(base.split())[:31].strip() or f"Sheet {number}"
        name, count = base, 2
        while name.casefold() in taken:
            mark = f" ({count})"
            name, count = base[: 31 - len(mark)].rstrip() + mark, count + 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _contents(book: Any, document: Document, made: list[Sheet], names: list[str], formats: dict[str, Any]) -> None:
    page = book.add_worksheet("Contents")
    page.hide_gridlines(2)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 80)
    page.set_column(2, 2, 9)
    page.write_string(0, 0, document.title[:_MOST_LETTERS], formats["title"])
    date = day_of(document.date)
    told = (document.client, day(date, document.language) if date else "", document.confidentiality)
    page.write_string(1, 0, " · ".join(text for text in told if text)[:_MOST_LETTERS], formats["note"])
    for place, head in enumerate(("Sheet", "What it holds", "Rows")):
        page.write_string(_HEAD_ROW, place, head, formats["head"])
    for row, (sheet, name) in enumerate(zip(made, names, strict=True), start=_HEAD_ROW + 1):
        quoted = name.replace("'", "''")
        page.write_url(row, 0, f"internal:'{quoted}'!A1", formats["text"], name)
        page.write_string(row, 1, sheet.title[:_MOST_LETTERS], formats["text"])
        page.write_number(row, 2, len(sheet.rows), formats["count"])
    page.freeze_panes(_HEAD_ROW + 1, 0)


def _write(page: Any, sheet: Sheet, formats: dict[str, Any], document: Document) -> None:
    page.hide_gridlines(2)
    page.write_string(0, 0, sheet.title[:_MOST_LETTERS], formats["title"])
    page.write_string(1, 0, sheet.note[:_MOST_LETTERS], formats["note"])
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, min(column.width, 90))
        head = "head" if column.form == "text" else "head right"
        page.write_string(_HEAD_ROW, place, column.head[:_MOST_LETTERS], formats[head])
    for row, cells in enumerate(sheet.rows, start=_HEAD_ROW + 1):
        for place, (cell, column) in enumerate(zip(cells, sheet.columns, strict=True)):
            _cell(page, row, place, cell, _form(sheet, cells, column.form), formats)
    page.freeze_panes(_HEAD_ROW + 1, 1)
    if sheet.rows and sheet.columns:
        page.autofilter(_HEAD_ROW, 0, _HEAD_ROW + len(sheet.rows), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(1 if document.brand.theme.format_of(document.language).paper == "letter" else 9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEAD_ROW)


def _form(sheet: Sheet, cells: tuple[Cell, ...], form: str) -> str:
    """Return the form of a cell; in the list of all numbers the unit stands in the row."""
    return "share" if sheet.name == "Numbers" and form == "number" and cells[9] == "%" else form


def _cell(page: Any, row: int, place: int, cell: Cell, form: str, formats: dict[str, Any]) -> None:
    if cell is None:
        page.write_blank(row, place, None, formats[form])
    elif isinstance(cell, str):
        page.write_string(row, place, cell[:_MOST_LETTERS], formats["text"])
    else:
        page.write_number(row, place, cell, formats[form])
