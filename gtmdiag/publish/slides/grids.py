"""Tables on a slide: columns by what they hold, rows as high as their lines, the rest carried on."""

from __future__ import annotations

from dataclasses import dataclass

from gtmdiag.publish.slides.measure import LINE, Weight, shortened, width_of
from gtmdiag.publish.slides.page import Box, Grid, Para
from gtmdiag.publish.slides.words import Scale
from gtmdiag.report.blocks import Table
from gtmdiag.report.records import Tone
from gtmdiag.report.theme import Theme, load_theme

MOST_COLUMNS = 9
MOST_LINES = 6
"""Lines of one cell; what is longer is cut with an ellipsis, and is in the notes."""
TINT = 0.16
"""Share of a tone's colour in the ground of a cell, light enough for dark words."""


@dataclass(frozen=True)
class Columns:
    """A table measured for a width: how wide each column, how high head and rows."""

    widths: tuple[float, ...]
    heads: tuple[Para, ...]
    rows: tuple[tuple[Para, ...], ...]
    heights: tuple[float, ...]
    title: tuple[Para, ...]
    size: float
    pad: float

    @property
    def above(self) -> float:
        """Height of title and head."""
        return self.heights[0] + sum(one.height + one.after for one in self.title)

    @property
    def height(self) -> float:
        """Height of the whole table."""
        return self.above + sum(self.heights[1:])

    def rows_within(self, height: float, start: int = 0) -> int:
        """Return how many rows from ``start`` on fit a height."""
        left = height - self.above
        for number, high in enumerate(self.heights[1 + start :]):
            left -= high
            if left < -0.01:
                return number
        return len(self.rows) - start


def parts_of(table: Table) -> list[Table]:
    """Return a table in parts of at most so many columns as a slide carries, each with the first column before it."""
    if len(table.columns) <= MOST_COLUMNS:
        return [table]
    parts: list[Table] = []
    for start in range(1, len(table.columns), MOST_COLUMNS - 1):
        chosen = (0, *range(start, min(start + MOST_COLUMNS - 1, len(table.columns))))
        parts.append(
            Table(
                table.title,
                tuple(table.columns[place] for place in chosen),
                tuple(tuple(row[place] for place in chosen) for row in table.rows),
                table.note,
                tuple(tuple(tones[place] for place in chosen) for tones in table.tones),
            )
        )
    return parts


def measured(table: Table, width: float, scale: Scale, most_height: float) -> Columns:
    """Return a table measured for a width; no row becomes higher than ``most_height``."""
    size = scale.size(load_theme().slide.table)
    pad = round(size * 0.55, 1)
    widths = _widths(table, width, size, pad)
    most = max(1, min(MOST_LINES, int((most_height - 2 * pad) / (size * LINE))))

    def cell(text: str, place: int, weight: Weight, colour: str = "ink") -> Para:
        return Para(text, shortened(text, size, widths[place] - 2 * pad, most, weight), size, weight, colour)

    heads = tuple(cell(column.label, place, "semibold", "muted") for place, column in enumerate(table.columns))
    rows = tuple(
        tuple(cell(text, place, "regular" if place else "semibold") for place, text in enumerate(row))
        for row in table.rows
    )
    high = [max((one.height for one in row), default=0.0) + 1.3 * pad for row in (heads, *rows)]
    title = ()
    if table.title:
        title = (
            Para(table.title, shortened(table.title, size + 1, width, 2, "semibold"), size + 1, "semibold", after=4.0),
        )
    return Columns(tuple(widths), heads, rows, tuple(high), title, size, pad)


def _widths(table: Table, total: float, size: float, pad: float) -> list[float]:
    """Share a width: each column at least its longest word, then by what it holds, less for what holds much."""
    texts = [[column.label, *(row[place] for row in table.rows)] for place, column in enumerate(table.columns)]
    least = [
        min(
            max((width_of(word, size, "semibold") for text in column for word in text.split()), default=0.0) + 2 * pad,
            total / len(texts) * 1.4,
        )
        for column in texts
    ]
    wanted = [max(width_of(text, size, "semibold") for text in column) + 2 * pad for column in texts]
    if sum(wanted) <= total:
        left = total - sum(wanted)
        return [one + left / len(wanted) for one in wanted]
    if sum(least) >= total:
        return [one * total / sum(least) for one in least]
    # what a column would like beyond its least counts by its root: a long one wraps, a short one stays on its line
    more = [max(want - low, 0.0) ** 0.6 for want, low in zip(wanted, least, strict=True)]
    left = total - sum(least)
    widths = [low + left * part / (sum(more) or 1.0) for low, part in zip(least, more, strict=True)]
    over = sum(max(width - want, 0.0) for width, want in zip(widths, wanted, strict=True))
    widths = [min(width, want) for width, want in zip(widths, wanted, strict=True)]
    open_ones = [place for place, (width, want) in enumerate(zip(widths, wanted, strict=True)) if width < want]
    for place in open_ones:
        widths[place] += over / len(open_ones)
    return widths


def grid(table: Table, columns: Columns, start: int, count: int, x: float, y: float) -> Grid:
    """Return the rows from ``start`` on as a table at a place, beneath its title."""
    theme = load_theme()
    heights = (columns.heights[0], *columns.heights[1 + start : 1 + start + count])
    blank: tuple[Tone, ...] = ("neutral",) * len(table.columns)
    tones = table.tones[start : start + count] or (blank,) * count
    return Grid(
        box=Box(x, y, sum(columns.widths), sum(heights)),
        widths=columns.widths,
        heights=heights,
        aligns=tuple(column.align for column in table.columns),
        heads=columns.heads,
        rows=columns.rows[start : start + count],
        fills=tuple(tuple(_tint(theme, tone) for tone in row) for row in tones),
        title=table.title,
        pad=columns.pad,
    )


def _tint(theme: Theme, tone: Tone) -> str:
    if tone == "neutral":
        return ""
    colours: dict[str, str] = theme.light.to_dict()
    return mixed(colours[tone], theme.light.paper, TINT)


def mixed(colour: str, ground: str, share: float) -> str:
    """Return so much of a colour on a ground, both ``#RRGGBB``."""
    pairs = zip(*(bytes.fromhex(one[1:]) for one in (colour, ground)), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)
