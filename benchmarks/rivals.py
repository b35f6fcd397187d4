"""The reduction to cells as a good analyst would write it by hand: in SQL with window functions, and in pandas.

Both give exactly our cells for the histories of `benchmarks.events`, and for any other whose rows all have a time in
whole seconds, before the export, and whose amounts are whole cents. Neither copes with undated rows, with dates of
closing or with a second table.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.events import AS_OF, LOST, STAGES, WON

_DAY: Final = np.timedelta64(1, "D")
_NEVER: Final = np.datetime64("9999-01-01", "us")

Times = NDArray[np.datetime64]

SQL: Final = """
WITH places (stage_name, place) AS (VALUES {places}),
events AS (
    SELECT deal_id, coalesce(place, -1) AS place, entered_at, region, amount
    FROM read_parquet('{path}') LEFT JOIN places USING (stage_name)
    WHERE entered_at < TIMESTAMP '{end}'
),
deals AS (
    SELECT
        deal_id,
        coalesce(arg_max(region, (entered_at, region)) FILTER (region <> ''), '') AS segment,
        round(100 * arg_max(amount, (entered_at, amount)) FILTER (amount IS NOT NULL))::BIGINT AS cents,
        arg_max(place, (entered_at, place)) >= {won} AS is_closed,
        max((entered_at, place)) FILTER (place >= {won}) AS closing
    FROM events
    GROUP BY deal_id
),
entries AS (
    SELECT deal_id, place, min(entered_at) AS entered, max(entered_at) AS last_seen
    FROM events
    WHERE place BETWEEN 0 AND {won} - 1
    GROUP BY deal_id, place
),
stays AS (
    SELECT
        deal_id, place, entered,
        min((entered, place)) OVER further AS next,
        max(last_seen) OVER earlier AS fell_back
    FROM entries
    WINDOW
        further AS (
            PARTITION BY deal_id ORDER BY place ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
        ),
        earlier AS (
            PARTITION BY deal_id ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        )
),
ended AS (
    SELECT
        segment, cents, place, next[2] AS next_place, entered,
        CASE
            WHEN next IS NOT NULL THEN 'advanced'
            WHEN NOT is_closed THEN 'open'
            WHEN closing[2] = {won} THEN 'won'
            ELSE 'lost'
        END AS outcome,
        CASE
            WHEN next IS NOT NULL THEN next[1]
            WHEN is_closed THEN closing[1]
            ELSE TIMESTAMP '{end}' - INTERVAL 1 SECOND
        END AS left_at,
        coalesce(fell_back > entered AND (fell_back < left_at OR outcome = 'open'), false)::INTEGER AS back
    FROM deals LEFT JOIN stays USING (deal_id)
),
summed AS (
    SELECT
        segment, place, next_place, outcome, back,
        CASE WHEN left_at >= entered THEN date_sub('day', entered, left_at) ELSE -1 END AS "day",
        coalesce(
            -- Of stays that ended more than 26 weeks before, the week is enough.
            CASE
                WHEN left_at < TIMESTAMP '{end}' - INTERVAL 1 SECOND - INTERVAL 182 DAY
                THEN date_trunc('week', entered)::DATE
                ELSE entered::DATE
            END - DATE '1970-01-01',
            -1
        ) AS entered,
        count(*) AS n, count(cents) AS n_amount, coalesce(sum(cents), 0)::BIGINT AS amount_cents,
        coalesce(sum(cents::DOUBLE * cents), 0) AS amount_sq
    FROM ended
    GROUP BY ALL
)
SELECT
    segment, 'EUR' AS currency, coalesce(here.stage_name, '') AS stage, outcome,
    coalesce(there.stage_name, '') AS next_stage, back, "day", entered, n, n_amount, amount_cents, amount_sq
