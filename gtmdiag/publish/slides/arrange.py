"""Arrange what a slide says: the picture beside its reading where there is one, else one beneath the other.

Type is made smaller in steps down to what can still be read; what then does not fit is carried on to a further slide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from gtmdiag.engagement.picture import png_size, svg_size
from gtmdiag.publish.slides.grids import grid, measured, parts_of
from gtmdiag.publish.slides.page import Box, Element, Para, Picture, Words
from gtmdiag.publish.slides.split import Item, Saying
from gtmdiag.publish.slides.strips import MOST_LANES, MOST_TILES, finding, lane_row, tile_row
from gtmdiag.publish.slides.words import Scale, fitting, height_of, para, paras_of, words_at
from gtmdiag.report.blocks import Figure, FindingCard, Lanes, Table, Tiles
from gtmdiag.report.theme import load_theme

SCALES = ((1.2, 1.1, 1.0, 0.93), (0.86, 0.8, 0.74))
"""A picture keeps its share of the slide while type is of good size; only then does it give way."""
CARRIED = 0.86
"""Scale of slides that go on over several."""
GAP = 16.0
GUTTER = 30.0
MOST_ROWS = 40
MOST_SAYINGS = 48
LEAST_SHARE, LEAST_PICTURE = 0.62, 280.0
"""A picture that would be smaller than this share of its width, and lower than these points, gets more room."""
_MORE = "The report and the workbook hold all of it."


@dataclass(frozen=True)
class Flowed:
    """What a column took, where it ends, and what is left."""

    elements: tuple[Element, ...]
    bottom: float
    rest: tuple[Item, ...]


def arranged(items: Sequence[Item], body: Box) -> Iterator[tuple[Element, ...]]:
    """Yield the elements of one slide, or of several where one does not hold all of it."""
    rest = tuple(_bounded(items))
    for factors in SCALES:
        for plan, factor in product(_plans(rest), factors):
            flowed = plan(rest, body, Scale(factor))
            if not flowed.rest:
                yield flowed.elements
                return
    while rest:
        plan = _plans(rest)[0]
        flowed = plan(rest, body, Scale(CARRIED))
        if not flowed.elements:
            # nothing moved: what comes first is left out rather than drawn over the edge
            rest = rest[1:]
            continue
        yield flowed.elements
        rest = flowed.rest


def _bounded(items: Sequence[Item]) -> Iterator[Item]:
    """Yield items with what no deck should hold taken off: the hundredth row, the fiftieth sentence."""
    sayings = 0
    for item in items:
        if isinstance(item, Saying):
            sayings += 1
            if sayings == MOST_SAYINGS:
                yield Saying(_MORE, quiet=True)
            if sayings < MOST_SAYINGS:
                yield item
        elif isinstance(item, Table):
            yield from (_cut(part) for part in parts_of(item))
            if len(item.rows) > MOST_ROWS:
                yield Saying(f"{len(item.rows) - MOST_ROWS:,} more rows are left out here. {_MORE}", quiet=True)
        elif isinstance(item, Lanes):
            for start in range(0, len(item.lanes), MOST_LANES):
                yield replace(item, lanes=item.lanes[start : start + MOST_LANES])
        elif isinstance(item, Tiles):
            for start in range(0, len(item.items), MOST_TILES):
                yield replace(item, items=item.items[start : start + MOST_TILES])
        else:
            yield item


def _cut(table: Table) -> Table:
    return replace(table, rows=table.rows[:MOST_ROWS], tones=table.tones[:MOST_ROWS])


Plan = Callable[[tuple[Item, ...], Box, Scale], Flowed]


def _plans(items: Sequence[Item]) -> tuple[Plan, ...]:
    figures = sum(isinstance(item, Figure) for item in items)
    beside = [item for item in items if isinstance(item, (Saying, Table)) and not _is_wide(item)]
    if figures == 1 and beside:
        return (_beside(0.56), _beside(0.48), _beside(0.4), _under)
    if figures > 1:
        return (_pair, _stack)
    return (_stack,)


def _is_wide(item: Item) -> bool:
    return isinstance(item, Table) and len(item.columns) > 4


def _stack(items: tuple[Item, ...], body: Box, scale: Scale) -> Flowed:
    return flow(items, body, scale)


def _opening(items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Split off the tiles that stand above everything."""
    top = tuple(item for item in items if isinstance(item, Tiles))
    return top, tuple(item for item in items if not isinstance(item, Tiles))


