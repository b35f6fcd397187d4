"""Find out from an export's values which stages are open, in which order, and which names mean won and lost."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean, median

import pandas as pd

from gtmdiag.funnel.config import name_key
from gtmdiag.funnel.dialects import dialects, loose, outcome_of
from gtmdiag.funnel.parse import MISSING

_TRUE = ("true", "1", "1.0", "yes", "wahr")


@dataclass(frozen=True)
class Stages:
    """Names of stages by what they mean.

    Attributes
    ----------
    open
        In order, as far as it could be told.
    won, lost
        Names of stages and statuses.
    order
        What the order rests on, in words.
    certain
        False where the order should be checked.
    """

    open: tuple[str, ...]
    won: tuple[str, ...]
    lost: tuple[str, ...]
    order: str
    certain: bool


def stages_of(frame: pd.DataFrame) -> Stages:
    """Sort stages by meaning and order.

    Parameters
    ----------
    frame
        Text columns ``stage`` and, where known, ``deal``, ``status``, ``is_won``, ``is_closed``; int64 ``time``
        (seconds) and ``probability``, with `MISSING`.
    """
    spelled = frame[frame["stage"] != ""].copy()
    spelled["key"] = spelled["stage"].map(name_key)
    names = spelled.drop_duplicates("key").set_index("key")["stage"]
    outcomes = {key: _outcome(key, spelled) for key in names.index}
    still_open = [key for key, outcome in outcomes.items() if outcome is None]
    ordered, order, certain = _ordered(spelled[spelled["key"].isin(still_open)])
    statuses = {name_key(name): name for name in frame["status"].unique() if name} if "status" in frame else {}

    def meaning(outcome: str) -> tuple[str, ...]:
        found = {key: str(names[key]) for key, told in outcomes.items() if told == outcome}
        # "won" and "lost" themselves are understood in any status column.
        of_status = {key: name for key, name in statuses.items() if key != outcome and outcome_of(name) == outcome}
        return tuple((of_status | found).values())

    return Stages(tuple(str(names[key]) for key in ordered), meaning("won"), meaning("lost"), order, certain)


def _outcome(key: str, spelled: pd.DataFrame) -> str | None:
    """Return won or lost by the columns that tell it, else by the name."""
    rows = spelled[spelled["key"] == key]
    if "is_won" in rows and rows["is_won"].str.casefold().isin(_TRUE).all():
        return "won"
    if "is_closed" in rows and rows["is_closed"].str.casefold().isin(_TRUE).all():
        return "lost" if "is_won" in rows or outcome_of(key) != "won" else "won"
    return outcome_of(key)


def _ordered(spelled: pd.DataFrame) -> tuple[list[str], str, bool]:
    """Return the keys in order, what it rests on, and whether it is certain enough."""
    keys = list(dict.fromkeys(spelled["key"].tolist()))
    usual = {key: _usual(key) for key in keys}
    unknown = float(len(dialects().stage_order))
    if "probability" in spelled:
        known = spelled[spelled["probability"] != MISSING]
        mean = known.groupby("key")["probability"].mean()
        if len(mean) == len(keys) and mean.nunique() == len(keys):
            return sorted(keys, key=lambda key: float(mean[key])), "the probability of winning", True
    if {"deal", "time"} <= set(spelled.columns):
        place = _positions(spelled)
        if place:
            ordered = sorted(keys, key=lambda key: (*place.get(key, (1.0, 1.0)), usual[key] or unknown))
            return ordered, "the median place in the deals' histories", len(place) == len(keys)
    if sum(value is not None for value in usual.values()) * 2 > len(keys):
        ordered = sorted(keys, key=lambda key: unknown if usual[key] is None else float(usual[key] or 0))
        return ordered, "their usual meaning", False
    if "time" in spelled and (spelled["time"] != MISSING).any():
        dated = spelled[spelled["time"] != MISSING].sort_values(["time", "key"])
        first = list(dict.fromkeys(dated["key"]))
        return [*first, *(key for key in keys if key not in first)], "the first time each was seen", False
    return keys, "the first row each stands in", False


def _positions(spelled: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return median and mean of where each stage stands in histories of at least two open stages, from 0 to 1."""
    first: dict[str, dict[str, int]] = {}
    for deal, key, time in zip(
        spelled["deal"].tolist(), spelled["key"].tolist(), spelled["time"].tolist(), strict=True
    ):
        if time != MISSING:
            of_deal = first.setdefault(str(deal), {})
            of_deal[str(key)] = min(time, of_deal.get(str(key), time))
    places: dict[str, list[float]] = {}
    for of_deal in first.values():
        if len(of_deal) > 1:
            for place, key in enumerate(sorted(of_deal, key=lambda key: (of_deal[key], key))):
                places.setdefault(key, []).append(place / (len(of_deal) - 1))
    return {key: (median(shares), fmean(shares)) for key, shares in places.items()}


def _usual(key: str) -> int | None:
    """Return the place of a stage in the usual order, by the longest word of it that is known."""
    padded = f" {loose(key)} "
    known = [(len(word), place) for place, word in enumerate(dialects().stage_order) if f" {loose(word)} " in padded]
    return max(known)[1] if known else None
