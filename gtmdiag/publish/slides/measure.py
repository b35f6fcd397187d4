"""How wide words are in the fonts of the suite, and how they break into lines: what makes fitting a rule, not luck."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingTypeStubs]

from gtmdiag.report.theme import load_theme
from gtmdiag.resources import templates

Weight = Literal["regular", "semibold"]

LINE = 1.24
"""Height of a line by the size of its type."""
SAFETY = 1.03
"""What a line is taken to be wider than measured: kerning, and the like font of an office program."""
ELLIPSIS = "…"

_FILES = {"regular": "Regular", "semibold": "Semibold"}
_WIDE, _OTHER = 1.0, 0.65
"""Widths in em of an East Asian sign and of any other that the font does not have."""


@dataclass(frozen=True)
class _Face:
    widths: dict[int, float]


@cache
def _face(weight: Weight) -> _Face:
    family = load_theme().fonts.print[0].replace(" ", "")
    path: Path = templates() / "fonts" / f"{family}-{_FILES[weight]}.otf"
    with TTFont(path, lazy=True) as font:
        tables: Any = font
        em: int = tables["head"].unitsPerEm
        advances: dict[str, tuple[int, int]] = tables["hmtx"].metrics
        return _Face({code: advances[name][0] / em for code, name in tables.getBestCmap().items()})


@lru_cache(maxsize=1 << 15)  # fitting measures the same words at a few sizes again and again
def width_of(text: str, size: float, weight: Weight = "regular") -> float:
    """Return the width of one line of text in points, a little on the safe side."""
    widths = _face(weight).widths
    return sum(widths.get(ord(char)) or _guess(char) for char in text) * size * SAFETY


def _guess(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Me", "Cf", "Cc"):
        return 0.0
    return _WIDE if unicodedata.east_asian_width(char) in "WF" else _OTHER


def wrapped(text: str, size: float, width: float, weight: Weight = "regular") -> tuple[str, ...]:
    """Return text as lines of at most ``width`` points; a word that is wider breaks at a letter."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if width_of(longer, size, weight) <= width:
                line = longer
                continue
            lines += [line] if line else []
            *full, line = _pieces(word, size, width, weight)
            lines += full
        lines.append(line)
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return tuple(lines)


def _pieces(word: str, size: float, width: float, weight: Weight) -> list[str]:
    """Return a word in parts that each fit a line; most words are one part."""
    if width_of(word, size, weight) <= width:
        return [word]
    pieces, piece = list[str](), ""
    for char in word:
        joined = unicodedata.category(char)[0] == "M" or char == "\u200d"
        if piece and not joined and width_of(piece + char, size, weight) > width:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece]


def shortened(text: str, size: float, width: float, most: int, weight: Weight = "regular") -> tuple[str, ...]:
    """Return text as at most ``most`` lines; what does not fit is cut at a word, with an ellipsis."""
    lines = wrapped(text, size, width, weight)
    if len(lines) <= most:
        return lines
    kept, last = lines[: most - 1], lines[most - 1]
    while last and width_of(last + ELLIPSIS, size, weight) > width:
        cut = last.rpartition(" ")[0]
        last = cut or last[:-1]
    return (*kept, last.rstrip(" ,;:.–-") + ELLIPSIS)


def brief(text: str, most: int) -> str:
    """Return text of at most ``most`` letters, cut at the end of a word with an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    head = flat[: most - 1]
    cut = head.rpartition(" ")[0]
    return (cut if len(cut) > most // 2 else head).rstrip(" ,;:.–-") + ELLIPSIS