def _beside(share: float) -> Plan:
    """Return the plan with the picture to the left and all else to the right of it."""

    def plan(items: tuple[Item, ...], body: Box, scale: Scale) -> Flowed:
        top, others = _opening(items)
        head = flow(top, body, scale)
        y = head.bottom + (GAP if top else 0.0)
        left_width = (body.width - GUTTER) * share
        pictures = tuple(item for item in others if isinstance(item, Figure))
        rest = tuple(item for item in others if not isinstance(item, Figure))
        left = flow(pictures, Box(body.x, y, left_width, body.bottom - y), scale)
        x = body.x + left_width + GUTTER
        right = flow(rest, Box(x, y, body.width - left_width - GUTTER, body.bottom - y), scale)
        elements = (*head.elements, *left.elements, *right.elements)
        return Flowed(elements, max(left.bottom, right.bottom), (*head.rest, *left.rest, *right.rest))

    return plan


def _under(items: tuple[Item, ...], body: Box, scale: Scale) -> Flowed:
    """Put the words beneath the picture and the tables to the right of both."""
    top, others = _opening(items)
    head = flow(top, body, scale)
    y = head.bottom + (GAP if top else 0.0)
    tables = tuple(item for item in others if not isinstance(item, (Figure, Saying)))
    if not tables:
        return _stack(items, body, scale)
    width = (body.width - GUTTER) * 0.47
    column = tuple(item for item in others if isinstance(item, (Figure, Saying)))
    left = flow(column, Box(body.x, y, width, body.bottom - y), scale, most_picture=0.58)
    right = flow(tables, Box(body.x + width + GUTTER, y, body.width - width - GUTTER, body.bottom - y), scale)
    elements = (*head.elements, *left.elements, *right.elements)
    return Flowed(elements, max(left.bottom, right.bottom), (*head.rest, *left.rest, *right.rest))


def _pair(items: tuple[Item, ...], body: Box, scale: Scale) -> Flowed:
    """Put the first two pictures side by side and all else beneath."""
    top, others = _opening(items)
    head = flow(top, body, scale)
    y = head.bottom + (GAP if top else 0.0)
    figures = [item for item in others if isinstance(item, Figure)][:2]
    rest = tuple(item for item in others if not any(item is figure for figure in figures))
    width = (body.width - GUTTER) / 2
    high = (body.bottom - y) * (0.62 if rest else 1.0)
    columns = [
        flow((figure,), Box(body.x + place * (width + GUTTER), y, width, high), scale)
        for place, figure in enumerate(figures)
    ]
    bottom = max(column.bottom for column in columns) + GAP
    beneath = flow(rest, Box(body.x, bottom, body.width, body.bottom - bottom), scale)
    drawn = tuple(element for column in columns for element in column.elements)
    left = tuple(item for column in columns for item in column.rest)
    return Flowed((*head.elements, *drawn, *beneath.elements), beneath.bottom, (*head.rest, *left, *beneath.rest))


def flow(items: Sequence[Item], box: Box, scale: Scale, most_picture: float = 1.0) -> Flowed:
    """Set items one beneath the other in a box, as many as fit."""
    elements: list[Element] = []
    y, place = box.y, 0
    while place < len(items):
        item = items[place]
        room = Box(box.x, y, box.width, box.bottom - y)
        if isinstance(item, Saying):
            run = [item]
            while place + len(run) < len(items) and isinstance(items[place + len(run)], Saying):
                run.append(items[place + len(run)])  # pyright: ignore[reportArgumentType]
            done, took, bottom = _set_words(run, room, scale)
            elements += done
            if took < len(run):
                return Flowed(tuple(elements), bottom, (*run[took:], *items[place + len(run) :]))
            place += len(run)
        else:
            done, left, bottom = _set_block(item, room, scale, most_picture)
            elements += done
            if left is not None:
                return Flowed(tuple(elements), bottom, (left, *items[place + 1 :]))
            place += 1
        y = bottom + GAP
    return Flowed(tuple(elements), y - GAP if elements else box.y, ())


