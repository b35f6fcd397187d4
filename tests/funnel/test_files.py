from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from gtmdiag.errors import InputError
from gtmdiag.funnel import delimited, encodings, excel, files, tables
from gtmdiag.funnel.analyse import analyse
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel.tables import FileOptions, Table
from tests.funnel.workbook import Day, Formula, sheet, write_workbook

HEADER: list[object] = ["Id", "Stage", "Since", "Amount"]
CONFIG = """
shape: history
file: {file}
columns: {{deal: Id, stage: Stage, entered_at: Since, amount: Amount}}
stages: [Lead, MQL]
won: [Won]
"""


def _read(path: Path, how: FileOptions | None = None) -> Table:
    return files.read_table(path, f"crm/{path.name}", how or FileOptions())


def _refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        _read(path)
    return str(caught.value)


def _analysed(folder: Path, name: str, more: str = "") -> FunnelResult:
    (folder / "crm.yaml").write_text(CONFIG.format(file=name) + more)
    result = analyse(folder, today=date(2026, 3, 31))
    assert result is not None
    return result


def test_a_workbook_gives_values_of_formulas_and_dates_whatever_order_its_country_writes(tmp_path: Path) -> None:
    rows = [[1, "Lead", Day(46026), 1.234], ["001", Formula("Won"), Day(46027.5), 5]]
    path = write_workbook(tmp_path / "deals.xlsx", Data=sheet(HEADER, *rows), Empty=sheet())
    table = _read(path)
    assert table.column("Id").series().tolist() == ["1", "001"]
    assert table.column("Since").series().tolist() == ["2026-01-04", "2026-01-05T12:00:00"]
    result = _analysed(tmp_path, "deals.xlsx")
    assert (result.outcomes.won.amounts, result.outcomes.open.amounts) == ((("", 500),), (("", 123),))


def test_day_numbers_without_a_date_format_are_read_and_told(tmp_path: Path) -> None:
    rows: list[list[object]] = [["a", "Lead", 46026, 1], ["b", "Lead", 46027.5, 1]]
    write_workbook(tmp_path / "deals.xlsx", Data=sheet(HEADER, *rows))
    result = _analysed(tmp_path, "deals.xlsx")
    assert result.as_of == date(2026, 1, 5)
    assert any("day numbers such as 46026, read as 2026-01-04" in problem.found for problem in result.warnings)


def test_dates_half_turned_by_a_spreadsheet_are_refused(tmp_path: Path) -> None:
    rows: list[list[object]] = [["a", "Lead", Day(46026), 1], ["b", "Lead", "13/01/2026", 1]]
    write_workbook(tmp_path / "deals.xlsx", Data=sheet(HEADER, *rows))
    with pytest.raises(InputError, match="values of different forms"):
        _analysed(tmp_path, "deals.xlsx")


def test_of_several_sheets_one_has_to_be_named(tmp_path: Path) -> None:
    data = sheet(HEADER, ["a", "Lead", Day(46026), 1])
    write_workbook(tmp_path / "deals.xlsx", Old=data, New=data)
    with pytest.raises(InputError, match="2 sheets: 'Old, New'"):
        _analysed(tmp_path, "deals.xlsx")
    assert _analysed(tmp_path, "deals.xlsx", "sheet: New\n").deals == 1
    with pytest.raises(InputError, match="no sheet 'Nwe'; allowed: 'Old, New'"):
        _analysed(tmp_path, "deals.xlsx", "sheet: Nwe\n")


def test_merged_cells_are_refused_in_the_header_and_told_below(tmp_path: Path) -> None:
    rows: list[list[object]] = [["a", "Lead", Day(46026), 1], ["b", "", Day(46026), 1]]
    path = write_workbook(tmp_path / "deals.xlsx", Data=sheet(["Deal", "", "Since"], *rows, merged="A1:B1"))
    assert "merged cells in the row of column names" in _refusal(path)
    path = write_workbook(tmp_path / "deals.xlsx", Data=sheet(HEADER, *rows, merged="B2:B3"))
    assert "1 block of merged cells" in _read(path).warnings[0].found


