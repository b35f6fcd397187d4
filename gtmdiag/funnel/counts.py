"""A table of stages with numbers of deals: the least that a funnel can be told from."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from gtmdiag.errors import InputError, Problem, shorten
from gtmdiag.funnel.config import CrmConfig, name_key
from gtmdiag.funnel.leaks import estimate_counts
from gtmdiag.funnel.outcomes import Outcome, Outcomes, StageRow
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import IGNORED, UNMAPPED, StageMap
from gtmdiag.funnel.wording import counts_cannot, counts_sentences
from gtmdiag.funnel.words import counted
from gtmdiag.trail import Sentence

_NONE: Final = Outcome(0, (), 0)
_MOST: Final = 10**12


def counts_result(source: Source, config: CrmConfig, *, today: date) -> FunnelResult:
    """Return what numbers of deals by stage can tell.

    Rows of one stage, as of several segments, are added. Deals are those that entered the first stage.

    Raises
    ------
    InputError
        A number is missing, not whole or negative, or more deals advanced from a stage than entered it.
    """
    table = source.main.assign(code=StageMap.of(config).codes(source.main["stage"]))
    table = table[(table["code"] != IGNORED) & (table["stage"] != "")]
    on_map = table[(table["code"] >= 0) & (table["code"] < len(config.stages))]
    problems = [problem for role in ("entered", "advanced") for problem in _faulty(on_map, role, source)]
    if problems:
        raise InputError(problems)
    sums = on_map.groupby("code")[["entered", "advanced"]].sum()
    numbers = {int(code): (int(entered), int(advanced)) for code, entered, advanced in sums.itertuples()}
    rows = tuple(_row(stage, numbers.get(code), config) for code, stage in enumerate(config.stages))
    if problems := [problem for row in rows for problem in _impossible(row, source)]:
        raise InputError(problems)
    sentences: tuple[Sentence, ...] = tuple(counts_sentences(rows, source))
    return FunnelResult(
        as_of=config.as_of or today,
        as_of_source="config" if config.as_of else "today",
        later_dates=config.as_of is None,
        shape="counts",
        rows=source.rows,
        deals=next((row.entered for row in rows if row.entered is not None), 0),
        outcomes=Outcomes(_NONE, _NONE, _NONE),
        win_rate_of_closed=None,
        stages=rows,
        unplaced=Outcomes(_NONE, _NONE, _NONE),
        unread=source.unread,
        warnings=(*source.warnings, *_warnings(table, on_map, rows, source)),
        cannot=counts_cannot(source),
        sentences=sentences[:1],
        stage_sentences=sentences[1:],
        estimates=estimate_counts({config.stages[code]: both for code, both in numbers.items()}, config),
    )


def _row(stage: str, numbers: tuple[int, int] | None, config: CrmConfig) -> StageRow:
    entered, advanced = numbers or (None, None)
    return StageRow(
        stage=stage,
        roles=tuple(sorted(role for role, name in config.roles.items() if name_key(name) == name_key(stage))),
        entered=entered,
        advanced=advanced,
        lost=None,
        open=None,
        lost_amounts=(),
        open_amounts=(),
        advanced_share_so_far=advanced / entered if entered and advanced is not None else None,
    )


def _faulty(on_map: pd.DataFrame, role: str, source: Source) -> list[Problem]:
    values = on_map[role].to_numpy(dtype=np.int64)
    faulty = (values < 0) | (values > _MOST)
    if not faulty.any():
        return []
    file, _, place = source.origins[role].partition(", ")
    stages = ", ".join(shorten(str(stage)) for stage in on_map["stage"][faulty][:5])
    found = f"no number of deals for {stages}"
    return [Problem(file, place, found, "a whole number, 0 or more", "Correct it in the export.")]


def _impossible(row: StageRow, source: Source) -> list[Problem]:
    if row.entered is None or row.advanced is None or row.advanced <= row.entered:
        return []
    file, _, place = source.origins["advanced"].partition(", ")
    found = f"{row.advanced:,} advanced of {row.entered:,} that entered {shorten(row.stage)}"
    remedy = "Check whether the columns are the right ones and of one group of deals."
    return [Problem(file, place, found, "at most as many as entered", remedy)]


def _warnings(table: pd.DataFrame, on_map: pd.DataFrame, rows: tuple[StageRow, ...], source: Source) -> list[Problem]:
    file, _, place = source.origins["stage"].partition(", ")
    found: list[tuple[str, str]] = []
    if unmapped := sorted(set(table["stage"][table["code"] == UNMAPPED])):
        listed = ", ".join(shorten(name) for name in unmapped[:20])
        found.append((f"stages that crm.yaml does not name: {listed}", "Add them to 'stages' or 'ignore'."))
    if absent := [row.stage for row in rows if row.entered is None]:
        listed = ", ".join(shorten(name) for name in absent[:20])
        found.append((f"no row for {listed}", "Nothing is told about them; add them to the table."))
    if repeated := int(on_map["code"].duplicated().sum()):
        remedy = "Their numbers were added; check that no deal is in two rows and no row is a total."
        found.append((f"{counted(repeated, 'row')} more than stages", remedy))
    return [Problem(file, place, words, "one row a stage", remedy, "warning") for words, remedy in found]
