"""Look over the data for what weakens their figures: each check with its count, its share and examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import narwhals as nw

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.history import Tidy
from gtmdiag.funnel.reduction.deals import LOST, OPEN, UNDATED, Deals
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import IGNORED, UNMAPPED

Unit = Literal["deals", "rows", "values"]

CONVERSION: Final = "conversion"
TIME: Final = "time in stage"
TREND: Final = "trend"
LEAKS: Final = "value of leaks"
FORECAST: Final = "forecast"
STALLED: Final = "stalled deals"
SEGMENTS: Final = "segments"

# A literal alone cannot be summed up.
_ANY: Final = ~nw.col("deal").is_null()
_NONE: Final = nw.col("deal").is_null()
_BULK_SHARE: Final = 0.2
_LEAST: Final = 10
_COMMON: Final = 0.05
_RARE: Final = 0.01


@dataclass(frozen=True)
class Check:
    """One check of the data.

    Attributes
    ----------
    id, title
        What is looked for.
    n, of, unit
        How many of how many were found.
    value_share
        Share of the known value that they make, from 0 to 1; None where unknown or in several currencies.
    examples
        Ids of deals, at most five.
    weakens
        Results that suffer.
    serious
        Whether these results are to be read with care: above 5 % of the deals, above 1 % for what cannot be.
    remedy
        What to do.
    problem
        The same for the list of problems of the inputs; None where another one tells it.
    """

    id: str
    title: str
    n: int
    of: int
    unit: Unit
    value_share: float | None
    examples: tuple[str, ...]
    weakens: tuple[str, ...]
    serious: bool
    remedy: str
    problem: Problem | None = None

    @property
    def share(self) -> float:
        """From 0 to 1; 0 where there is nothing to look at."""
        return self.n / self.of if self.of else 0.0


@dataclass(frozen=True, eq=False)
class _Fault:
    """What a check looks for among the deals: which are faulty, among which, and what to say."""

    id: str
    title: str
    faulty: nw.Expr
    weakens: tuple[str, ...]
    remedy: str
    role: str
    words: str = ""
    among: nw.Expr | None = None
    limit: float = _COMMON


def hygiene_checks(source: Source, tidy: Tidy) -> tuple[Check, ...]:
    """Return every check, the most serious first.

    Parameters
    ----------
    source
        Which columns there are, and what could not be read.
    tidy
        Rows and deals.
    """
    found = [*_of_rows(source, tidy), *_of_deals(source, tidy), *_of_times(source, tidy)]
    return tuple(sorted(found, key=lambda check: (not check.serious, -check.share)))


def noticed(checks: Sequence[Check]) -> Iterator[Problem]:
    """Yield what belongs to the problems of the inputs."""
    for check in sorted(checks, key=lambda check: check.id):
        if check.problem is not None:
            yield check.problem


def _of_rows(source: Source, tidy: Tidy) -> Iterator[Check]:
    rows = tidy.rows
    code = nw.col("code")
    dated = "entered_at" in rows.main.collect_schema().names()
    undated = nw.col("entered_at").is_null() & (code != IGNORED) if dated else _NONE
    late = nw.col("entered_at") > tidy.deals.until if dated else _NONE
    told = rows.main.select(
        rows=nw.len(),
        **{
            name: _count(which)
            for name, which in (("unmapped", code == UNMAPPED), ("undated", undated), ("late", late))
        },
    )
    n, unmapped, undated_n, late_n = (
        int(values[0] or 0) for values in told.collect().to_dict(as_series=False).values()
    )

    def check(name: str, title: str, count: int, which: nw.Expr, weakens: tuple[str, ...], remedy: str) -> Check:
        examples = rows.ids(rows.main.filter(which)) if count else ()
        return Check(name, title, count, n, "rows", None, examples, weakens, count > _RARE * n, remedy)

    remedy = "Add the stages to 'stages', 'won', 'lost' or 'ignore' in crm.yaml."
    yield check(
        "unmapped_stage",
        "Rows in a stage that is not on the map",
        unmapped,
        code == UNMAPPED,
        (CONVERSION, TIME),
        remedy,
    )
    if not dated:
        return
    if tidy.deals.history:
        remedy = "Export the time of each move."
        yield check("undated", "Rows without a time", undated_n, undated, (TIME, CONVERSION, TREND), remedy)
        unique = rows.main.select("deal", "code", "entered_at").unique().select(nw.len()).collect().item()
        remedy = "None is needed: repeated rows count once. Check the export's filter if there are many."
        yield Check(
            "duplicate_rows",
            "Rows that repeat another one",
            n - int(unique),
            n,
            "rows",
            None,
            (),
            (),
            serious=False,
            remedy=remedy,
        )
    remedy = "Check 'as_of', and how dates were typed."
    yield check("future_dates", "Rows after the as-of date", late_n, late, (TREND, FORECAST), remedy)
    for unread in source.unread:
        examples = tuple(shorten(value) for value, _ in unread.values[:5])
        title = f"Values of {unread.column} that could not be read"
        yield Check(
            "unread_values",
            title,
            unread.n,
            n,
            "values",
            None,
            examples,
            (CONVERSION, TIME, LEAKS),
            unread.n > _RARE * n,
            "Correct them in the export; they count as missing.",
        )


def _of_deals(source: Source, tidy: Tidy) -> Iterator[Check]:
    deals = tidy.deals
    faults = [fault for fault in (*_missing(), *_moves(deals)) if not fault.role or fault.role in source.origins]
    everything = _ANY
    amount = nw.coalesce(nw.col("amount"), nw.lit(0))
    totals = {"all_n": nw.len(), "all_value": amount.sum(), "currencies": nw.col("currency").n_unique()}
    for place, fault in enumerate(faults):
        totals[f"n_{place}"] = _count(fault.faulty)
        totals[f"of_{place}"] = _count(fault.among if fault.among is not None else everything)
        totals[f"value_{place}"] = nw.when(fault.faulty).then(amount).otherwise(nw.lit(0)).sum()
    told = {
        name: values[0] or 0 for name, values in deals.frame.select(**totals).collect().to_dict(as_series=False).items()
    }
    for place, fault in enumerate(faults):
        n, of = int(told[f"n_{place}"]), int(told[f"of_{place}"])
        examples = tidy.rows.ids(deals.frame.filter(fault.faulty)) if n else ()
        single = told["currencies"] <= 1 and told["all_value"] > 0 and fault.id != "missing_amount"
        value = min(max(int(told[f"value_{place}"]) / int(told["all_value"]), 0.0), 1.0) if single else None
        problem = None
        if fault.words and examples:
            file, _, where = source.origins[fault.role].partition(", ")
            text = f"{n} of {of} deals {fault.words}, such as {shorten(examples[0])}"
            problem = Problem(file, where, text, "no such deals", fault.remedy, "warning")
        yield Check(
            fault.id,
            fault.title,
            n,
            of,
            "deals",
            value,
            examples,
            fault.weakens,
            n > fault.limit * of,
            fault.remedy,
            problem,
        )


def _missing() -> Iterator[_Fault]:
    lost, closed = nw.col("outcome") == LOST, nw.col("outcome") != OPEN
    yield _Fault(
        "missing_amount",
        "Deals without an amount",
        nw.col("amount").is_null(),
        (LEAKS, FORECAST),
        "Values leave them out.",
        "amount",
        "without an amount",
    )
    yield _Fault(
        "missing_owner",
        "Deals without an owner",
        nw.col("owner").is_null(),
        (STALLED,),
        "Nobody can be asked about them.",
        "owner",
        "without an owner",
    )
    yield _Fault(
        "missing_segment",
        "Deals without a segment",
        nw.col("segment").is_null(),
        (SEGMENTS,),
        "They form a group of their own.",
        "segment",
        "without a segment",
    )
    yield _Fault(
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
    early = nw.coalesce(closed & (end < nw.col("created_at")), _NONE)
    yield _Fault(
        "close_before_create",
        "Deals closed before they were created",
        early,
        (TIME, CONVERSION),
        "Their durations count as unknown.",
        "closed_at",
        "closed before they were created",
        closed,
        _RARE,
    )


def _moves(deals: Deals) -> Iterator[_Fault]:
    if not deals.history:
        return
    places = range(deals.stages)
    first = [nw.col(f"first_{s}") for s in places]
    never = _NONE
    back, skipped, unordered = never, never, never
    for s in places[1:]:
        before = nw.max_horizontal(*(nw.col(f"last_{t}") for t in range(s)))
        back = back | nw.coalesce((before > first[s]) & (first[s] < UNDATED), never)
    for s in places[:-1]:
        beyond = nw.min_horizontal(*first[s + 1 :])
        unordered = unordered | nw.coalesce((beyond < first[s]) & (first[s] < UNDATED), never)
        if s:
            seen = ~nw.min_horizontal(*first[:s]).is_null()
            skipped = skipped | (first[s].is_null() & ~beyond.is_null() & seen)
    reopened = (nw.col("was_won") & (nw.col("outcome") == LOST)) | (nw.col("was_closed") & (nw.col("outcome") == OPEN))
    yield _Fault(
        "reopened",
        "Deals that changed their outcome after closing",
        reopened,
        (CONVERSION, LEAKS),
        "Ask whether these were corrections or real changes.",
        "",
        limit=_RARE,
    )
    yield _Fault(
        "skipped_stages",
        "Deals that skipped a stage",
        skipped,
        (CONVERSION, TIME),
        "Ask whether the stage is worked or only clicked through; the definitions of conversion differ by it.",
        "",
    )
    yield _Fault(
        "moves_back",
        "Deals that fell back to an earlier stage",
        back,
        (CONVERSION, TIME),
        "Ask whether stages are set back to tidy up, or deals do go back.",
        "",
    )
    yield _Fault(
        "negative_duration",
        "Deals that were in a later stage before an earlier one",
        unordered,
        (TIME,),
        "Their days in these stages count as unknown.",
        "",
        limit=_RARE,
    )


def _of_times(source: Source, tidy: Tidy) -> Iterator[Check]:
    """Look at when deals began and ended: loaded in bulk, cut off at the left, open longer than any that closed."""
    deals = tidy.deals
    n = int(deals.frame.select(nw.len()).collect().item())
    bulk = _bulk(source, tidy, n)
    if bulk is not None:
        yield bulk
    if not deals.history:
        return
    start = deals.seconds(nw.min_horizontal(*(nw.col(f"first_{s}") for s in range(deals.stages))))
    spans = deals.frame.with_columns(start=start).filter(~nw.col("start").is_null())
    closed = spans.filter(~nw.col("ended").is_null()).with_columns(span=nw.col("ended") - nw.col("start"))
    told = closed.select(
        longest=nw.col("span").max(), usual=nw.col("span").mean(), first=nw.col("ended").min(), n=nw.len()
    )
    longest, usual, first, closed_n = (values[0] for values in told.collect().to_dict(as_series=False).values())
    if not closed_n:
        return
    still = (nw.col("outcome") == OPEN) & (deals.until - nw.col("start") > int(longest))
    yield _counted(
        tidy,
        spans,
        "open_past_longest_closed",
        "Deals open longer than any that closed",
        still,
        nw.col("outcome") == OPEN,
        (STALLED, FORECAST, TIME),
        "Close them, or ask why they are open.",
    )
    if closed_n >= _LEAST:
        # Whoever began long before the first closing on record, and is on record, did not close as deals usually do.
        before = nw.col("start") < int(first) - 2 * int(usual)
        yield _counted(
            tidy,
            spans,
            "left_truncation",
            "Deals from before closings were recorded",
            before,
            _ANY,
            (CONVERSION, TREND),
            "Export from an earlier date, or leave these deals out: those that closed then are missing.",
        )


def _counted(
    tidy: Tidy,
    frame: nw.LazyFrame[Any],
    name: str,
    title: str,
    which: nw.Expr,
    among: nw.Expr,
    weakens: tuple[str, ...],
    remedy: str,
) -> Check:
    n, of = (
        int(values[0] or 0)
        for values in frame.select(n=_count(which), of=_count(among)).collect().to_dict(as_series=False).values()
    )
    examples = tidy.rows.ids(frame.filter(which)) if n else ()
    return Check(name, title, n, of, "deals", None, examples, weakens, n > _COMMON * of, remedy)


def _bulk(source: Source, tidy: Tidy, n: int) -> Check | None:
    role = "created_at" if "created_at" in source.origins else "entered_at"
    if role not in source.origins:
        return None
    dated = tidy.deals.frame.filter(~nw.col("created_at").is_null())
    groups = (
        dated.group_by("created_at").agg(n=nw.len()).sort("n", "created_at", descending=[True, False]).head(1).collect()
    )
    if groups.is_empty():
        return None
    at, most = next(iter(groups.iter_rows()))
    if most < max(_LEAST, _BULK_SHARE * n):
        return None
    file, _, place = source.origins[role].partition(", ")
    found = f"{most} of {n} deals with one and the same time of creation"
    remedy = "They look loaded in bulk; ages and durations of these deals are not real."
    problem = Problem(file, place, found, "times as they were", remedy, "warning")
    examples = tidy.rows.ids(dated.filter(nw.col("created_at") == at))
    return Check(
        "bulk_load",
        "Deals loaded in bulk, with one time of creation",
        most,
        n,
        "deals",
        None,
        examples,
        (TIME, TREND, STALLED),
        True,
        remedy,
        problem,
    )


def _count(which: nw.Expr) -> nw.Expr:
    return nw.when(which).then(nw.lit(1)).otherwise(nw.lit(0)).sum()
