"""Read columns of a parquet file. Its types are taken as they are: its dates need no order, its numbers no sign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gtmdiag.errors import shorten
from gtmdiag.funnel.coded import Coded, coded
from gtmdiag.funnel.tables import MAX_VALUES, FileOptions, Table, refused, table_of, too_many
from gtmdiag.funnel.typed import text_of


def read_parquet(path: Path, shown_as: str, how: FileOptions) -> Table:
    """Read a parquet file; only the columns that are used are unpacked.

    Times with a zone are given in UTC; times without one stay as they are.

    Raises
    ------
    InputError
        The file is broken, too large, or has no rows.
    """
    # Imported here, since it takes a while and few files are parquet.
    import pyarrow  # pyright: ignore[reportMissingTypeStubs]
    from pyarrow import parquet  # pyright: ignore[reportMissingTypeStubs]

    arrow: Any = pyarrow
    files: Any = parquet
    try:
        with files.ParquetFile(path) as file:
            header = tuple(str(name).strip() for name in file.schema_arrow.names)
            places = how.places(header)
            rows = int(file.metadata.num_rows)
            if min(rows, rows if how.limit is None else how.limit) * len(places) > MAX_VALUES:
                raise too_many(shown_as)
            # Of a column that occurs twice, reading by name is refused by pyarrow.
            names = [file.schema_arrow.names[place] for place in places if header.count(header[place]) == 1]
            table = file.read(columns=names)
    except (arrow.ArrowException, OSError) as error:
        found = f"a parquet file that cannot be read ({shorten(str(error))})"
        raise refused(shown_as, "", found, "parquet", "Export it again, or as csv.") from None
    table = table.slice(0, how.limit)
    kept = {header.index(str(name).strip()): _texts(arrow, table.column(name)) for name in names}
    return table_of(shown_as, "parquet", header, kept, int(table.num_rows))


def _texts(arrow: Any, column: Any) -> Coded | list[str]:
    types: Any = arrow.types
    if types.is_nested(column.type):
        return [text_of(value) for value in column.to_pylist()]
    if types.is_timestamp(column.type):
        # As text, since Python's own times know no nanoseconds. Those with a zone end in Z.
        column = column.cast(arrow.timestamp(column.type.unit, "UTC" if column.type.tz else None)).cast("string")
    if not types.is_string(column.type) and not types.is_large_string(column.type):
        found = column.dictionary_encode().combine_chunks()
        column = arrow.array([text_of(value) for value in found.dictionary.to_pylist()]).take(found.indices)
    column = column.cast(arrow.large_string()).fill_null("")
    return coded(column.combine_chunks() if isinstance(column, arrow.ChunkedArray) else column)
