"""A document in each format that is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.publish.html import document_html
from gtmdiag.publish.places import file_of
from gtmdiag.report.document import Document


def convert_document(document: Document, stem: str, formats: Sequence[str]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the files of each format by name, and what could not be shown as it was.

    Raises
    ------
    RenderError
        A format cannot be made.
    """
    made: dict[str, bytes] = {}
    warnings = document.warnings
    for name in dict.fromkeys(formats):
        data, said = _made(document, name)
        made[file_of(stem, name)] = data
        warnings += said
    return made, tuple(dict.fromkeys(warnings))


def _made(document: Document, name: str) -> tuple[bytes, tuple[str, ...]]:
    """Return a document in one format. What a format needs is loaded where it is asked for: it takes a while."""
    if name == "html":
        return document_html(document).encode(), ()
    if name == "pdf":
        from gtmdiag.publish.pdf import typeset

        pdf = typeset(document)
        return pdf.data, pdf.warnings
    if name == "deck":
        from gtmdiag.publish.deck import typeset_deck

        deck = typeset_deck(document)
        return deck.data, deck.warnings
    if name == "pptx":
        from gtmdiag.publish.powerpoint import render_pptx

        return render_pptx(document), ()
    from gtmdiag.publish.workbook import render_xlsx

    return render_xlsx(document), ()
