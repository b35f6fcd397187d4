"""The nodes of a document: prose as a syntax tree, and blocks. Every format is made from these.

Each has ``to_dict()``; a node's JSON holds its ``kind`` and its fields.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, cast

from gtmdiag.report import blocks


@dataclass(frozen=True)
class _Node:
    kind: ClassVar[str]

    def to_dict(self) -> dict[str, Any]:
        """Return the node as JSON data."""
        return {"kind": self.kind} | {field.name: _encode(getattr(self, field.name)) for field in fields(self)}


def _encode(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_encode(item) for item in cast("tuple[Any, ...]", value)]
    return value.to_dict() if hasattr(value, "to_dict") else value


@dataclass(frozen=True)
class Text(_Node):
    """Plain text."""

    kind: ClassVar[str] = "text"
    text: str


@dataclass(frozen=True)
class Strong(_Node):
    """Strong emphasis."""

    kind: ClassVar[str] = "strong"
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Emph(_Node):
    """Emphasis."""

    kind: ClassVar[str] = "emph"
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class CodeSpan(_Node):
    """Text in a fixed-width face within a line."""

    kind: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True)
class Link(_Node):
    """A link; ``url`` starts with ``http:``, ``https:`` or ``mailto:``."""

    kind: ClassVar[str] = "link"
    url: str
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class Break(_Node):
    """A line break."""

    kind: ClassVar[str] = "break"


Inline = Text | Strong | Emph | CodeSpan | Link | Break


@dataclass(frozen=True)
class Heading(_Node):
    """A heading of level 1 to 6. ``id`` is unique in the document; ``sub`` is a line beneath, often empty."""

    kind: ClassVar[str] = "heading"
    level: int
    inlines: tuple[Inline, ...]
    id: str = ""
    sub: str = ""


@dataclass(frozen=True)
class Paragraph(_Node):
    """A paragraph."""

    kind: ClassVar[str] = "paragraph"
    inlines: tuple[Inline, ...]


@dataclass(frozen=True)
class List(_Node):
    """A list; ``start`` is the first number of an ordered one."""

    kind: ClassVar[str] = "list"
    ordered: bool
    items: tuple[tuple[Node, ...], ...]
    start: int = 1


@dataclass(frozen=True)
class Quote(_Node):
    """What somebody said or wrote."""

    kind: ClassVar[str] = "quote"
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Code(_Node):
    """Text in a fixed-width face: a code block of the prose, or what a cell printed."""

    kind: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True)
class Rule(_Node):
    """A line between two parts."""

    kind: ClassVar[str] = "rule"


@dataclass(frozen=True)
class BlockNode(_Node):
    """A block, as one node."""

    kind: ClassVar[str] = "block"
    block: blocks.Block


Node = Heading | Paragraph | List | Quote | Code | Rule | BlockNode


def plain(inlines: tuple[Inline, ...]) -> str:
    """Return the text of ``inlines`` without its marks."""
    parts: list[str] = []
    for inline in inlines:
        match inline:
            case Text(text) | CodeSpan(text):
                parts.append(text)
            case Strong(inner) | Emph(inner) | Link(_, inner):
                parts.append(plain(inner))
            case Break():
                parts.append(" ")
    return "".join(parts)
