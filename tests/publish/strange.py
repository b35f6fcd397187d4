"""A document of the longest, emptiest and strangest that a client and a consultant may write."""

from __future__ import annotations

from dataclasses import replace

from gtmdiag.engagement.logo import Logo
from gtmdiag.report.blocks import (
    Block,
    Card,
    Column,
    Cover,
    Evidence,
    Figure,
    FindingCard,
    Lane,
    Lanes,
    Notice,
    Prose,
    Table,
    Tile,
    Tiles,
)
from gtmdiag.report.brand import Brand
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode, Heading, List, Node, Paragraph, Text
from gtmdiag.report.records import Chart, Series, Tone
from tests.report.example import PNG, bars_svg

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
TEXTS = (
    "X",
    "",
    "=SUM(A1:A9)",
    "+1+cmd|' /C calc'!A0",
    "@risk",
    LONG * 3,
    "<script>alert(1)</script> & #set page(width: 1pt) $x_1$ *bold*",
    "株式会社ノースライトの商談化済みリード",
    "שלב ההצעה הסופית של הלקוח",
    "🎉🏳️‍🌈 Signature",
    "word " * 300,
)
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 40"><rect width="160" height="40" fill="#4A1942"/></svg>'
)
BRAND = Brand("#4A1942", "#9C3D10", "letter", Logo("svg", LOGO, 4.0))


def chart(count: int) -> Chart:
    """Return intervals for so many categories with strange names."""
    names = tuple(TEXTS[place % len(TEXTS)] or "empty" for place in range(count))
    values = tuple(place / count for place in range(count))
    low = tuple(max(value - 0.1, 0.0) for value in values)
    high = tuple(min(value + 0.1, 1.0) for value in values)
    told = Series("=Conversion", values, low, high, tuple(range(count)))
    return Chart("intervals", "share", names, (told, Series("Benchmark", (None,) * count)), "=source")


def _blocks(text: str) -> tuple[Block, ...]:
    tones: tuple[Tone, ...] = ("bad", "warn", "good", "neutral", "bad")
    columns = tuple(Column(text, "right" if place % 2 else "left") for place in range(5))
    return (
        Tiles(tuple(Tile(text, text, text, "bad") for _ in range(7))),
        Table(text, columns, ((text,) * 5,) * 9, text, (tones,) * 9),
        Table(text, tuple(Column(text) for _ in range(14)), ((text,) * 14,) * 3),
        Figure(text, bars_svg(), PNG, text or "alt", text),
        Figure(text, bars_svg(), "", text or "alt", text, data=chart(12)),
        Lanes(text, tuple(Lane(text, text, tuple(Card(text, text) for _ in range(9)), "warn") for _ in range(6)), text),
        FindingCard("critical", text, (Evidence(text, text, text),) * 3, text, text, text, text),
        Prose(tuple(Evidence(text, text, text) for _ in range(30))),
        Notice("warn", text, text),
    )


def strange_document() -> Document:
    """Return the document: every kind of block with every strange text, one slide each."""
    nodes: list[Node] = [BlockNode(Cover(LONG * 3, TEXTS[7] * 4, TEXTS[10], ((LONG, LONG * 2),) * 9, TEXTS[10]))]
    for text in TEXTS:
        for block in _blocks(text):
            nodes += [Heading(2, (Text(text or "Untitled"),)), BlockNode(block)]
        nodes += [Heading(2, (Text(text or "Untitled"),)), Heading(3, (Text(text or "Untitled"),))]
        nodes += [Paragraph((Text(text),)), List(False, ((Paragraph((Text(text),)),),) * 20)]
        nodes += [BlockNode(block) for block in _blocks(text)[3:5]]
    return Document(LONG, "en-US", "2026-10-31", tuple(nodes), client=LONG * 2, confidentiality=TEXTS[10], brand=BRAND)


def empty_document() -> Document:
    """Return a document with a title and nothing else."""
    return replace(strange_document(), title="Empty", nodes=(Heading(1, (Text("Empty"),)),), client="", brand=Brand())
