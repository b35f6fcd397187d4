"""Propose a ``crm.yaml`` for an export: what it is taken for, how certain that is, and what has to be asked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from gtmdiag.errors import Problem
from gtmdiag.funnel.coded import Coded
from gtmdiag.funnel.config import CONFIG_FILE, TIMES
from gtmdiag.funnel.dates import dates
from gtmdiag.funnel.dialects import Role, outcome_of, summary_line
from gtmdiag.funnel.files import read_table
from gtmdiag.funnel.numbers import AMOUNTS
from gtmdiag.funnel.parse import MISSING, read_column
from gtmdiag.funnel.recognise import Mapped, Recognised, recognise
from gtmdiag.funnel.stageorder import Stages, stages_of
from gtmdiag.funnel.tables import FileOptions, Table

_HEAD = 1000
_MOST_STAGES = 500
_HELPERS: tuple[Role, ...] = ("pipeline", "is_won", "is_closed", "probability")
_PLAIN = re.compile(r"[A-Za-z](?:[\w /.()&-]*[\w)])?")
_PIPELINE = re.compile(r"\(([^()]+)\)\"$")
_WORDS = ("yes", "no", "on", "off", "true", "false", "null", "y", "n")


@dataclass(frozen=True)
class Proposal:
    """A configuration to look over.

    Attributes
    ----------
    text
        A commented crm.yaml. It is valid unless the deal or the stage was not found.
    crm
        Which system's export it looks like; empty where unknown.
    mapping
        What each column is taken for, the columns of stages last.
    problems
        Errors have to be settled before the export can be analysed, such as the order of days and months; warnings
        should be looked at.
    """

    text: str
    crm: str
    mapping: tuple[Mapped, ...]
    problems: tuple[Problem, ...]


def propose(path: Path) -> Proposal:
    """Propose a configuration from an export's header and values.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    known = recognise(read_table(path, path.name, FileOptions(limit=_HEAD)))
    mapping = (*known.columns.values(), *known.stage_columns)
    table = read_table(path, path.name, FileOptions(only={mapped.column for mapped in mapping}))
    problems = [*table.warnings, *_lacking(known, table)]
    asked = _asked(known, table, problems)
    stages = _stages(known, table)
    if len(stages.open) > _MOST_STAGES:
        found = f"{len(stages.open):,} different stages"
        place = f"column {known.columns['stage'].column}"
        problems.append(Problem(path.name, place, found, f"at most {_MOST_STAGES}", "Name the column of stages."))
        stages = replace(stages, open=stages.open[:_MOST_STAGES])
    shown = tuple(mapped for mapped in mapping if mapped.role not in _HELPERS[1:])
    return Proposal(_text(path.name, known, stages, asked), known.crm, shown, tuple(problems))


def _lacking(known: Recognised, table: Table) -> list[Problem]:
    needed: tuple[Role, ...] = ("stage",) if known.shape == "counts" else ("deal", "stage")
    needed = ("deal",) if known.shape == "wide" else needed
    remedy = f"Name it in {CONFIG_FILE}: 'columns: {{deal: …, stage: …}}'."
    return [
        Problem(table.shown_as, "", f"no column that looks like the {role}", ", ".join(table.header)[:300], remedy)
        for role in needed
        if role not in known.columns
    ]


def _asked(known: Recognised, table: Table, problems: list[Problem]) -> list[str]:
    """Return the lines to fill in, and add what they are needed for."""
    lines: dict[str, str] = {}
    times = [known.columns[role] for role in TIMES if role in known.columns]
    checked = [(mapped, dates(None)) for mapped in (*times, *known.stage_columns)]
    if "amount" in known.columns:
        checked.append((known.columns["amount"], AMOUNTS))
    for mapped, how in checked:
        for problem in read_column(table.column(mapped.column), table.shown_as, mapped.column, how, None).problems:
            problems.append(problem)
            example = "dmy" if how.asked_by == "date_order" else '","'
            lines[how.asked_by] = f"# {how.asked_by}: {example}  # must be set: {problem.place} does not decide it"
    behind = {found[1] for mapped in known.stage_columns if (found := _PIPELINE.search(mapped.column))}
    if len(behind) > 1:
        remedy = "Remove the stages of all pipelines but one from 'stages' and 'stage_columns'; they are never mixed."
        problems.append(Problem(table.shown_as, "", ", ".join(sorted(behind))[:200], "one pipeline", remedy))
    if "pipeline" in known.columns:
        name = known.columns["pipeline"].column
        values = sorted(set(table.column(name).texts) - {""})
        if len(values) > 1:
            listed = ", ".join(values)[:200]
            remedy = "Choose one under 'pipeline'; pipelines are never mixed."
            problems.append(Problem(table.shown_as, f"column {name}", listed, "one pipeline", remedy))
            lines["pipeline"] = f"# pipeline: {{column: {_scalar(name)}, value: {_scalar(values[0])}}}  # must be set"
    return list(lines.values())


