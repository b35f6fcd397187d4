"""The numbers behind the funnel's pictures, for formats that draw or list them themselves."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.funnel.by_segment import SegmentShare, StepSegments
from gtmdiag.funnel.leaks import StageEstimate
from gtmdiag.funnel.trend import StepTrend
from gtmdiag.report.records import Chart, Series

SOURCE = "CRM export"
_QUARTILES = ("A quarter has left by", "Half have left by", "Three quarters have left by")


def trend_data(steps: Sequence[StepTrend]) -> Chart:
    """Return the conversion of each step by week with its interval, over all weeks that any of them has."""
    weeks = tuple(sorted({point.week for step in steps for point in step.points}))
    series: list[Series] = []
    for step in steps:
        shares = {point.week: point.share for point in step.points}
        found = [shares.get(week) for week in weeks]
        series.append(
            Series(
                f"{step.stage} → {step.to}",
                tuple(None if share is None else share.estimate for share in found),
                tuple(None if share is None else share.low for share in found),
                tuple(None if share is None else share.high for share in found),
                tuple(None if share is None else share.n for share in found),
            )
        )
    return Chart("lines", "share", weeks, tuple(series), SOURCE)


def time_data(rows: Sequence[StageEstimate]) -> Chart:
    """Return the quartiles of the time in each stage with their intervals; None where one is not reached."""
    counts = tuple(None if row.conversion is None else row.conversion.n for row in rows)
    series: list[Series] = []
    for place, name in enumerate(_QUARTILES):
        quartiles = [row.quartiles[place] for row in rows]
        days, lows, highs = (
            tuple(None if value is None else float(value) for value in values)
            for values in zip(*((one.day, one.low, one.high) for one in quartiles), strict=True)
        )
        series.append(Series(name, days, lows, highs, counts))
    return Chart("bars", "days", tuple(row.stage for row in rows), tuple(series), SOURCE)


def segment_data(names: Sequence[str], steps: Sequence[StepSegments]) -> Chart:
    """Return the conversion of each segment at each step: likely, as counted, and of all deals compared."""
    told: list[tuple[str, SegmentShare, float | None]] = []
    for step in steps:
        rows = [*step.segments, *([step.rest] if step.rest is not None else [])]
        told += [(f"{step.stage} → {step.to}: {name}", one, step.every) for name, one in zip(names, rows, strict=False)]
    raws = [one.raw for _, one, _ in told]
    likely = Series(
        "Likely conversion",
        tuple(one.likely for _, one, _ in told),
        tuple(one.low for _, one, _ in told),
        tuple(one.high for _, one, _ in told),
        tuple(None if raw is None else raw.n for raw in raws),
    )
    counted = Series(
        "As counted",
        tuple(None if raw is None else raw.estimate for raw in raws),
        tuple(None if raw is None else raw.low for raw in raws),
        tuple(None if raw is None else raw.high for raw in raws),
        tuple(None if raw is None else raw.n for raw in raws),
    )
    every = Series("All deals compared", tuple(value for _, _, value in told))
    return Chart("intervals", "share", tuple(name for name, _, _ in told), (likely, counted, every), SOURCE)
