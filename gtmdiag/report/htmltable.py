"""Tables from the HTML of a pandas DataFrame or Styler, as blocks of plain text."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

from gtmdiag.report.blocks import Column, Table

_NUMBER = re.compile(r"[(+\-−]?\s?[€$£¥]?\s?[+\-−]?\d[\d.,\s'’]*(e[+-]?\d+)?\s?[%€$£¥kKmMbB×x]*\)?", re.IGNORECASE)
_ABSENT = {"", "—", "–", "-", "nan", "none", "nat", "<na>", "n/a"}
# far beyond what a page can hold; a span is a number that anyone can write
_MOST_COLUMNS = 200


def tables_from_html(html: str) -> tuple[Table, ...]:
    """Return every table of ``html``. Markup inside a cell becomes its text, a script its source text."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.select("table script, table style"):
        tag.replace_with(str(tag))
    for tag in soup.select("table br"):
        tag.replace_with(" ")
    return tuple(table for found in soup.find_all("table") if (table := _table(found)) is not None)


def _table(tag: Tag) -> Table | None:
    own = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
    head = _grid([row for row in own if row.find_parent("thead") is not None])
    body = _grid([row for row in own if row.find_parent("thead") is None])
    if not head and body:
        head, body = body[:1], body[1:]
    width = max((len(row) for row in head + body), default=0)
    if not width:
        return None
    labels = [_label([row[i] if i < len(row) else "" for row in head]) for i in range(width)]
    rows = tuple(tuple(row + [""] * (width - len(row))) for row in body)
    columns = tuple(
        Column(label, "right" if _is_numeric([row[i] for row in rows]) else "left") for i, label in enumerate(labels)
    )
    caption, size = tag.find("caption"), tag.find_next_sibling("p")
    return Table(_text(caption) if caption else "", columns, rows, _text(size) if size else "")


def _grid(rows: list[Tag]) -> list[list[str]]:
    """Return the texts of ``rows`` with every span filled, so that all cells stand under their column."""
    grid: list[list[str]] = []
    pending: dict[int, tuple[str, int]] = {}
    for row in rows:
        line: list[str] = []
        cells = list(row.find_all(["th", "td"], recursive=False))
        while (cells or len(line) in pending) and len(line) < _MOST_COLUMNS:
            if len(line) in pending:
                text, left = pending.pop(len(line))
                if left > 1:
                    pending[len(line)] = (text, left - 1)
                line.append(text)
                continue
            cell = cells.pop(0)
            text, down = _text(cell), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    pending[len(line)] = (text, down - 1)
                line.append(text)
        grid.append(line)
    return grid


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, "1"))
    return min(max(int(value), 1), _MOST_COLUMNS) if value.isascii() and value.isdigit() else 1


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def _label(levels: list[str]) -> str:
    return " · ".join(dict.fromkeys(level for level in levels if level))


def _is_numeric(texts: list[str]) -> bool:
    filled = [text for text in texts if text.casefold() not in _ABSENT]
    return bool(filled) and all(_NUMBER.fullmatch(text) for text in filled)
