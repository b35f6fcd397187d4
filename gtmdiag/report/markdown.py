"""Markdown as nodes: CommonMark and tables. Raw HTML and formulas are text; no picture is read from anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from gtmdiag.report.blocks import Column, Table
from gtmdiag.report.nodes import (
    BlockNode,
    Break,
    Code,
    CodeSpan,
    Emph,
    Heading,
    Inline,
    Link,
    List,
    Node,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Text,
    plain,
)
from gtmdiag.report.text import clean

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_SAFE_URL = re.compile(r"(https?://|mailto:)[^\s]+", re.IGNORECASE)


@dataclass(frozen=True)
class Parsed:
    """Nodes of a markdown text, and what could not be shown as it was. Headings have no id yet."""

    nodes: tuple[Node, ...]
    warnings: tuple[str, ...]


def parse_markdown(source: str) -> Parsed:
    """Return ``source`` as nodes."""
    walker = _Walker()
    nodes = walker.nodes(SyntaxTreeNode(_PARSER.parse(clean(source))))
    return Parsed(nodes, tuple(walker.warnings))


class _Walker:
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def nodes(self, parent: SyntaxTreeNode, *, nested: bool = False) -> tuple[Node, ...]:
        found = (self._node(child, nested) for child in parent.children)
        return tuple(node for node in found if node is not None)

    def _node(self, tree: SyntaxTreeNode, nested: bool) -> Node | None:
        match tree.type:
            case "heading":
                inlines = self._inlines(tree)
                if not plain(inlines).strip():
                    return None
                # a heading inside a list or a quote is no part of the report's outline
                return Paragraph((Strong(inlines),)) if nested else Heading(int(tree.tag[1]), inlines)
            case "bullet_list" | "ordered_list":
                items = tuple(self.nodes(item, nested=True) for item in tree.children)
                return List(tree.type == "ordered_list", items, int(tree.attrGet("start") or 1))
            case "blockquote":
                return Quote(self.nodes(tree, nested=True))
            case "fence" | "code_block":
                return Code(tree.content.rstrip("\n"))
            case "hr":
                return Rule()
            case "table":
                return BlockNode(self._table(tree))
            case _:
                return Paragraph(self._inlines(tree))

    def _table(self, tree: SyntaxTreeNode) -> Table:
        rows = [row for section in tree.children for row in section.children]
        columns = tuple(
            Column(plain(self._inlines(cell)), "right" if "right" in str(cell.attrGet("style")) else "left")
            for cell in rows[0].children
        )
        return Table("", columns, tuple(tuple(plain(self._inlines(cell)) for cell in row.children) for row in rows[1:]))

    def _inlines(self, tree: SyntaxTreeNode) -> tuple[Inline, ...]:
        """Return the inlines beneath ``tree``, whose children may be one ``inline`` node or inlines themselves."""
        found: list[Inline] = []
        for child in tree.children:
            found.extend(self._inlines(child) if child.type == "inline" else self._inline(child))
        return tuple(inline for inline in found if inline != Text(""))

    def _inline(self, tree: SyntaxTreeNode) -> tuple[Inline, ...]:
        match tree.type:
            case "strong":
                return (Strong(self._inlines(tree)),)
            case "em":
                return (Emph(self._inlines(tree)),)
            case "link":
                url, inlines = str(tree.attrGet("href")), self._inlines(tree)
                if not _SAFE_URL.fullmatch(url):
                    return inlines
                return (Link(url, inlines if plain(inlines).strip() else (Text(url),)),)
            case "image":
                text = plain(self._inlines(tree))
                self.warnings.append(
                    f"A picture in the text was left out; its description stands instead: {text!r}. "
                    "Make the picture in a cell to have it in the report."
                )
                return (Text(text),)
            case "code_inline":
                return (CodeSpan(clean(tree.content)),)
            case "softbreak":
                return (Text(" "),)
            case "hardbreak":
                return (Break(),)
            case _:
                return (Text(clean(tree.content)),)
