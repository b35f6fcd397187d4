"""Read csv without oddities in blocks, fast. Whatever another reader could read otherwise is left to the exact one."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow.csv  # pyright: ignore[reportMissingTypeStubs]
from numpy.typing import NDArray

from gtmdiag.funnel.coded import Coded, arrow, coded, merged, text_bytes

_csv: Any = pyarrow.csv
BLOCK = 4 * 1024**2
LONGEST_ROW = 16 * BLOCK
_QUOTE, _NEWLINE, _RETURN = b'"'[0], b"\n"[0], b"\r"[0]
_THREADS = 2


class NotPlainError(Exception):
    """The text has something that readers differ on; it is for the exact reader."""


@dataclass(frozen=True)
class Rows:
    """What stands below the header.

    Attributes
    ----------
    kept
        The columns that were asked for, by place.
    n
        Number of rows, without blank ones.
    footers
        The lone field of each line that has but one.
    """

    kept: dict[int, Coded]
    n: int
    footers: list[str] = field(default_factory=list[str])


def plain_rows(chunks: Iterator[bytes], delimiter: str, width: int, places: list[int]) -> Rows:
    """Read rows of UTF-8 text, exactly as Python's csv module would.

    Parameters
    ----------
    chunks
        The bytes behind the header, cut anywhere.
    delimiter
        One ASCII character.
    width
        Number of columns.
    places
        The columns to keep; at least one.

    Raises
    ------
    NotPlainError
        There is a quote inside a bare field or behind a quoted one, a row with too few or too many fields, a NUL, an
        overlong row, or bytes that are not UTF-8.
    """
    if len(delimiter.encode()) != 1 or delimiter in '"\r\n' or not places:
        raise NotPlainError
    form = _Form(delimiter, width, tuple(places))
    with ThreadPoolExecutor(_THREADS) as pool:
        parts = list(_ahead(pool, form.rows, _blocks(chunks, form)))
    n = sum(part.n for part in parts)
    if not n:
        return Rows({place: Coded.of(()) for place in places}, 0, [text for part in parts for text in part.footers])
    kept: dict[int, Coded] = {}
    for place in places:
        kept[place] = merged([part.kept.pop(place) for part in parts])
    return Rows(kept, n, [text for part in parts for text in part.footers])


def _ahead(pool: ThreadPoolExecutor, work: Callable[[bytes], Rows], blocks: Iterable[bytes]) -> Iterator[Rows]:
    """Work on a few blocks at a time, in their order, so that no more of them are in memory."""
    waiting: deque[Future[Rows]] = deque()
    for block in blocks:
        waiting.append(pool.submit(work, block))
        if len(waiting) > _THREADS:
            yield waiting.popleft().result()
    for future in waiting:
        yield future.result()


def _blocks(chunks: Iterator[bytes], form: _Form) -> Iterator[bytes]:
    """Cut at the ends of rows; quotes stand only at the ends of fields, or twice inside quotes."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        if len(rest) < BLOCK:
            continue
        end = form.end_of_rows(rest)
        if end == 0 and len(rest) > LONGEST_ROW:
            raise NotPlainError
        if end:
            yield rest[:end]
            rest = rest[end:]
    if rest:
        if form.end_of_rows(rest + b"\n") != len(rest) + 1:
            raise NotPlainError
        yield rest


