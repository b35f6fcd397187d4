"""The page as a browser and a screen reader have it: on a desk, on a phone, in the dark, on paper."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from gtmdiag.publish.html import document_html
from tests.publish.strange import strange_document
from tests.report.example import example_document

pytestmark = pytest.mark.needs("chromium")

VIEWS: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1400, "height": 900}},
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "device_scale_factor": 2},
    "dark": {"viewport": {"width": 1400, "height": 900}, "color_scheme": "dark"},
}
DOCUMENTS = {"example": example_document, "strange": strange_document}


def opened(browser: Browser, folder: Path, name: str, view: str, **options: Any) -> tuple[Page, list[str]]:
    """Open a document's page; return it with what it asks of any place but itself."""
    (folder / "report.html").write_text(document_html(DOCUMENTS[name]()), "utf-8")
    page = browser.new_context(**VIEWS[view], **options).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("data:") else None)
    page.goto((folder / "report.html").as_uri())
    return page, asked


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("view", VIEWS)
def test_page_that_scrolls_sideways_or_asks_for_anything(
    browser: Browser, tmp_path: Path, name: str, view: str
) -> None:
    page, asked = opened(browser, tmp_path, name, view)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
    assert asked == [page.url]


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_something_on_the_page(browser: Browser, tmp_path: Path, view: str) -> None:
    axe = os.environ.get("GTMDIAG_AXE")
    if not axe:
        pytest.skip("GTMDIAG_AXE names no axe.min.js")
    page, _ = opened(browser, tmp_path, "example", view, bypass_csp=True)
    page.evaluate(Path(axe).read_text("utf-8"))
    found: list[Any] = page.evaluate(
        "axe.run().then((run) => run.violations.map((one) => [one.id, one.impact, one.nodes.map((node) => node.html)]))"
    )
    assert found == []


def test_keyboard_that_does_not_reach_content_and_tables(browser: Browser, tmp_path: Path) -> None:
    page, _ = opened(browser, tmp_path, "example", "desk")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"


def test_page_larger_than_100_kb_beside_its_figures() -> None:
    page = document_html(example_document())
    assert len(re.sub(r'src="data:[^"]*"', "", page).encode()) <= 100_000
