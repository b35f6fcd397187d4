"""A document as an accessible report in PDF (PDF/UA-1), set by Typst in this process from data, never from markup."""

from __future__ import annotations

from typing import Any

from gtmdiag.publish.typesetting import Pdf, day_of, typeset_data
from gtmdiag.report.document import Document
from gtmdiag.report.words import day


def render_pdf(document: Document) -> bytes:
    """Return ``document`` as PDF. The same document gives the same bytes.

    Raises
    ------
    RenderError
        A figure cannot be drawn, or the theme names a font that is not there.
    """
    return typeset(document).data


def typeset(document: Document) -> Pdf:
    """Return ``document`` as PDF, with warnings. See `render_pdf`."""
    date = day_of(document.date)
    data: dict[str, Any] = document.to_dict() | {
        "warnings": [],
        "brand": None,
        "day_words": day(date, document.language) if date else "",
        "paper": document.brand.paper or document.brand.theme.format_of(document.language).paper,
    }
    return typeset_data("report.typ", data, document)
