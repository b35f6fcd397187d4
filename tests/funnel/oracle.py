"""The reduction to cells once more, in plain loops over one deal at a time: slow, short, and sharing no code."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pandas as pd

from gtmdiag.funnel.cells import KEYS, SUMS
from gtmdiag.funnel.config import CrmConfig

WON, LOST, OPEN, ADVANCED = "won", "lost", "open", "advanced"
_EPOCH = datetime(1970, 1, 1)
_NEVER = math.inf
_UNKNOWN = -1
_EXACT = 26 * 7 * 86_400


class Event(NamedTuple):
    """A row of a stage history."""

    deal: str
    stage: str | None
    entered_at: datetime | None
    segment: str | None = None
    currency: str | None = None
    amount: float | None = None


class Deal(NamedTuple):
    """A row of a table of deals."""

    deal: str
    status: str | None = None
    amount: float | None = None
    created_at: datetime | None = None
    closed_at: datetime | None = None
    won_at: datetime | None = None
    lost_at: datetime | None = None


class _Move(NamedTuple):
    """A stage, won or lost, by its place; ordered by time, then by place. ``when`` is infinite at either end."""

    when: float
    place: int


class _Map(NamedTuple):
    places: dict[str, int]
    status: dict[str, int]
    ignored: set[str]
    won: int
    lost: int


def cells(
    events: Sequence[Event], config: CrmConfig, *, as_of: date, deals: Sequence[Deal] | None = None
) -> pd.DataFrame:
    """Reduce a history, and a table of deals where there is one, to cells."""
    stage_map = _map(config)
    until = _seconds(datetime.combine(as_of, time(23, 59, 59)))
    history: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        history[event.deal].append(event)
    facts = {deal.deal: deal for deal in deals or ()}
    sums: dict[tuple[str | int, ...], list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for name in sorted(history.keys() | facts.keys()):
        rows = [row for row in history.get(name, []) if _plain(row.stage) not in stage_map.ignored]
        fact = facts.get(name, Deal(name))
        if name in history and not rows:
            continue
        # Also a row that plays no part otherwise tells what a deal is worth.
        told = history.get(name, [])
        cents = _cents(fact.amount if deals is not None else _last(told, "amount"))
        segment = _last(told, "segment") or ""
        currency = (_last(told, "currency") or config.currency or "").upper()
        for entry in _entries(rows, fact, stage_map, config, until):
            total = sums[segment, currency, *entry]
            total[0] += 1
            total[1] += cents is not None
            total[2] += cents or 0
            total[3] += float(cents or 0) ** 2
    table = [(*key, *total) for key, total in sorted(sums.items())]
    frame = pd.DataFrame(table, columns=pd.Index([*KEYS, *SUMS]))
    numbers = ("back", "day", "entered", "n", "n_amount", "amount_cents")
    texts = {key: "str" for key in KEYS if key not in numbers}
    return frame.astype({**texts, **dict.fromkeys(numbers, "int64"), "amount_sq": "float64"})


def _map(config: CrmConfig) -> _Map:
    won, lost = len(config.stages), len(config.stages) + 1
    closings = {_plain(n): won for n in config.won} | {_plain(n): lost for n in config.lost}
    places = {_plain(name): place for place, name in enumerate(config.stages)} | closings
    return _Map(places, {WON: won, LOST: lost} | closings, {_plain(n) for n in config.ignore}, won, lost)


def _plain(name: str | None) -> str:
    return " ".join((name or "").split()).casefold()


def _seconds(moment: datetime) -> int:
    return math.floor((moment - _EPOCH) / timedelta(seconds=1))


def _cents(amount: float | None) -> int | None:
    if amount is None or math.isnan(amount):
        return None
    return math.floor(Decimal(repr(amount)) * 100 + Decimal("0.5"))


def _last(rows: Sequence[Event], column: str) -> Any:
    """Return the last known value; among those of one time the largest."""
    known = [row for row in rows if (value := getattr(row, column)) is not None and value == value and value != ""]
    if not known:
        return None
    return getattr(max(known, key=lambda row: (row.entered_at or datetime.min, getattr(row, column))), column)


def _entries(
    rows: Sequence[Event], fact: Deal, stage_map: _Map, config: CrmConfig, until: int
) -> list[tuple[str, str, str, int, int, int]]:
    """Return stage, outcome, next stage, back, day and day of entry for each stage that a deal entered."""
    used = [move for row in rows if _by((move := _move(row, stage_map)).when, until)]
    told_ever = _told_closings({move.place for move in used}, fact, stage_map)
    told = [move for move in told_ever if _by(move.when, until)]
    created = -_NEVER if fact.created_at is None else _seconds(fact.created_at)
    is_late = len(used) < len(rows) or len(told) < len(told_ever) or created > until
    if is_late and not used and not told:
        return []
    closings = [move for move in used if move.place >= stage_map.won] + told
    is_closed = bool(told) or (bool(used) and max(used).place >= stage_map.won)
    end = max(closings) if is_closed else None
    outcome = OPEN if end is None else WON if end.place == stage_map.won else LOST
    ended = until if end is None else end.when
    moves = [move for move in used if 0 <= move.place < stage_map.won]
    if not moves:
        start = created if created <= until else -_NEVER
        return [("", outcome, "", 0, _days(start, ended), _day(start, ended, until))]
    entered = {place: _first([move.when for move in moves if move.place == place]) for _, place in moves}
    found: list[tuple[str, str, str, int, int, int]] = []
    for place, start in entered.items():
        further = [_Move(_NEVER if when == -_NEVER else when, p) for p, when in entered.items() if p > place]
        left = min(further) if further else _Move(ended, stage_map.won)
        kind = ADVANCED if further else outcome
        next_stage = config.stages[left.place] if further else ""
        limit = _NEVER if kind == OPEN else left.when
        last = max((move.when for move in moves if move.place < place), default=-_NEVER)
        back = start != -_NEVER and start < last < limit
        day = _day(start, left.when, until)
        found.append((config.stages[place], kind, next_stage, int(back), _days(start, left.when), day))
    return found


def _move(row: Event, stage_map: _Map) -> _Move:
    """Undated rows come before all dated ones, undated closings after them."""
    place = stage_map.places.get(_plain(row.stage), -1)
    if row.entered_at is None:
        return _Move(_NEVER if place >= stage_map.won else -_NEVER, place)
    return _Move(_seconds(row.entered_at), place)


def _told_closings(in_history: set[int], fact: Deal, stage_map: _Map) -> list[_Move]:
    """Return closings by a date of their own, or by a status where neither date nor history tells the same."""
    told: list[_Move] = []
    for place, dated in ((stage_map.won, fact.won_at), (stage_map.lost, fact.lost_at)):
        if dated is not None:
            told.append(_Move(_seconds(dated), place))
        elif stage_map.status.get(_plain(fact.status)) == place and place not in in_history:
            told.append(_Move(_NEVER if fact.closed_at is None else _seconds(fact.closed_at), place))
    return told


def _by(when: float, until: int) -> bool:
    """Tell whether something happened by then; what has no date did."""
    return when == _NEVER or when <= until


def _first(times: Sequence[float]) -> float:
    dated = [when for when in times if when != -_NEVER]
    return min(dated) if dated else -_NEVER


def _days(start: float, end: float) -> int:
    if math.isinf(start) or math.isinf(end) or end < start:
        return _UNKNOWN
    return int((end - start) // 86_400)


def _day(start: float, end: float, until: int) -> int:
    """Return the day of entry; its Monday where the stay ended long before."""
    if math.isinf(start):
        return _UNKNOWN
    day = (_EPOCH + timedelta(seconds=start)).date()
    if end < until - _EXACT:
        day -= timedelta(days=day.weekday())
    return (day - _EPOCH.date()).days
