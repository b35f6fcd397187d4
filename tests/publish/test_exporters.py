"""The exporters that nbconvert and JupyterLab find."""

from __future__ import annotations

import logging
from io import BytesIO

import nbformat
import pytest
from nbformat import v4
from pypdf import PdfReader

from gtmdiag.publish.exporters import HtmlExporter, PdfExporter
from gtmdiag.report.blocks import MIME, FindingCard


def test_the_exporter_makes_the_same_page_twice_and_shows_no_code() -> None:
    output = v4.new_output("display_data", data={MIME: FindingCard("high", "Leads leak").to_dict()})
    notebook = v4.new_notebook(
        cells=[v4.new_code_cell("secret_source()", outputs=[output]), v4.new_markdown_cell("# T")]
    )
    before = nbformat.writes(notebook)
    (first, resources), (second, _) = (HtmlExporter().from_notebook_node(notebook) for _ in range(2))
    assert first == second
    assert resources["output_extension"] == ".html"
    assert "Leads leak" in first
    assert "secret_source" not in first
    assert nbformat.writes(notebook) == before


def test_the_exporter_makes_a_notebook_a_pdf_and_logs_its_warnings(caplog: pytest.LogCaptureFixture) -> None:
    card = FindingCard("high", "Leads leak 🎉")
    output = v4.new_output("display_data", data={MIME: card.to_dict()})
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Growth\n\n![a picture](x.png)"),
            v4.new_code_cell("secret_source()", outputs=[output], execution_count=1),
        ]
    )
    data, resources = PdfExporter(log=logging.getLogger("gtmdiag-test")).from_notebook_node(notebook)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
    assert "Leads leak □" in text
    assert "secret_source" not in text
    assert resources["output_extension"] == ".pdf"
    left_out, replaced = caplog.messages
    assert "picture" in left_out
    assert "U+1F389" in replaced
