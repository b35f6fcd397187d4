"""Tidy a snapshot: one row a deal, with its present stage and no history."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gtmdiag.errors import Problem
from gtmdiag.funnel.attributes import deal_attributes, one_row_a_deal
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.currency import converted
from gtmdiag.funnel.history import Tidy
from gtmdiag.funnel.notices import join_warnings, unmapped_warnings
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import IGNORED, StageMap
from gtmdiag.funnel.words import counted


def tidy_snapshot(source: Source, config: CrmConfig, *, until: int) -> Tidy:
    """Tidy a snapshot.

    A status that says won or lost decides; else the stage; else the later of ``won_at`` and ``lost_at``. A present
    stage cannot be wound back: dates after ``until`` are not used, but their deals stay. The one move of a deal is its
    present stage; its time is the deal's creation (else ``entered_at``), so days are days since the deal began.

    Parameters
    ----------
    source
        Typed rows; ``main`` has ``deal`` and ``stage``.
    config
        The map of stages.
    until
        Last second that is used.
    """
    stage_map, warnings = StageMap.of(config), list[Problem]()
    main, repeated = one_row_a_deal(source.main, source.file, config.lines)
    warnings += repeated
    second = source.deals
    if second is not None:
        second, repeated = one_row_a_deal(second, source.deals_file, config.lines)
        warnings += repeated
        warnings += join_warnings(source, "They are left out: a snapshot counts the deals of its own file.")
        second = second[second["deal"].isin(main["deal"])]
    main = main.assign(code=stage_map.codes(main["stage"]))
    main = main[main["code"] != IGNORED].sort_values("deal").reset_index(drop=True)
    warnings += unmapped_warnings(main, source, config)
    deals, unconverted = converted(deal_attributes(main, second, config), config, source)
    warnings += unconverted
    if "entered_at" in main:
        entered = main.set_index("deal")["entered_at"].reindex(deals.index, fill_value=MISSING)
        deals["created_at"] = deals["created_at"].where(deals["created_at"] != MISSING, entered)
    for column in ("created_at", "won_at", "lost_at"):
        deals[column] = _not_after(deals[column], until, column, source, warnings)
    codes = main.set_index("deal")["code"].reindex(deals.index)
    deals["outcome"] = _outcomes(deals, codes, stage_map)
    deals["ended"] = _ended(deals)
    deals["ended"] = _not_after(deals["ended"], until, "closed_at", source, warnings)
    on_map = codes[(codes >= 0) & (codes < stage_map.won)]
    entered = deals["created_at"].reindex(on_map.index).to_numpy()
    moves = pd.DataFrame({"deal": on_map.index, "stage": on_map.to_numpy(), "entered": entered})
    return Tidy(deals, moves, tuple(warnings))


def _outcomes(deals: pd.DataFrame, codes: pd.Series[int], stage_map: StageMap) -> pd.Series[str]:
    status = stage_map.status_codes(deals["status"])
    decided = np.where(status >= stage_map.won, status, codes.to_numpy())
    dated_won = (deals["won_at"] != MISSING) & (deals["won_at"] > deals["lost_at"])
    dated_lost = (deals["lost_at"] != MISSING) & ~dated_won
    closed = decided >= stage_map.won
    outcome = np.select(
        [decided == stage_map.won, decided == stage_map.lost, ~closed & dated_won, ~closed & dated_lost],
        ["won", "lost", "won", "lost"],
        "open",
    )
    return pd.Series(outcome, index=deals.index, dtype="str")


def _ended(deals: pd.DataFrame) -> pd.Series[int]:
    dated = deals["won_at"].where(deals["outcome"] == "won", deals["lost_at"])
    ended = dated.where(dated != MISSING, deals["closed_at"])
    return ended.where(deals["outcome"] != "open", MISSING)


def _not_after(times: pd.Series[int], until: int, role: str, source: Source, warnings: list[Problem]) -> pd.Series[int]:
    late = times > until
    if late.any():
        origin = next(iter(source.inputs(role, "won_at", "lost_at", "entered_at")), "")
        file, _, place = origin.partition(", ")
        found = f"{counted(int(late.sum()), 'date')} after the as-of date; not used"
        remedy = "Check 'as_of'; a snapshot cannot be wound back, so the deals keep their present stage."
        warnings.append(Problem(file, place, found, "dates up to the as-of date", remedy, "warning"))
    return times.where(~late, MISSING)
