"""One client's report: the same bytes from the same inputs, whole, of what the client's folder holds and says."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from tests.browsing import chromium
from tests.engagements import files_in
from tests.publish.conftest import Twin

OUTPUTS = ("report.ipynb", "report.html", "report.pdf", "results.json", "plan.csv", "plan.ics")


def squeezed(text: str) -> str:
    """Return a text without spaces: a PDF tells lines, not spaces."""
    return "".join(text.split()).replace("\u00ad", "")


def page(folder: Path) -> BeautifulSoup:
    return BeautifulSoup((folder / "report.html").read_text("utf-8"), "html.parser")


def pdf_text(folder: Path) -> str:
    return squeezed("".join(one.extract_text() for one in PdfReader(folder / "report.pdf").pages))


def results(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "results.json").read_text("utf-8"))


def test_two_users_get_other_bytes_from_the_same_inputs(twins: tuple[Twin, Twin]) -> None:
    one, two = twins
    assert (one.returned, two.returned) == (0, 0), one.complained + two.complained
    for name in OUTPUTS:
        assert (one.reports / name).read_bytes() == (two.reports / name).read_bytes(), name


def test_command_that_does_not_say_what_it_made_where(twins: tuple[Twin, Twin]) -> None:
    for twin, root in zip(twins, (twins[0].root, Path()), strict=True):
        paths = [str(root / "reports" / "2026-10" / name) for name in OUTPUTS]
        assert json.loads(twin.said) == {
            "schema": "gtmdiag.render/1",
            "outputs": paths,
            "kept": [],
            "warnings": [],
        }
        assert twin.complained == ""


def test_file_left_or_written_elsewhere_than_in_the_reports(twins: tuple[Twin, Twin]) -> None:
    """Jupyter's signatures, which make it show our pictures, and matplotlib's list of fonts are known to be kept."""
    for twin in twins:
        assert sorted(path.name for path in twin.root.iterdir()) == [
            "answers",
            "client.yaml",
            "crm",
            "kpis.csv",
            "notebooks",
            "operating_model.yaml",
            "reports",
        ]
        assert [path.name for path in (twin.root / "reports").iterdir()] == ["2026-10"]
        assert {path.name for path in twin.reports.iterdir()} == {*OUTPUTS, "manifest.json", ".lock"}
        new = {name for name, content in files_in(twin.home).items() if twin.before.get(name) != content}
        assert {name for name in new if "matplotlib/fontlist" not in name} <= {
            ".local/share/jupyter/notebook_secret",
            ".local/share/jupyter/nbsignatures.db",
        }


def test_manifest_hashes_that_are_not_those_of_the_files(twins: tuple[Twin, Twin]) -> None:
    twin = twins[0]
    told = json.loads((twin.reports / "manifest.json").read_text("utf-8"))
    made = told["renders"]["report"]
    assert told["schema"] == "gtmdiag.manifest/1"
    assert (made["notebook"], made["wave"], made["clock"], made["executed"]) == (
        "client_report",
        "2026-10",
        "2026-11-02",
        True,
    )
    assert made["outputs"] == {name: hashlib.sha256((twin.reports / name).read_bytes()).hexdigest() for name in OUTPUTS}
    files = {name: content for name, content in files_in(twin.root).items() if not name.startswith("reports/")}
    assert {name: hash_ for name, hash_ in made["inputs"].items() if name in files} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }


def test_page_that_shows_source_code_or_holds_a_script(twins: tuple[Twin, Twin]) -> None:
    html = (twins[0].reports / "report.html").read_text("utf-8")
    for source in ("import ", "pages.", "open_client", "gtmdiag.", "injected-parameters", "../..", "plt.", "<script"):
        assert source not in html, source


@pytest.mark.needs("chromium")
def test_page_that_asks_the_network_for_something(twins: tuple[Twin, Twin]) -> None:
    file = (twins[0].reports / "report.html").as_uri()
    asked: list[str] = []
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        tab.on("request", lambda request: asked.append(request.url))
        tab.on("console", lambda message: asked.append(message.text))
        tab.goto(file)
        tab.wait_for_timeout(300)
        shown = tab.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
        width = tab.evaluate("document.documentElement.scrollWidth")
    assert [url for url in asked if not url.startswith("data:")] == [file]
    assert (shown, width) == (True, 390)


def test_pdf_without_title_language_outline_or_tags(twins: tuple[Twin, Twin]) -> None:
    reader = PdfReader(twins[0].reports / "report.pdf")
    catalog: Any = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert "Go-to-market diagnostic" in reader.metadata.title
    assert catalog["/Lang"] == "en"
    assert catalog["/MarkInfo"]["/Marked"]
    _title, chapters = reader.outline
    assert isinstance(chapters, list)
    told = [entry.title for entry in chapters if not isinstance(entry, list)]
    assert told == [link.get_text() for link in page(twins[0].reports).select("nav a")]
    assert told[:5] == ["Summary", "What holds revenue back", "Scorecard", "Findings", "The plan"]


def test_finding_that_a_format_leaves_out(twins: tuple[Twin, Twin]) -> None:
    folder = twins[0].reports
    shown = squeezed(page(folder).get_text()), pdf_text(folder)
    findings = results(folder)["findings"]
    assert len(findings) >= 4
    for finding in findings:
        parts = [finding["claim"], finding["next_step"], finding["because"], *(s["text"] for s in finding["evidence"])]
        for text in parts:
            assert all(squeezed(text) in format_ for format_ in shown), text


def test_paragraph_table_or_figure_of_the_consultant_that_a_format_leaves_out(twins: tuple[Twin, Twin]) -> None:
    folder = twins[0].reports
    html, reader = page(folder), PdfReader(folder / "report.pdf")
    for text in (squeezed(html.get_text()), pdf_text(folder)):
        assert "Aparagraphthattheconsultantadded:40%more." in text
        assert "RegionDeals" in text
        assert "Süd" in text
        assert "1234" in text
    assert any(squeezed(link.get_text()) == "Whatweheard" for link in html.select("nav a"))
    figures = [image["alt"] for image in html.find_all("img")]
    assert figures[-1] == "Pipeline by week"
    assert b"Pipeline by week" in alternatives(reader)


def alternatives(reader: PdfReader) -> bytes:
    """Return the descriptions of all figures of a PDF."""
    size: Any = reader.trailer["/Size"]
    found = [reader.get_object(number) for number in range(1, size)]
    return b"".join(str(one["/Alt"]).encode() for one in found if isinstance(one, dict) and "/Alt" in one)