def test_titles_above_the_column_names_are_left_out_and_told(tmp_path: Path) -> None:
    rows: list[list[object]] = [["a", "Lead", Day(46026), 1], ["b", "Won", Day(46027), 2]]
    path = write_workbook(tmp_path / "deals.xlsx", Data=sheet(["Pipeline"], ["May"], [], HEADER, *rows))
    table = _read(path)
    assert (table.header, table.rows) == (tuple(HEADER), 2)
    assert "3 rows above the column names, with 'Pipeline'" in table.warnings[0].found
    assert "row 4" in table.warnings[0].remedy
    assert _analysed(tmp_path, "deals.xlsx").deals == 2


@pytest.mark.parametrize(
    "names", [["Id", "Stage", "", "Amount"], ["Id", "Stage", 2026, "Amount"], ["Id", "Stage", "Date", "Date"]]
)
def test_titles_above_unclear_column_names_are_refused(tmp_path: Path, names: list[object]) -> None:
    xml = sheet(["Pipeline"], names, ["a", "Lead", Day(46026), 1])
    assert "no row below it that is clearly" in _refusal(write_workbook(tmp_path / "deals.xlsx", Data=xml))


def test_days_counted_since_1904_are_the_same_days(tmp_path: Path) -> None:
    rows: list[list[object]] = [["a", "Lead", 44564, 1], ["b", "Lead", 44565.5, 1]]
    write_workbook(tmp_path / "deals.xlsx", since_1904=True, Data=sheet(HEADER, *rows))
    assert _analysed(tmp_path, "deals.xlsx").as_of == date(2026, 1, 5)
    path = write_workbook(tmp_path / "deals.xlsx", since_1904=True, Data=sheet(HEADER, ["a", "Lead", Day(44564), 1]))
    assert _read(path).column("Since").texts == ("2026-01-04",)


def test_subtotals_without_an_id_are_left_out_and_told_as_such(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["a", "Lead", Day(46026), 1],
        ["", "", "", 1],
        ["", "Subtotal", "", 1],
        ["", "x", "", 1],
    ]
    write_workbook(tmp_path / "deals.xlsx", Data=sheet(HEADER, *rows))
    told = [problem.found for problem in _analysed(tmp_path, "deals.xlsx").warnings]
    assert "3 rows without a deal id, 2 of them with the look of subtotals; left out" in told


def test_a_total_in_a_table_of_counts_is_left_out_and_told(tmp_path: Path) -> None:
    xml = sheet(["Stage", "In", "On"], ["Lead", 10, 4], ["MQL", 4, 1], ["Grand Total", 14, 5])
    write_workbook(tmp_path / "counts.xlsx", Data=xml)
    columns = "columns: {stage: Stage, entered: In, advanced: On}"
    (tmp_path / "crm.yaml").write_text(f"shape: counts\nfile: counts.xlsx\n{columns}\nstages: [Lead, MQL]\n")
    result = analyse(tmp_path, today=date(2026, 3, 31))
    assert result is not None
    assert [(row.entered, row.advanced) for row in result.stages] == [(10, 4), (4, 1)]
    assert [problem.found for problem in result.warnings] == [
        "1 line of totals or footers, such as 'Grand Total'; left out"
    ]


