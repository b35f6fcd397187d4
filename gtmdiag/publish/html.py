"""The report as one HTML file that fetches nothing and runs no script."""

from __future__ import annotations

from gtmdiag.report.document import Document
from gtmdiag.report.markup import environment, style
from gtmdiag.report.nodes import Heading, plain

_RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}


def document_html(document: Document) -> str:
    """Return ``document`` as a self-contained page."""
    headings = [node for node in document.nodes if isinstance(node, Heading)]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            document=document,
            contents=[(heading.id, plain(heading.inlines)) for heading in headings if heading.level == 2],
            direction="rtl" if document.language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr",
            css=style(
                "blocks.css", "report.css", dark=True, primary=document.brand.primary, accent=document.brand.accent
            ),
            paper=document.brand.paper or document.brand.theme.format_of(document.language).paper,
        )
    )
