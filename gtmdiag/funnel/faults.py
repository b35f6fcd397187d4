"""What a single deal can be faulty in: missing values, impossible times, moves that go astray."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import narwhals as nw

from gtmdiag.funnel.checks import COMMON, CONVERSION, FORECAST, LEAKS, RARE, SEGMENTS, STALLED, TIME
from gtmdiag.funnel.reduction.deals import LOST, OPEN, UNDATED, Deals

# A literal alone cannot be summed up.
ANY: Final = ~nw.col("deal").is_null()
NONE: Final = nw.col("deal").is_null()
WON_THEN_LOST: Final = nw.col("was_won") & (nw.col("outcome") == LOST)
OPEN_AGAIN: Final = nw.col("was_closed") & (nw.col("outcome") == OPEN)


@dataclass(frozen=True, eq=False)
class Fault:
    """What a check looks for among the deals: which are faulty, among which, and what to say."""

    id: str
    title: str
    faulty: nw.Expr
    weakens: tuple[str, ...]
    remedy: str
    role: str
    words: str = ""
    among: nw.Expr | None = None
    limit: float = COMMON


def faults_of(deals: Deals) -> Iterator[Fault]:
    """Yield what is looked for in these deals."""
    yield from _missing()
    if deals.history:
        yield from _moves(deals)


def _missing() -> Iterator[Fault]:
    lost, closed = nw.col("outcome") == LOST, nw.col("outcome") != OPEN
    yield Fault(
        "missing_amount",
        "Deals without an amount",
        nw.col("amount").is_null(),
        (LEAKS, FORECAST),
        "Values leave them out.",
        "amount",
        "without an amount",
    )
    yield Fault(
        "missing_owner",
        "Deals without an owner",
        nw.col("owner").is_null(),
        (STALLED,),
        "Nobody can be asked about them.",
        "owner",
        "without an owner",
    )
    yield Fault(
        "missing_segment",
        "Deals without a segment",
        nw.col("segment").is_null(),
        (SEGMENTS,),
        "They form a group of their own.",
        "segment",
        "without a segment",
    )
    yield Fault(
        "missing_lost_reason",
        "Lost deals without a reason",
        nw.col("lost_reason").is_null() & lost,
        (),
        "Why deals are lost cannot be told from them.",
        "lost_reason",
        "lost without a reason",
        lost,
    )
    end = nw.coalesce(nw.col("ended"), nw.col("closed_at"))
    early = nw.coalesce(closed & (end < nw.col("created_at")), NONE)
    yield Fault(
        "close_before_create",
        "Deals closed before they were created",
        early,
        (TIME, CONVERSION),
        "Their durations count as unknown.",
        "created_at",
        "closed before they were created",
        closed,
        RARE,
    )


def _moves(deals: Deals) -> Iterator[Fault]:
    places = range(deals.stages)
    first = [nw.col(f"first_{s}") for s in places]
    # Where it is unknown whether one holds, the others decide.
    back, skipped, unordered = NONE, NONE, NONE
    for s in places[1:]:
        before = nw.max_horizontal(*(nw.col(f"last_{t}") for t in range(s)))
        back = back | ((before > first[s]) & (first[s] < UNDATED))
    for s in places[:-1]:
        beyond = nw.min_horizontal(*first[s + 1 :])
        unordered = unordered | ((beyond < first[s]) & (first[s] < UNDATED))
        if s:
            seen = ~nw.min_horizontal(*first[:s]).is_null()
            skipped = skipped | (first[s].is_null() & ~beyond.is_null() & seen)
    yield Fault(
        "reopened",
        "Deals that changed their outcome after closing",
        WON_THEN_LOST | OPEN_AGAIN,
        (CONVERSION, LEAKS),
        "Ask whether these were corrections or real changes.",
        "",
        limit=RARE,
    )
    yield Fault(
        "skipped_stages",
        "Deals that skipped a stage",
        skipped,
        (CONVERSION, TIME),
        "Ask whether the stage is worked or only clicked through; the definitions of conversion differ by it.",
        "",
    )
    yield Fault(
        "moves_back",
        "Deals that fell back to an earlier stage",
        back,
        (CONVERSION, TIME),
        "Ask whether stages are set back to tidy up, or deals do go back.",
        "",
    )
    yield Fault(
        "negative_duration",
        "Deals that were in a later stage before an earlier one",
        unordered,
        (TIME,),
        "Their days in these stages count as unknown.",
        "",
        limit=RARE,
    )
