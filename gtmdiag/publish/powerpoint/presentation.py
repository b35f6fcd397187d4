"""The presentation as a file: every page a slide, with notes; the same document gives the same bytes."""

# python-pptx has types only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportPrivateUsage=false

from __future__ import annotations

import base64
import copy
import io
import zipfile
from datetime import datetime
from typing import Any

from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER

from gtmdiag.publish.office import made_at
from gtmdiag.publish.powerpoint.master import COVER, SLIDE, presentation, rgb
from gtmdiag.publish.powerpoint.shapes import decorative, describe, draw, fill_frame, is_right_to_left, place
from gtmdiag.publish.slides import Page, foot_of, slide_pages
from gtmdiag.publish.slides.page import Box, CoverPage, Para
from gtmdiag.publish.slides.pages import COVER_WIDTH, SOURCE_TOP
from gtmdiag.publish.typesetting import raster
from gtmdiag.report.document import Document
from gtmdiag.report.theme import Theme

_LETTERS_OF_NOTES = 8_000


def render_pptx(document: Document) -> bytes:
    """Return ``document`` as a presentation. Fonts are those of the reader's office program; nothing is embedded."""
    theme, pages = document.brand.theme, slide_pages(document)
    made = presentation(theme)
    _cover(made.slides.add_slide(made.slide_layouts[COVER]), pages.cover, document, theme)
    foot = " · ".join(foot_of(document))
    for page in pages.slides:
        _slide(made.slides.add_slide(made.slide_layouts[SLIDE]), page, foot, document, theme)
    _properties(made.core_properties, document, made_at(document.date))
    held = io.BytesIO()
    made.save(held)
    return _settled(held.getvalue())


def _cover(slide: Any, cover: CoverPage, document: Document, theme: Theme) -> None:
    language, measures = document.language, theme.slide
    edge = measures.width * COVER_WIDTH
    ground = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *place(Box(0, 0, edge, measures.height)))
    ground.fill.solid()
    ground.fill.fore_color.rgb = rgb(theme.light.cover)
    ground.line.fill.background()
    ground.name = "Ground"
    decorative(ground)
    tree = slide.shapes._spTree
    tree.remove(ground._element)
    tree.insert(2, ground._element)
    fill_frame(slide.shapes.title.text_frame, (cover.title_para,), theme, language)
    fill_frame(slide.placeholders[1].text_frame, (cover.subtitle,), theme, language)
    width = edge - 2 * measures.margin
    client = slide.shapes.add_textbox(*place(Box(measures.margin, measures.margin, width, 46)))
    fill_frame(client.text_frame, (cover.client,), theme, language)
    x, room = edge + measures.margin, measures.width - edge - 2 * measures.margin
    height = sum(one.height + one.after for one in cover.facts)
    facts = slide.shapes.add_textbox(*place(Box(x, measures.height - measures.margin - height, room, height)))
    fill_frame(facts.text_frame, cover.facts, theme, language)
    _logo(slide, document, x, measures.margin)


def _logo(slide: Any, document: Document, x: float, y: float) -> None:
    logo = document.brand.logo
    if logo is None:
        return
    data = base64.b64decode(logo.data) if logo.kind == "png" else raster(logo.data)
    width = min(190.0, 76.0 * logo.ratio)
    box = place(Box(x, y, width, width / logo.ratio))
    shape = slide.shapes.add_picture(io.BytesIO(data), *box)
    describe(shape, "Logo", document.client)


def _slide(slide: Any, page: Page, foot: str, document: Document, theme: Theme) -> None:
    language, measures = document.language, theme.slide
    fill_frame(slide.shapes.title.text_frame, (page.title_para,), theme, language)
    for number, element in enumerate(page.elements, start=1):
        draw(slide, element, theme, language, number)
    if page.source:
        box = Box(measures.margin, SOURCE_TOP, measures.width - 2 * measures.margin, 14)
        source = slide.shapes.add_textbox(*place(box))
        source.name = "Source"
        fill_frame(
            source.text_frame, (Para(page.source, (page.source,), measures.least, colour="muted"),), theme, language
        )
    for placeholder in slide.slide_layout.placeholders:
        if placeholder.placeholder_format.type in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
            copied = copy.deepcopy(placeholder._element)
            slide.shapes._spTree.append(copied)
    for placeholder in slide.placeholders:
        if placeholder.placeholder_format.type == PP_PLACEHOLDER.FOOTER:
            placeholder.text_frame.text = foot
            if is_right_to_left(foot):
                placeholder.text_frame.paragraphs[0]._p.get_or_add_pPr().set("rtl", "1")
    if page.notes:
        slide.notes_slide.notes_text_frame.text = "\n".join(page.notes)[:_LETTERS_OF_NOTES]


def _properties(properties: Any, document: Document, stamp: datetime) -> None:
    properties.title = document.title[:250]
    properties.author = properties.last_modified_by = "gtmdiag"
    properties.subject = document.client[:250]
    properties.language = document.language
    properties.created = properties.modified = stamp
    properties.revision = 1
    properties.keywords = properties.comments = properties.category = ""


def _settled(data: bytes) -> bytes:
    """Return a zip file with the same entries, none of them with the time of writing."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return held.getvalue()
