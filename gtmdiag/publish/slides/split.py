"""A document split into slides: each heading of level 2 begins one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from gtmdiag.report.blocks import (
    Block,
    Card,
    Evidence,
    Figure,
    FindingCard,
    Group,
    Lane,
    Lanes,
    Notice,
    Prose,
    Table,
    Tiles,
)
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode, Code, Heading, List, Node, Paragraph, Quote, plain


@dataclass(frozen=True)
class Saying:
    """A sentence or entry of a slide; ``strong`` for a heading within it, ``bullet`` for an entry of a list."""

    text: str
    bullet: bool = False
    strong: bool = False
    quiet: bool = False


Item = Saying | Figure | Table | Tiles | Lanes | FindingCard


@dataclass(frozen=True)
class Draft:
    """A slide before it is arranged."""

    title: str
    items: tuple[Item, ...]
    source: str
    notes: tuple[str, ...]


def drafts(document: Document) -> Iterator[Draft]:
    """Yield the slides of a document after its cover.

    A title with nothing beneath it gives way: the next title then stands beneath it. So a consultant puts a title of
    their own before a slide without touching what is computed.
    """
    title, own, held = "", "", list[Node]()
    for node in document.nodes[1:]:
        if not (isinstance(node, Heading) and node.level <= 2):
            held.append(node)
            continue
        if held:
            yield _draft(own or title or document.title, own and title, held)
            title, own, held = "", "", []
        if title:
            own = own or title
        title = plain(node.inlines)
    if held:
        yield _draft(own or title or document.title, own and title, held)


def _draft(title: str, sub: str, nodes: Iterable[Node]) -> Draft:
    nodes = tuple(nodes)
    items = [item for node in nodes for item in _items(node)]
    if sub:
        items.insert(0, Saying(sub, strong=True))
    return Draft(title, tuple(items), _foot(nodes), tuple(note for node in nodes for note in _notes(node)))


def _foot(nodes: Sequence[Node]) -> str:
    """Return what a slide rests on, then how its tables and pictures are to be read."""
    blocks = [node.block for node in nodes if isinstance(node, BlockNode)]
    bases = dict.fromkeys(one.basis for block in blocks for one in _sentences(block) if one.basis)
    hints = dict.fromkeys(hint for block in blocks if (hint := _hint(block)))
    return " ".join([*([f"Source: {'; '.join(bases)}."] if bases else []), *hints])


def _items(node: Node) -> Iterator[Item]:
    match node:
        case Heading():
            yield Saying(plain(node.inlines), strong=True)
        case Paragraph():
            yield Saying(plain(node.inlines))
        case List():
            for entry in node.items:
                text = " ".join(said.text for inner in entry for said in _items(inner) if isinstance(said, Saying))
                yield Saying(text, bullet=True)
        case Quote():
            yield from (_quoted(item) for inner in node.nodes for item in _items(inner))
        case Code():
            yield Saying(node.text, quiet=True)
        case BlockNode():
            yield from _of_block(node.block)
        case _:
            return


def _quoted(item: Item) -> Item:
    return replace(item, quiet=True) if isinstance(item, Saying) else item


def _of_block(block: Block) -> Iterator[Item]:
    match block:
        case Prose():
            several = len(block.sentences) > 1
            yield from (Saying(sentence.text, bullet=several) for sentence in block.sentences)
        case Notice():
            yield Saying(block.title, strong=True)
            if block.text:
                yield Saying(block.text)
        case Group():
            for inner in block.blocks:
                yield from _of_block(inner)
        case Figure() | Table() | Tiles() | Lanes() | FindingCard():
            yield block
        case _:
            return


def _hint(block: Block) -> str:
    if isinstance(block, (Table, Lanes)):
        return block.note
    return block.caption if isinstance(block, Figure) else ""


def _sentences(block: Block | None) -> tuple[Evidence, ...]:
    if isinstance(block, Prose):
        return block.sentences
    return block.evidence if isinstance(block, FindingCard) else ()


def _notes(node: Node) -> Iterator[str]:
    if not isinstance(node, BlockNode):
        yield from (item.text for item in _items(node) if isinstance(item, Saying))
        return
    block = node.block
    for sentence in _sentences(block):
        trail = "; ".join(part for part in (sentence.basis, sentence.trail) if part)
        yield f"{sentence.text} [{trail}]" if trail else sentence.text
    match block:
        case Figure():
            yield " ".join(part for part in (block.title, block.alt, block.caption) if part)
        case Table():
            heads = [column.label for column in block.columns]
            yield from (_told(heads, row) for row in block.rows)
            yield from [block.note] if block.note else []
        case Tiles():
            yield from (f"{tile.label}: {tile.value}. {tile.note}".strip() for tile in block.items)
        case Lanes():
            yield from (f"{lane.label}: {card.text} {card.note}".strip() for lane, card in _cards(block))
        case FindingCard():
            yield f"{block.claim} Next step: {block.next_step} Owner: {block.owner}. Confidence: {block.confidence}"
        case Notice():
            yield f"{block.title}. {block.text}".strip()
        case Group():
            for inner in block.blocks:
                yield from _notes(BlockNode(inner))
        case _:
            return


def _cards(block: Lanes) -> Iterator[tuple[Lane, Card]]:
    return ((lane, card) for lane in block.lanes for card in lane.cards)


def _told(heads: list[str], row: tuple[str, ...]) -> str:
    return "; ".join(f"{head}: {cell}" for head, cell in zip(heads, row, strict=True) if cell)
