"""Tell from a file's header and values which CRM wrote it, which shape it has and which column is which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from gtmdiag.funnel.coded import Coded
from gtmdiag.funnel.config import TIMES, Shape, name_key
from gtmdiag.funnel.dates import dates
from gtmdiag.funnel.dialects import Dialect, Role, dialects, loose
from gtmdiag.funnel.numbers import AMOUNTS, COUNTS
from gtmdiag.funnel.tables import Table

Certainty = Literal["certain", "likely", "guess"]

# In a history, dates of closing are the expected ones of the day of each row.
_NOT_IN = {"wide": ("entered_at", "entered", "advanced"), "history": ("created_at", "closed_at")}
_READABLE = 0.8
_SAMPLE = 200


@dataclass(frozen=True)
class Mapped:
    """One column and what it is taken for.

    Attributes
    ----------
    role
        A key of ``columns`` in ``crm.yaml``, or the name of a stage for its column of dates.
    column
        Its name in the header.
    certainty
        ``certain``: the CRM names it so. ``likely``: a usual name. ``guess``: a part of the name fits.
    why
        In words.
    """

    role: str
    column: str
    certainty: Certainty
    why: str


@dataclass(frozen=True)
class Recognised:
    """What an export is.

    Attributes
    ----------
    crm
        ``Salesforce, opportunities``; empty where unknown.
    shape
        Of its rows.
    columns
        One entry a role that was found.
    stage_columns
        With ``wide``, one entry a stage.
    """

    crm: str
    shape: Shape
    columns: dict[Role, Mapped]
    stage_columns: tuple[Mapped, ...]


def recognise(table: Table) -> Recognised:
    """Recognise a table, of which some rows are enough."""
    dialect = _dialect(table)
    stage_columns = tuple(_stage_columns(table))
    if len({name_key(mapped.role) for mapped in stage_columns}) < len(stage_columns):
        # Stages of several pipelines share a name; the column's own is unique.
        stage_columns = tuple(replace(mapped, role=mapped.column) for mapped in stage_columns)
    taken = {mapped.column for mapped in stage_columns}
    wide = len(stage_columns) >= 2
    columns: dict[Role, Mapped] = {}
    for role in dialects().words | dict.fromkeys(dialect.columns if dialect else ()):
        if role in _NOT_IN.get("wide" if wide else dialect.shape if dialect else "", ()):
            continue
        found = _found(table, role, dialect, taken)
        if found is not None:
            columns[role] = found
            taken.add(found.column)
    crm = f"{dialect.crm}, {dialect.table}" if dialect else ""
    return Recognised(crm, _shape(table, columns, dialect, wide=wide), columns, stage_columns if wide else ())


def _dialect(table: Table) -> Dialect | None:
    header = {loose(name) for name in table.header}
    scored = [
        (sum(loose(name) in header for name in dialect.signature), -place, dialect)
        for place, dialect in enumerate(dialects().dialects)
        if all(loose(name) in header for name in dialect.needs)
    ]
    hits, _, best = max(scored, default=(0, 0, None), key=lambda item: item[:2])
    return best if hits >= 2 else None


def _stage_columns(table: Table) -> Iterator[Mapped]:
    for name in table.header:
        plain = loose(name)
        lead = next((lead for lead in map(loose, dialects().stage_dates) if plain.startswith(f"{lead} ")), None)
        if lead is None or table.problem_with(name) or not _fits(table, name, "created_at", empty=True):
            continue
        quoted = name.split('"')
        # HubSpot: Date entered "Stage (Pipeline)"; its API: hs_v2_date_entered_<stage>.
        stage = quoted[1].rpartition(" (")[0] or quoted[1] if len(quoted) > 2 else _behind(name, lead)
        if stage:
            yield Mapped(stage, name, "certain" if len(quoted) > 2 else "likely", "its name tells the stage")


def _behind(name: str, lead: str) -> str:
    """Return what stands behind the leading words of a name."""
    for place in range(1, len(name)):
        if loose(name[:place]) == lead and not name[place].isalnum():
            return name[place:].strip(" _-:'\u201c\u201d\"")
    return ""


def _found(table: Table, role: Role, dialect: Dialect | None, taken: set[str]) -> Mapped | None:
    """Return the column of a role: by the CRM's own names, else by usual words, else by a part of its name."""
    free = {loose(name): name for name in reversed(table.header) if name and name not in taken}
    free = {key: name for key, name in free.items() if table.problem_with(name) is None and _fits(table, name, role)}
    if dialect is not None:
        for wanted in dialect.columns.get(role, ()):
            if name := free.get(loose(wanted)):
                return Mapped(role, name, "certain", f"{dialect.crm} names it so")
    words = [loose(word) for word in dialects().words.get(role, ())]
    for word in words:
        if name := free.get(word):
            return Mapped(role, name, "likely", "a usual name for it")
    # Words of two letters are parts of many names, and numbers of deals are too rare to guess.
    for word in words:
        for key, name in free.items() if len(word) > 3 and role not in ("entered", "advanced", "entered_at") else ():
            if f" {word} " in f" {key} ":
                return Mapped(role, name, "guess", "a part of its name fits")
    return None


def _fits(table: Table, name: str, role: str, *, empty: bool = False) -> bool:
    """Tell whether the values of a column can be what a role needs."""
    texts = [text for text in table.column(name).series().head(_SAMPLE) if text]
    if not texts:
        return empty or role not in ("deal", "stage", "entered_at")
    if role in TIMES:
        how = dates(None)
    elif role in ("amount", "probability", "entered", "advanced"):
        how = COUNTS if role in ("entered", "advanced") else AMOUNTS
        texts = [text.rstrip("% ") for text in texts]
    else:
        return role not in ("stage", "owner") or dates(None).readable(Coded.of(texts)) < len(texts)
    return how.readable(Coded.of(texts)) >= _READABLE * len(texts)


def _shape(table: Table, columns: dict[Role, Mapped], dialect: Dialect | None, *, wide: bool) -> Shape:
    if wide:
        return "wide"
    if {"stage", "entered", "advanced"} <= columns.keys():
        return "counts"
    if "entered_at" in columns and "deal" in columns:
        if dialect is not None:
            return dialect.shape
        ids = table.column(columns["deal"].column)
        if len(ids.texts) < len(ids):
            return "history"
    return "snapshot"
