"""A panel: a part of a sheet in which places are told by two scales, with names along its edge."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from gtmdiag.report.lettering import extent, label_size
from gtmdiag.report.sheet import Across, Cap, Pen, Point, Sheet, Up

Ends = tuple[float, float]

_PAD = 3.5
"""Points between a panel and the names along its edge."""
_LABEL_PAD = 4.0
"""Points between those names and what they are names of."""


class Panel:
    """A part of a sheet with a scale across and one up. What is drawn ends at its edge; texts do not.

    Parameters
    ----------
    margins
        Inches to the sheet's edge: left, right, top and bottom.
    x, y
        What lies at its left and right, its bottom and top.
    """

    def __init__(self, sheet: Sheet, margins: tuple[float, float, float, float], x: Ends, y: Ends) -> None:
        left, right, top, bottom = (72 * margin for margin in margins)
        self._sheet, self._x, self._y = sheet, _apart(x), _apart(y)
        self._box = Bbox([(left, bottom), (sheet.width - right, sheet.height - top)])

    @property
    def width(self) -> float:
        """Points from left to right."""
        return self._box.width

    @property
    def height(self) -> float:
        """Points from bottom to top."""
        return self._box.height

    def _at(self, x: float, y: float, shift: Point = (0.0, 0.0)) -> Point:
        (x0, x1), (y0, y1), box = self._x, self._y, self._box
        across, up = (x - x0) / (x1 - x0) * self.width, (y - y0) / (y1 - y0) * self.height
        return box.x0 + across + shift[0], box.y0 + up + shift[1]

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str,
        width: float,
        *,
        alpha: float = 1.0,
        dash: tuple[float, float] | None = None,
        cap: Cap = "projecting",
    ) -> None:
        """Draw a line of ``width`` points; ``dash`` is what is drawn and what is left out, in widths."""
        lengths = None if dash is None else (width * dash[0], width * dash[1])
        pen = Pen(colour, width, alpha, lengths, "butt" if dash else cap, "round", self._box)
        self._sheet.path(pen, [self._at(x, y) for x, y in zip(xs, ys, strict=True)])

    def level(self, y: float, colour: str, width: float = 0.8, dash: tuple[float, float] | None = None) -> None:
        """Draw a line from left to right."""
        self.line(self._x, (y, y), colour, width, dash=dash)

    def upright(self, x: float, colour: str, width: float = 0.8) -> None:
        """Draw a line from bottom to top."""
        self.line((x, x), self._y, colour, width)

    def bar(
        self, start: float, end: float, y: float, height: float, colour: str, *, alpha: float = 1.0, edge: str = ""
    ) -> None:
        """Draw a bar that lies about ``y``, with an edge of a point where that has a colour."""
        low, high = y - height / 2, y + height / 2
        self.area([(start, low), (end, low), (end, high), (start, high)], colour, alpha=alpha, edge=edge)

    def area(self, corners: Sequence[Point], colour: str, *, alpha: float = 1.0, edge: str = "") -> None:
        """Fill what lies between these corners."""
        pen = Pen(edge or colour, 1.0 if edge else 0.0, alpha, clip=self._box)
        self._sheet.path(pen, [self._at(x, y) for x, y in corners], fill=colour)

    def dots(
        self,
        places: Sequence[Point],
        colour: str,
        size: float,
        *,
        mark: str = "o",
        fill: str = "",
        edge: float = 1.0,
        alpha: float = 1.0,
        whole: bool = False,
        shift: Point = (0.0, 0.0),
    ) -> None:
        """Draw a mark of ``size`` points at every place, moved by a ``shift`` of so many points.

        Parameters
        ----------
        mark
            By matplotlib's names of markers.
        fill
            Within the edge; by default its colour, and nothing for ``"none"``.
        edge
            Points of the edge, half of which is added to the size.
        whole
            A mark at the panel's edge is not cut off there.
        """
        pen = Pen(colour, edge, alpha, join="round", clip=None if whole else self._box)
        self._sheet.dots(pen, mark, size, [self._at(x, y, shift) for x, y in places], fill or colour)

    def text(
        self,
        x: float,
        y: float,
        told: str,
        colour: str,
        *,
        size: float = 0.0,
        bold: bool = False,
        across: Across = "left",
        up: Up = "baseline",
        shift: Point = (0.0, 0.0),
    ) -> None:
        """Write at a place, moved by a ``shift`` of so many points; of the ``size`` of a label if none is told."""
        self._sheet.text(self._at(x, y, shift), told, colour, size=size, bold=bold, across=across, up=up)

    def edge(self, *sides: Literal["left", "bottom"]) -> None:
        """Draw a line along the edge."""
        box, pen = self._box, Pen(self._sheet.theme.light.line, 0.8, cap="projecting")
        for side in sides:
            self._sheet.path(pen, [(box.x0, box.y0), (box.x0, box.y1) if side == "left" else (box.x1, box.y0)])

    def x_names(
        self, places: Iterable[float], names: Sequence[str], *, size: float = 0.0, label: str = "", grid: bool = False
    ) -> None:
        """Write names beneath the panel, and what they are names of; a ``grid`` has a line from each upwards."""
        sheet, box, colours = self._sheet, self._box, self._sheet.theme.light
        foot = box.y0 - _PAD
        for place, name in zip(places, names, strict=True):
            if grid:
                self.upright(place, colours.line, 0.6)
            sheet.text((self._at(place, 0)[0], foot), name, colours.muted, size=size, across="center", up="top")
        if label:
            _, ascent, descent = extent(label, size or label_size())
            place = (box.x0 + box.x1) / 2, foot - ascent - descent - _LABEL_PAD
            sheet.text(place, label, colours.muted, across="center", up="top")

    def y_names(
        self, places: Iterable[float], names: Sequence[str], *, size: float = 0.0, label: str = "", grid: bool = False
    ) -> None:
        """Write names to the left of the panel, as `x_names` does beneath it; the label runs upwards."""
        sheet, box, colours = self._sheet, self._box, self._sheet.theme.light
        edge = box.x0 - _PAD
        for place, name in zip(places, names, strict=True):
            if grid:
                self.level(place, colours.line, 0.6)
            sheet.text((edge, self._at(0, place)[1]), name, colours.ink, size=size, across="right", up="middle")
        if label:
            widest = max(extent(name, size or label_size()).width for name in names)
            place = edge - widest - _LABEL_PAD, (box.y0 + box.y1) / 2
            sheet.text(place, label, colours.muted, across="center", up="bottom", turned=True)


def _apart(ends: Ends) -> Ends:
    return ends if ends[0] != ends[1] else (ends[0] - 0.5, ends[1] + 0.5)


def even_steps(least: float, most: float, parts: int, *, whole: bool = False) -> list[float]:
    """Return round numbers between two, at most so many and one; only ``whole`` ones where they are counts."""
    ticks = MaxNLocator(parts, steps=[1, 2, 2.5, 5, 10], integer=whole).tick_values(least, most)
    return [float(tick) for tick in ticks if least <= tick <= most]


def alike(values: Sequence[float]) -> list[str]:
    """Return numbers with as many decimals as the finest of them needs."""
    decimals = max(len(f"{value:.6f}".rstrip("0").partition(".")[2]) for value in values)
    return [f"{value:.{decimals}f}" for value in values]
