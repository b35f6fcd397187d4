"""An executed notebook as a document: what a reader sees, in order, free of code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, cast

from gtmdiag.report.blocks import Block, Cover, Figure, Group
from gtmdiag.report.brand import Brand, read_brand
from gtmdiag.report.nodes import BlockNode, Heading, Node, Text, plain
from gtmdiag.report.outputs import read_cell
from gtmdiag.report.text import clean

SCHEMA = "gtmdiag.document/1"
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Document:
    """What every format is made from.

    Attributes
    ----------
    title
        The report's title.
    language
        BCP 47 tag such as ``"en"``.
    date
        ISO date of the report; empty where the notebook does not tell it.
    nodes
        The content. The first node is the cover or the one heading of level 1; no later heading skips a level.
        A headline block has become a heading node; a group holds half-width figures that stand side by side, and
        nothing else.
    warnings
        What could not be shown as it was, in plain words.
    client, confidentiality
        For the footer; may be empty.
    brand
        The client's look.
    """

    title: str
    language: str
    date: str
    nodes: tuple[Node, ...]
    warnings: tuple[str, ...] = ()
    client: str = ""
    confidentiality: str = ""
    brand: Brand = field(default_factory=Brand)

    def to_dict(self) -> dict[str, Any]:
        """Return the document as JSON data."""
        return {
            "schema": SCHEMA,
            "title": self.title,
            "language": self.language,
            "date": self.date,
            "client": self.client,
            "confidentiality": self.confidentiality,
            "brand": self.brand.to_dict(),
            "nodes": [node.to_dict() for node in self.nodes],
            "warnings": list(self.warnings),
        }


def read_document(notebook: Mapping[str, Any]) -> Document:
    """Return the document of an executed notebook (an ``nbformat.NotebookNode``, version 4).

    The text of the first heading of level 1 is the report's title, on the cover where there is one. Without such a
    heading the cover's title stands, and without a cover the client's name.
    """
    told = cast("Mapping[str, Any]", notebook["metadata"]).get("gtmdiag", {})
    metadata = {key: clean(str(told.get(key) or "")) for key in ("client", "language", "date", "confidentiality")}
    brand, fault = read_brand(told.get("brand"))
    shown = [read_cell(cell, f"cell {number}") for number, cell in enumerate(notebook["cells"], start=1)]
    nodes = [node for cell in shown for node in cell.nodes]
    cover = next((node.block for node in nodes if isinstance(node, BlockNode) and isinstance(node.block, Cover)), None)
    heading = next((node for node in nodes if isinstance(node, Heading) and node.level <= 1), None)
    title = plain(heading.inlines) if heading else cover.title if cover else metadata["client"] or "Report"
    first: Node = heading or Heading(1, (Text(title),))
    if cover:
        first = BlockNode(replace(cover, title=title))
    rest = [node for node in nodes if node is not heading and not (isinstance(node, BlockNode) and node.block is cover)]
    return Document(
        title=title,
        language=metadata["language"] if _LANGUAGE.fullmatch(metadata["language"]) else "en",
        date=metadata["date"],
        nodes=tuple(_outlined(_paired([first, *rest]))),
        warnings=(*([fault] if fault else []), *dict.fromkeys(one for cell in shown for one in cell.warnings)),
        client=metadata["client"] or (cover.client if cover else ""),
        confidentiality=metadata["confidentiality"] or (cover.confidentiality if cover else ""),
        brand=brand,
    )


def _paired(nodes: Iterable[Node]) -> Iterable[Node]:
    """Put neighbouring half-width figures into one group."""
    for half, run in groupby(nodes, key=lambda node: isinstance(node, BlockNode) and _is_half(node.block)):
        blocks = list(run)
        if half and len(blocks) > 1:
            yield BlockNode(Group(tuple(node.block for node in blocks if isinstance(node, BlockNode))))
        else:
            yield from blocks


def _is_half(block: Block) -> bool:
    return isinstance(block, Figure) and block.width == "half"


def _outlined(nodes: Iterable[Node]) -> Iterable[Node]:
    """Give every heading a unique id and a level that skips none; a later cover becomes a heading."""
    level, ids = 1, set[str]()
    for position, node in enumerate(nodes):
        heading = node
        if position and isinstance(node, BlockNode) and isinstance(node.block, Cover):
            heading = Heading(2, (Text(node.block.title),))
        if isinstance(heading, Heading):
            level = min(max(heading.level, 2), level + 1, 6) if position else 1
            heading = replace(heading, level=level, id=_unused(plain(heading.inlines), ids))
        yield heading


def _unused(text: str, ids: set[str]) -> str:
    """Return an id made of the words of ``text`` and remember it."""
    words = "-".join(re.findall(r"\w+", text.casefold()))[:60].strip("-_") or "part"
    number = next(n for n in range(1, len(ids) + 2) if (f"{words}-{n}" if n > 1 else words) not in ids)
    chosen = f"{words}-{number}" if number > 1 else words
    ids.add(chosen)
    return chosen