FROM summed
LEFT JOIN places AS here ON here.place = summed.place
LEFT JOIN places AS there ON there.place = summed.next_place
ORDER BY ALL
"""


def sql_of(path: Path, *, as_of: date = AS_OF) -> str:
    """Return the query over a parquet file."""
    places = ", ".join(f"('{name}', {place})" for place, name in enumerate((*STAGES, WON, LOST)))
    return SQL.format(
        places=places,
        path=str(path).replace("'", "''"),
        end=as_of + timedelta(days=1),
        won=len(STAGES),
    )


def pandas_cells(path: Path, *, as_of: date = AS_OF) -> pd.DataFrame:
    """Reduce a parquet file in pandas, without a loop over rows or deals."""
    end = np.datetime64(as_of + timedelta(days=1), "us")
    events = pd.read_parquet(path, columns=["deal_id", "stage_name", "entered_at", "region", "amount"])
    events = events[events["entered_at"] < end]
    events["deal"] = pd.factorize(events["deal_id"])[0]
    places = {name: place for place, name in enumerate((*STAGES, WON, LOST))}
    events["place"] = events["stage_name"].map(places).fillna(-1).astype("int64")
    events = events.sort_values(["deal", "entered_at", "place"], ignore_index=True)
    by_deal = events.groupby("deal")
    deals = pd.DataFrame(index=pd.RangeIndex(by_deal.ngroups))
    deals["segment"] = _last_known(events[events["region"].fillna("") != ""], "region").reindex(deals.index)
    deals["amount"] = _last_known(events[events["amount"].notna()], "amount").reindex(deals.index)
    closings = events[events["place"] >= len(STAGES)].drop_duplicates("deal", keep="last").set_index("deal")
    is_closed = by_deal["place"].last().to_numpy() >= len(STAGES)
    closings = closings[["place", "entered_at"]].reindex(deals.index)
    deals["outcome"] = np.where(is_closed, np.where(closings["place"] == len(STAGES), "won", "lost"), "open")
    deals["ended"] = closings["entered_at"].where(is_closed, end - np.timedelta64(1, "s"))
    first, last = (_by_place(events, which, len(deals)) for which in ("min", "max"))
    long_ago = end - np.timedelta64(1, "s") - np.timedelta64(182, "D")
    parts = [_stays(deals, first, last, place, long_ago) for place in range(len(STAGES))]
    nowhere = pd.DataFrame(first).isna().all(axis=1)
    unplaced = deals[nowhere].assign(stage="", next_stage="", back=0, day=-1, entered=-1)
    return _summed(pd.concat([*parts, unplaced], ignore_index=True))


def _last_known(events: pd.DataFrame, column: str) -> pd.Series[float]:
    """Return the last value of each deal; among those of one time the largest."""
    ordered = events.sort_values(["deal", "entered_at", column])
    return ordered.drop_duplicates("deal", keep="last").set_index("deal")[column]


def _by_place(events: pd.DataFrame, which: str, deals: int) -> Times:
    """Return the first ("min") or last ("max") time of each deal (row) in each stage (column)."""
    placed = events[events["place"].between(0, len(STAGES) - 1)]
    times: Any = placed.groupby(["deal", "place"])["entered_at"].agg(which).unstack()
    return times.reindex(index=range(deals), columns=range(len(STAGES))).to_numpy("datetime64[us]")


def _stays(deals: pd.DataFrame, first: Times, last: Times, place: int, long_ago: np.datetime64) -> pd.DataFrame:
    """Return the stays in one stage; of those that ended long ago, the week of entry is enough."""
    here = ~np.isnat(first[:, place])
    stays, start = deals[here], first[here, place]
    further = np.column_stack([first[here, place + 1 :], np.full(len(stays), _NEVER)])
    further = np.where(np.isnat(further), _NEVER, further)
    soonest, onwards = further.argmin(axis=1), further.min(axis=1)
    goes_on = onwards < _NEVER
    ended: Times = stays["ended"].to_numpy("datetime64[us]")
    left = np.where(goes_on, onwards, ended)
    outcome = np.where(goes_on, "advanced", stays["outcome"])
    back = np.zeros(len(stays), dtype=bool)
    if place:
        fell_back = np.fmax.reduce(last[here, :place], axis=1)
        back = (fell_back > start) & ((fell_back < left) | (outcome == "open"))
    entered = start.astype("datetime64[D]").astype(np.int64)
    following = np.array([*STAGES, ""], dtype=object)[np.where(goes_on, place + 1 + soonest, len(STAGES))]
    return stays.assign(
        stage=STAGES[place],
        outcome=outcome,
        next_stage=following,
        back=back.astype(np.int64),
        day=np.where(left >= start, (left - start) // _DAY, -1),
        # 1 January 1970 was a Thursday.
        entered=np.where(left < long_ago, (entered + 3) // 7 * 7 - 3, entered),
    )


def _summed(stays: pd.DataFrame) -> pd.DataFrame:
    cents = (stays["amount"] * 100).round()
    stays = stays.assign(
        segment=stays["segment"].fillna(""),
        currency="EUR",
        n=1,
        n_amount=cents.notna().astype("int64"),
        amount_cents=cents.fillna(0).astype("int64"),
        amount_sq=cents.fillna(0) ** 2,
    )
    keys = ["segment", "currency", "stage", "outcome", "next_stage", "back", "day", "entered"]
    return stays.groupby(keys, as_index=False)[["n", "n_amount", "amount_cents", "amount_sq"]].sum()
