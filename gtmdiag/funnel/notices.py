"""What tidying notices and tells: stages off the map, deals in one table only, late events, reopened deals."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.faults import OPEN_AGAIN, WON_THEN_LOST
from gtmdiag.funnel.reduction.deals import Deals
from gtmdiag.funnel.reduction.engines import counts
from gtmdiag.funnel.rows import Rows
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import IGNORED, UNMAPPED
from gtmdiag.funnel.words import counted


def unmapped_warnings(events: nw.LazyFrame[Any], source: Source, config: CrmConfig) -> list[Problem]:
    """Tell which stages are on no list of ``crm.yaml``, with their rows and deals."""
    unmapped = events.filter(nw.col("code") == UNMAPPED)
    counts = unmapped.group_by("stage").agg(rows=nw.len(), deals=nw.col("deal").n_unique()).collect()
    if counts.is_empty():
        return []
    told = sorted(counts.iter_rows(), key=lambda row: (-row[1], row[0] or ""))
    listed = [
        f"{shorten(name) if name else 'an empty stage'} ({counted(size, 'row')}, {counted(deals, 'deal')})"
        for name, size, deals in told[:20]
    ]
    more = f" and {len(told) - 20} more" if len(told) > 20 else ""
    remedy = "Add them to 'stages', 'won', 'lost' or 'ignore'; until then they are not on the map."
    found = f"stages that crm.yaml does not name: {', '.join(listed)}{more}"
    file, _, place = source.origins["stage"].partition(", ")
    return [Problem(file, place, found, ", ".join(config.stages), remedy, "warning")]


def join_warnings(source: Source, only_in_second: str) -> list[Problem]:
    """Tell which deals stand in one of two tables only, and what becomes of those that only the second has."""
    if source.deals is None:
        return []
    in_main, in_second = set(source.main["deal"].tolist()), set(source.deals["deal"].tolist())
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


def late_warnings(deals: Deals, rows: Rows, events: nw.LazyFrame[Any], source: Source) -> list[Problem]:
    """Tell how many events and deals lie after the as-of date."""
    file, _, place = source.origins["entered_at"].partition(", ")
    after = events.filter((nw.col("entered_at") > deals.until) & (nw.col("code") != IGNORED))
    late_facts = (nw.col(name) > deals.until for name in ("won_at", "lost_at"))
    *facts_n, not_yet_n = counts(deals.frame, *late_facts, nw.col("not_yet"))
    n_events = int(after.select(nw.len()).collect().item()) + sum(facts_n)
    warnings: list[Problem] = []
    if n_events:
        found = f"{counted(n_events, 'event')} after the as-of date; not used"
        warnings.append(Problem(file, place, found, "dates up to the as-of date", "Check 'as_of'.", "warning"))
    if not_yet_n:
        example = shorten(rows.ids(deals.frame.filter(nw.col("not_yet")), 1)[0])
        found = f"{counted(not_yet_n, 'deal')} that began after the as-of date, such as {example}; left out"
        warnings.append(Problem(file, place, found, "dates up to the as-of date", "Check 'as_of'.", "warning"))
    return warnings


def reopened_warnings(deals: Deals, rows: Rows, source: Source) -> list[Problem]:
    """Tell which deals changed their outcome after closing."""
    file, _, place = source.origins["stage"].partition(", ")
    warnings: list[Problem] = []
    told = (
        (WON_THEN_LOST, "went from won to lost, counted as lost"),
        (OPEN_AGAIN, "opened again after closing, counted as open"),
    )
    for n, (changed, words) in zip(counts(deals.frame, WON_THEN_LOST, OPEN_AGAIN), told, strict=True):
        if n:
            example = shorten(rows.ids(deals.frame.filter(changed), 1)[0])
            found = f"{counted(n, 'deal')} that {words}, such as {example}"
            remedy = "Ask whether these were corrections or real changes."
            warnings.append(Problem(file, place, found, "one outcome a deal", remedy, "warning"))
    return warnings