class _Form:
    """How the rows of a file are written."""

    def __init__(self, delimiter: str, width: int, places: tuple[int, ...]) -> None:
        self._delimiter, self._width, self._places = delimiter, width, places
        self._names = [str(place) for place in range(width)]
        self._ends_field = np.zeros(256, dtype=np.bool_)
        self._ends_field[[ord(delimiter), _QUOTE, _NEWLINE, _RETURN]] = True

    def end_of_rows(self, text: bytes) -> int:
        """Return the length of the whole rows that a text begins with; it begins outside of quotes."""
        end = text.rfind(b"\n") + 1
        if b'"' not in text:
            return end
        signs = np.frombuffer(text, dtype=np.uint8)
        quotes = np.flatnonzero(signs == _QUOTE)
        # Counted from the start, each first quote opens and each second one closes; a doubled quote does both.
        while end and np.searchsorted(quotes, end) % 2:
            end = text.rfind(b"\n", 0, end - 1) + 1
        within = quotes[: np.searchsorted(quotes, end)]
        before, behind = signs[within[0::2] - 1], signs[within[1::2] + 1]
        opens = self._ends_field[before] | (within[0::2] == 0)
        if not (opens.all() and self._ends_field[behind].all()):
            raise NotPlainError
        return end

    def rows(self, block: bytes) -> Rows:
        """Read whole rows."""
        self._check(block)
        footers: list[str] = []
        table = self._parsed(block, self._places, footers)
        texts = [column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() for column in table.columns]
        blank = _blank(texts)
        if len(blank):
            # Those rows may hold something in a column that is not kept.
            whole = self._parsed(block, tuple(range(self._width)), []).take(arrow.array(blank)).to_pylist()
            nothing = [not any(text.strip() for text in row.values()) for row in whole]
            keep = np.ones(table.num_rows, dtype=np.bool_)
            keep[blank[np.array(nothing)]] = False
            texts = [column.filter(arrow.array(keep)) for column in texts]
        kept = {place: coded(column) for place, column in zip(self._places, texts, strict=True)}
        return Rows(kept, len(texts[0]), footers)

    @staticmethod
    def _check(block: bytes) -> None:
        if b"\0" in block or block.startswith(codecs.BOM_UTF8):
            raise NotPlainError
        ends = arrow.py_buffer(np.array([0, len(block)], dtype=np.int64))
        try:
            arrow.LargeStringArray.from_buffers(1, ends, arrow.py_buffer(block)).validate(full=True)
        except arrow.ArrowInvalid:
            raise NotPlainError from None

    def _parsed(self, block: bytes, places: tuple[int, ...], footers: list[str]) -> Any:
        odd: list[int] = []

        def lone(row: Any) -> str:
            fields: list[str] | None = None
            if row.actual_columns == 1:
                with suppress(csv.Error):
                    fields = next(csv.reader([row.text], delimiter=self._delimiter, strict=True), list[str]())
            if fields is None:
                odd.append(row.actual_columns)
            else:
                footers.extend(text for text in fields if text.strip())
            return "skip"

        names = [self._names[place] for place in places]
        try:
            table = _csv.read_csv(
                arrow.py_buffer(block),
                read_options=_csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=self._names),
                parse_options=_csv.ParseOptions(
                    delimiter=self._delimiter, newlines_in_values=True, invalid_row_handler=lone
                ),
                convert_options=_csv.ConvertOptions(
                    check_utf8=False,
                    include_columns=names,
                    column_types=dict.fromkeys(names, arrow.large_string()),
                    strings_can_be_null=False,
                ),
            )
        except arrow.ArrowInvalid:
            raise NotPlainError from None
        if odd:
            raise NotPlainError
        return table


def _blank(columns: list[Any]) -> NDArray[np.int64]:
    """Return the rows that are blank in all columns."""
    rows = np.arange(len(columns[0]))
    for column in columns:
        offsets, data = text_bytes(column)
        begins, ends = offsets[rows], offsets[rows + 1]
        # A visible ASCII character in front tells most texts from blank ones.
        first = data[np.minimum(begins, len(data) - 1)] if len(data) else np.zeros(len(rows), dtype=np.uint8)
        rows = rows[(begins == ends) | (first <= ord(" ")) | (first >= 0x80)]
    texts = (column.take(arrow.array(rows)).to_pylist() for column in columns)
    return rows[[not any(text.strip() for text in row) for row in zip(*texts, strict=True)]] if len(rows) else rows
