"""What tidying notices and tells: stages off the map, deals in one table only, late events, reopened deals."""

from __future__ import annotations

import pandas as pd

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import UNMAPPED, StageMap
from gtmdiag.funnel.words import counted


def unmapped_warnings(events: pd.DataFrame, source: Source, config: CrmConfig) -> list[Problem]:
    """Tell which stages are on no list of ``crm.yaml``, with their rows and deals."""
    unmapped = events[events["code"] == UNMAPPED]
    if unmapped.empty:
        return []
    counts = unmapped.groupby("stage")["deal"].agg(["size", "nunique"]).sort_values("size", ascending=False)
    listed = [
        f"{shorten(str(name)) if name else 'an empty stage'} ({counted(size, 'row')}, {counted(deals, 'deal')})"
        for name, size, deals in counts.head(20).itertuples()
    ]
    more = f" and {len(counts) - 20} more" if len(counts) > 20 else ""
    remedy = "Add them to 'stages', 'won', 'lost' or 'ignore'; until then they are not on the map."
    found = f"stages that crm.yaml does not name: {', '.join(listed)}{more}"
    file, _, place = source.origins["stage"].partition(", ")
    return [Problem(file, place, found, ", ".join(config.stages), remedy, "warning")]


def join_warnings(source: Source, only_in_second: str) -> list[Problem]:
    """Tell which deals stand in one of two tables only, and what becomes of those that only the second has."""
    if source.deals is None:
        return []
    in_main, in_second = set(source.main["deal"]), set(source.deals["deal"])
    warnings: list[Problem] = []
    for ids, lacking, effect in (
        (in_main - in_second, source.deals_file, "They count, without what this table would tell."),
        (in_second - in_main, source.file, only_in_second),
    ):
        if ids:
            found = f"no row for {len(ids)} of {len(in_main | in_second)} deals, such as {shorten(min(ids))}"
            remedy = f"{effect} Export both tables with the same filter."
            warnings.append(Problem(lacking, "", found, "every deal in both tables", remedy, "warning"))
    return warnings


def late_warnings(n_events: int, not_yet: list[str], source: Source) -> list[Problem]:
    """Tell how many events and deals lie after the as-of date."""
    file, _, place = source.origins["entered_at"].partition(", ")
    warnings: list[Problem] = []
    if n_events:
        found = f"{counted(n_events, 'event')} after the as-of date; not used"
        warnings.append(Problem(file, place, found, "dates up to the as-of date", "Check 'as_of'.", "warning"))
    if not_yet:
        found = (
            f"{counted(len(not_yet), 'deal')} that began after the as-of date, such as {shorten(not_yet[0])}; left out"
        )
        warnings.append(Problem(file, place, found, "dates up to the as-of date", "Check 'as_of'.", "warning"))
    return warnings


def reopened_warnings(used: pd.DataFrame, deals: pd.DataFrame, stage_map: StageMap, source: Source) -> list[Problem]:
    """Tell which deals changed their outcome after closing."""
    file, _, place = source.origins["stage"].partition(", ")
    ever_won = set(used["deal"][used["code"] == stage_map.won])
    ever_closed = ever_won | set(used["deal"][used["code"] == stage_map.lost])
    warnings: list[Problem] = []
    for ids, outcome, words in (
        (ever_won, "lost", "went from won to lost, counted as lost"),
        (ever_closed, "open", "opened again after closing, counted as open"),
    ):
        changed = sorted(ids & set(deals.index[deals["outcome"] == outcome]))
        if changed:
            found = f"{counted(len(changed), 'deal')} that {words}, such as {shorten(changed[0])}"
            remedy = "Ask whether these were corrections or real changes."
            warnings.append(Problem(file, place, found, "one outcome a deal", remedy, "warning"))
    return warnings
