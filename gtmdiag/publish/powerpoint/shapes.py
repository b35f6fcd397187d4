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
from pptx.oxml.ns import qn
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
            # the theme's style would give it a shadow
            shape._element.remove(shape._element.find(qn("p:style")))
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


def write(paragraph: Any, para: Para, theme: Theme, language: str, *, right: bool = False) -> None:
    """Fill a paragraph's element: its words, size, weight, colour, side and space.

    Written as elements: setting them through the library, one property after the other, takes ten times as long.
    """
    sides = {"algn": "r"} if right else {}
    sides |= {"rtl": "1", "algn": "r"} if is_right_to_left(para.text) else {}
    sides |= {"marL": str(int(Pt(BULLET))), "indent": str(-int(Pt(BULLET)))} if para.bullet else {}
    properties = child(paragraph, "pPr", **sides)
    for name, points in (("lnSpc", para.size * LINE), ("spcBef", 0.0), ("spcAft", para.after)):
        child(child(properties, name), "spcPts", val=_hundredths(points))
    if para.bullet:
        child(properties, "buChar", char="–")
    run = child(paragraph, "r")
    bold = "1" if para.weight == "semibold" else "0"
    font = child(run, "rPr", lang=language, sz=_hundredths(para.size), b=bold)
    _fill(font, getattr(theme.light, para.colour))
    child(run, "t").text = para.shown


def _hundredths(points: float) -> str:
    return str(Pt(points).centipoints)


def _fill(parent: Any, colour: str) -> None:
    child(child(parent, "solidFill"), "srgbClr", val=colour[1:].upper())


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
    body: Any = frame._txBody
    for old in list(body.bodyPr):
        body.bodyPr.remove(old)
    for side in ("lIns", "rIns", "tIns", "bIns"):
        body.bodyPr.set(side, "0")
    body.bodyPr.set("wrap", "square")
    child(body.bodyPr, "normAutofit")
    for paragraph in body.p_lst:
        body.remove(paragraph)
    for para in paras:
        write(child(body, "p"), para, theme, language)
    if not paras:
        child(body, "p")


def _table(slide: Any, element: Grid, theme: Theme, language: str, number: int) -> None:
    frame = slide.shapes.add_table(1, 1, *place(element.box))
    title = element.title or "Table"
    heads = ", ".join(head.text for head in element.heads)
    describe(frame, f"Table {number}", f"{title}: {len(element.rows)} rows; columns: {heads}")
    table = frame.table._tbl
    table.tblPr.set("bandRow", "0")
    for style in table.tblPr.findall(f"{{{DRAWING}}}tableStyleId"):
        style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # no style, no grid
    table.remove(table.tr_lst[0])
    table.tblGrid.remove(table.tblGrid.gridCol_lst[0])
    for width in element.widths:
        child(table.tblGrid, "gridCol", w=str(int(Pt(width))))
    blank = tuple("" for _ in element.widths)
    lines = zip(element.heights, (element.heads, *element.rows), (blank, *element.fills), strict=True)
    for line, (height, paras, fills) in enumerate(lines):
        row = child(table, "tr", h=str(int(Pt(height))))
        border = (theme.light.ink, 1.0) if line == 0 else (theme.light.line, 0.5)
        for para, fill, align in zip(paras, fills, element.aligns, strict=True):
            cell = child(row, "tc")
            body = child(cell, "txBody")
            child(body, "bodyPr")
            child(body, "lstStyle")
            write(child(body, "p"), para, theme, language, right=align == "right")
            _cell(cell, element.pad, border, fill)


def _cell(cell: Any, pad: float, border: tuple[str, float], fill: str) -> None:
    """Give a cell its margins, the line beneath it and its ground."""
    side, top = str(int(Pt(pad))), str(int(Pt(pad * 0.65)))
    properties = child(cell, "tcPr", marL=side, marR=side, marT=top, marB="0", anchor="t")
    colour, width = border
    _fill(child(properties, "lnB", w=str(int(Pt(width)))), colour)
    if fill:
        _fill(properties, fill)
    else:
        child(properties, "noFill")


def _picture(slide: Any, element: Picture, theme: Theme, number: int) -> None:
    figure = element.figure
    if figure.data is not None and figure.data.categories and figure.data.series:
        shape = add_chart(slide.shapes, figure.data, place(element.room), theme, theme.slide.small)
        describe(shape, f"Chart {number}", figure.alt)
    else:
        data = base64.b64decode(figure.png) if figure.png else raster(figure.svg)
        shape = slide.shapes.add_picture(io.BytesIO(data), *place(element.box))
        describe(shape, f"Picture {number}", figure.alt)
