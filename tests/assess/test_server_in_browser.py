"""The served form in a browser: what is answered is on the disk, whatever dies."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gtmdiag.assess.store import load
from tests.assess.filling import Filling, begin, item, saved
from tests.assess.serving import Served, serving

pytestmark = pytest.mark.needs("chromium")

KERNEL_GONE = "Kernel connection disconnected"
"""Jupyter's own client may reject a promise with these words while a page with a killed kernel is left."""


def opened(filling: Filling, served: Served) -> Page:
    page = filling.profile().new_page()
    page.on("request", lambda request: filling.requests.append(request.url))
    page.on("pageerror", lambda error: filling.messages.append(str(error)))
    page.goto(served.url, timeout=60_000)
    page.get_by_role("button", name="Begin").wait_for(timeout=60_000)
    return page


def answers(served: Served) -> dict[str, object]:
    stored = load(served.root, "2027-01", "ann")
    return (
        {}
        if stored is None
        else {name: value for part in stored.answers.values() for name, value in part.items.items()}
    )


def test_answer_that_is_lost_when_the_page_is_left_or_the_kernel_dies(browser: object, tmp_path: Path) -> None:
    filling = Filling(browser, tmp_path)  # type: ignore[arg-type]
    with serving(tmp_path, "--instrument", "gut_check") as served:
        page = opened(filling, served)
        begin(page)
        first = item(page)
        page.get_by_role("radio", name="Yes", exact=True).check()
        saved(page)
        assert answers(served) == {first: "yes"}
        assert served.kill_kernels() >= 1
        page.get_by_role("radio", name="No", exact=True).check()
        time.sleep(1)
        # A new page has a new kernel, and the browser has kept what the dead one did not confirm.
        page.goto(served.url, timeout=60_000)
        expect(page.locator(".begun")).to_contain_text("1 of 11 questions", timeout=60_000)
        deadline = time.monotonic() + 10
        while answers(served) != {first: "no"} and time.monotonic() < deadline:
            time.sleep(0.1)
        assert answers(served) == {first: "no"}
        ours = ("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:")
        assert [url for url in filling.requests if not url.startswith(ours)] == []
        assert set(filling.messages) <= {KERNEL_GONE}
