"""Slides in PowerPoint: native, within the slide, told to those who cannot see, the same twice."""

# python-pptx has types only in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt
from pypdf import PdfReader

from gtmdiag.publish.powerpoint import render_pptx
from gtmdiag.report.blocks import Figure
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode, Heading, Text
from gtmdiag.report.records import Chart, Series
from tests.publish.strange import chart, empty_document, strange_document
from tests.report.example import PNG, example_document

DOCUMENTS = {"example": example_document, "strange": strange_document, "empty": empty_document}


@cache
def made(name: str) -> bytes:
    document: Document = DOCUMENTS[name]()
    return render_pptx(document)


def slides(data: bytes) -> list[Any]:
    return list(Presentation(io.BytesIO(data)).slides)


def of_figure(data: Chart) -> Any:
    figure = Figure("Title", "", PNG, "What the chart tells.", data=data)
    nodes = (Heading(1, (Text("T"),)), Heading(2, (Text("Slide"),)), BlockNode(figure))
    (_, slide) = slides(render_pptx(Document("T", "en", "", nodes)))
    return next(shape for shape in slide.shapes if shape.has_chart)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_shape_beyond_the_edge_of_its_slide(name: str) -> None:
    slack = Pt(1)
    for slide in slides(made(name)):
        for shape in slide.shapes:
            assert shape.left >= -slack
            assert shape.top >= -slack
            assert shape.left + shape.width <= Pt(960) + slack, shape.name
            assert shape.top + shape.height <= Pt(540) + slack, shape.name


@pytest.mark.parametrize("name", DOCUMENTS)
def test_slide_without_a_title_of_its_layout(name: str) -> None:
    for slide in slides(made(name)):
        assert slide.shapes.title.text_frame.text.strip()
        assert slide.slide_layout.name in ("Title Slide", "Title Only")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_picture_chart_or_table_that_tells_nothing_to_the_blind(name: str) -> None:
    for slide in slides(made(name)):
        for shape in slide.shapes:
            if shape.shape_type is not None and (shape.has_chart or shape.has_table or "Picture" in shape.name):
                assert shape._element.xpath(".//p:cNvPr")[0].get("descr", "").strip()


def test_chart_that_is_a_picture_or_has_other_numbers_than_the_report() -> None:
    drawn = of_figure(chart(4)).chart
    plot = drawn.plots[0]
    assert list(plot.categories) == ["X", "empty", "=SUM(A1:A9)", "+1+cmd|' /C calc'!A0"]
    assert list(plot.series[0].values) == [0.0, 0.25, 0.5, 0.75]


def test_interval_missing_in_a_native_chart() -> None:
    frame = of_figure(chart(4))
    xml = frame.chart.part.blob.decode()
    assert xml.count("<c:errBars>") == 1
    assert re.findall(r"<c:v>([\d.e-]+)</c:v>", xml.partition("<c:minus>")[2])[:2] == ["0.0", "0.1"]


def test_points_with_bounds_that_are_no_native_chart() -> None:
    across = Series("Champion", (38.0, 33.0), (30.0, 33.0), (46.0, 33.0), (1, 6))
    up = Series("Operator", (69.0, 75.0), (69.0, 74.0), (69.0, 77.0), (1, 6))
    frame = of_figure(Chart("points", "index", ("CEO", "=Leaders"), (across, up)))
    assert [series.name for series in frame.chart.plots[0].series] == ["CEO", "=Leaders"]
    assert frame.chart.part.blob.decode().count("<c:errDir") == 2


def test_line_over_time_with_a_week_without_a_value() -> None:
    weeks = Series("MQL→SQL", (0.2, None, 0.3), n=(9, None, 8))
    frame = of_figure(Chart("lines", "share", ("2026-W01", "2026-W02", "2026-W03"), (weeks,)))
    assert list(frame.chart.plots[0].series[0].values) == [0.2, None, 0.3]


def test_label_of_a_client_that_became_a_formula_in_a_charts_workbook() -> None:
    with zipfile.ZipFile(io.BytesIO(made("strange"))) as package:
        books = [name for name in package.namelist() if name.startswith("ppt/embeddings/")]
        assert books
        for name in books:
            with zipfile.ZipFile(io.BytesIO(package.read(name))) as book:
                assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_same_document_that_gives_other_bytes_or_tells_when_it_was_made() -> None:
    assert render_pptx(example_document()) == made("example")
    with zipfile.ZipFile(io.BytesIO(made("example"))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-10-31" in package.read("docProps/core.xml")


def test_trail_missing_in_the_speakers_notes() -> None:
    notes = [slide.notes_slide.notes_text_frame.text for slide in slides(made("example")) if slide.has_notes_slide]
    assert any("[client.yaml · headcount 240]" in text for text in notes)


@pytest.mark.needs("libreoffice", "poppler")
@pytest.mark.parametrize("name", ["example", "strange"])
def test_presentation_that_another_program_cannot_open(name: str, tmp_path: Path) -> None:
    (tmp_path / "deck.pptx").write_bytes(made(name))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "deck.pptx"], cwd=tmp_path, capture_output=True, check=True, timeout=180)
    assert len(PdfReader(tmp_path / "deck.pdf").pages) == len(slides(made(name)))
