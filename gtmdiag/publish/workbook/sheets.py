"""What the sheets of the workbook hold, before any file is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gtmdiag.publish.workbook.values import Value, read_value
from gtmdiag.report.blocks import Block, Evidence, Figure, FindingCard, Group, Lanes, Notice, Prose, Table, Tiles
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode, Heading, plain

Cell = str | float | None

_BLANK = {"", "–", "—", "not enough data", "not known", "not shown", "not reached"}


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its head, its form (``text``, ``share``, ``number``, ``count``) and its width."""

    head: str
    form: str = "text"
    width: float = 14.0


@dataclass(frozen=True)
class Sheet:
    """One sheet: what it tells above its head, and rows under frozen heads."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class _Placed:
    chapter: str
    block: Block


def sheets(document: Document) -> Iterator[Sheet]:
    """Yield the sheets: numbers of all tiles, tables and charts; findings; statements; then each table and chart."""
    placed = tuple(_placed(document))
    numbers = tuple(row for one in placed for row in _numbers(one))
    heads = ("Chapter", "Where", "Item", "Measure", "As reported")
    yield Sheet(
        "Numbers",
        "Every number of the report",
        (
            *(Column(head, width=26.0) for head in heads),
            *(Column(head, "number") for head in ("Value", "Low", "High", "Out of")),
            Column("Unit", width=8.0),
            Column("n", "count", 9.0),
            Column("Source", width=40.0),
        ),
        numbers,
        "Shares are from 0 to 1 (unit %). Low and high: 95 % interval where the report gives one.",
    )
    findings = tuple(one for one in placed if isinstance(one.block, FindingCard))
    if findings:
        names = ("Severity", "Finding", "Worth", "Confidence", "Owner", "Next step", "Evidence", "Rests on")
        widths = (10.0, 50.0, 24.0, 40.0, 20.0, 50.0, 70.0, 30.0)
        columns = tuple(Column(head, width=width) for head, width in zip(names, widths, strict=True))
        yield Sheet("Findings", "Findings, gravest first", columns, tuple(_finding(one.block) for one in findings))
    statements = tuple(row for one in placed for row in _statements(one))
    if statements:
        columns = tuple(
            Column(head, width=width)
            for head, width in (("Chapter", 26.0), ("Statement", 90.0), ("Rests on", 30.0), ("Rule and inputs", 60.0))
        )
        yield Sheet("Statements", "Every sentence with its trail", columns, statements)
    for one in placed:
        if isinstance(one.block, Table) and one.block.rows:
            yield _table(one.block, one.chapter)
        elif isinstance(one.block, Figure) and one.block.data is not None:
            yield _chart(one.block)


def _placed(document: Document) -> Iterator[_Placed]:
    chapter = heading = document.title
    for node in document.nodes:
        if isinstance(node, Heading):
            heading = plain(node.inlines)
            chapter = heading if node.level == 2 else chapter
        if isinstance(node, BlockNode):
            for block in _single(node.block):
                if isinstance(block, Figure) and not block.title:
                    # its heading tells what it shows
                    yield _Placed(chapter, replace(block, title=heading))
                else:
                    yield _Placed(chapter, block)


def _single(block: Block) -> Iterator[Block]:
    if isinstance(block, Group):
        for inner in block.blocks:
            yield from _single(inner)
    else:
        yield block


def _numbers(one: _Placed) -> Iterator[tuple[Cell, ...]]:
    block = one.block
    if isinstance(block, Tiles):
        for tile in block.items:
            value = read_value(tile.value)
            if value is not None:
                yield _row(one.chapter, "Key figures", tile.label, "", tile.value, value, None, tile.note)
    elif isinstance(block, Table):
        yield from _of_table(one.chapter, block)
    elif isinstance(block, Figure) and block.data is not None:
        yield from _of_chart(one.chapter, block)


def _row(
    chapter: str, where: str, item: str, measure: str, told: str, value: Value, n: float | None, source: str
) -> tuple[Cell, ...]:
    return (chapter, where, item, measure, told, value.value, value.low, value.high, value.of, value.unit, n, source)


def _of_table(chapter: str, table: Table) -> Iterator[tuple[Cell, ...]]:
    counts = next((place for place, column in enumerate(table.columns) if column.label == "n"), None)
    told_in = ("Source", "Rests on")
    sources = next((place for place, column in enumerate(table.columns) if column.label in told_in), None)
    for row in table.rows:
        held = read_value(row[counts]) if counts is not None else None
        n = held.value if held is not None else None
        source = row[sources] if sources is not None else table.note
        for place, told in enumerate(row[1:], start=1):
            value = read_value(told)
            if value is not None and place != counts:
                yield _row(chapter, table.title, row[0], table.columns[place].label, told, value, value.n or n, source)


def _of_chart(chapter: str, figure: Figure) -> Iterator[tuple[Cell, ...]]:
    assert figure.data is not None
    unit = "%" if figure.data.unit == "share" else ""
    for series in figure.data.series:
        for place, category in enumerate(figure.data.categories):
            number = series.values[place]
            low = series.low[place] if series.low else None
            high = series.high[place] if series.high else None
            n = series.n[place] if series.n else None
            if number is not None:
                value = Value(number, low, high, unit=unit)
                yield _row(chapter, figure.title, category, series.name, "", value, n, figure.data.source)


def _finding(block: Block) -> tuple[Cell, ...]:
    assert isinstance(block, FindingCard)
    evidence = "\n".join(item.text for item in block.evidence)
    bases = "; ".join(dict.fromkeys(item.basis for item in block.evidence if item.basis))
    told = (block.severity, block.claim, block.value, block.confidence, block.owner, block.next_step)
    return (*told, evidence, bases)


def _statements(one: _Placed) -> Iterator[tuple[Cell, ...]]:
    block = one.block
    sentences: tuple[Evidence, ...] = ()
    if isinstance(block, Prose):
        sentences = block.sentences
    elif isinstance(block, FindingCard):
        sentences = block.evidence
    elif isinstance(block, Notice):
        sentences = (Evidence(" ".join(text for text in (block.title, block.text) if text)),)
    elif isinstance(block, Lanes):
        sentences = tuple(Evidence(card.text, card.note, lane.label) for lane in block.lanes for card in lane.cards)
    for sentence in sentences:
        yield one.chapter, sentence.text, sentence.basis, sentence.trail


def _table(table: Table, chapter: str) -> Sheet:
    """Return a table with its numbers as numbers; an interval takes two columns, “5 of 16” takes two."""
    columns: list[Column] = []
    cells: list[list[Cell]] = [[] for _ in table.rows]
    for place, column in enumerate(table.columns):
        texts = [row[place] for row in table.rows]
        for head, form, values in _typed(column.label, texts, first=place == 0):
            longest = max((len(str(value)) for value in values if value is not None), default=8)
            width = min(max(len(head) + 2, longest + 1, 9), 60) if form == "text" else max(len(head) + 2, 11)
            columns.append(Column(head, form, float(width)))
            for held, value in zip(cells, values, strict=True):
                held.append(value)
    title = table.title or chapter
    return Sheet(title, title, tuple(columns), tuple(tuple(row) for row in cells), table.note)


def _typed(label: str, texts: list[str], *, first: bool) -> Iterator[tuple[str, str, list[Cell]]]:
    values = [read_value(text) for text in texts]
    blank = [text.strip() in _BLANK for text in texts]
    known = [value for value in values if value is not None]
    if first or not known or not all(value is not None or empty for value, empty in zip(values, blank, strict=True)):
        yield label, "text", list(texts)
        return
    unit = next((value.unit for value in known if value.unit), "")
    form = "share" if unit == "%" else "number"
    named = f"{label}, {unit}" if unit not in ("", "%") else label

    def part(name: str) -> list[Cell]:
        return [None if value is None else getattr(value, name) for value in values]

    if any(value.value is not None for value in known):
        yield named, form, part("value")
    if any(value.low is not None for value in known):
        yield f"{named}, low", form, part("low")
        yield f"{named}, high", form, part("high")
    if any(value.of is not None for value in known):
        yield f"{named}, out of", "number", part("of")
    if any(value.n is not None for value in known):
        yield f"{named}, n", "count", part("n")


def _chart(figure: Figure) -> Sheet:
    assert figure.data is not None
    chart = figure.data
    form = "share" if chart.unit == "share" else "number"
    columns: list[Column] = [Column("", width=30.0)]
    series: list[tuple[float | int | None, ...]] = []
    for one in chart.series:
        parts = (
            (one.name, one.values, form),
            (f"{one.name}, low", one.low, form),
            (f"{one.name}, high", one.high, form),
        )
        for head, values, kind in (*parts, (f"{one.name}, n", one.n, "count")):
            if values:
                columns.append(Column(head, kind, max(len(head) + 2.0, 11.0)))
                series.append(values)
    rows = tuple((name, *(values[place] for values in series)) for place, name in enumerate(chart.categories))
    return Sheet(f"Chart {figure.title}", figure.title, tuple(columns), rows, chart.source)
