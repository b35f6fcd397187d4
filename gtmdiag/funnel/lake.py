"""A stage history in a parquet file with types of its own: reduced where it lies, without a way over texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw
import pandas as pd

from gtmdiag.errors import InputError, Problem
from gtmdiag.funnel.config import TIMES, CrmConfig
from gtmdiag.funnel.numbers import LARGEST
from gtmdiag.funnel.pipeline import COLUMNS
from gtmdiag.funnel.reduction.attributes import ATTRIBUTES
from gtmdiag.funnel.reduction.engines import engine_of
from gtmdiag.funnel.reduction.frames import typed
from gtmdiag.funnel.rows import Rows, connected
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import StageMap
from gtmdiag.funnel.tables import locate
from gtmdiag.funnel.words import counted


def history_in_place(crm_dir: Path, config: CrmConfig, *, main_path: Path | None = None) -> tuple[Source, Rows] | None:
    """Return a stage history that needs no reading: one parquet file with dates as dates and amounts as numbers.

    Parameters
    ----------
    crm_dir
        Folder of the file that is named.
    config
        The content of crm.yaml.
    main_path
        The file itself, where a user gave it.

    Returns
    -------
    tuple or None
        None where anything has to be decided first: another shape or kind of file, a second table, dates as texts,
        times with a zone, a pipeline to choose.

    Raises
    ------
    InputError
        There is no such file, or an amount in it is too large.
    """
    named: dict[str, str | None] = config.columns.model_dump()
    roles = {role: name for role, name in named.items() if name is not None and role in _USED}
    path = main_path or crm_dir / config.file
    if config.shape != "history" or config.deals or config.pipeline or path.suffix.lower() != ".parquet":
        return None
    if main_path is None:
        path = locate(crm_dir, "file", config.file)
    shown_as = path.name if main_path is not None else f"{crm_dir.name}/{config.file}"
    with path.open("rb") as file:
        if file.read(4) != b"PAR1":
            return None
    native = connected().read_parquet(str(path))
    frame = nw.from_native(native)
    schema = frame.collect_schema()
    if not all(_fits(role, schema.get(name)) for role, name in roles.items()) or set(COLUMNS) & set(schema):
        return None
    engine = engine_of(native)
    main = typed(frame, roles, StageMap.of(config), engine)
    held = tuple(role for role in ATTRIBUTES if role in roles)
    n, kept = (int(one.select(nw.len()).collect().item()) for one in (frame, main))
    problems = list(_too_large(main, shown_as, roles)) if "amount" in roles else []
    if problems:
        raise InputError(problems)
    warnings: tuple[Problem, ...] = ()
    if n > kept:
        found, remedy = f"{counted(n - kept, 'row')} without a deal id; left out", "Check the export."
        warnings = (Problem(shown_as, f"column {roles['deal']}", found, "an id in each row", remedy, "warning"),)
    origins = {role: f"{shown_as}, column {name}" for role, name in roles.items()}
    source = Source(pd.DataFrame(), None, shown_as, "", n, origins, (), warnings)
    return source, Rows(main, None, held, (), engine)


_USED = {"deal", "stage", "entered_at", *ATTRIBUTES}


def _fits(role: str, kind: Any) -> bool:
    if kind is None:
        return False
    if role in TIMES:
        return kind == nw.Date or (kind == nw.Datetime and kind.time_zone is None)
    if role == "amount":
        return bool(kind.is_numeric())
    return kind == nw.String


def _too_large(main: nw.LazyFrame[Any], shown_as: str, roles: dict[str, str]) -> list[Problem]:
    size = nw.col("amount").abs()
    largest, total = (
        values[0] or 0
        for values in main.select(largest=size.max(), total=size.cast(nw.Float64).sum())
        .collect()
        .to_dict(as_series=False)
        .values()
    )
    where, told = f"column {roles['amount']}", list[Problem]()
    if largest > LARGEST * 100:
        found = "amounts above 1,000,000,000,000"
        told.append(Problem(shown_as, where, found, "smaller amounts", "Correct them, or name the right column."))
    elif total > 2.0**62:
        found = "amounts whose sum is too large to count in cents"
        told.append(Problem(shown_as, where, found, "smaller amounts", "Check the column."))
    return told
