"""From a matplotlib figure to a figure block: one style, fixed margins, the same bytes each time."""

# matplotlib's own types leave keyword arguments unknown.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Drawing

from gtmdiag.report import blocks
from gtmdiag.report.lettering import Renderer, width_of
from gtmdiag.report.records import Chart
from gtmdiag.report.text import cut
from gtmdiag.report.theme import Theme, extra_fonts, load_theme, worn_theme
from gtmdiag.resources import templates

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


def label_size() -> float:
    """Return the points of a figure's labels."""
    return load_theme().sizes.body - 0.5


@cache
def style() -> Any:
    """Return matplotlib's settings for every figure of the suite."""
    theme = load_theme()
    for folder in (templates() / "fonts", *extra_fonts().values()):
        for font in sorted(folder.glob("*.otf")):
            font_manager.fontManager.addfont(font)
    colours = theme.light
    return {
        "font.family": [*theme.fonts.print, *extra_fonts()],
        "font.size": label_size(),
        "text.color": colours.ink,
        "text.parse_math": False,
        "axes.edgecolor": colours.line,
        "axes.labelcolor": colours.muted,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.8,
        "xtick.color": colours.line,
        "ytick.color": colours.line,
        "xtick.labelcolor": colours.muted,
        "ytick.labelcolor": colours.ink,
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.bbox": None,
        "svg.fonttype": "path",
        "svg.hashsalt": "gtmdiag",
    }


def fitted(text: str, width: float, size: float = 0.0, *, middle: bool = False) -> str:
    """Return a text of ``size`` points (by default a label's) that is at most ``width`` inches wide.

    What is too long is cut with an ellipsis, at its end or, for names that differ at their ends, in its ``middle``.
    """
    style()
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


@contextmanager
def drawing(height: float, margins: tuple[float, float, float, float]) -> Generator[tuple[Drawing, Axes, Theme]]:
    """Give a figure of full width, on paper or on a slide, its axes and the theme, in the suite's style.

    Parameters
    ----------
    height
        In inches.
    margins
        Left, right, top and bottom, in inches; no layout engine moves them.
    """
    left, right, top, bottom = margins
    width = _WIDTH.get()
    with mpl.rc_context(style()):
        figure = Drawing(figsize=(width, height))
        box = (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
        axes = figure.add_axes(box)
        axes.tick_params(length=0)
        yield figure, axes, worn_theme()


def figure_block(figure: Drawing, title: str, alt: str, caption: str = "", data: Chart | None = None) -> blocks.Figure:
    """Return the figure as a block: an SVG, and the numbers that it draws."""
    return blocks.Figure(title=title, svg=as_svg(figure), png="", alt=alt, caption=caption, data=data)


def as_svg(figure: Drawing) -> str:
    """Return a figure that `drawing` gave, while it is open, as SVG: the same figure gives the same text."""
    svg = io.StringIO()
    figure.set_dpi(72)
    width, height = figure.bbox.size
    renderer = Renderer(width, height, svg, metadata={"Date": None, "Creator": None})
    figure.draw(renderer)
    renderer.finalize()
    return svg.getvalue()
