"""The sheet of a figure: lines, areas, dots and texts in points, drawn by matplotlib's renderers without its artists.

A figure of a report is drawn once and never changed, so it has no use for artists and axes that can be changed at any
time; they would take by far the most of what a figure costs.
"""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Literal

from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Outline
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform

from gtmdiag.report.lettering import extent, font, label_size
from gtmdiag.report.theme import Theme

Point = tuple[float, float]
Cap = Literal["butt", "projecting"]
Across = Literal["left", "center", "right"]
Up = Literal["top", "center", "middle", "baseline", "bottom"]
"""What of a text lies at its place; ``middle`` is that of its letters, ``center`` that of its line."""

_BEFORE: dict[Across, float] = {"left": 0.0, "center": 0.5, "right": 1.0}
"""How much of a text is before its place."""
_AS_IT_IS = IdentityTransform()


@dataclass(frozen=True)
class Pen:
    """How an outline is drawn: nothing of it without a width, nothing beyond ``clip``."""

    colour: str
    width: float
    alpha: float = 1.0
    dash: tuple[float, ...] | None = None
    cap: Cap = "butt"
    join: Literal["miter", "round"] = "miter"
    clip: Bbox | None = None

    def of(self, renderer: RendererBase) -> Any:
        """Return what a renderer knows this pen by."""
        context: Any = renderer.new_gc()
        context.set_foreground(to_rgba(self.colour, self.alpha), isRGBA=True)
        context.set_linewidth(self.width)
        context.set_capstyle(self.cap)
        context.set_joinstyle(self.join)
        context.set_clip_rectangle(self.clip)
        if self.dash is not None:
            context.set_dashes(0, self.dash)
        return context


class Sheet:
    """What a figure is drawn on: its size in points, its theme, and its marks, each over those before."""

    def __init__(self, width: float, height: float, theme: Theme) -> None:
        self.width, self.height, self.theme = 72 * width, 72 * height, theme
        self._marks: list[Callable[[RendererBase], None]] = []

    def path(self, pen: Pen, points: Sequence[Point], fill: str = "") -> None:
        """Draw a line through these points, or fill what lies between them."""
        outline = Outline([*points, points[0]], closed=True) if fill else Outline(points)
        within = to_rgba(fill, pen.alpha) if fill else None
        self._marks.append(lambda to: to.draw_path(pen.of(to), outline, _AS_IT_IS, within))

    def dots(self, pen: Pen, mark: str, size: float, points: Sequence[Point], fill: str) -> None:
        """Draw a mark of this size at every point; ``fill`` may be ``"none"``."""
        if not points:
            return
        places, shape, grown = Outline(points), _marker(mark), Affine2D().scale(size)
        within = None if fill == "none" else to_rgba(fill, pen.alpha)
        self._marks.append(lambda to: to.draw_markers(pen.of(to), shape, grown, places, _AS_IT_IS, within))

    def text(
        self,
        place: Point,
        told: str,
        colour: str,
        *,
        size: float = 0.0,
        bold: bool = False,
        across: Across = "left",
        up: Up = "baseline",
        turned: bool = False,
    ) -> None:
        """Write lines about a place; ``turned`` ones run upwards."""
        size, weight, lines = size or label_size(), "bold" if bold else "normal", told.split("\n")
        extents = [extent(line, size, weight) for line in lines]
        ascent, descent = max(one.ascent for one in extents), max(one.descent for one in extents)
        each = ascent + descent
        last = (len(lines) - 1) * each + ascent
        foot = {
            "top": 0.0,
            "center": len(lines) * each / 2,
            "middle": last / 2,
            "baseline": last,
            "bottom": len(lines) * each,
        }[up] - ascent
        pen, name = Pen(colour, 0), font(size, weight)
        for line, (width, _, _) in zip(lines, extents, strict=True):
            left = -width * _BEFORE[across]
            x, y = (place[0] - foot, place[1] + left) if turned else (place[0] + left, place[1] + foot)
            self._marks.append(partial(_write, pen=pen, name=name, told=line, x=x, y=self.height - y, turned=turned))
            foot -= each

    def draw(self, renderer: RendererBase) -> None:
        """Draw every mark."""
        for mark in self._marks:
            mark(renderer)


def _write(to: RendererBase, pen: Pen, name: FontProperties, told: str, x: float, y: float, *, turned: bool) -> None:
    if told:
        to.draw_text(pen.of(to), x, y, told, name, 90 if turned else 0)


@cache
def _marker(name: str) -> Outline:
    style = MarkerStyle(name)
    return style.get_path().transformed(style.get_transform())
