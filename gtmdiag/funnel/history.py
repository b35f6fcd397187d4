"""Reduce a stage history to deals, and tell what is odd about its rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from gtmdiag.errors import Problem
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.currency import converted
from gtmdiag.funnel.notices import late_warnings, reopened_warnings, unmapped_warnings
from gtmdiag.funnel.reduction.deals import Deals, begun, deals_of
from gtmdiag.funnel.rows import Rows
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import StageMap


@dataclass(frozen=True, eq=False)
class Tidy:
    """Deals, whatever shape they came in.

    Attributes
    ----------
    rows
        The rows they come from.
    deals
        One row each.
    warnings
        What was noticed on the way.
    """

    rows: Rows
    deals: Deals
    warnings: tuple[Problem, ...]


def tidy_history(source: Source, rows: Rows, config: CrmConfig, *, until: int) -> Tidy:
    """Reduce a history; see `deals_of`.

    Parameters
    ----------
    source
        Names of files and columns, for messages.
    rows
        Its rows, with ``entered_at``.
    config
        The map of stages.
    until
        Last second that is used; later events are left out and counted.
    """
    stages = StageMap.of(config).won
    events = _with_alone(rows)
    found = deals_of(
        events, rows.second, rows.engine, stages=stages, until=until, held=rows.held, held_second=rows.held_second
    )
    frame, warnings = converted(found.frame, config, source, rows.engine)
    all_deals = replace(found, frame=rows.engine.kept(frame))
    warnings += unmapped_warnings(events, source, config)
    warnings += late_warnings(all_deals, rows, events, source)
    deals = begun(all_deals)
    warnings += reopened_warnings(deals, rows, source)
    return Tidy(rows, deals, tuple(warnings))


def _with_alone(rows: Rows) -> nw.LazyFrame[Any]:
    """Return the rows of the history, and the present stage of deals that have none."""
    if rows.second is None or "code" not in rows.second.collect_schema().names():
        return rows.main
    alone = rows.second.filter(~nw.col("stage").is_null()).join(
        rows.main.select("deal").unique(), on="deal", how="anti"
    )
    columns = rows.main.collect_schema()
    alone = alone.select(
        **{
            name: nw.col(name) if name in ("deal", "deal_id", "stage", "code") else nw.lit(None, dtype=kind)
            for name, kind in columns.items()
        }
    )
    return rows.engine.kept(nw.concat([rows.main, alone]))
