"""Rows of tiles, lanes of cards and findings on a slide: each as panels with words on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gtmdiag.publish.slides.measure import shortened, width_of
from gtmdiag.publish.slides.page import Box, Element, Panel, Para, Words, tone_colour
from gtmdiag.publish.slides.words import Scale, height_of
from gtmdiag.report.blocks import Card, FindingCard, Lane, Tile
from gtmdiag.report.theme import load_theme

GAP = 22.0
MOST_TILES = 5
MOST_LANES = 4
_SEVERITIES = {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low", "strength": "Strength"}


@dataclass(frozen=True)
class Strip:
    """Elements that stand together, drawn from the upper left corner, and their height."""

    elements: tuple[Element, ...]
    height: float

    def at(self, x: float, y: float) -> tuple[Element, ...]:
        """Return the elements at a place."""
        return tuple(_moved(element, x, y) for element in self.elements)


def _moved(element: Element, x: float, y: float) -> Element:
    box = Box(element.box.x + x, element.box.y + y, element.box.width, element.box.height)
    if isinstance(element, Panel):
        return Panel(box, element.fill)
    assert isinstance(element, Words)
    return Words(box, element.paras)


def tile_row(tiles: Sequence[Tile], width: float, scale: Scale) -> Strip:
    """Return at most five tiles side by side."""
    slide, colours = load_theme().slide, load_theme().light.to_dict()
    count = max(len(tiles), 3)
    each = (width - GAP * (count - 1)) / count
    widest = max((width_of(tile.value, slide.tile, "semibold") for tile in tiles), default=1.0)
    size = max(scale.size(slide.tile) * min(1.0, each / max(widest, 1.0)), scale.size(slide.body) + 1)
    small = scale.size(slide.small)
    made: list[Element] = []
    tallest = 0.0
    for place, tile in enumerate(tiles):
        x = place * (each + GAP)
        colour = "ink" if tile.tone == "neutral" else tile.tone
        paras = [
            Para(tile.label, shortened(tile.label, small, each, 2), small, colour="muted", after=2.0),
            Para(tile.value, shortened(tile.value, size, each, 2, "semibold"), size, "semibold", colour, after=2.0),
            Para(tile.note, shortened(tile.note, small, each, 3), small, colour="muted"),
        ]
        paras = [one for one in paras if one.text]
        words = Words(Box(x, 8, each, height_of(paras)), tuple(paras))
        line = "line" if tile.tone == "neutral" else tone_colour(tile.tone)
        made += [Panel(Box(x, 0, each, 2), colours[line]), words]
        tallest = max(tallest, words.box.bottom)
    return Strip(tuple(made), tallest)


def lane_row(lanes: Sequence[Lane], width: float, scale: Scale, most: float) -> tuple[Strip, tuple[Lane, ...]]:
    """Return at most four lanes side by side within a height, and what of them is left for a further slide."""
    theme = load_theme()
    slide, colours = theme.slide, theme.light.to_dict()
    each = (width - GAP * (len(lanes) - 1)) / len(lanes)
    inner = each - 20
    made: list[Element] = []
    left: list[Lane] = []
    bottoms: list[float] = []
    grounds: list[int] = []
    for place, lane in enumerate(lanes):
        x = place * (each + GAP)
        title, small = scale.size(slide.body + 1), scale.size(slide.small)
        head = [
            Para(lane.label, shortened(lane.label, title, inner, 2, "semibold"), title, "semibold", after=1.0),
            Para(lane.sub, shortened(lane.sub, small, inner, 2), small, colour="muted"),
        ]
        head = [one for one in head if one.text]
        y = 10.0
        grounds.append(len(made))
        made.append(Panel(Box(x, 0, each, 1), theme.light.wash))
        made.append(Panel(Box(x, 0, each, 3), colours[tone_colour(lane.tone)]))
        made.append(Words(Box(x + 10, y, inner, height_of(head)), tuple(head)))
        y += height_of(head) + 10
        shown = 0
        for card in lane.cards:
            paras = _card(card, inner, scale)
            high = height_of(paras)
            if y + high + 10 > most and shown:
                break
            made.append(Words(Box(x + 10, y, inner, high), tuple(paras)))
            y += high + 10
            shown += 1
        bottoms.append(y)
        left += [Lane(lane.label, lane.sub, lane.cards[shown:], lane.tone)] if shown < len(lane.cards) else []
    height = max(bottoms, default=0.0)
    for place in grounds:
        ground = made[place]
        made[place] = Panel(Box(ground.box.x, 0, each, height), theme.light.wash)
    return Strip(tuple(made), height), tuple(left)


def _card(card: Card, width: float, scale: Scale) -> list[Para]:
    slide = load_theme().slide
    size, small = scale.size(slide.body - 1.5), scale.size(slide.small)
    paras = [
        Para(card.text, shortened(card.text, size, width, 7), size, after=1.5),
        Para(card.note, shortened(card.note, small, width, 2), small, colour="muted"),
    ]
    return [one for one in paras if one.text]


def finding(card: FindingCard, width: float, scale: Scale) -> Strip:
    """Return a finding as a panel with a bar: claim, the first of its evidence, what to do."""
    theme = load_theme()
    slide, colours = theme.slide, theme.light.to_dict()
    body, small = scale.size(slide.body), scale.size(slide.small)
    inner = width - 28
    kicker = " · ".join(part for part in (_SEVERITIES[card.severity], card.value) if part)
    evidence = card.evidence[0].text if card.evidence else ""
    told = (("Next: ", card.next_step), ("Owner: ", card.owner), ("Confidence: ", card.confidence))
    foot = "  ·  ".join(name + text for name, text in told if text)
    paras = [
        Para(kicker, shortened(kicker, small, inner, 1, "semibold"), small, "semibold", card.severity, after=2.0),
        Para(card.claim, shortened(card.claim, body, inner, 3, "semibold"), body, "semibold", after=3.0),
        Para(evidence, shortened(evidence, body - 2, inner, 3), body - 2, after=3.0),
        Para(foot, shortened(foot, small, inner, 3), small, colour="muted"),
    ]
    paras = [one for one in paras if one.text]
    height = height_of(paras) + 18
    return Strip(
        (
            Panel(Box(0, 0, width, height), theme.light.wash),
            Panel(Box(0, 0, 4, height), colours[card.severity]),
            Words(Box(16, 9, inner, height - 18), tuple(paras)),
        ),
        height,
    )
