"""nbconvert's exporters ``gtm_html`` and ``gtm_pdf``: for JupyterLab's menu and ``jupyter nbconvert --to gtm_pdf``.

Apart from the renderers, since importing nbconvert takes longer than rendering.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from gtmdiag.publish.html import document_html
from gtmdiag.publish.pdf import typeset
from gtmdiag.report.document import Document, read_document


class _ReportExporter(Exporter):
    def _document(
        self, nb: NotebookNode, resources: dict[str, Any] | None, options: dict[str, Any]
    ) -> tuple[Document, dict[str, Any]]:
        """Return the executed notebook as a document, and nbconvert's resources; warnings go to the log."""
        copy, resources = super().from_notebook_node(nb, resources, **options)
        document = read_document(copy)
        self._warn(document.warnings)
        return document, resources

    def _warn(self, warnings: tuple[str, ...]) -> None:
        for warning in warnings:
            self.log.warning("%s", warning)


class HtmlExporter(_ReportExporter):
    """An executed notebook as a self-contained page."""

    export_from_notebook = "Report (HTML)"
    output_mimetype = "text/html"

    def _file_extension_default(self) -> str:
        return ".html"

    # The base class returns a notebook; every exporter with a format of its own returns text or bytes.
    def from_notebook_node(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and nbconvert's resources."""
        document, resources = self._document(nb, resources, kw)
        return document_html(document), resources


class PdfExporter(_ReportExporter):
    """An executed notebook as a PDF report."""

    export_from_notebook = "Report (PDF)"
    output_mimetype = "application/pdf"

    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Return the PDF and nbconvert's resources.

        Raises
        ------
        RenderError
            The notebook cannot be made a PDF; the message says why.
        """
        document, resources = self._document(nb, resources, kw)
        pdf = typeset(document)
        self._warn(pdf.warnings)
        return pdf.data, resources
