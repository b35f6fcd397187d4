"""Tidy a stage history: one row a deal with its outcome, one row for each stage a deal entered first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gtmdiag.errors import Problem
from gtmdiag.funnel.attributes import deal_attributes, one_row_a_deal
from gtmdiag.funnel.config import CrmConfig
from gtmdiag.funnel.currency import converted
from gtmdiag.funnel.notices import join_warnings, late_warnings, reopened_warnings, unmapped_warnings
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import IGNORED, StageMap

_FAR = int(np.iinfo(np.int64).max)


@dataclass(frozen=True)
class Tidy:
    """Deals and their moves, whatever shape they came in.

    Attributes
    ----------
    deals
        One row a deal, index ``deal``: the columns of `deal_attributes`, ``outcome`` (``won``, ``lost``, ``open``) and
        ``ended`` (seconds, when it closed, `MISSING` where open or unknown).
    moves
        One row for each stage on the map that a deal entered: ``deal``, ``stage`` (place on the map, from 0),
        ``entered`` (seconds of the first entry, or `MISSING`).
    warnings
        What was noticed on the way.
    """

    deals: pd.DataFrame
    moves: pd.DataFrame
    warnings: tuple[Problem, ...]


def tidy_history(source: Source, config: CrmConfig, *, until: int) -> Tidy:
    """Tidy a history.

    Rows are ordered by time; rows of one time by the order of the stages, closing last. A row is a move only if the
    stage changed. The last row decides whether a deal is open; a date of winning or losing, or a status that says so,
    closes it in any case. Of several closings the last one counts.

    Parameters
    ----------
    source
        Typed rows; ``main`` has ``deal``, ``stage``, ``entered_at``.
    config
        The map of stages.
    until
        Last second that is used; later events are left out and counted.
    """
    stage_map, warnings = StageMap.of(config), list[Problem]()
    second = source.deals
    if second is not None:
        second, repeated = one_row_a_deal(second, source.deals_file, config.lines)
        warnings += repeated
    known, unconverted = converted(deal_attributes(source.main, second, config), config, source)
    warnings += unconverted
    events, left_out = _stage_events(source.main, second, stage_map)
    known = known[~known.index.isin(left_out)]
    warnings += unmapped_warnings(events, source, config)
    warnings += join_warnings(source, "They count, with the outcome that this table tells.")
    closings = _closing_facts(known, events, stage_map)
    late_events, late_closings = events["time"] > until, closings["time"] > until
    used = pd.concat([events[~late_events], closings[~late_closings]])
    late = set(events["deal"][late_events]) | set(closings["deal"][late_closings])
    late |= set(known.index[known["created_at"] > until])
    not_yet = sorted(late - set(used["deal"]))
    warnings += late_warnings(int(late_events.sum() + late_closings.sum()), not_yet, source)
    known = known[~known.index.isin(not_yet)]
    closed = _outcomes(events[~late_events], used, set(closings["deal"][~late_closings]), stage_map)
    deals = known.assign(
        outcome=closed["outcome"].reindex(known.index, fill_value="open"),
        ended=closed["ended"].reindex(known.index, fill_value=MISSING),
    )
    warnings += reopened_warnings(used, deals, stage_map, source)
    return Tidy(deals, _first_entries(events[~late_events], stage_map), tuple(warnings))


def _stage_events(
    main: pd.DataFrame, second: pd.DataFrame | None, stage_map: StageMap
) -> tuple[pd.DataFrame, set[str]]:
    """Return deal, code, time and stage of every row, and the deals that only have rows to ignore."""
    events = pd.DataFrame({"deal": main["deal"], "time": main["entered_at"], "stage": main["stage"]})
    if second is not None and "stage" in second:
        # A deal without history still has a present stage.
        alone = second[~second["deal"].isin(main["deal"])]
        events = pd.concat([events, pd.DataFrame({"deal": alone["deal"], "time": MISSING, "stage": alone["stage"]})])
    events["code"] = stage_map.codes(events["stage"])
    kept = events[events["code"] != IGNORED].reset_index(drop=True)
    return kept, set(events["deal"]) - set(kept["deal"])


def _closing_facts(known: pd.DataFrame, events: pd.DataFrame, stage_map: StageMap) -> pd.DataFrame:
    """Return closings that are told by a column of their own: ``won_at``, ``lost_at``, or a status."""
    found: list[pd.DataFrame] = []
    status = stage_map.status_codes(known["status"])
    for code, column in ((stage_map.won, "won_at"), (stage_map.lost, "lost_at")):
        dated = known[column] != MISSING
        in_history = known.index.isin(events["deal"][events["code"] == code])
        by_status = (status == code) & ~dated & ~in_history
        times = known[column].where(dated, known["closed_at"])[dated | by_status]
        found.append(pd.DataFrame({"deal": times.index, "time": times.to_numpy(), "code": code}))
    return pd.concat(found, ignore_index=True)


def _outcomes(events: pd.DataFrame, used: pd.DataFrame, closed_by_fact: set[str], stage_map: StageMap) -> pd.DataFrame:
    """Return outcome and time of closing of the closed deals, index ``deal``."""
    last = _in_order(events, stage_map).drop_duplicates("deal", keep="last").set_index("deal")["code"]
    closed = set(last.index[last >= stage_map.won]) | closed_by_fact
    closings = used[(used["code"] >= stage_map.won) & used["deal"].isin(closed)]
    final = _in_order(closings, stage_map).drop_duplicates("deal", keep="last").set_index("deal")
    outcome = final["code"].map({stage_map.won: "won", stage_map.lost: "lost"})
    return pd.DataFrame({"outcome": outcome.astype("str"), "ended": final["time"]})


def _in_order(events: pd.DataFrame, stage_map: StageMap) -> pd.DataFrame:
    """Sort by time, then by stage order with closing last; without a time, stages come first and closings last."""
    undated_closing = (events["time"] == MISSING) & (events["code"] >= stage_map.won)
    keyed = events.assign(when=events["time"].where(~undated_closing, _FAR))
    return keyed.sort_values(["deal", "when", "code"], kind="stable")


def _first_entries(events: pd.DataFrame, stage_map: StageMap) -> pd.DataFrame:
    on_map = events[(events["code"] >= 0) & (events["code"] < stage_map.won)]
    times = on_map["time"].where(on_map["time"] != MISSING, _FAR)
    first = times.groupby([on_map["deal"], on_map["code"]]).min()
    first = first.where(first != _FAR, MISSING)
    moves = first.rename("entered").rename_axis(["deal", "stage"]).reset_index()
    return moves.astype({"stage": "int64", "entered": "int64"})
