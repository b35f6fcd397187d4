"""One browser for each file of tests of the form, closed after it; each test has a profile of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.assess.filling import Filling


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium-headless-shell",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def filling(browser: Browser, tmp_path: Path) -> Iterator[Filling]:
    """Return a person in front of a browser, who must have been asked for no request and seen no error at the end."""
    person = Filling(browser, tmp_path)
    yield person
    person.close()