def _stages(known: Recognised, table: Table) -> Stages:
    if known.shape == "wide":
        names = [mapped.role for mapped in known.stage_columns]
        won, lost = (tuple(n for n in names if outcome_of(n) == outcome) for outcome in ("won", "lost"))
        still_open = tuple(name for name in names if outcome_of(name) is None)
        return Stages(still_open, won, lost, "the order of the columns", certain=False)
    if "stage" not in known.columns:
        return Stages((), (), (), "", certain=False)
    frame = pd.DataFrame(
        {
            role: table.column(known.columns[role].column).series()
            for role in ("stage", "deal", "status", "is_won", "is_closed")
            if role in known.columns
        }
    )
    role = "entered_at" if "entered_at" in known.columns else "created_at"
    for name, mapped, how in (
        ("time", known.columns.get(role), dates(None)),
        ("probability", known.columns.get("probability"), AMOUNTS),
    ):
        if mapped is not None:
            texts = Coded.of(table.column(mapped.column).series().str.rstrip("% ").tolist())
            values = read_column(texts, table.shown_as, mapped.column, how, None).values
            if (values != MISSING).any():
                frame[name] = values
    if known.shape != "history" and "deal" in frame:
        frame = frame.drop(columns="deal")
    elif "deal" in frame:
        frame = frame[[summary_line().match(text) is None for text in frame["deal"].tolist()]]
    return stages_of(frame)


def _text(file: str, known: Recognised, stages: Stages, asked: list[str]) -> str:
    origin = known.crm or "a system that was not recognised"
    lines = [
        f"# Proposed for an export of {origin}. Look at each line, first at those that say 'check'.",
        f"shape: {known.shape}",
        f"file: {_scalar(file)}",
        "columns:",
    ]
    for role, mapped in known.columns.items():
        if role not in _HELPERS:
            mark = "" if mapped.certainty == "certain" else f"  # {mapped.certainty}, {mapped.why}"
            mark += "; check" if mapped.certainty == "guess" else ""
            lines.append(f"  {role}: {_scalar(mapped.column)}{mark}")
    if lines[-1] == "columns:":
        lines[-1] = "columns: {}"
    lines.append("stages:" + (f"  # by {stages.order}" if stages.open else "") + ("" if stages.certain else "; check"))
    if not stages.open:
        lines[-1] = "stages:  # no open stage was found; check"
    lines += [f"  - {_scalar(name)}" for name in stages.open or ("Open",)]
    for outcome, names in (("won", stages.won), ("lost", stages.lost)):
        told = bool(names) or "status" in known.columns or f"{outcome}_at" in known.columns
        mark = "" if told or known.shape == "counts" else f"  # check: no name that means {outcome} was found"
        lines.append(f"{outcome}: [{', '.join(map(_scalar, names))}]{mark}")
    if known.stage_columns:
        lines.append("stage_columns:")
        lines += [f"  {_scalar(mapped.role)}: {_scalar(mapped.column)}" for mapped in known.stage_columns]
    lines += asked
    lines.append(
        "# as_of: 2026-12-31  # the day of the export; without it, the last date in it that is not in the future"
    )
    if "amount" in known.columns and "currency" not in known.columns:
        lines.append("# currency: EUR  # of all amounts")
    return "\n".join(lines) + "\n"


def _scalar(text: str) -> str:
    """Return a text as a YAML scalar on one line."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS and text.isascii():
        return text
    return json.dumps(text)
