"""Look over tidy deals for what weakens their figures; each finding has its count and an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.history import Tidy
from gtmdiag.funnel.parse import MISSING
from gtmdiag.funnel.source import Source

_BULK_SHARE = 0.2
_BULK_LEAST = 10


@dataclass(frozen=True)
class Check:
    """One check of the data, and what it weakens.

    Attributes
    ----------
    id
        ``missing_amount`` and the like.
    title
        In words: ``"Deals without an amount"``.
    n, of, unit
        How many are faulty, of how many of what.
    value_share
        Their share of the known value, from 0 to 1; None where unknown or in several currencies.
    examples
        At most five ids.
    weakens
        Results that rest on them, in words.
    serious
        Whether there are so many that these results are to be read with care.
    remedy
        What to do about it.
    """

    id: str
    title: str
    n: int
    of: int
    unit: Literal["deals", "rows", "values"]
    value_share: float | None
    examples: tuple[str, ...]
    weakens: tuple[str, ...]
    serious: bool
    remedy: str

    @property
    def share(self) -> float:
        """Share of them that is faulty, from 0 to 1."""
        return self.n / self.of if self.of else 0.0


def hygiene_warnings(source: Source, tidy: Tidy) -> tuple[Problem, ...]:
    """Return warnings on missing values, closings before creation and records that were loaded in bulk."""
    deals = tidy.deals
    closed = deals["outcome"] != "open"
    found = [
        _told(source, "amount", deals["amount"] == MISSING, deals, "without an amount", "Values leave them out."),
        _told(source, "owner", deals["owner"] == "", deals, "without an owner", "Nobody can be asked about them."),
        _told(source, "segment", deals["segment"] == "", deals, "without a segment", "They form a group of their own."),
        _told(
            source,
            "lost_reason",
            (deals["lost_reason"] == "") & (deals["outcome"] == "lost"),
            deals[deals["outcome"] == "lost"],
            "lost without a reason",
            "Why deals are lost cannot be told from them.",
        ),
        _told(
            source,
            "closed_at",
            closed & (_latest_end(deals) != MISSING) & (_latest_end(deals) < deals["created_at"]),
            deals[closed],
            "closed before they were created",
            "Their durations count as unknown.",
        ),
        _bulk_loaded(source, deals),
    ]
    return tuple(problem for problem in found if problem is not None)


def _latest_end(deals: pd.DataFrame) -> pd.Series[int]:
    return deals["ended"].where(deals["ended"] != MISSING, deals["closed_at"])


def _told(
    source: Source, role: str, faulty: pd.Series[bool], among: pd.DataFrame, words: str, effect: str
) -> Problem | None:
    if role not in source.origins or not faulty.any():
        return None
    file, _, place = source.origins[role].partition(", ")
    example = shorten(str(faulty.index[faulty][0]))
    found = f"{int(faulty.sum())} of {len(among)} deals {words}, such as {example}"
    return Problem(file, place, found, "no such deals", effect, "warning")


def _bulk_loaded(source: Source, deals: pd.DataFrame) -> Problem | None:
    role = "created_at" if "created_at" in source.origins else "entered_at"
    dated = deals["created_at"][deals["created_at"] != MISSING]
    if role not in source.origins or dated.empty:
        return None
    most = int(dated.value_counts().iloc[0])
    if most < max(_BULK_LEAST, _BULK_SHARE * len(deals)):
        return None
    file, _, place = source.origins[role].partition(", ")
    found = f"{most} of {len(deals)} deals with one and the same time of creation"
    remedy = "They look loaded in bulk; ages and durations of these deals are not real."
    return Problem(file, place, found, "times as they were", remedy, "warning")
