"""What stands where on a slide: every measure in points from the upper left corner."""

from __future__ import annotations

from dataclasses import dataclass

from gtmdiag.publish.slides.measure import ELLIPSIS, LINE, Weight
from gtmdiag.report.blocks import Align, Figure
from gtmdiag.report.records import Tone


@dataclass(frozen=True)
class Box:
    """A place on a slide."""

    x: float
    y: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


@dataclass(frozen=True)
class Para:
    """One paragraph, broken into lines. ``colour`` is a name of the palette; ``after`` is the space beneath."""

    text: str
    lines: tuple[str, ...]
    size: float
    weight: Weight = "regular"
    colour: str = "ink"
    bullet: bool = False
    after: float = 0.0

    @property
    def height(self) -> float:
        """Height of its lines, without the space beneath."""
        return len(self.lines) * self.size * LINE

    @property
    def shown(self) -> str:
        """The text as far as its lines hold it, for formats that break lines by themselves."""
        last = self.lines[-1] if self.lines else ""
        if not last.endswith(ELLIPSIS) or self.text.rstrip().endswith(ELLIPSIS):
            return self.text
        before = sum(len(line) for line in self.lines[:-1])
        end = self.text.find(last[:-1], before)
        return " ".join(self.lines) if end < 0 else self.text[: end + len(last) - 1] + ELLIPSIS


@dataclass(frozen=True)
class Words:
    """Paragraphs in a box."""

    box: Box
    paras: tuple[Para, ...]


@dataclass(frozen=True)
class Panel:
    """A filled rectangle; a rule where it is thin. ``fill`` is a colour ``#RRGGBB``."""

    box: Box
    fill: str


@dataclass(frozen=True)
class Grid:
    """A table. ``heads`` and ``rows`` are cells of lines; ``fills`` colour single cells, empty for none.

    ``heights`` are those of the head and of each row.
    """

    box: Box
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    aligns: tuple[Align, ...]
    heads: tuple[Para, ...]
    rows: tuple[tuple[Para, ...], ...]
    fills: tuple[tuple[str, ...], ...]
    title: str
    pad: float


@dataclass(frozen=True)
class Picture:
    """A figure in its own proportions; a chart that is drawn anew may use all of the ``room``."""

    box: Box
    room: Box
    figure: Figure


Element = Words | Panel | Grid | Picture


@dataclass(frozen=True)
class Page:
    """One slide.

    Attributes
    ----------
    title
        The whole title, and ``title_para`` as it is set: at most two lines.
    part
        0 for a slide alone, else the number of this part of it.
    elements
        In reading order.
    source
        What the slide rests on and how it is to be read, for its foot.
    notes
        For the speaker: what was shortened in full, and the trail of every sentence.
    """

    title: str
    title_para: Para
    part: int
    elements: tuple[Element, ...]
    source: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class CoverPage:
    """The first slide. ``facts`` are labels and values one beneath the other, and the line on confidentiality."""

    title: str
    title_para: Para
    client: Para
    subtitle: Para
    facts: tuple[Para, ...]


@dataclass(frozen=True)
class Pages:
    """A deck: its cover and its slides."""

    cover: CoverPage
    slides: tuple[Page, ...]


def tone_colour(tone: Tone) -> str:
    """Return the palette's name for a tone; a neutral one is drawn in the accent."""
    return "accent" if tone == "neutral" else tone
