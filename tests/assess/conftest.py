"""Who fills in the form in the tests: each test has a browser's profile of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.assess.filling import Filling


@pytest.fixture
def filling(browser: Browser, tmp_path: Path) -> Iterator[Filling]:
    """Return a person in front of a browser, who must have been asked for no request and seen no error at the end."""
    person = Filling(browser, tmp_path)
    yield person
    person.close()
