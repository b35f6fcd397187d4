"""Made-up stage histories of any size as parquet: ``python -m benchmarks.events FOLDER --rows 1000000``.

About four rows a deal over three years of growth: skips, moves back, losses at every stage, wins, reopened deals, deals
still open, rows that repeat the stage (a CRM writes them when an amount is edited), rows at one second. Rows are in
order of time, as a CRM writes them, so that those of a deal lie far apart.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    from gtmdiag.funnel.config import CrmConfig

STAGES: Final = ("Lead", "MQL", "SQL", "Opportunity", "Proposal")
WON: Final = "Closed Won"
LOST: Final = "Closed Lost"
SEGMENTS: Final = ("Benelux", "DACH", "France", "Iberia", "Italy", "Nordics", "UK & Ireland", "")
AS_OF: Final = date(2026, 10, 31)
_DAY = 86_400
_UNTIL = int(datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC).timestamp()) + _DAY - 1
_SPAN = 3 * 365 * _DAY
_LONGEST = 14
_LAST = len(STAGES) - 1
_PLACE_WON, _PLACE_LOST = len(STAGES), len(STAGES) + 1
_ADVANCE = np.array([0.66, 0.62, 0.66, 0.7, 0.58])
_STAY = np.array([6.0, 12.0, 16.0, 25.0, 20.0]) * _DAY
_IDS = 0x0_9E37_79B9_7F4A_7C15

Places = NDArray[np.int8]
Times = NDArray[np.int64]


@dataclass(frozen=True)
class _Paths:
    """Row ``i`` of all arrays is one event."""

    deal: NDArray[np.int64]
    place: Places
    time: Times


def write_events(path: Path, rows: int, *, seed: int = 7) -> None:
    """Write a history of just under so many rows; whole deals only.

    Parameters
    ----------
    path
        The parquet file: ``deal_id``, ``stage_name``, ``region`` (text), ``entered_at`` (timestamp, microseconds, no
        zone) and ``amount`` (double, missing for some).
    rows
        Stage events.
    seed
        The same seed gives the same rows.
    """
    rng = np.random.default_rng(seed)
    paths = _trimmed(_paths(rng, rows // 3 + 10), rows)
    deals = int(paths.deal.max(initial=0)) + 1
    amount = np.round(rng.lognormal(9.3, 1.0, deals), 2)
    amount[rng.random(deals) < 0.04] = np.nan
    segment = rng.choice(len(SEGMENTS), deals, p=[0.08, 0.24, 0.15, 0.1, 0.11, 0.12, 0.17, 0.03])
    # A few deals are negotiated on the way: their amount is another one from some row on.
    haggled = (rng.random(deals) < 0.06)[paths.deal] & (paths.place >= _LAST)
    frame = pd.DataFrame(
        {
            # Multiplying by an odd number modulo 2**60 keeps ids apart and puts them out of order.
            "number": (paths.deal.astype(np.uint64) * np.uint64(_IDS)) & np.uint64(2**60 - 1),
            "place": paths.place,
            "time": paths.time,
            "segment": segment[paths.deal],
            "amount": np.where(haggled, np.round(amount[paths.deal] * 0.9, 2), amount[paths.deal]),
        }
    )
    aside = path.with_name(f"{path.name}.part")
    with duckdb.connect() as connection:
        connection.register("events", frame)
        names, segments = _quoted((*STAGES, WON, LOST)), _quoted(SEGMENTS)
        connection.execute(
            f"""
            COPY (
                SELECT format('006{{:015x}}', number) AS deal_id, ({names})[place + 1] AS stage_name,
                       make_timestamp(time * 1000000) AS entered_at, ({segments})[segment + 1] AS region,
                       nullif(amount, 'nan'::double) AS amount
                FROM events ORDER BY time, number, place
            ) TO {_quoted((str(aside),))[1:-1]} (FORMAT parquet)
            """
        )
    aside.replace(path)


def config() -> CrmConfig:
    """Return what ``crm.yaml`` would say about such a file."""
    # Imported here, since the rivals' processes are not to carry it.
    from gtmdiag.funnel.config import CrmConfig

    return CrmConfig.model_validate(
        {
            "shape": "history",
            "file": "events.parquet",
            "columns": {
                "deal": "deal_id",
                "stage": "stage_name",
                "entered_at": "entered_at",
                "segment": "region",
                "amount": "amount",
            },
            "stages": STAGES,
            "won": [WON],
            "lost": [LOST],
            "as_of": AS_OF,
            "currency": "EUR",
        }
    )


def _quoted(texts: tuple[str, ...]) -> str:
    return "[" + ", ".join("'" + text.replace("'", "''") + "'" for text in texts) + "]"


def _paths(rng: np.random.Generator, deals: int) -> _Paths:
    """Let deals walk until they are closed, or the export is taken."""
    deal = np.arange(deals)
    place = rng.choice(3, deals, p=[0.8, 0.14, 0.06]).astype(np.int8)
    # Entries grow in number: the square root draws more of them towards the end.
    time = (_UNTIL - _SPAN + np.sqrt(rng.random(deals)) * _SPAN).astype(np.int64)
    parts: list[_Paths] = []
    for _ in range(_LONGEST):
        seen = time <= _UNTIL
        deal, place, time = deal[seen], place[seen], time[seen]
        parts.append(_Paths(deal, place, time))
        following = _following(rng, place)
        goes_on = following >= 0
        deal, place, following, time = deal[goes_on], place[goes_on], following[goes_on], time[goes_on]
        stay = rng.exponential(_STAY[np.minimum(place, _LAST)]).astype(np.int64)
        stay[rng.random(len(stay)) < 0.01] = 0
        time, place = time + stay, following
    together = _Paths(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("deal", "place", "time")))
    order = np.argsort(together.deal, kind="stable")
    return _Paths(together.deal[order], together.place[order], together.time[order])


def _following(rng: np.random.Generator, place: Places) -> Places:
    """Draw the next place of each deal; -1 where it stays for good."""
    draw = rng.random((3, len(place)))
    stage = np.minimum(place, _LAST)
    advanced = place + 1 + (draw[1] < 0.06) * (place < _LAST)
    repeated = draw[1] < 0.08
    elsewhere = np.where(repeated, place, np.where(draw[1] < 0.18, np.maximum(place - 1, 0), _PLACE_LOST))
    elsewhere = np.where(draw[1] > 0.93, -1, elsewhere)
    following = np.where(draw[0] < _ADVANCE[stage], advanced, elsewhere)
    reopened = np.where(draw[0] < 0.03, np.minimum((draw[2] * len(STAGES)).astype(np.int8), _LAST), -1)
    closed = np.where(place == _PLACE_LOST, reopened, np.where(draw[0] < 0.002, _PLACE_LOST, -1))
    return np.where(place > _LAST, closed, following).astype(np.int8)


def _trimmed(paths: _Paths, rows: int) -> _Paths:
    """Keep the first deals whose events are no more than so many rows."""
    events: NDArray[Any] = np.cumsum(np.bincount(paths.deal))
    kept = paths.deal < np.searchsorted(events, rows, side="right")
    return _Paths(paths.deal[kept], paths.place[kept], paths.time[kept])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Write made-up stage histories as parquet.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=7)
    settings = parser.parse_args()
    settings.folder.mkdir(parents=True, exist_ok=True)
    for rows in settings.rows:
        path = settings.folder / f"events_{rows}.parquet"
        write_events(path, rows, seed=settings.seed)
        print(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
