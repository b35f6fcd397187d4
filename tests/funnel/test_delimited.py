from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gtmdiag.errors import InputError
from gtmdiag.funnel import delimited, plain
from gtmdiag.funnel.delimited import read_delimited, read_exactly
from gtmdiag.funnel.encodings import encoding_of, utf8_chunks
from gtmdiag.funnel.tables import FileOptions, Table

SIGNS = ["a", "7", "é", ",", ",", ";", '"', '"', '""', "\n", "\n", "\r\n", "\r", " ", "\t", "\xa0", "\x1c", "\ufeff"]
FIELDS = st.lists(st.sampled_from(["", " ", "NA", "001", "é €", '"x,\n""y"""', '"a\r\nb"', 'in"ch']), max_size=4)
ROWS = st.lists(FIELDS.map(",".join)).map("\n".join)
TEXTS = st.lists(st.sampled_from(SIGNS), max_size=60).map("".join) | ROWS


def _told(read: Table | InputError) -> object:
    if isinstance(read, InputError):
        return read.problems
    columns = {place: column.series().tolist() for place, column in read._kept.items()}  # pyright: ignore[reportPrivateUsage]
    return read.header, read.rows, read.warnings, columns


def _exactly(path: Path, how: FileOptions) -> Table:
    encoding, warnings = encoding_of(path, "deals.csv", how.encoding)
    return read_exactly(path, "deals.csv", how, encoding, warnings)


def _either(read: object) -> object:
    try:
        return _told(read())  # type: ignore[operator]
    except InputError as error:
        return _told(error)


def _crumbs(stream: BinaryIO, encoding: str, size: int) -> Iterator[bytes]:
    for chunk in utf8_chunks(stream, encoding, size):
        yield chunk[:16]
        yield from (chunk[start : start + 5] for start in range(16, len(chunk), 5))


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sampled_from([None, {"Id"}, {"Stage"}, {"Id", "Note"}]), st.sampled_from([",", ";"]))
@example('1,a,"x\n2,b,y"\n3,c,"z"\n', None, ",")
@example('1,a,5" pipe\n2,b,"4"" pipe"\n', None, ",")
@example("1,a,\n\n , ,\n,,x\nTotal\n  \n2,b,y\n", {"Id"}, ",")
def test_both_readers_give_the_same_table_of_whatever_text(body: str, only: set[str] | None, delimiter: str) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "utf8_chunks", _crumbs)
        patch.setattr(plain, "BLOCK", 8)
        path = Path(folder) / "deals.csv"
        path.write_bytes(f"Id,Stage,Note\n{body}".encode())
        how = FileOptions(delimiter=delimiter, only=only)
        assert _either(lambda: read_delimited(path, "deals.csv", how)) == _either(lambda: _exactly(path, how))


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"\xef\xbb\xbfId;Note\r\n001;NA\r\n", None),
        (b'sep=;\n"Id";"Note"\n"001";"NA"\n"Total (1)"\n', None),
        (b'Id,Note\n001,"NA"\n,\n', None),
        ("Id,Note\n001,NA\n002,\u20ac".encode("windows-1252"), None),
        ("Id,Note\n001,NA\n".encode("utf-16"), "utf-16"),
    ],
    ids=["BOM", "sep line and footer", "blank row", "Windows-1252", "UTF-16"],
)
def test_usual_files_take_the_quick_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, encoding: str | None
) -> None:
    monkeypatch.delattr(delimited, "read_exactly")
    (tmp_path / "deals.csv").write_bytes(content)
    table = read_delimited(tmp_path / "deals.csv", "deals.csv", FileOptions(encoding))
    assert [table.column(name).texts[0] for name in ("Id", "Note")] == ["001", "NA"]


def test_a_long_note_is_no_reason_to_refuse_a_file(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(f'Id,Note\n1,"{"x" * 200_000}"\n2,5" pipe\n')
    assert read_delimited(path, "deals.csv", FileOptions(only={"Id"})).rows == 2
