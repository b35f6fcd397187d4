"""nbconvert's exporters ``gtm_html``, ``gtm_pdf``, ``gtm_deck``, ``gtm_pptx`` and ``gtm_xlsx``.

For JupyterLab's menu and ``jupyter nbconvert --to gtm_pdf``; each takes any executed notebook.

Apart from the renderers, since importing nbconvert takes longer than rendering.
"""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from gtmdiag.publish.formats import convert_document
from gtmdiag.publish.html import document_html
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


class _FileExporter(_ReportExporter):
    """An executed notebook in a format of bytes."""

    _format = ""
    _ending = ""

    def _file_extension_default(self) -> str:
        return self._ending

    def from_notebook_node(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Return the file's bytes and nbconvert's resources.

        Raises
        ------
        RenderError
            The notebook cannot be made this format; the message says why.
        """
        document, resources = self._document(nb, resources, kw)
        made, warnings = convert_document(document, "notebook", (self._format,))
        self._warn(tuple(warning for warning in warnings if warning not in document.warnings))
        return next(iter(made.values())), resources


class PdfExporter(_FileExporter):
    """An executed notebook as a PDF report."""

    export_from_notebook = "Report (PDF)"
    output_mimetype = "application/pdf"
    _format = "pdf"
    _ending = ".pdf"


class DeckExporter(_FileExporter):
    """An executed notebook as slides in PDF."""

    export_from_notebook = "Slides (PDF)"
    output_mimetype = "application/pdf"
    _format = "deck"
    _ending = ".pdf"


class PptxExporter(_FileExporter):
    """An executed notebook as slides that can be edited."""

    export_from_notebook = "Slides (PowerPoint)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    _format = "pptx"
    _ending = ".pptx"


class XlsxExporter(_FileExporter):
    """The numbers of an executed notebook as a workbook."""

    export_from_notebook = "Numbers (Excel)"
    output_mimetype = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    _format = "xlsx"
    _ending = ".xlsx"
