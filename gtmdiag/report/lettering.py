"""Letters of a figure: measured and drawn from tables that are read once.

A text in letters of the suite's own font, one after the other, is set here, joined and kerned as the font says. Any
other, of another script or with a sign from a fallback font, is left to matplotlib, which shapes each text anew each
time it is measured or drawn.
"""

# matplotlib and fontTools have types only in part.
# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false, reportMissingTypeArgument=false
# pyright: reportUnknownParameterType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple, cast

from fontTools.ttLib import TTFont
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.colors import rgb2hex
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path as Outline
from matplotlib.textpath import text_to_path

from gtmdiag.report.theme import extra_fonts, load_theme
from gtmdiag.resources import templates

_EM = 1000
_FILES = {"normal": "Regular", "bold": "Bold"}
_PLAIN = frozenset({"Lu", "Ll", "Nd", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "So"})
"""Categories of signs that stand for themselves whatever is beside them."""


@dataclass(frozen=True)
class Line:
    """A line of text as an SVG path and its width, in thousandths of the size of its type."""

    path: str
    width: float


class Extent(NamedTuple):
    """What a line of text takes, in points: its width, and how far it stands above and reaches beneath its foot."""

    width: float
    ascent: float
    descent: float


@dataclass(frozen=True)
class _Glyph:
    """A sign or several joined: its advance, and its outline in contours."""

    advance: int
    contours: tuple[tuple[int, int, str], ...]
    """Where each contour begins, and how it goes on from there."""


class _Face:
    """A font file: the glyphs of a text, their outlines, and the space between two of them."""

    def __init__(self, file: str) -> None:
        self._outlines = FT2Font(file)
        self._outlines.set_size(_EM, 72)
        tables: Any = TTFont(file, lazy=True)
        self._names: dict[int, str] = tables.getBestCmap()
        self._advances: dict[str, tuple[int, int]] = tables["hmtx"].metrics
        self._ids: dict[str, int] = tables.getReverseGlyphMap()
        measures, em = tables["OS/2"], tables["head"].unitsPerEm
        self.reach = (measures.sTypoAscender / em, -measures.sTypoDescender / em)
        pairs = _lookups(tables["GPOS"].table, "kern")
        self._kerns = [(table, {name: place for place, name in enumerate(table.Coverage.glyphs)}) for table in pairs]
        self._joined: dict[str, list[Any]] = {}
        for table in _lookups(tables["GSUB"].table, "liga"):
            self._joined |= table.ligatures
        self._glyphs: dict[str, _Glyph] = {}
        self._spaces: dict[tuple[str, str], int] = {}

    def names(self, text: str) -> list[str] | None:
        """Return the names of the glyphs of a text, some letters joined; None where a sign needs more than a glyph."""
        names: list[str] = []
        for char in text:
            name = self._names.get(ord(char))
            if name is None or not (char == " " or unicodedata.category(char) in _PLAIN):
                return None
            names.append(name)
        # each is joined with what follows before the next is looked at, which may then be gone
        for place, name in enumerate(names):
            for one in self._joined.get(name, ()):
                end = place + 1 + len(one.Component)
                if names[place + 1 : end] == one.Component:
                    names[place:end] = [one.LigGlyph]
                    break
        return names

    def glyph(self, name: str) -> _Glyph:
        """Return a glyph by its name."""
        if name not in self._glyphs:
            self._outlines.load_glyph(cast("Any", self._ids[name]), flags=LoadFlags.NO_HINTING)
            contours = _contours(Outline(*self._outlines.get_path()))
            self._glyphs[name] = _Glyph(self._advances[name][0], contours)
        return self._glyphs[name]

    def space(self, left: str, right: str) -> int:
        """Return what the font adds between two glyphs."""
        known = self._spaces.get((left, right))
        return self._spaces.setdefault((left, right), self._kerned(left, right)) if known is None else known

    def _kerned(self, left: str, right: str) -> int:
        for table, covered in self._kerns:
            place = covered.get(left)
            if place is None:
                continue
            if table.Format == 1:
                records = table.PairSet[place].PairValueRecord
                found = next((one.Value1 for one in records if one.SecondGlyph == right), None)
            else:
                second = table.ClassDef2.classDefs.get(right, 0)
                first = table.ClassDef1.classDefs.get(left, 0)
                found = table.Class1Record[first].Class2Record[second].Value1 if second else None
            if found is not None:
                return getattr(found, "XAdvance", 0)
        return 0


