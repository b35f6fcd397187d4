"""From what is drawn on a sheet to a figure block: one width, one style, the same bytes each time."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

import matplotlib as mpl

from gtmdiag.report import blocks
from gtmdiag.report.lettering import Renderer, label_size, width_of
from gtmdiag.report.records import Chart
from gtmdiag.report.sheet import Sheet
from gtmdiag.report.text import cut
from gtmdiag.report.theme import worn_theme

FULL_WIDTH = 6.9
"""Inches of a figure over the whole text width."""
PROJECTED_WIDTH = 5.4
"""Inches of the same figure on a slide, where it is shown larger."""

_WIDTH: ContextVar[float] = ContextVar("_WIDTH", default=FULL_WIDTH)


@contextmanager
def projected() -> Generator[None]:
    """Draw the figures within for a slide: narrower beside the same type, so that they can be shown larger."""
    token = _WIDTH.set(PROJECTED_WIDTH)
    try:
        yield
    finally:
        _WIDTH.reset(token)


def drawn_width() -> float:
    """Return the inches of a full-width figure that is drawn now."""
    return _WIDTH.get()


def row_height(rows: int, on_paper: float) -> float:
    """Return the inches of one of so many rows of a chart: on a slide they share a height, on paper they add to it."""
    return min(on_paper, 3.0 / rows) if _WIDTH.get() < FULL_WIDTH else on_paper


def fitted(text: str, width: float, size: float = 0.0, *, middle: bool = False) -> str:
    """Return a text of ``size`` points (by default a label's) that is at most ``width`` inches wide.

    What is too long is cut with an ellipsis, at its end or, for names that differ at their ends, in its ``middle``.
    """
    size = size or label_size()
    kept = len(text)
    # no letter is wider than its size
    while kept * size / 72 > width and (wide := width_of(shown := _cut(text, kept, middle=middle), size)) > width:
        kept = min(kept - 1, int(len(shown) * width / wide) + 1)
    return _cut(text, kept, middle=middle)


def _cut(text: str, most: int, *, middle: bool) -> str:
    if len(text) <= most or not middle:
        return cut(text, most)
    half = most // 2
    return f"{text[:half].rstrip()}…{text[half - most + 1 :].lstrip()}"


def drawing(height: float) -> Sheet:
    """Return a sheet of full width, on paper or on a slide, and of so many inches in height, in the suite's style."""
    return Sheet(_WIDTH.get(), height, worn_theme())


def figure_block(sheet: Sheet, title: str, alt: str, caption: str = "", data: Chart | None = None) -> blocks.Figure:
    """Return what is drawn as a block: an SVG, and the numbers that it draws."""
    return blocks.Figure(title=title, svg=as_svg(sheet), png="", alt=alt, caption=caption, data=data)


def as_svg(sheet: Sheet) -> str:
    """Return what is drawn as SVG: the same marks give the same text."""
    svg = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "gtmdiag"}):
        renderer = Renderer(sheet.width, sheet.height, svg, metadata={"Date": None, "Creator": None})
        sheet.draw(renderer)
        renderer.finalize()
    return svg.getvalue()
