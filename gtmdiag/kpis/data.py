"""Read ``kpis.csv``: one row a week and metric, with its value and the number that it rests on."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.errors import InputError, Problem, StorageError, did_you_mean, shorten
from gtmdiag.instruments.operating_rules import plain
from gtmdiag.trail import Sentence

KPI_FILE = "kpis.csv"
COLUMNS = ("week", "metric", "value", "n")
MAX_BYTES = 10_000_000

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class KpiWeek:
    """A metric's value of one ISO week.

    ``value`` is None where nothing happened in the week; ``n`` is what it rests on, None where that is not known.
    """

    monday: date
    value: float | None
    n: int | None

    @property
    def name(self) -> str:
        """``"2026-W05"``."""
        return f"{self.monday:%G-W%V}"

    @property
    def sunday(self) -> date:
        """Last day of the week."""
        return self.monday + timedelta(days=6)


@dataclass(frozen=True)
class Counted:
    """How the funnel counted a metric's values, and how likely the rule on it fires by their spread alone, or None."""

    says: tuple[Sentence, ...]
    by_itself: float | None = None


@dataclass(frozen=True)
class KpiData:
    """The series of each metric by its plain name, weeks in order; ``problems`` are warnings.

    ``counted`` has the metrics whose values the funnel counted; all others are from kpis.csv.
    """

    weeks: Mapping[str, tuple[KpiWeek, ...]]
    problems: tuple[Problem, ...] = ()
    counted: Mapping[str, Counted] = field(default_factory=dict[str, Counted])

    def source(self, kpi: Kpi) -> str:
        """Return where a metric's values are from: ``"kpis.csv"``, ``"CRM export"``, or nothing where it has none."""
        name = plain(kpi.metric)
        return "CRM export" if name in self.counted else KPI_FILE if name in self.weeks else ""


def read_kpi_data(path: Path, kpis: Sequence[Kpi]) -> KpiData | None:
    """Read a client's kpis.csv; None where there is none.

    Parameters
    ----------
    path
        The file: UTF-8, commas, a header with week, metric, value and n in any order.
    kpis
        The client's metrics; one that is a share must lie between 0 and 1.

    Raises
    ------
    InputError
        Every problem of the file at once.
    StorageError
        The file cannot be read.
    """
    if not path.exists():
        return None
    rows = csv.reader(io.StringIO(_text(path)), strict=True)
    try:
        header = [name.strip().lower() for name in next(rows, list[str]())]
        if sorted(header) != sorted(COLUMNS):
            found = f"the columns {shorten(', '.join(header))}"
            raise InputError([_problem(1, found, ", ".join(COLUMNS), "Name the four columns so, separated by commas.")])
        numbered = [(rows.line_num, dict(zip(header, row, strict=False)), len(row)) for row in rows if any(row)]
    except csv.Error as error:
        found = shorten(str(error))
        raise InputError([_problem(rows.line_num, found, "text in quotes that end", "Check the quotes.")]) from error
    return _series(numbered, {plain(kpi.metric): kpi for kpi in kpis})


def monday_of(week: str) -> date | None:
    """Return the Monday of ``"2026-W05"``, or None where there is no such week."""
    found = _WEEK.fullmatch(week)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        return None


def _text(path: Path) -> str:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            problem = Problem(KPI_FILE, "", f"{size / 1e6:,.0f} MB", "at most 10 MB", "Put weekly values here.")
            raise InputError([problem])
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(KPI_FILE, "", "bytes that are not UTF-8", "text in UTF-8", "Save it with the encoding UTF-8.")
        raise InputError([problem]) from error
    except OSError as error:
        raise StorageError(f"{KPI_FILE} cannot be read: {error.strerror}.") from error


def _series(rows: Sequence[tuple[int, Mapping[str, str], int]], kpis: Mapping[str, Kpi]) -> KpiData:
    problems: list[Problem] = []
    warnings: dict[str, Problem] = {}
    found: dict[str, dict[date, KpiWeek]] = {}
    for line, row, width in rows:
        faults = list(_faults(line, row, width, kpis))
        name = plain(row.get("metric", ""))
        monday = monday_of(row.get("week", "").strip())
        if not faults and monday is not None and monday in found.get(name, {}):
            faults.append(
                _problem(line, f"{row['week']} of {shorten(row['metric'])} a second time", "once", "Keep one.")
            )
        problems += faults
        if faults or monday is None:
            continue
        if name not in kpis and name not in warnings:
            remedy = did_you_mean(name, kpis) or "Add it to 'kpis' or 'adopted' in operating_model.yaml."
            allowed = "a metric of operating_model.yaml"
            warnings[name] = Problem(KPI_FILE, f"line {line}", shorten(row["metric"]), allowed, remedy, "warning")
        value, n = row["value"].strip(), row["n"].strip()
        week = KpiWeek(monday, float(value) if value else None, int(n) if n else None)
        found.setdefault(name, {})[monday] = week
    if problems:
        raise InputError(problems)
    series = {name: tuple(weeks[monday] for monday in sorted(weeks)) for name, weeks in found.items()}
    return KpiData(series, tuple(warnings.values()))


def _faults(line: int, row: Mapping[str, str], width: int, kpis: Mapping[str, Kpi]) -> Iterator[Problem]:
    if width != len(COLUMNS):
        yield _problem(line, f"{width} values", f"{len(COLUMNS)} values", "Add or remove commas.")
        return
    if monday_of(row["week"].strip()) is None:
        yield _problem(line, shorten(row["week"]), "an ISO week such as 2026-W05", "Write year, '-W' and two digits.")
    if not plain(row["metric"]):
        yield _problem(line, "no metric", "the name of a metric", "Name it as in operating_model.yaml.")
    n, value = row["n"].strip(), row["value"].strip()
    if n and not _WHOLE.fullmatch(n):
        yield _problem(line, f"n = {shorten(n)}", "a whole number of at least 0, or nothing", "Correct it.")
    if not value and n != "0":
        yield _problem(line, "no value", "a number; nothing only where n is 0", "Fill it in, or remove the line.")
    elif value and not (_NUMBER.fullmatch(value) and math.isfinite(float(value))):
        yield _problem(line, shorten(value), "a number such as 0.28, with a point", "Write it without % or spaces.")
    elif value and (kpi := kpis.get(plain(row["metric"]))) and kpi.unit == "share" and not 0 <= float(value) <= 1:
        yield _problem(line, shorten(value), "a share from 0 to 1", "Write 28 % as 0.28.")


def _problem(line: int, found: str, allowed: str, remedy: str) -> Problem:
    return Problem(KPI_FILE, f"line {line}", found, allowed, remedy)
