"""Draw a company's weekly values from their true course, and write them as kpis.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from data_samples.company import Metrics, WeeklyShare, WeeklyValue
from data_samples.crm_export import Draws


def kpis_csv(metrics: Metrics, as_of: date) -> bytes:
    """Return the weekly values up to the week of a date, which may not be over."""
    draws = Draws(metrics.seed)
    rows = [row for series in metrics.series for row in _rows(series, metrics, as_of, draws)]
    rows += [(week, metric, str(value), "") for metric, week, value in metrics.results]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("week", "metric", "value", "n"), *rows])
    return text.getvalue().encode()


def _rows(
    series: WeeklyShare | WeeklyValue, metrics: Metrics, as_of: date, draws: Draws
) -> Iterator[tuple[str, str, str, str]]:
    truths = [truth for weeks, truth in series.course for _ in range(weeks)]
    for number, truth in enumerate(truths):
        monday = metrics.first_monday + timedelta(weeks=number)
        week = f"{monday:%G-W%V}"
        if monday > as_of:
            return
        if week in metrics.idle:
            yield week, series.metric, "", "0"
        elif isinstance(series, WeeklyValue):
            yield week, series.metric, f"{truth + series.sd * draws.normal():.1f}", ""
        else:
            n = max(round(series.volume * (0.7 + 0.6 * draws.unit())), 1)
            hits = sum(draws.happens(truth) for _ in range(n))
            yield week, series.metric, f"{hits / n:.4f}", str(n)
