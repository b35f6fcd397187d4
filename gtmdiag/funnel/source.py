"""The one or two tables of an export, read, joined by name to what each column means, and parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from gtmdiag.errors import InputError, Problem, shorten
from gtmdiag.funnel.coded import Coded
from gtmdiag.funnel.config import TIMES, CrmConfig
from gtmdiag.funnel.dates import dates
from gtmdiag.funnel.files import read_table
from gtmdiag.funnel.numbers import COUNTS, read_amounts
from gtmdiag.funnel.parse import MISSING, Reading, Unread, read_column
from gtmdiag.funnel.pipeline import COLUMNS, one_pipeline
from gtmdiag.funnel.tables import FileOptions, Table, locate
from gtmdiag.funnel.totals import summary_rows
from gtmdiag.funnel.typed import excel_day
from gtmdiag.funnel.words import counted

_NUMBERS = ("entered", "advanced")
_EXCEL_DAY = re.compile(r"[2-7]\d{4}(\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class Source:
    """An export in typed columns, named by what they mean.

    Attributes
    ----------
    main
        The table of ``file``: whichever columns are named in ``crm.yaml`` and not found in ``deals``. Times are
        seconds since 1970 by the client's clocks, ``amount`` is cents, ``entered`` and ``advanced`` are numbers of
        deals, all int64 with `MISSING`; all else is stripped text.
    deals
        The second table, one row a deal; None where there is none. It may have ``stage`` too.
    file, deals_file
        Names of the two for messages; the second is empty where there is none.
    rows
        Number of data rows of ``file``.
    origins
        Where each column came from: ``{"amount": "crm/deals.csv, column Amount"}``.
    unread
        Values that could not be read.
    warnings
        What was noticed and does not stop the analysis.
    """

    main: pd.DataFrame
    deals: pd.DataFrame | None
    file: str
    deals_file: str
    rows: int
    origins: dict[str, str]
    unread: tuple[Unread, ...]
    warnings: tuple[Problem, ...]

    def inputs(self, *roles: str) -> tuple[str, ...]:
        """Return the places of the named columns that the export has, for a trail."""
        return tuple(self.origins[role] for role in roles if role in self.origins)


def stage_time(stage: str) -> str:
    """Return the name that the column of dates of a stage has in a wide table."""
    return f"entered_at: {stage}"


def read_source(crm_dir: Path, config: CrmConfig, *, main_path: Path | None = None) -> Source:
    """Read what ``crm.yaml`` names.

    Parameters
    ----------
    crm_dir
        Folder of the files that are named.
    config
        The content of crm.yaml.
    main_path
        The file itself, where a user gave it; None for the one that ``file`` names.

    Raises
    ------
    InputError
        Every problem at once: of both files, their columns and the values in them.
    """
    problems: list[Problem] = []
    roles = {role: name for role, name in config.columns.model_dump().items() if name is not None}
    roles |= {stage_time(stage): name for stage, name in config.stage_columns.items()}
    if config.pipeline is not None:
        roles["pipeline"] = config.pipeline.column
    how = FileOptions(config.encoding, config.delimiter, config.sheet, only={*roles.values(), *COLUMNS})
    main = _table(crm_dir, "file", config.file, how, problems, given=main_path)
    # Which column of the second table holds the ids may have to be found among all.
    second = _table(crm_dir, "deals", config.deals, replace(how, only=None), problems) if config.deals else None
    if main is None or (config.deals and second is None):
        raise InputError(problems)
    if config.pipeline is None:
        headers = (*main.header, *(second.header if second else ()))
        if named := next((name for name in COLUMNS if headers.count(name) == 1), None):
            roles["pipeline"] = named
    reader = _Reader(config, problems, [*main.warnings, *(second.warnings if second else ())], [], {})
    # A stage history tells deal, stage and time itself; its other columns repeat what the table of deals knows better.
    of_main = {"deal", "stage", "entered_at", *map(stage_time, config.stage_columns)}
    of_second = {role for role in roles if second and role not in of_main and roles[role] in second.header}
    main_frame = reader.frame(main, {role: name for role, name in roles.items() if role not in of_second})
    second_frame = (
        None
        if second is None
        else reader.deals(main, second, {role: name for role, name in roles.items() if role in of_second})
    )
    if problems:
        raise InputError([*problems, *reader.warnings])
    frames = [main_frame] if second_frame is None else [main_frame, second_frame]
    frames = one_pipeline(frames, config, reader.origins.get("pipeline", ""), problems, reader.warnings)
    if problems:
        raise InputError([*problems, *reader.warnings])
    return Source(
        main=frames[0],
        deals=frames[1] if second is not None else None,
        file=main.shown_as,
        deals_file=second.shown_as if second else "",
        rows=main.rows,
        origins=reader.origins,
        unread=tuple(reader.unread),
        warnings=tuple(reader.warnings),
    )


def _table(
    crm_dir: Path, key: str, name: str, how: FileOptions, problems: list[Problem], *, given: Path | None = None
) -> Table | None:
    try:
        if given is not None:
            return read_table(given, given.name, how)
        return read_table(locate(crm_dir, key, name), f"{crm_dir.name}/{name}", how)
    except InputError as error:
        problems.extend(error.problems)
        return None


@dataclass(frozen=True)
class _Reader:
    """Turns tables into typed frames and gathers all that is wrong with them."""

    config: CrmConfig
    problems: list[Problem]
    warnings: list[Problem]
    unread: list[Unread]
    origins: dict[str, str]

    def frame(self, table: Table, roles: dict[str, str]) -> pd.DataFrame:
        columns: dict[str, object] = {}
        for role, name in roles.items():
            if problem := table.problem_with(name):
                self.problems.append(problem)
                continue
            texts = table.column(name)
            self.origins.setdefault(role, f"{table.shown_as}, column {name}")
            if role in TIMES or role.startswith("entered_at: "):
                if table.kind == "excel":
                    texts = self._days(texts, table, name)
                reading = read_column(texts, table.shown_as, name, dates(self.config.timezone), self.config.date_order)
                columns[role] = self._taken(reading)
            elif role == "amount":
                one_currency = self.config.columns.currency is None
                reading = read_amounts(texts, table.shown_as, name, self.config.decimal, one_currency=one_currency)
                columns[role] = self._taken(reading)
            elif role in _NUMBERS:
                reading = read_column(texts, table.shown_as, name, COUNTS, self.config.decimal)
                columns[role] = self._taken(reading)
            else:
                columns[role] = texts.series()
        frame = pd.DataFrame(columns)
        if "deal" not in frame:
            return self._without_summaries(frame, table, "stage", roles) if "stage" in frame else frame
        frame = self._without_summaries(frame, table, "deal", roles)
        nameless = frame["deal"] == ""
        if nameless.any():
            n = int(nameless.sum())
            found = f"{counted(n, 'row')} without a deal id; left out"
            if subtotals := int(self._subtotals(frame[nameless], table, roles).sum()):
                found = (
                    f"{counted(n, 'row')} without a deal id, {subtotals} of them with the look of subtotals; left out"
                )
            place = f"column {roles['deal']}"
            remedy = "Check whether they are totals or lines of a footer."
            self.warnings.append(Problem(table.shown_as, place, found, "an id in each row", remedy, "warning"))
        if nameless.all():
            found, remedy = "no deal id at all", "Name the right column in crm.yaml."
            self.problems.append(Problem(table.shown_as, f"column {roles['deal']}", found, "an id a row", remedy))
        return frame[~nameless].reset_index(drop=True)

    def _without_summaries(self, frame: pd.DataFrame, table: Table, role: str, roles: dict[str, str]) -> pd.DataFrame:
        """Leave out totals and footers that stand in place of a deal or, in a table of counts, of a stage."""
        summary = pd.Series(summary_rows(table.column(roles[role])), index=frame.index)
        if role == "stage":
            summary &= ~frame["stage"].isin([*self.config.stages, *self.config.won, *self.config.lost])
        elif "stage" in frame:
            summary &= frame["stage"] == ""
        if summary.any():
            example = shorten(min(frame[role][summary]))
            found = f"{counted(int(summary.sum()), 'line')} of totals or footers, such as {example}; left out"
            place = f"column {roles[role]}"
            self.warnings.append(Problem(table.shown_as, place, found, f"{role}s", "Nothing, if so.", "warning"))
        return frame[~summary]

    @staticmethod
    def _subtotals(frame: pd.DataFrame, table: Table, roles: dict[str, str]) -> pd.Series[bool]:
        """Tell which rows name themselves a total, or have an amount and neither stage nor time."""
        found = pd.Series(data=False, index=frame.index)
        for name in {roles[role] for role in frame.columns}:
            found |= summary_rows(table.column(name))[frame.index]
        if "amount" in frame and "stage" in frame:
            bare = (frame["stage"] == "") & (frame["amount"] != MISSING)
            for role in set(TIMES) & set(frame.columns):
                bare &= frame[role] == MISSING
            found |= bare
        return found

    def _days(self, texts: Coded, table: Table, column: str) -> Coded:
        """Return dates for day numbers, where a column of a workbook holds nothing else."""
        numbers = [text for text in texts.texts if text]
        if not numbers or not all(map(_EXCEL_DAY.fullmatch, numbers)):
            return texts
        found = f"day numbers such as {numbers[0]}, read as {excel_day(numbers[0], table.days_since)}"
        remedy = "Give the column a date format if this is wrong."
        self.warnings.append(Problem(table.shown_as, f"column {column}", found, "dates", remedy, "warning"))
        return Coded.of(
            texts.series().map({text: excel_day(text, table.days_since) for text in numbers} | {"": ""}).tolist()
        )

    def _taken(self, reading: Reading) -> object:
        self.problems.extend(reading.problems)
        if reading.unread:
            self.unread.append(reading.unread)
            listed = ", ".join(f"{shorten(value)} ({n})" for value, n in reading.unread.values[:5])
            found = f"{counted(reading.unread.n, 'value')} that could not be read: {listed}"
            place, remedy = f"column {reading.unread.column}", "They count as missing; correct them in the export."
            self.warnings.append(Problem(reading.unread.file, place, found, "readable values", remedy, "warning"))
        return reading.values

    def deals(self, main: Table, second: Table, roles: dict[str, str]) -> pd.DataFrame | None:
        """Return the second table; None where no column of it holds the ids of deals."""
        key, stage = self._key(main, second), self.config.columns.stage
        if key is None:
            return None
        present = {"stage": stage} if self.config.shape == "history" and stage in second.header else {}
        return self.frame(second, {"deal": key, **roles, **present})

    def _key(self, main: Table, second: Table) -> str | None:
        """Return the second table's column of deal ids: the named one, or the only one that holds such ids."""
        own = self.config.columns.deal
        if own is None:
            return None
        named = self.config.deals_key or own
        if self.config.deals_key or named in second.header:
            if problem := second.problem_with(named):
                self.problems.append(problem)
                return None
            return named
        if own not in main.header:
            return None
        ids = set(main.column(own).texts) - {""}
        shared = {
            name: len(ids & set(second.column(name).texts)) for name in second.header if second.header.count(name) == 1
        }
        holding = [name for name, n in shared.items() if n]
        if len(holding) != 1:
            found = f"no column {shorten(named)}, and {len(holding)} columns with ids of {main.shown_as}"
            allowed = shorten(", ".join(filter(None, second.header)), 300)
            remedy = "Write 'deals_key: …' in crm.yaml with the column of deal ids."
            self.problems.append(Problem(second.shown_as, "deals_key", found, allowed, remedy))
            return None
        found = f"column {holding[0]} taken as the deal id: it holds {shared[holding[0]]} of the {len(ids)} ids"
        remedy = f"Write 'deals_key: {holding[0]}' in crm.yaml to fix it."
        self.warnings.append(Problem(second.shown_as, "deals_key", found, f"column {named}", remedy, "warning"))
        return holding[0]
