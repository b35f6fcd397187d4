"""Words on a slide: sentences set at a size, fitted into a column, the rest carried on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gtmdiag.publish.slides.measure import Weight, brief, wrapped
from gtmdiag.publish.slides.page import Box, Para, Words
from gtmdiag.publish.slides.split import Saying
from gtmdiag.report.theme import load_theme

MOST_LETTERS = 420
"""A longer sentence is shortened on the slide; the notes have it in full."""
BULLET = 14.0
"""Points that the words of an entry stand in from its mark."""


@dataclass(frozen=True)
class Scale:
    """Type of a slide: the theme's sizes times a factor, none below the least that can be read from a chair."""

    factor: float

    def size(self, points: float) -> float:
        """Return the size of type that is ``points`` at full size."""
        return max(round(points * self.factor, 1), min(points, load_theme().slide.least))


def para(
    text: str, size: float, width: float, weight: Weight = "regular", colour: str = "ink", after: float = 0.0
) -> Para:
    """Return text as one paragraph of a width."""
    return Para(text, wrapped(text, size, width, weight), size, weight, colour, after=after)


def paras_of(sayings: Iterable[Saying], width: float, scale: Scale) -> tuple[Para, ...]:
    """Return sentences as paragraphs of a column."""
    slide = load_theme().slide
    made: list[Para] = []
    for said in sayings:
        size = scale.size(slide.body)
        text = brief(said.text, MOST_LETTERS)
        if not text:
            continue
        within = width - BULLET if said.bullet else width
        weight: Weight = "semibold" if said.strong else "regular"
        colour = "muted" if said.quiet else "ink"
        one = para(text, size, within, weight, colour, after=size * (0.25 if said.strong else 0.55))
        made.append(replace(one, bullet=said.bullet))
    return tuple(made)


def height_of(paras: Sequence[Para]) -> float:
    """Return the height of paragraphs one beneath the other."""
    return sum(one.height + one.after for one in paras) - (paras[-1].after if paras else 0.0)


def fitting(paras: Sequence[Para], height: float) -> int:
    """Return how many of the first paragraphs fit a height; a heading does not stay behind alone."""
    used, count = 0.0, 0
    for one in paras:
        if used + one.height > height:
            break
        used += one.height + one.after
        count += 1
    while 0 < count < len(paras) and paras[count - 1].weight == "semibold":
        count -= 1
    return count


def words_at(paras: Sequence[Para], x: float, y: float, width: float) -> Words:
    """Return paragraphs in a box as high as they are."""
    return Words(Box(x, y, width, height_of(paras)), tuple(paras))
