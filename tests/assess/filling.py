"""A person who fills in the form in a browser, and the specs that the tests show."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from gtmdiag.assess.form import FormSpec, Named, Respondent, form_spec
from gtmdiag.assess.page import form_page
from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.load import PACKAGED, packaged

STAGES = (Named("mql", "MQL → SQL"), Named("sql", "SQL → Discovery"))
JANE = Respondent("acme", "Acme", "2026-11", "jane", "cro")
FINISH = "Finish and download my answers"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def spec(names: Iterable[str] = PACKAGED, who: Respondent = JANE, stages: tuple[Named, ...] = STAGES) -> FormSpec:
    return form_spec([packaged(name) for name in names], who, AnonymityRule(), stages)


class Filling:
    """One person's browser; watches what the form asks the network for and what it complains of."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser = browser
        self.folder = folder
        self.requests: list[str] = []
        self.messages: list[str] = []
        self._contexts: list[BrowserContext] = []

    def profile(self, **options: Any) -> BrowserContext:
        context = self._browser.new_context(**{"viewport": {"width": 1100, "height": 900}, **options})
        context.set_default_timeout(5_000)
        self._contexts.append(context)
        return context

    def open(self, form: FormSpec, context: BrowserContext | None = None, page_text: str = "") -> Page:
        file = self.folder / "form.html"
        file.write_text(page_text or form_page(form), "utf-8")
        page = (context or self.profile()).new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.goto(file.as_uri())
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        own = (self.folder / "form.html").as_uri()
        assert [url for url in self.requests if url != own and not url.startswith(("data:", "blob:"))] == []
        assert self.messages == []


def item(page: Page) -> str:
    """Return the id of the first question on the page."""
    return page.locator("fieldset[data-item]").first.get_attribute("data-item") or ""


def choice(page: Page, label: str) -> Any:
    return page.get_by_role("radio", name=label, exact=True)


def begin(page: Page) -> None:
    """Go from the opening to the first question."""
    page.get_by_role("button", name="Begin").click()
    if page.locator(".part").count():
        page.get_by_role("button", name="Next").click()


def downloaded(page: Page, button: str) -> dict[str, Any]:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    assert download.value.suggested_filename == "answers-jane.json"
    return json.loads(Path(download.value.path()).read_text("utf-8"))


def values(record: dict[str, Any]) -> dict[str, Any]:
    return {name: entry["value"] for name, entry in record["answers"].items()}


def saved(page: Page) -> None:
    expect(page.locator(".status")).to_contain_text("Saved ")


def only(name: str, count: int) -> FormSpec:
    """Return a form of the first ``count`` domains of one instrument."""
    return first([name], count, stages=())


def first(names: Iterable[str], count: int, stages: tuple[Named, ...] = STAGES) -> FormSpec:
    """Return a form of the first ``count`` domains of each instrument."""
    whole = spec(names, stages=stages)
    return replace(whole, parts=tuple(replace(part, domains=part.domains[:count]) for part in whole.parts))


def questions(page: Page) -> Any:
    return page.locator("fieldset[data-item]")
