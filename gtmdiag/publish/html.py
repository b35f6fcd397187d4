"""The report as one HTML file that fetches nothing and runs no script."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from gtmdiag.report.document import Document, read_document
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
            css=style("blocks.css", "report.css", dark=True),
        )
    )


class HtmlExporter(Exporter):
    """nbconvert exporter ``gtm_html``: an executed notebook as a self-contained page."""

    export_from_notebook = "Report (HTML)"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    # the base class returns a notebook; every exporter with a format of its own returns text or bytes
    def from_notebook_node(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and nbconvert's resources; the document's warnings are in the log."""
        copy, resources = super().from_notebook_node(nb, resources, **kw)
        document = read_document(copy)
        for warning in document.warnings:
            self.log.warning("%s", warning)
        return document_html(document), resources
