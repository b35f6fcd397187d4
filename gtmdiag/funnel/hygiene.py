"""Look over the data for what weakens their figures: each check with its count, its share and examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import narwhals as nw

from gtmdiag.errors import Problem, shorten
from gtmdiag.funnel.checks import COMMON, CONVERSION, FORECAST, LEAKS, RARE, STALLED, TIME, TREND, Check
from gtmdiag.funnel.faults import ANY, NONE, faults_of
from gtmdiag.funnel.history import Tidy
from gtmdiag.funnel.reduction.deals import OPEN
from gtmdiag.funnel.reduction.engines import counts, how_many
from gtmdiag.funnel.rows import Rows
from gtmdiag.funnel.source import Source
from gtmdiag.funnel.stages import IGNORED, UNMAPPED

_BULK_SHARE: Final = 0.2
_LEAST: Final = 10


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
    undated = nw.col("entered_at").is_null() & (code != IGNORED) if dated else NONE
    late = nw.col("entered_at") > tidy.deals.until if dated else NONE
    n, unmapped_n, undated_n, late_n = counts(rows.main, ANY, code == UNMAPPED, undated, late)

    def check(name: str, title: str, count: int, which: nw.Expr, weakens: tuple[str, ...], remedy: str) -> Check:
        examples = rows.ids(rows.main.filter(which)) if count else ()
        return Check(name, title, count, n, "rows", None, examples, weakens, count > RARE * n, remedy)

    title = "Rows in a stage that is not on the map"
    remedy = "Add the stages to 'stages', 'won', 'lost' or 'ignore' in crm.yaml."
    yield check("unmapped_stage", title, unmapped_n, code == UNMAPPED, (CONVERSION, TIME), remedy)
    if not dated:
        return
    if tidy.deals.history:
        remedy = "Export the time of each move."
        yield check("undated", "Rows without a time", undated_n, undated, (TIME, CONVERSION, TREND), remedy)
        yield _repeated(rows, n)
    remedy = "Check 'as_of', and how dates were typed."
    yield check("future_dates", "Rows after the as-of date", late_n, late, (TREND, FORECAST), remedy)
    yield from _unread(source, n)


def _repeated(rows: Rows, n: int) -> Check:
    unique = int(rows.main.select("deal", "code", "entered_at").unique().select(nw.len()).collect().item())
    title = "Rows that repeat another one"
    remedy = "None is needed: repeated rows count once. Check the export's filter if there are many."
    return Check("duplicate_rows", title, n - unique, n, "rows", None, (), (), serious=False, remedy=remedy)


def _unread(source: Source, n: int) -> Iterator[Check]:
    remedy = "Correct them in the export; they count as missing."
    for unread in source.unread:
        examples = tuple(shorten(value) for value, _ in unread.values[:5])
        title, serious = f"Values of {unread.column} that could not be read", unread.n > RARE * n
        weakens = (CONVERSION, TIME, LEAKS)
        yield Check("unread_values", title, unread.n, n, "values", None, examples, weakens, serious, remedy)


def _of_deals(source: Source, tidy: Tidy) -> Iterator[Check]:
    deals = tidy.deals
    faults = [fault for fault in faults_of(deals) if not fault.role or fault.role in source.origins]
    # Each fault is looked for once, for its count, its value and its examples.
    frame = deals.frame.with_columns(
        value=nw.coalesce(nw.col("amount"), nw.lit(0)),
        **{_flag(place): fault.faulty for place, fault in enumerate(faults)},
    )
    totals = {"all": nw.len(), "all_value": nw.col("value").sum(), "currencies": nw.col("currency").n_unique()}
    for place, fault in enumerate(faults):
        faulty = nw.col(_flag(place))
        totals[f"n_{place}"] = how_many(faulty)
        totals[f"value_{place}"] = nw.when(faulty).then(nw.col("value")).otherwise(nw.lit(0)).sum()
        if fault.among is not None:
            totals[f"of_{place}"] = how_many(fault.among)
    told = {name: values[0] or 0 for name, values in frame.select(**totals).collect().to_dict(as_series=False).items()}
    for place, fault in enumerate(faults):
        n, of = int(told[f"n_{place}"]), int(told["all" if fault.among is None else f"of_{place}"])
        examples = tidy.rows.ids(frame.filter(nw.col(_flag(place)))) if n else ()
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


def _flag(place: int) -> str:
    return f"fault_{place}"


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
            ANY,
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
    n, of = counts(frame, which, among)
    examples = tidy.rows.ids(frame.filter(which)) if n else ()
    return Check(name, title, n, of, "deals", None, examples, weakens, n > COMMON * of, remedy)


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
