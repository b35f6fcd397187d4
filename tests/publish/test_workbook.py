"""The workbook: the report's numbers as numbers, and no formula made of anybody's text."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gtmdiag.publish.workbook import render_xlsx
from gtmdiag.publish.workbook.sheets import Sheet, sheets
from gtmdiag.publish.workbook.values import Value, read_value
from gtmdiag.report.document import Document
from tests.publish.strange import empty_document, strange_document
from tests.report.example import example_document

DOCUMENTS = {"example": example_document, "strange": strange_document, "empty": empty_document}


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_text_that_became_a_formula_or_a_link_outside(name: str) -> None:
    document: Document = DOCUMENTS[name]()
    for part, data in parts(render_xlsx(document)).items():
        if part.startswith("xl/worksheets/"):
            assert b"<f>" not in data, part
        assert b'TargetMode="External"' not in data, part


def test_number_of_the_report_that_the_workbook_lacks() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_xlsx(example_document())))
    rows = book.get_sheet_by_name("Where deals are, stage by stage").to_python()
    assert rows[3][:7] == ["Stage", "Reached", "Advanced", "Lost", "Open", "Amount, €", "Advanced so far"]
    assert rows[5][:7] == ["SQL", 405, 331, 52, 22, 9_480_000, 0.82]
    numbers = book.get_sheet_by_name("Numbers").to_python()
    found = [row for row in numbers if row[2] == "SQL" and row[3] == "Advanced so far"]
    assert [row[4:6] for row in found] == [["82 %", 0.82]]


def test_numbers_of_a_chart_without_interval_n_and_source() -> None:
    (numbers, *_) = sheets(strange_document())
    rows = [row for row in numbers.rows if row[3] == "=Conversion" and row[2] == "@risk"]
    assert rows
    value, low, high, _, unit, n, source = rows[0][5:]
    assert (low, value, high) == pytest.approx((4 / 12 - 0.1, 4 / 12, 4 / 12 + 0.1))
    assert (unit, n, source) == ("%", 4, "=source")


def test_same_document_that_gives_other_bytes() -> None:
    first = render_xlsx(example_document())
    assert first == render_xlsx(example_document())
    assert datetime(2026, 10, 31).isoformat().encode() in parts(first)["docProps/core.xml"]


def test_head_that_scrolls_away_or_number_without_a_format() -> None:
    made = parts(render_xlsx(example_document()))
    for name, data in made.items():
        if name.startswith("xl/worksheets/sheet"):
            assert b'state="frozen"' in data, name
    assert b'formatCode="#,##0"' in made["xl/styles.xml"]
    assert b'formatCode="0.0%"' in made["xl/styles.xml"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_sheet_whose_name_the_format_refuses(name: str) -> None:
    document: Document = DOCUMENTS[name]()
    names = CalamineWorkbook.from_filelike(io.BytesIO(render_xlsx(document))).sheet_names
    assert len({one.casefold() for one in names}) == len(names)
    assert all(0 < len(one) <= 31 and not set(one) & set("[]:*?/\\") for one in names)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("22.0%", Value(0.22, unit="%")),
        ("1,066", Value(1066)),
        ("−0.2", Value(-0.2)),
        ("5 of 16", Value(5, of=16)),
        ("20% to 25%", Value(None, 0.2, 0.25, unit="%")),
        ("2.3 M EUR (1.3 M EUR to 3.9 M EUR)", Value(2.3e6, 1.3e6, 3.9e6, unit="EUR")),
        ("day 12 (10 to 15)", Value(12, 10, 15)),
        ("day 12 (10 or later)", Value(12, 10)),
        ("0.8 (n = 6)", Value(0.8, n=6)),
        ("Q3", None),
        ("2026-10", None),
        ("=1+1", None),
        ("", None),
    ],
)
def test_number_read_back_otherwise_than_it_was_written(text: str, value: Value | None) -> None:
    assert read_value(text) == value


@given(st.text(max_size=80))
def test_text_that_reading_numbers_stumbles_over(text: str) -> None:
    read_value(text)


def test_row_with_another_number_of_cells_than_its_sheet_has_columns() -> None:
    made: list[Sheet] = [sheet for name in DOCUMENTS for sheet in sheets(DOCUMENTS[name]())]
    assert all(len(row) == len(sheet.columns) for sheet in made for row in sheet.rows)
