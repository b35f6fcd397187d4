"""Turn a wide export, one column of dates a stage, into the rows of a stage history."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.attributes import one_row_a_deal
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.notices import join_warnings
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.source import Source, stage_time
from gtmdiag.funnel.stages import StageMap
from gtmdiag.funnel.words import counted


def unpivoted(source: Source, config: CrmConfig) -> Source:
    """Return a wide source as a history.

    ``main`` becomes one row for each date of a stage, ``deals`` one row a deal with all else. The column of the present
    stage, where there is one, has the last word: a stage without a date is entered at an unknown time (a closing at
    ``closed_at``), and a deal whose latest date is of another outcome counts by its present stage.
    """
    wide, warnings = one_row_a_deal(source.main, source.file, config.lines)
    if source.deals is not None:
        warnings += tuple(join_warnings(source, "They count, with the outcome that this table tells."))
        second, repeated = one_row_a_deal(source.deals, source.deals_file, config.lines)
        wide, warnings = _joined(wide, second), (*warnings, *repeated)
    parts = [
        pd.DataFrame({"deal": wide["deal"], "stage": stage, "entered_at": wide[stage_time(stage)]})
        for stage in config.stage_columns
    ]
    dated = pd.concat(parts)
    dated = dated[dated["entered_at"] != MISSING]
    if "stage" in wide:
        present, contradicted = _present_rows(wide, dated, StageMap.of(config))
        dated = pd.concat([dated, present])
        warnings = (*warnings, *_contradiction(contradicted, source))
    first = next(iter(config.stage_columns))
    origins = {"stage": source.origins.get("stage", source.origins[stage_time(first)])}
    return replace(
        source,
        main=dated.reset_index(drop=True),
        deals=wide.drop(columns=[*map(stage_time, config.stage_columns), "stage"], errors="ignore"),
        deals_file=source.file,
        origins={**source.origins, **origins, "entered_at": source.origins[stage_time(first)]},
        warnings=(*source.warnings, *warnings),
    )


def _joined(wide: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    ids = pd.Index(sorted({*wide["deal"], *second["deal"]}), name="deal")
    columns: dict[str, pd.Series] = {}
    for frame in (wide, second):
        for role, values in frame.set_index("deal").items():
            blank = MISSING if values.dtype == "int64" else ""
            columns[str(role)] = values.reindex(ids, fill_value=blank)
    return pd.DataFrame(columns, index=ids).reset_index()


def _present_rows(wide: pd.DataFrame, dated: pd.DataFrame, stage_map: StageMap) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows that the present stage adds to the dated ones, and the deals whose latest date it contradicts."""
    known = wide[wide["stage"] != ""]
    codes = pd.Series(stage_map.codes(known["stage"]), index=known.index)
    closed = codes >= stage_map.won
    times = dated.assign(code=stage_map.codes(dated["stage"])).sort_values(["deal", "entered_at", "code"])
    latest = times.drop_duplicates("deal", keep="last").set_index("deal")
    last_code = latest["code"].reindex(known["deal"], fill_value=-1).to_numpy()
    last_time = latest["entered_at"].reindex(known["deal"], fill_value=MISSING).to_numpy()
    # Which open stage is the latest one changes no outcome; won, lost or open does.
    against: pd.Series[bool] = (last_time != MISSING) & (codes != last_code) & (closed | (last_code >= stage_map.won))
    pairs = set(zip(times["deal"], times["code"], strict=True))
    is_dated = pd.Series([pair in pairs for pair in zip(known["deal"], codes, strict=True)], index=known.index)
    closing = known["closed_at"] if "closed_at" in known else pd.Series(MISSING, index=known.index)
    at: pd.Series[int] = closing.where(closed, MISSING)
    # One second after the latest date: late enough to decide, and in no other day unless at midnight.
    at = at.where(~against | (at > last_time), last_time + 1)
    added = against | ~is_dated
    rows = pd.DataFrame({"deal": known["deal"][added], "stage": known["stage"][added], "entered_at": at[added]})
    return rows, sorted(known["deal"][against & (is_dated | ~closed)])


def _contradiction(deals: list[str], source: Source) -> list[Problem]:
    if not deals:
        return []
    file, _, place = source.origins["stage"].partition(", ")
    found = f"{counted(len(deals), 'deal')} whose latest date is of another stage, such as {shorten(deals[0])}"
    remedy = "They count by their present stage; check the dates of their stages."
    return [Problem(file, place, found, "a present stage that fits the dates", remedy, "warning")]