def test_a_workbook_that_would_fill_the_memory_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    bomb = write_workbook(tmp_path / "bomb.xlsx", Data=sheet(["x" * (excel.MAX_EXPANDED + 1)]))
    assert bomb.stat().st_size < 1_000_000
    assert "unpacks to 20" in _refusal(bomb)
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    xml = sheet().replace("<sheetData>", f"<sheetData>{far}")
    assert "1,048,576 rows and 16,384 columns" in _refusal(write_workbook(tmp_path / "far.xlsx", Data=xml))
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 40_001))
    often = write_workbook(tmp_path / "often.xlsx", Data=sheet().replace("<sheetData>", f"<sheetData>{cells}"))
    with zipfile.ZipFile(often, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/sharedStrings.xml", f"<sst><si><t>{'x' * 30_000}</t></si></sst>")
    assert "more than 1 GB of text" in _refusal(often)
    lying = write_workbook(tmp_path / "lying.xlsx", Data=sheet(HEADER, ["y" * 100_000]))
    with zipfile.ZipFile(lying) as packed:
        stated = packed.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    lying.write_bytes(lying.read_bytes().replace(stated, (500).to_bytes(4, "little")))
    assert "a broken workbook" in _refusal(lying)


def test_parquet_types_are_taken_as_they_are(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "Id": ["001", "2"],
            "Stage": pd.Categorical(["Lead", "Won"]),
            "Since": [datetime(2026, 1, 2, 23, 30, tzinfo=UTC), None],
            "Day": [date(2026, 1, 2), None],
            "Amount": [1.234, float("nan")],
            "Exact": [Decimal("1.234"), Decimal("1000000")],
            "Nested": [{"a": 1}, None],
        }
    )
    frame.to_parquet(tmp_path / "deals.parquet")
    table = _read(tmp_path / "deals.parquet", FileOptions(only={"Id", "Stage", "Since", "Day", "Amount", "Exact"}))
    assert [table.column(name).series().tolist()[0] for name in ("Id", "Stage", "Day")] == ["001", "Lead", "2026-01-02"]
    assert table.column("Since").series().tolist() == ["2026-01-02 23:30:00.000000Z", ""]
    assert table.column("Amount").series().tolist() == ["1.2340", ""]
    assert table.column("Exact").series().tolist() == ["1.2340", "1000000"]
    assert _read(tmp_path / "deals.parquet").column("Nested").series().tolist() == ["{'a': 1}", ""]
    assert _analysed(tmp_path, "deals.parquet").as_of == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", b"\xd0\xcf\x11\xe0 old", "old Excel file"),
        ("a.csv", b"<html><table>", "web page"),
        ("a.xlsx", b"PK\x03\x04 and no more", "broken workbook"),
        ("a.parquet", b"PAR1 and no more", "parquet file that cannot be read"),
        ("a.parquet", b"Id\n", "a header and no rows"),
    ],
)
def test_what_is_no_table_is_refused_in_plain_words(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert told in _refusal(tmp_path / name)


def test_a_wrong_name_is_told_and_the_content_read(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "deals.csv", Data=sheet(HEADER, ["a", "Lead"]))
    assert "an Excel workbook under the name .csv" in _read(path).warnings[0].found
    (tmp_path / "deals.xlsx").write_text("Id\n1\n")
    assert "a text file under the name .xlsx" in _read(tmp_path / "deals.xlsx").warnings[0].found


def test_only_the_columns_that_are_used_are_kept_of_a_wide_file(tmp_path: Path) -> None:
    header = ",".join(f"c{n}" for n in range(300))
    path = tmp_path / "deals.csv"
    path.write_text(header + "\n" + ",".join(f'"v\n{n}"' for n in range(300)) + "\n")
    table = _read(path, FileOptions(only={"c7", "c299"}))
    assert (len(table.header), table.rows, table.column("c299").series().tolist()) == (300, 1, ["v\n299"])
    with pytest.raises(KeyError):
        table.column("c1")


def test_a_file_beyond_the_bounds_is_refused_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("Id,Stage\n" + "1,Lead\n" * 1000)
    monkeypatch.setattr(delimited, "MAX_VALUES", 1999)
    assert "more than" in _refusal(path)
    assert _read(path, FileOptions(only={"Id"})).rows == 1000
    monkeypatch.setattr(encodings, "MAX_BYTES", 5000)
    assert "MB of text" in _refusal(path)
    assert tables.MAX_VALUES > 10**7