@lru_cache(maxsize=4096)
def line(text: str, weight: str) -> Line | None:
    """Return a text as one line, or None where it takes more than letters one after the other.

    Parameters
    ----------
    text
        What is written.
    weight
        ``"normal"`` or ``"bold"``; None is returned for any other.
    """
    if weight not in _FILES:
        return None
    face = _face(weight)
    names = face.names(text)
    if names is None:
        return None
    x, parts = 0, list[str]()
    for before, name in zip(["", *names], names, strict=False):
        glyph = face.glyph(name)
        x += face.space(before, name)
        parts += [f"M{x + left} {up}{rest}" for left, up, rest in glyph.contours]
        x += glyph.advance
    return Line("".join(parts), x)


@cache
def _face(weight: str) -> _Face:
    family = load_theme().fonts.print[0].replace(" ", "")
    return _Face(str(templates() / "fonts" / f"{family}-{_FILES[weight]}.otf"))


def _lookups(table: Any, feature: str) -> list[Any]:
    """Return the tables of a font's feature in their order."""
    used = {
        number
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == feature
        for number in record.Feature.LookupListIndex
    }
    return [part for number in sorted(used) for part in table.LookupList.Lookup[number].SubTable]


def _contours(outline: Outline) -> tuple[tuple[int, int, str], ...]:
    """Return an outline as SVG: from the beginning of each contour on, every step relative to the one before."""
    made: list[tuple[int, int, list[str]]] = []
    here = (0, 0)
    for points, code in outline.iter_segments(simplify=False, curves=True):
        if code == Outline.CLOSEPOLY:
            made[-1][2].append("z")
            continue
        ends = [(round(x), round(y)) for x, y in zip(points[::2], points[1::2], strict=True)]
        if code == Outline.MOVETO:
            made.append((*ends[0], []))
        else:
            steps = " ".join(f"{x - here[0]} {y - here[1]}" for x, y in ends)
            made[-1][2].append(f"{'l' if code == Outline.LINETO else 'q' if code == Outline.CURVE3 else 'c'}{steps}")
        here = ends[-1]
    return tuple((x, y, "".join(rest)) for x, y, rest in made)


@cache
def font(size: float, weight: str) -> FontProperties:
    """Return the font of a text of ``size`` points, known to matplotlib from here on."""
    _register()
    return FontProperties(family=[*load_theme().fonts.print, *extra_fonts()], size=size, weight=weight)


@cache
def _register() -> None:
    for folder in (templates() / "fonts", *extra_fonts().values()):
        for file in sorted(folder.glob("*.otf")):
            fontManager.addfont(file)


def label_size() -> float:
    """Return the points of a figure's labels."""
    return load_theme().sizes.body - 0.5


def extent(text: str, size: float, weight: str = "normal") -> Extent:
    """Return the extent of a line of text of ``size`` points."""
    known = line(text, weight)
    ascent, descent = (size * part for part in _face(weight).reach)
    if known is not None:
        return Extent(known.width * size / _EM, ascent, descent)
    width, height, below = text_to_path.get_text_width_height_descent(text, font(size, weight), ismath=False)
    return Extent(width, max(height - below, ascent), max(below, descent))


def width_of(text: str, size: float) -> float:
    """Return the width in inches of a line of text of ``size`` points."""
    return extent(text, size).width / 72


class Renderer(RendererSVG):
    """matplotlib's writer of SVG, with texts set here where they can be."""

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw a text as one path."""
        set_line = None if ismath else line(s, prop.get_weight())
        if set_line is None:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
        elif set_line.path:
            size = prop.get_size_in_points() / _EM
            turned = f" rotate({-angle:g})" if angle else ""
            move = f"translate({x:.2f} {y:.2f}){turned} scale({size:g} {-size:g})"
            self.writer.element("path", d=set_line.path, fill=rgb2hex(gc.get_rgb()), transform=move)
