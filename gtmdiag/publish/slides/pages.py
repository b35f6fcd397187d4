"""All pages of a deck from its document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gtmdiag.publish.slides.arrange import arranged
from gtmdiag.publish.slides.measure import shortened, width_of, wrapped
from gtmdiag.publish.slides.page import Box, CoverPage, Page, Pages, Para
from gtmdiag.publish.slides.split import Draft, drafts
from gtmdiag.publish.typesetting import day_of
from gtmdiag.report.blocks import Cover
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode
from gtmdiag.report.theme import load_theme
from gtmdiag.report.words import day

TITLE_TOP, BODY_BOTTOM, SOURCE_TOP = 30.0, 482.0, 490.0
BELOW_TITLE = 22.0
COVER_WIDTH = 0.6
"""Share of the cover that is filled."""
MOST_NOTES = 40
MOST_FACTS = 5


def slide_pages(document: Document) -> Pages:
    """Return the pages of a document as slides. The same document gives the same pages."""
    slides = [page for draft in drafts(document) for page in _pages(draft)]
    return Pages(_cover(document), tuple(slides))


def foot_of(document: Document) -> tuple[str, ...]:
    """Return client, date and confidentiality for the foot of a slide, each short enough to leave room for the rest."""
    date, slide = day_of(document.date), load_theme().slide
    told = day(date, document.language) if date else ""
    room = (slide.width - 2 * slide.margin - 60 - width_of(f" · {told} · ", slide.least)) / 2
    texts = (document.client, told, document.confidentiality)
    return tuple(shortened(text, slide.least, room, 1)[0] for text in texts if text.strip())


def _pages(draft: Draft) -> Iterator[Page]:
    slide = load_theme().slide
    told = title_para(draft.title, slide.width - 2 * slide.margin)
    top = TITLE_TOP + told.height + BELOW_TITLE
    body = Box(slide.margin, top, slide.width - 2 * slide.margin, BODY_BOTTOM - top)
    parts = list(arranged(draft.items, body)) or [()]
    notes = list(draft.notes[:MOST_NOTES])
    if " ".join(told.lines) != draft.title:
        notes.insert(0, draft.title)
    for number, elements in enumerate(parts, start=1):
        title, set_title = draft.title, told
        if len(parts) > 1:
            mark = f" ({number} of {len(parts)})"
            title = draft.title + mark
            set_title = _marked(told, mark, slide.width - 2 * slide.margin)
        source = shortened(draft.source, slide.least, body.width, 1)[0]
        yield Page(title, set_title, number if len(parts) > 1 else 0, elements, source, tuple(notes))


def _marked(told: Para, mark: str, width: float) -> Para:
    """Return a title with the number of its part, on as many lines as without it."""
    room = width - width_of(mark, told.size, "semibold")
    lines = wrapped(told.lines[-1] + mark, told.size, width, "semibold")
    last = lines[0] if len(lines) == 1 else shortened(told.lines[-1], told.size, room, 1, "semibold")[0] + mark
    return replace(told, text=told.text + mark, lines=(*told.lines[:-1], last))


def title_para(text: str, width: float) -> Para:
    """Return a title on at most two lines: smaller before it is shortened."""
    most = load_theme().slide.title
    for size in (most, most - 3, most - 6):
        lines = wrapped(text, size, width, "semibold")
        if len(lines) <= 2:
            return Para(text, lines, size, "semibold")
    return Para(text, shortened(text, most - 6, width, 2, "semibold"), most - 6, "semibold")


def _cover(document: Document) -> CoverPage:
    theme = load_theme()
    slide = theme.slide
    node = document.nodes[0] if document.nodes else None
    cover = node.block if isinstance(node, BlockNode) and isinstance(node.block, Cover) else Cover(document.title)
    width = slide.width * COVER_WIDTH - 2 * slide.margin
    title = cover.title
    size, lines = next(
        (
            (size, lines)
            for size in (42.0, 36.0, 30.0, 25.0)
            if len(lines := wrapped(title, size, width, "semibold")) * size <= 190
        ),
        (25.0, shortened(title, 25.0, width, 7, "semibold")),
    )
    client = cover.client or document.client
    return CoverPage(
        title=title,
        title_para=Para(title, lines, size, "semibold", "paper"),
        client=Para(client, shortened(client, 17.0, width, 2), 17.0, "semibold", "paper"),
        subtitle=Para(cover.subtitle, shortened(cover.subtitle, 17.0, width, 3), 17.0, "regular", "paper"),
        facts=tuple(_facts(cover, cover.confidentiality or document.confidentiality)),
    )


def _facts(cover: Cover, confidentiality: str) -> Iterator[Para]:
    slide = load_theme().slide
    width = slide.width * (1 - COVER_WIDTH) - 2 * slide.margin
    for name, value in cover.facts[:MOST_FACTS]:
        yield Para(name, shortened(name, 11.0, width, 1), 11.0, colour="muted", after=1.0)
        yield Para(value, shortened(value, 14.0, width, 2, "semibold"), 14.0, "semibold", after=9.0)
    yield Para(confidentiality, shortened(confidentiality, 11.0, width, 4), 11.0, colour="muted")
