"""Blocks: what a notebook cell shows, as small records of plain text.

A block displays in JupyterLab and carries itself as JSON in the cell's output, so the executed notebook alone is
enough to make every format. No text of a block is ever markup; the renderers escape it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, Literal, cast, get_args

from pydantic import TypeAdapter, ValidationError

from gtmdiag.errors import RenderError, did_you_mean, shorten
from gtmdiag.findings.finding import Severity
from gtmdiag.report.records import Chart, Record, Tone, encode

SCHEMA = "gtmdiag.block/1"
MIME = "application/vnd.gtmdiag.block+json"

Align = Literal["left", "right"]
Width = Literal["full", "half"]


class BlockError(RenderError, ValueError):
    """What claims to be a block does not have the form of one."""


@dataclass(frozen=True)
class _Block(Record):
    kind: ClassVar[str]

    def to_dict(self) -> dict[str, Any]:
        """Return the block as JSON data, with its schema and kind."""
        return {"schema": SCHEMA, "kind": self.kind, **_fields(self)}

    def mime_bundle(self) -> dict[str, Any]:
        """Return what a notebook's output holds: the block as JSON, and forms to look at."""
        from gtmdiag.report.markup import cell_html, plain_text

        block = cast("Block", self)
        return {MIME: self.to_dict(), "text/html": cell_html(block), "text/plain": plain_text(block)}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002
        return self.mime_bundle()


@dataclass(frozen=True)
class Cover(_Block):
    """The report's first page. ``facts`` are pairs of label and value."""

    kind: ClassVar[str] = "cover"
    title: str
    client: str = ""
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    confidentiality: str = ""


@dataclass(frozen=True)
class Headline(_Block):
    """A heading that states a finding; ``level`` is 1 to 6."""

    kind: ClassVar[str] = "headline"
    text: str
    level: int = 2
    sub: str = ""


@dataclass(frozen=True)
class Tile(Record):
    """One number that matters, with its label and a short note."""

    label: str
    value: str
    note: str = ""
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Tiles(_Block):
    """A row of numbers."""

    kind: ClassVar[str] = "tiles"
    items: tuple[Tile, ...]


@dataclass(frozen=True)
class Column(Record):
    """A table's column."""

    label: str
    align: Align = "left"


@dataclass(frozen=True)
class Table(_Block):
    """A table of formatted texts. Every row has one text for each column.

    ``tones`` colour single cells, for a map that is read by colour and by word: one for each cell, or none at all.
    """

    kind: ClassVar[str] = "table"
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    tones: tuple[tuple[Tone, ...], ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise BlockError(
                    f"table {shorten(self.title)}: row {number} has {len(row)} cells for "
                    f"{len(self.columns)} columns. Give every row one text for each column."
                )
        if self.tones and [len(tones) for tones in self.tones] != [len(row) for row in self.rows]:
            raise BlockError(f"table {shorten(self.title)}: give every cell a tone, or none.")


@dataclass(frozen=True)
class Figure(_Block):
    """A picture as SVG text, PNG in base64, or both. ``title`` states what it shows; ``alt`` says it to the blind.

    ``data`` are the numbers that it draws, where they are known.
    """

    kind: ClassVar[str] = "figure"
    title: str
    svg: str
    png: str
    alt: str
    caption: str = ""
    width: Width = "full"
    data: Chart | None = None


@dataclass(frozen=True)
class Card(Record):
    """One short entry of a lane, e.g. an action; ``note`` tells who and how it is measured."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class Lane(Record):
    """One column of lanes: a label, a line beneath it, and its cards."""

    label: str
    sub: str = ""
    cards: tuple[Card, ...] = ()
    tone: Tone = "neutral"


@dataclass(frozen=True)
class Lanes(_Block):
    """Columns of short entries side by side: a plan by period, options by what speaks for each."""

    kind: ClassVar[str] = "lanes"
    title: str
    lanes: tuple[Lane, ...]
    note: str = ""


@dataclass(frozen=True)
class Evidence(Record):
    """A sentence and what it rests on, e.g. ``"suite method · 16 answers"``; ``trail`` tells rule and inputs."""

    text: str
    basis: str = ""
    trail: str = ""


@dataclass(frozen=True)
class FindingCard(_Block):
    """One finding: what is claimed, why, how sure, who acts and how. ``value`` is money where it was measured."""

    kind: ClassVar[str] = "finding"
    severity: Severity
    claim: str
    evidence: tuple[Evidence, ...] = ()
    confidence: str = ""
    owner: str = ""
    next_step: str = ""
    value: str = ""


@dataclass(frozen=True)
class Prose(_Block):
    """Running sentences, each with its basis."""

    kind: ClassVar[str] = "prose"
    sentences: tuple[Evidence, ...]


@dataclass(frozen=True)
class Notice(_Block):
    """Something that is missing, withheld or borderline."""

    kind: ClassVar[str] = "notice"
    tone: Tone
    title: str
    text: str = ""


@dataclass(frozen=True)
class Group(_Block):
    """Several blocks shown by one cell, in order."""

    kind: ClassVar[str] = "group"
    blocks: tuple[Block, ...]


Block = Cover | Headline | Tiles | Table | Figure | Lanes | FindingCard | Prose | Notice | Group
BLOCKS: dict[str, type[Block]] = {block.kind: block for block in get_args(Block)}


def block_from_dict(data: object) -> Block:
    """Return the block that ``data`` describes, as made by ``to_dict``.

    Raises
    ------
    BlockError
        The schema or kind is not known, or a field is missing or not of its form.
    """
    record = cast("dict[str, Any]", data) if isinstance(data, dict) else dict[str, Any]()
    if record.get("schema") != SCHEMA:
        raise BlockError(
            f"block: found schema {shorten(record.get('schema'))}; allowed: {SCHEMA!r}. "
            "The notebook was made by another version; run it again."
        )
    kind = str(record.get("kind"))
    if kind not in BLOCKS:
        raise BlockError(
            f"block: found kind {shorten(kind)}; allowed: {', '.join(BLOCKS)}. {did_you_mean(kind, BLOCKS)}".rstrip()
        )
    if kind == Group.kind:
        blocks = record.get("blocks")
        items = cast("list[Any]", blocks) if isinstance(blocks, list) else []
        return Group(tuple(block_from_dict(item) for item in items))
    try:
        return _adapter(kind).validate_python(record)
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}, found {shorten(fault['input'])}"
            for fault in error.errors()
        )
        raise BlockError(f"block {kind}: {told}. Run the notebook again.") from error


@cache
def _adapter(kind: str) -> TypeAdapter[Block]:
    return TypeAdapter(BLOCKS[kind])


def _fields(record: Record) -> dict[str, Any]:
    return {field.name: _encode(getattr(record, field.name)) for field in fields(record)}


def _encode(value: Any) -> Any:
    if isinstance(value, _Block):
        return value.to_dict()
    if isinstance(value, tuple):
        return [_encode(item) for item in cast("tuple[Any, ...]", value)]
    return encode(value)
