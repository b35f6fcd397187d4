"""The elements of a page as shapes of a slide."""

# python-pptx has types only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportPrivateUsage=false

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Pt

from gtmdiag.publish.powerpoint.charts import add_chart
from gtmdiag.publish.powerpoint.master import rgb
from gtmdiag.publish.powerpoint.xml import DRAWING, child
from gtmdiag.publish.slides.measure import LINE
from gtmdiag.publish.slides.page import Box, Element, Grid, Panel, Para, Picture, Words
from gtmdiag.publish.slides.words import BULLET
from gtmdiag.publish.typesetting import raster
from gtmdiag.report.theme import Theme

_DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")


def draw(slide: Any, element: Element, theme: Theme, language: str, number: int) -> None:
    """Draw one element of a page."""
    match element:
        case Words():
            _words(slide, element, theme, language, number)
        case Panel():
            shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *place(element.box))
            shape.name = f"Ground {number}"
            shape.fill.solid()
            shape.fill.fore_color.rgb = rgb(element.fill)
            shape.line.fill.background()
            shape.shadow.inherit = False
            decorative(shape)
        case Grid():
            _table(slide, element, theme, language, number)
        case Picture():
            _picture(slide, element, theme, number)


def place(box: Box) -> tuple[Any, Any, Any, Any]:
    """Return a box as the library wants it."""
    return Pt(box.x), Pt(box.y), Pt(max(box.width, 1)), Pt(max(box.height, 1))


def decorative(shape: Any) -> None:
    """Mark a shape as one that a screen reader passes over."""
    properties: Any = shape._element.xpath(".//p:cNvPr")[0]
    uri = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
    child(child(child(properties, "extLst"), "ext", uri=uri), "decorative", _DECORATIVE, val="1")


def describe(shape: Any, name: str, alt: str) -> None:
    """Give a shape its name and what it tells those who cannot see it."""
    properties: Any = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", name)
    properties.set("descr", alt)


def write(paragraph: Any, para: Para, theme: Theme, language: str) -> None:
    """Write one paragraph: its words, size, weight, colour, side and space."""
    colours: dict[str, str] = theme.light.to_dict()
    run = paragraph.add_run()
    run.text = para.shown
    run.font.size = Pt(para.size)
    run.font.bold = para.weight == "semibold"
    run.font.color.rgb = rgb(colours[para.colour])
    run._r.get_or_add_rPr().set("lang", language)
    paragraph.line_spacing = Pt(para.size * LINE)
    paragraph.space_after = Pt(para.after)
    paragraph.space_before = Pt(0)
    properties = paragraph._p.get_or_add_pPr()
    if is_right_to_left(para.text):
        properties.set("rtl", "1")
        properties.set("algn", "r")
    if para.bullet:
        properties.set("marL", str(int(Pt(BULLET))))
        properties.set("indent", str(-int(Pt(BULLET))))
        child(properties, "buChar", char="–")


def is_right_to_left(text: str) -> bool:
    """Tell whether the first letter of a text is of a script that runs from the right."""
    first = next((char for char in text if char.isalpha()), "")
    return bool(_RTL.match(first))


def _words(slide: Any, element: Words, theme: Theme, language: str, number: int) -> None:
    box = slide.shapes.add_textbox(*place(element.box))
    box.name = f"Text {number}"
    fill_frame(box.text_frame, element.paras, theme, language)


def fill_frame(frame: Any, paras: Sequence[Para], theme: Theme, language: str) -> None:
    """Fill a frame with paragraphs. Where a reader's font is wider, the words shrink instead of running over."""
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    for place_of, para in enumerate(paras):
        write(frame.paragraphs[0] if place_of == 0 else frame.add_paragraph(), para, theme, language)


def _table(slide: Any, element: Grid, theme: Theme, language: str, number: int) -> None:
    frame = slide.shapes.add_table(len(element.rows) + 1, len(element.widths), *place(element.box))
    title = element.title or "Table"
    heads = ", ".join(head.text for head in element.heads)
    describe(frame, f"Table {number}", f"{title}: {len(element.rows)} rows; columns: {heads}")
    table = frame.table
    properties = table._tbl.tblPr
    properties.set("bandRow", "0")
    for style in properties.findall(f"{{{DRAWING}}}tableStyleId"):
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
    for column, width in zip(table.columns, element.widths, strict=True):
        column.width = Pt(width)
    for row, height in zip(table.rows, element.heights, strict=True):
        row.height = Pt(height)
    blank = tuple("" for _ in element.widths)
    for line, (paras, fills) in enumerate(zip((element.heads, *element.rows), (blank, *element.fills), strict=True)):
        for index, (para, fill) in enumerate(zip(paras, fills, strict=True)):
            cell = table.cell(line, index)
            cell.margin_left = cell.margin_right = Pt(element.pad)
            cell.margin_top, cell.margin_bottom = Pt(element.pad * 0.65), Pt(0)
            cell.vertical_anchor = MSO_ANCHOR.TOP
            paragraph = cell.text_frame.paragraphs[0]
            write(paragraph, para, theme, language)
            if element.aligns[index] == "right":
                paragraph.alignment = PP_ALIGN.RIGHT
            _border(cell, theme.light.ink if line == 0 else theme.light.line, 1.0 if line == 0 else 0.5)
            if fill:
                cell.fill.solid()
                cell.fill.fore_color.rgb = rgb(fill)
            else:
                cell.fill.background()


def _border(cell: Any, colour: str, width: float) -> None:
    properties = cell._tc.get_or_add_tcPr()
    line = child(properties, "lnB", w=str(int(Pt(width))))
    child(child(line, "solidFill"), "srgbClr", val=colour[1:])


def _picture(slide: Any, element: Picture, theme: Theme, number: int) -> None:
    figure = element.figure
    if figure.data is not None and figure.data.categories and figure.data.series:
        shape = add_chart(slide.shapes, figure.data, place(element.room), theme, theme.slide.small)
        describe(shape, f"Chart {number}", figure.alt)
    else:
        data = base64.b64decode(figure.png) if figure.png else raster(figure.svg)
        shape = slide.shapes.add_picture(io.BytesIO(data), *place(element.box))
        describe(shape, f"Picture {number}", figure.alt)
