"""What a notebook's cell shows, as nodes. Each output yields its richest form that a report can carry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from gtmdiag.errors import shorten
from gtmdiag.report.blocks import MIME, Block, BlockError, Figure, Group, Headline, Notice, block_from_dict
from gtmdiag.report.htmltable import tables_from_html
from gtmdiag.report.markdown import parse_markdown
from gtmdiag.report.nodes import BlockNode, Code, Heading, Node, Text
from gtmdiag.report.pictures import vet
from gtmdiag.report.text import clean

_SILENT_TAGS = {"parameters", "injected-parameters", "hide"}
_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_OBJECT = re.compile(r"\[?<.*>[\],]?|Text\(.*\)|\w*[Ww]idget\(.*\)|\w+\(children=.*\)", re.DOTALL)
_SVG_TITLE = re.compile(r"<title>([^<]*)</title>")
_OBJECT_REMEDY = "End the line with ; or show a table or a figure."
_NO_ALT = "Figure without a description."
_NO_ALT_WARNING = (
    "A figure has no description for those who cannot see it. "
    "Give it a title, or set gtmdiag.alt in the cell's metadata."
)


@dataclass(frozen=True)
class Shown:
    """Nodes that a cell or output shows, and what could not be shown as it was."""

    nodes: tuple[Node, ...] = ()
    warnings: tuple[str, ...] = ()


def read_cell(cell: Mapping[str, Any], name: str) -> Shown:
    """Return what ``cell`` shows; its code is never shown. ``name`` is how warnings call it, e.g. ``"cell 4"``."""
    metadata = cell.get("metadata", {})
    if cell["cell_type"] == "markdown":
        parsed = parse_markdown(_joined(cell["source"]))
        return Shown(parsed.nodes, tuple(f"{name}: {warning}" for warning in parsed.warnings))
    if cell["cell_type"] != "code" or _SILENT_TAGS & set(metadata.get("tags", ())):
        return Shown()
    alt = clean(str(metadata.get("gtmdiag", {}).get("alt", "")))
    shown = [_read_output(output, alt) for output in cell["outputs"]]
    return Shown(
        tuple(node for one in shown for node in one.nodes),
        tuple(f"{name}: {warning}" for one in shown for warning in one.warnings),
    )


def _read_output(output: Mapping[str, Any], alt: str) -> Shown:
    kind = output["output_type"]
    if kind == "stream":
        return _printed(_plain(output["text"])) if output.get("name") == "stdout" else Shown()
    if kind == "error":
        told = f"It stopped with {_plain(output.get('ename'))}: {_plain(output.get('evalue'))}."
        return Shown((BlockNode(Notice("bad", "A cell of the notebook did not run", told)),), (told,))
    return _read_data(output.get("data", {}), alt)


def _read_data(data: Mapping[str, Any], alt: str) -> Shown:
    if MIME in data:
        try:
            return _read_block(block_from_dict(data[MIME]), alt)
        except BlockError as error:
            notice = Notice("warn", "A part of the report cannot be read", "Run the notebook again to have it here.")
            return Shown((BlockNode(notice),), (str(error),))
    if "image/svg+xml" in data or "image/png" in data:
        svg, png = _joined(data.get("image/svg+xml", "")), _joined(data.get("image/png", ""))
        title = _SVG_TITLE.search(svg)
        return _read_block(Figure("", svg, png, title[1].strip() if title else ""), alt)
    if tables := tables_from_html(_joined(data.get("text/html", ""))):
        return Shown(tuple(BlockNode(table) for table in tables))
    if "text/markdown" in data:
        parsed = parse_markdown(_joined(data["text/markdown"]))
        return Shown(parsed.nodes, parsed.warnings)
    text = _plain(data.get("text/plain", ""))
    if _OBJECT.fullmatch(text.strip()):
        return Shown((), (f"{shorten(text)} is no text for a report and was left out. {_OBJECT_REMEDY}",))
    return _printed(text)


def _read_block(block: Block, alt: str) -> Shown:
    if isinstance(block, Group):
        parts = [_read_block(part, alt) for part in block.blocks]
        return Shown(
            tuple(node for part in parts for node in part.nodes),
            tuple(warning for part in parts for warning in part.warnings),
        )
    if isinstance(block, Headline):
        return Shown((Heading(block.level, (Text(block.text),), sub=block.sub),))
    if not isinstance(block, Figure):
        return Shown((BlockNode(block),))
    told = alt or block.alt.strip() or block.title.strip()
    vetted = vet(replace(block, alt=told or _NO_ALT))
    return Shown((BlockNode(vetted.block),), vetted.warnings if told else (_NO_ALT_WARNING, *vetted.warnings))


def _printed(text: str) -> Shown:
    return Shown((Code(text.strip("\n")),)) if text.strip() else Shown()


def _joined(value: Any) -> str:
    """Return a MIME value, which the notebook format stores as text or as a list of lines."""
    return "".join(cast("Sequence[str]", value)) if isinstance(value, list) else str(value)


def _plain(value: Any) -> str:
    return clean(_ANSI.sub("", _joined(value)))
