from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from gtmdiag.errors import InputError, Problem
from gtmdiag.funnel.files import read_table
from gtmdiag.funnel.tables import FileOptions, Table, locate


def _read(folder: Path, content: bytes, encoding: str | None = None) -> Table:
    path = folder / "deals.csv"
    path.write_bytes(content)
    return read_table(path, "crm/deals.csv", FileOptions(encoding))


def _refusal(folder: Path, content: bytes, encoding: str | None = None) -> Problem:
    with pytest.raises(InputError) as caught:
        _read(folder, content, encoding)
    return caught.value.problems[0]


def test_text_stays_text(tmp_path: Path) -> None:
    table = _read(tmp_path, b"Id,Segment\n001,NA\n1e5,null\n")
    assert table.column("Id").series().tolist() == ["001", "1e5"]
    assert table.column("Segment").series().tolist() == ["NA", "null"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfId;Name\r\n1;a,b\r\n",
        b"Id\tName\n1\ta,b\n",
        b'Id,Name\n1,"a,b"\n',
        b"sep=;\nId;Name\n1;a,b\n",
        b"Id|Name\n\n1|a,b\n\n",
    ],
    ids=["BOM and semicolon", "tab", "quotes", "sep line", "bar and empty lines"],
)
def test_every_dialect_gives_the_same_table(tmp_path: Path, content: bytes) -> None:
    table = _read(tmp_path, content)
    assert table.header == ("Id", "Name")
    assert table.column("Name").series().tolist() == ["a,b"]
    assert not table.warnings


def test_a_newline_inside_quotes_makes_no_row(tmp_path: Path) -> None:
    table = _read(tmp_path, b'Id,Note\n1,"first\nsecond"\n2,x\n')
    assert (table.rows, table.column("Id").series().tolist()) == (2, ["1", "2"])


def test_gz_is_unpacked_and_a_broken_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv.gz"
    path.write_bytes(gzip.compress(b"Id\n1\n"))
    assert read_table(path, "crm/deals.csv.gz", FileOptions()).rows == 1
    path.write_bytes(b"no gzip")
    with pytest.raises(InputError, match="cannot be read"):
        read_table(path, "crm/deals.csv.gz", FileOptions())


def test_windows_1252_is_read_and_told(tmp_path: Path) -> None:
    table = _read(tmp_path, "Id,Owner\n1,Zoë €\n".encode("windows-1252"))
    assert table.column("Owner").series().tolist() == ["Zoë €"]
    assert "Windows-1252" in table.warnings[0].found


def test_utf_16_is_asked_for_and_then_read(tmp_path: Path) -> None:
    content = "Id,Owner\n1,Zoë\n".encode("utf-16")
    assert "utf-16" in _refusal(tmp_path, content).remedy
    assert _read(tmp_path, content, "utf-16").column("Owner").series().tolist() == ["Zoë"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"\n \n", "an empty file"),
        (b"Id,Stage\n", "a header and no rows"),
        (b"Id,Stage\n1,\x00\n", "NUL"),
        (b'Id,Stage\n1,"never closed\n2,x\n', "not csv"),
        (b"Id,Owner\n1,\x81\x8d\n", "not UTF-8"),
    ],
)
def test_an_unusable_file_is_refused_in_plain_words(tmp_path: Path, content: bytes, found: str) -> None:
    problem = _refusal(tmp_path, content)
    assert found in problem.found
    assert problem.file == "crm/deals.csv"


def test_ragged_rows_and_footers_are_counted(tmp_path: Path) -> None:
    table = _read(tmp_path, b"Id,Stage,Amount\n1,A\n2,A,5,surplus\nGrand Totals (2 records)\n")
    assert table.column("Amount").series().tolist() == ["", "5"]
    told = " ".join(problem.found for problem in table.warnings)
    assert "1 line with a single field" in told
    assert "1 row with fewer fields" in told


def test_a_missing_or_doubled_column_is_told_with_what_there_is(tmp_path: Path) -> None:
    table = _read(tmp_path, b"Id,Stage,Amount,Amount\n1,A,5,6\n")
    doubled, missing = table.problem_with("Amount"), table.problem_with("stage")
    assert doubled is not None
    assert missing is not None
    assert doubled.found == "2 columns of this name"
    assert "Id, Stage, Amount" in missing.allowed
    assert "'Stage'" in missing.remedy


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "a/../../secret.csv", "..\\secret.csv", "C:x.csv"])
def test_no_path_leads_out_of_the_crm_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.csv").write_text("Id\n1\n")
    crm = tmp_path / "crm"
    crm.mkdir()
    with pytest.raises(InputError, match="inside the crm folder"):
        locate(crm, "file", name)


def test_no_symlink_leads_out_of_the_crm_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("Id\n1\n")
    crm = tmp_path / "crm"
    crm.mkdir()
    (crm / "deals.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(InputError, match="inside the crm folder"):
        locate(crm, "file", "deals.csv")


@pytest.mark.parametrize("name", ["deals.xls", "deals.json"])
def test_other_formats_are_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(InputError, match="Save the export as csv or xlsx"):
        locate(tmp_path, "deals", name)


def test_a_misspelt_file_name_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "opportunities.csv").write_text("Id\n1\n")
    with pytest.raises(InputError, match="Did you mean 'opportunities"):
        locate(tmp_path, "deals", "oportunities.csv")
