"""Results files in DuckDB: parsed once, all that are of another form told at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import duckdb
import pyarrow  # pyright: ignore[reportMissingTypeStubs]

from gtmdiag.engagement.reports import RESULTS_SCHEMA
from gtmdiag.errors import shorten
from gtmdiag.portfolio.form import FORM
from gtmdiag.portfolio.sources import Refused, Source, refused, render_again

_arrow: Any = pyarrow
_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "threads": "2",
}
# one query parses every file: of text that is no JSON, or has another form, `r` is null
_PARSE: Final = "create table results as select place, try(from_json_strict(text, ?)) as r from texts"
_WHY: Final = """
select place, json_valid(text), try(json_extract_string(text, '$.schema')) from texts
where place in (select place from results where r is null or r."schema" is distinct from ?) order by place
"""


def connect() -> duckdb.DuckDBPyConnection:
    """Return a database in memory that fetches nothing from anywhere."""
    return duckdb.connect(config=_SETTINGS)


def load(database: duckdb.DuckDBPyConnection, sources: Sequence[Source]) -> tuple[Refused, ...]:
    """Make the table ``results`` with ``place`` (of the source) and ``r`` (see `gtmdiag.portfolio.form`).

    Returns
    -------
    tuple of Refused
        The sources that are no JSON, of another version, or of another form. They are not in the table.
    """
    texts = _arrow.table({"place": list(range(len(sources))), "text": [source.text for source in sources]})
    database.register("texts", texts)
    database.execute(_PARSE, [json.dumps(FORM)])
    found: list[tuple[int, bool, str | None]] = database.execute(_WHY, [RESULTS_SCHEMA]).fetchall()
    problems = tuple(_refusal(sources[place], valid, schema) for place, valid, schema in found)
    drop(database, [place for place, *_ in found])
    database.unregister("texts")
    return problems


def drop(database: duckdb.DuckDBPyConnection, places: Sequence[int]) -> None:
    """Take clients out of ``results``."""
    database.execute("delete from results where list_contains(?, place)", [list(places)])


def _refusal(source: Source, valid: bool, schema: str | None) -> Refused:
    if not valid:
        why, found = "results that are broken", "text that is not JSON"
    elif schema != RESULTS_SCHEMA:
        why, found = "results of another version of gtmdiag", f"schema {shorten(schema)}, not {RESULTS_SCHEMA!r}"
    else:
        why, found = "results that are broken", f"{RESULTS_SCHEMA} with parts that are missing or of another kind"
    return refused(source.root, source.shown_as, why, found, render_again(source.root))