def _set_words(run: Sequence[Saying], room: Box, scale: Scale) -> tuple[list[Element], int, float]:
    kept = [said for said in run if said.text.strip()]
    paras = paras_of(kept, room.width, scale)
    count = fitting(paras, room.height)
    if count == 0:
        return [], (0 if paras else len(run)), room.y
    words = words_at(paras[:count], room.x, room.y, room.width)
    took = len(run) if count == len(paras) else next(i for i, said in enumerate(run) if said is kept[count])
    return [words], took, words.box.bottom


def _set_block(item: Item, room: Box, scale: Scale, most_picture: float) -> tuple[list[Element], Item | None, float]:
    match item:
        case Figure():
            return _set_figure(item, room, scale, most_picture)
        case Table():
            return _set_table(item, room, scale)
        case Tiles():
            strip = tile_row(item.items, room.width, scale)
        case FindingCard():
            strip = finding(item, room.width, scale)
        case Lanes():
            return _set_lanes(item, room, scale)
        case _:
            return [], None, room.y
    if strip.height > room.height:
        return [], item, room.y
    return list(strip.at(room.x, room.y)), None, room.y + strip.height


def _set_figure(item: Figure, room: Box, scale: Scale, most: float) -> tuple[list[Element], Item | None, float]:
    ratio = _ratio(item)
    size = scale.size(load_theme().slide.table + 1)
    title: list[Para] = [para(item.title, size, room.width, "semibold", after=6.0)] if item.title else []
    above = height_of(title) + (6.0 if title else 0.0)
    natural = room.width / ratio
    height = min(natural, (room.height - above) * most)
    if height < min(natural * LEAST_SHARE, LEAST_PICTURE):
        return [], item, room.y
    elements: list[Element] = []
    if title:
        elements.append(Words(Box(room.x, room.y, room.width, height_of(title)), tuple(title)))
    box = Box(room.x, room.y + above, min(room.width, height * ratio), height)
    return [*elements, Picture(box, Box(box.x, box.y, room.width, box.height), item)], None, box.bottom


def _ratio(figure: Figure) -> float:
    size = svg_size(figure.svg) if figure.svg else png_size(figure.png)
    return min(max(size[0] / max(size[1], 1.0), 0.2), 12.0) if size else 1.6


def _set_table(item: Table, room: Box, scale: Scale) -> tuple[list[Element], Item | None, float]:
    if not item.columns or not item.rows:
        return [], None, room.y
    columns = measured(item, room.width, scale, most_height=120.0)
    count = columns.rows_within(room.height)
    # the head of a table does not stay behind with a row or two of many
    if count == 0 or (count < min(3, len(item.rows)) and room.height < 200):
        return [], item, room.y
    elements: list[Element] = []
    y = room.y
    if columns.title:
        words = Words(Box(room.x, y, room.width, height_of(columns.title)), columns.title)
        elements.append(words)
        y = words.box.bottom + columns.title[0].after
    table = grid(item, columns, 0, count, room.x, y)
    left = None
    if count < len(item.rows):
        left = replace(item, rows=item.rows[count:], tones=item.tones[count:])
    return [*elements, table], left, table.box.bottom


def _set_lanes(item: Lanes, room: Box, scale: Scale) -> tuple[list[Element], Item | None, float]:
    if not item.lanes:
        return [], None, room.y
    strip, left = lane_row(item.lanes, room.width, scale, room.height)
    if strip.height > room.height:
        return [], item, room.y
    rest = replace(item, lanes=left) if left else None
    return list(strip.at(room.x, room.y)), rest, room.y + strip.height
