"""A document as slides in PDF (16:9, PDF/UA-1), set by Typst from the arranged pages."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from gtmdiag.publish.slides import Page, Pages, foot_of, slide_pages
from gtmdiag.publish.slides.page import Element, Grid, Panel, Picture
from gtmdiag.publish.typesetting import Pdf, typeset_data
from gtmdiag.report.document import Document


def typeset_deck(document: Document) -> Pdf:
    """Return ``document`` as slides in PDF, with warnings. The same document gives the same bytes.

    Raises
    ------
    RenderError
        A figure cannot be drawn, or the theme names a font that is not there.
    """
    return typeset_data("deck.typ", deck_data(slide_pages(document), document), document)


def deck_data(pages: Pages, document: Document) -> dict[str, Any]:
    """Return the pages as JSON data for the template."""
    return {
        "title": document.title,
        "paper": "slide",
        "cover": _spaced(asdict(pages.cover)),
        "slides": [_spaced(_slide(page)) for page in pages.slides],
        "foot": foot_of(document),
    }


def _slide(page: Page) -> dict[str, Any]:
    return {
        "title": asdict(page.title_para),
        "source": page.source,
        "elements": [_element(element) for element in page.elements],
    }


def _element(element: Element) -> dict[str, Any]:
    match element:
        case Picture():
            return {"kind": "picture", "box": asdict(element.box), "figure": element.figure.to_dict() | {"data": None}}
        case Panel():
            return {"kind": "panel", **asdict(element)}
        case Grid():
            return {"kind": "grid", **asdict(element)}
        case _:
            return {"kind": "words", **asdict(element)}


def _spaced(value: Any) -> Any:
    """Return data in which a line that ends between words has its space, for search and for bookmarks."""
    if isinstance(value, dict):
        record = {key: _spaced(item) for key, item in cast("dict[str, Any]", value).items()}
        if "lines" in record and "text" in record:
            record["lines"] = _with_spaces(record["text"], record["lines"])
        return record
    if isinstance(value, (list, tuple)):
        return [_spaced(item) for item in cast("list[Any]", value)]
    return value


def _with_spaces(text: str, lines: list[str]) -> list[str]:
    told, made = " ".join(text.split()), list[str]()
    for line in lines:
        told = told[len(line) :]
        made.append(f"{line} " if told.startswith(" ") else line)
        told = told.removeprefix(" ")
    return made
