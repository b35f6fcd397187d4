"""An empty 16:9 presentation in the suite's look: two layouts, a theme of colours and fonts, a foot."""

# python-pptx has types only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportPrivateUsage=false

from __future__ import annotations

import io
import re
from functools import cache
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Pt

from gtmdiag.publish.powerpoint.xml import DRAWING, child
from gtmdiag.publish.slides.pages import TITLE_TOP
from gtmdiag.report.theme import Theme

COVER, SLIDE = 0, 1
_KEPT = ("Title Slide", "Title Only")
FOOT_TOP = 512.0


@cache
def _blank() -> bytes:
    """Return the library's own template with the two layouts that are used."""
    made = Presentation()
    for layout in list(made.slide_layouts):
        if layout.name not in _KEPT:
            made.slide_layouts.remove(layout)
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def presentation(theme: Theme) -> Any:
    """Return the presentation without slides; layout 0 is the cover, layout 1 a slide with a title."""
    made = Presentation(io.BytesIO(_blank()))
    made.slide_width, made.slide_height = Pt(theme.slide.width), Pt(theme.slide.height)
    master = made.slide_master
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = _themed(part.blob.decode("utf-8"), theme).encode("utf-8")
    holders: tuple[Any, ...] = (master, *made.slide_layouts)
    for holder in holders:
        for placeholder in list(holder.placeholders):
            _place(placeholder, theme)
    return made


def _themed(xml: str, theme: Theme) -> str:
    colours = theme.light
    named = {
        "dk1": colours.ink,
        "lt1": colours.paper,
        "dk2": colours.cover,
        "lt2": colours.wash,
        **{f"accent{number}": colour for number, colour in enumerate(theme.series[:6], start=1)},
        "hlink": colours.accent,
        "folHlink": colours.muted,
    }
    for name, colour in named.items():
        filled = rf'\g<1><a:srgbClr val="{colour[1:]}"/>\g<2>'
        xml = re.sub(rf"(<a:{name}>).*?(</a:{name}>)", filled, xml, flags=re.DOTALL)
    font = theme.fonts.office
    xml = re.sub(r'(<a:(?:major|minor)Font>\s*<a:latin typeface=")[^"]*', rf"\g<1>{font}", xml)
    return re.sub(r'(<a:theme [^>]*name=")[^"]*', r"\g<1>gtmdiag", xml)


def _place(placeholder: Any, theme: Theme) -> None:
    slide = theme.slide
    kind = placeholder.placeholder_format.type
    width = slide.width - 2 * slide.margin
    places = {
        PP_PLACEHOLDER.TITLE: (slide.margin, TITLE_TOP, width, 70.0),
        PP_PLACEHOLDER.CENTER_TITLE: (slide.margin, 170.0, slide.width * 0.6 - 2 * slide.margin, 220.0),
        PP_PLACEHOLDER.SUBTITLE: (slide.margin, 420.0, slide.width * 0.6 - 2 * slide.margin, 72.0),
        PP_PLACEHOLDER.BODY: (slide.margin, 116.0, width, 366.0),
        PP_PLACEHOLDER.FOOTER: (slide.margin, FOOT_TOP, width - 80, 16.0),
        PP_PLACEHOLDER.SLIDE_NUMBER: (slide.width - slide.margin - 60, FOOT_TOP, 60.0, 16.0),
    }
    if kind not in places:
        placeholder._element.getparent().remove(placeholder._element)
        return
    placeholder.left, placeholder.top, placeholder.width, placeholder.height = map(Pt, places[kind])
    frame = placeholder.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.word_wrap = True
    is_title = kind in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    frame.vertical_anchor = MSO_ANCHOR.TOP if is_title or kind == PP_PLACEHOLDER.BODY else MSO_ANCHOR.MIDDLE
    _list_style(
        placeholder, theme, is_title=is_title, small=kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    )


def _list_style(placeholder: Any, theme: Theme, *, is_title: bool, small: bool) -> None:
    """Write size, colour and side into the placeholder's own style, which its slides inherit."""
    style = placeholder._element.txBody.find(f"{{{DRAWING}}}lstStyle")
    size = theme.slide.title if is_title else theme.slide.least if small else theme.slide.body
    colour = theme.light.muted if small else theme.light.ink
    side = "r" if placeholder.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER else "l"
    for old in list(style):
        style.remove(old)
    level = child(style, "lvl1pPr", algn=side, marL="0", indent="0")
    if not is_title:
        child(level, "buNone")
    run = child(level, "defRPr", sz=str(round(size * 100)), b="1" if is_title else "0")
    child(child(run, "solidFill"), "srgbClr", val=colour[1:])


def rgb(colour: str) -> Any:
    """Return a colour ``#RRGGBB`` as the library has it."""
    return RGBColor.from_string(colour[1:])
