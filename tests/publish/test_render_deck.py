"""All formats of one client by the command's own function: made, in the manifest, and made again from an edit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4
from pptx import Presentation
from pypdf import PdfReader

from gtmdiag.errors import UsageError
from gtmdiag.publish.places import FORMATS, file_of, notebooks_of, stem_of
from gtmdiag.publish.render import convert, render
from gtmdiag.publish.skip import changes, this_suite
from tests.engagements import TODAY, own, sample

OUTPUTS = ("report.html", "report.pdf", "workbook.xlsx", "deck.pdf", "deck.pptx")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><rect width="200" height="50"/></svg>'
BRANDING = '\nbranding:\n  primary: "#4A1942"\n  accent: "#9C3D10"\n  paper: letter\n  logo: logo.svg\n'


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = sample(tmp_path_factory.mktemp("all") / "northlight")
    with (root / "client.yaml").open("a", encoding="utf-8") as file:
        file.write(BRANDING)
    (root / "logo.svg").write_text(LOGO, encoding="utf-8")
    render(root, formats=FORMATS, today=TODAY, progress=lambda *_: None)
    return root


@pytest.fixture
def reports(client: Path) -> Path:
    return client / "reports" / "2026-10"


def test_format_that_is_not_made_or_not_in_the_manifest(client: Path, reports: Path) -> None:
    renders = json.loads((reports / "manifest.json").read_text("utf-8"))["renders"]
    assert set(renders) == {"report", "deck"}
    told = {name for one in renders.values() for name in one["outputs"]}
    assert told == {*OUTPUTS, "report.ipynb", "deck.ipynb", "results.json", "plan.csv", "plan.ics"}
    assert all((reports / name).is_file() for name in told)
    assert changes(client, FORMATS, today=TODAY, suite=this_suite()) == ""


def test_deck_of_other_pages_in_pdf_than_in_powerpoint(reports: Path) -> None:
    slides = list(Presentation(str(reports / "deck.pptx")).slides)
    assert len(PdfReader(reports / "deck.pdf").pages) == len(slides)
    assert sum(shape.has_chart for slide in slides for shape in slide.shapes) >= 3


def test_clients_colours_paper_and_logo_missing(reports: Path) -> None:
    page = PdfReader(reports / "report.pdf").pages[2]
    assert [round(float(side)) for side in (page.mediabox.width, page.mediabox.height)] == [612, 792]
    html = (reports / "report.html").read_text("utf-8")
    assert "--accent: #9C3D10" in html
    assert 'class="gtm-logo"' in html
    assert "#9c3d10" in (reports / "deck.ipynb").read_text("utf-8").lower()


def test_edit_of_the_deck_that_does_not_reach_pdf_and_powerpoint(client: Path, reports: Path) -> None:
    notebook = nbformat.read(reports / "deck.ipynb", as_version=4)
    notebook.cells.insert(3, v4.new_markdown_cell("## What we heard\n\n- Nothing moves until the CEO has seen it."))
    hidden = next(cell for cell in notebook.cells if cell.source == "deck.risks(client)")
    hidden.metadata["tags"] = ["hide"]
    nbformat.write(notebook, reports / "deck.ipynb")
    made = convert(client, formats=("deck", "pptx"), today=TODAY)
    assert [path.name for path in made.outputs] == ["deck.ipynb", "deck.pdf", "deck.pptx"]
    text = "\n".join(page.extract_text() for page in PdfReader(reports / "deck.pdf").pages)
    assert "Nothing moves until the CEO has seen it." in text
    assert "further risks" not in text
    slides: list[Any] = list(Presentation(str(reports / "deck.pptx")).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert "What we heard" in titles


def test_own_version_of_the_deck_not_taken(tmp_path: Path) -> None:
    root = sample(tmp_path / "client")
    cells = [
        v4.new_markdown_cell("# Ours"),
        v4.new_code_cell('engagement = ""\nwave = ""', metadata={"tags": ["parameters"]}),
        v4.new_markdown_cell("## Our slide\n\nOur words."),
    ]
    own(root, "board_deck", v4.new_notebook(cells=cells, metadata={"gtmdiag": {"kind": "deck"}}))
    render(root, formats=("deck",), today=TODAY, progress=lambda *_: None)
    pages = PdfReader(root / "reports" / "2026-10" / "deck.pdf").pages
    assert ["Our words." in page.extract_text() for page in pages] == [False, True]
    assert not (root / "reports" / "2026-10" / "report.ipynb").exists()


def test_names_of_files_that_could_write_over_each_other() -> None:
    names = [file_of(stem, name) for stem in ("report", "deck", "gut_check") for name in FORMATS]
    assert len(set(names)) == len(names)
    assert notebooks_of("client_report", ("html", "pptx")) == (("client_report", ("html",)), ("board_deck", ("pptx",)))
    with pytest.raises(UsageError, match="belongs to what board_deck makes"):
        stem_of("deck")
