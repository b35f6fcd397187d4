from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from gtmdiag.publish.html import document_html
from gtmdiag.report.blocks import Cover, FindingCard
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode, Heading, Paragraph, Text
from tests.report.example import example_document

HOSTILE = "<script>alert(1)</script></style><img src=x onerror=alert(1)>{{7*7}} שלום 🎉"


def _page(document: Document) -> BeautifulSoup:
    return BeautifulSoup(document_html(document), "html.parser")


def test_the_page_has_one_first_heading_and_skips_no_level() -> None:
    levels = [int(tag.name[1]) for tag in _page(example_document()).find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_every_link_of_the_contents_has_its_heading() -> None:
    page = _page(example_document())
    targets = [str(link["href"])[1:] for link in page.select("nav a")]
    assert targets
    assert all(page.find(id=target) for target in targets)


def test_the_page_is_small_has_no_script_and_forbids_every_request() -> None:
    html = document_html(example_document())
    page = BeautifulSoup(html, "html.parser")
    assert len(html.encode()) < 100_000
    assert not page.find_all(["script", "iframe", "object", "form"])
    assert [link["href"] for link in page.find_all("link")] == ["data:,"]
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert policy is not None
    assert str(policy["content"]).startswith("default-src 'none'")
    assert all(str(image["src"]).startswith("data:image/") and image["alt"] for image in page.find_all("img"))


def test_hostile_text_stays_text() -> None:
    nodes = (
        BlockNode(Cover(HOSTILE, HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),), HOSTILE)),
        Heading(2, (Text(HOSTILE),), "id"),
        Paragraph((Text(HOSTILE),)),
        BlockNode(FindingCard("high", HOSTILE, (), HOSTILE, HOSTILE, HOSTILE, HOSTILE)),
    )
    html = document_html(Document(HOSTILE, "en", "", nodes, client=HOSTILE, confidentiality=HOSTILE))
    page = BeautifulSoup(html, "html.parser")
    assert not page.find_all(["script", "img"])
    assert len(page.find_all("style")) == 1
    assert "49" not in page.get_text()
    assert page.title is not None
    assert page.title.get_text().startswith(HOSTILE)


def test_a_right_to_left_language_turns_the_page() -> None:
    document = Document("דוח", "he", "", (Heading(1, (Text("דוח"),), "a"),))
    assert '<html lang="he" dir="rtl">' in document_html(document)


def _watched(page: Page) -> tuple[list[str], list[str]]:
    requests: list[str] = []
    messages: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith("data:"):
            requests.append(request.url)

    def said(message: ConsoleMessage) -> None:
        messages.append(message.text)

    page.on("request", asked)
    page.on("console", said)
    return requests, messages


@pytest.mark.needs("chromium")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_page_in_a_browser_asks_for_nothing_and_fits(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    file = tmp_path / "report.html"
    file.write_text(document_html(example_document()), "utf-8")
    page = browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    requests, messages = _watched(page)
    page.goto(file.as_uri())
    page.wait_for_timeout(200)
    images = "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
    assert page.evaluate(images)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert (requests, messages) == ([file.as_uri()], [])
