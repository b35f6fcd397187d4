"""The cells of an export's column as text."""

from __future__ import annotations

from gtmdiag.funnel.tables import Table


def cell_texts(table: Table, header: str) -> list[str]:
    """Return a column's texts, stripped, one a row."""
    column = table.column(header)
    return [column.texts[code] for code in column.codes]
