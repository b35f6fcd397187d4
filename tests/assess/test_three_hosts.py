"""One person fills in the same form in the mailed file, under Voilà and in JupyterLab: the answers are the same."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gtmdiag import resources
from tests.assess.filling import begin, choice, item
from tests.assess.serving import serving
from tests.engagements import environment, gtmdiag, sample

pytestmark = [pytest.mark.proof, pytest.mark.needs("chromium")]
WHO = ["--respondent", "ann", "--role", "cro", "--wave", "2027-01", "--instrument", "gut_check"]
ASKED = 11


def fill(page: Page) -> None:
    """Answer with the first two options in turn, leave one question out, know one not, comment on one, and guess."""
    for number in range(1, ASKED + 1):
        expect(page.locator(".position")).to_have_text(f"Question {number} of {ASKED}")
        page.locator(".choice").nth(number % 2).click()
        if number == 3:
            page.get_by_role("button", name="Clear this answer").click()
        if number == 5:
            choice(page, "Don't know").check()
        if number == 7:
            page.get_by_text("Comment", exact=True).click()
            page.get_by_label("Comment on question 7").fill("=1+1 <b>\n„später“ 🎉")
        page.locator(".steps button").last.click()
    page.locator(".prediction .choice").nth(1).click()
    page.get_by_label("Of 100 that reach this step").fill("18,5")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_text("One question is without an answer.")).to_be_visible()


def answers(root: Path) -> str:
    """Return the answers file without its times."""
    text = (root / "answers" / "2027-01" / "ann.yaml").read_text("utf-8")
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)


def by_mail(page: Page, folder: Path) -> str:
    root = sample(folder / "northlight")
    assert gtmdiag("form", str(root), *WHO, "--out", "form.html", cwd=folder).returncode == 0
    page.goto((folder / "form.html").as_uri())
    begin(page)
    fill(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Finish and download my answers").click()
    download.value.save_as(folder / "ann.json")
    done = gtmdiag("collect", str(root), "ann.json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return answers(root)


def submit(page: Page, root: Path) -> str:
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("Your answers are handed in.")).to_be_visible()
    until(lambda: "submitted:" in answers(root))
    return answers(root)


def under_voila(page: Page, folder: Path) -> str:
    with serving(folder, *WHO[-2:]) as served:
        page.goto(served.url, timeout=60_000)
        page.get_by_role("button", name="Begin").click(timeout=60_000)
        first = item(page)
        choice(page, "Yes").check()
        expect(page.locator(".status")).to_contain_text("Saved ")
        page.reload(timeout=60_000)
        page.get_by_role("button", name="Go on where you stopped").click(timeout=60_000)
        page.get_by_role("button", name="Back").click()
        assert item(page) == first
        expect(choice(page, "Yes")).to_be_checked()
        fill(page)
        return submit(page, served.root)


@contextmanager
def jupyterlab(folder: Path, root: Path) -> Generator[str]:
    """Serve the packaged notebook for a client, as a consultant opens it."""
    (folder / "notebooks").mkdir()
    shutil.copyfile(resources.notebooks() / "assessment.ipynb", folder / "notebooks" / "assessment.ipynb")
    path = folder / "notebooks" / "assessment.ipynb"
    path.write_text(path.read_text("utf-8").replace("../data_samples/northlight", str(root)), "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}", "--log-level=CRITICAL"]
    command += ["--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with subprocess.Popen(command, env=environment(folder / "user")) as process:
        try:
            until(lambda: reachable(f"http://127.0.0.1:{port}/api"), 60)
            yield f"http://127.0.0.1:{port}/lab/tree/notebooks/assessment.ipynb?token={token}"
        finally:
            process.terminate()


def reachable(url: str) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=2).status == 200
    except OSError:
        return False


def until(true: object, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.1)


def command(page: Page, menu: str, entry: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()


def run_all(page: Page) -> None:
    page.get_by_text("(ipykernel) | Idle").wait_for(timeout=60_000)
    command(page, "Run", "Run All Cells")
    who = page.get_by_label("Who answers")
    who.focus(timeout=60_000)
    expect(page.locator("[data-lm-suppress-shortcuts]")).to_be_focused(timeout=60_000)
    who.press("ArrowDown")
    expect(who.locator("option:checked")).to_have_text("ann\u00a0(cro)")


def in_jupyterlab(page: Page, folder: Path) -> str:
    root = sample(folder / "northlight")
    assert gtmdiag("form", str(root), *WHO, cwd=folder).returncode == 0
    with jupyterlab(folder, root) as url:
        page.goto(url, timeout=60_000)
        run_all(page)
        page.get_by_role("button", name="Begin").click(timeout=60_000)
        page.keyboard.press("d")
        page.keyboard.press("d")
        page.keyboard.press("1")
        expect(page.locator(".status")).to_contain_text("Saved ")
        expect(page.get_by_text("1 of 5")).to_be_visible()
        command(page, "Kernel", "Restart Kernel and Clear Outputs of All Cells…")
        page.locator(".jp-Dialog .jp-mod-accept").click()
        run_all(page)
        page.get_by_role("button", name="Go on where you stopped").click(timeout=60_000)
        page.get_by_role("button", name="Back").click()
        fill(page)
        found = submit(page, root)
        page.keyboard.press("Control+s")
        time.sleep(2)
        saved = json.loads((folder / "notebooks" / "assessment.ipynb").read_text("utf-8"))
        assert "später" not in json.dumps(saved, ensure_ascii=False), "a person's answers stay out of the notebook"
        return found


def test_answers_that_differ_between_mail_voila_and_jupyterlab(browser: Browser, tmp_path: Path) -> None:
    found: dict[str, str] = {}
    for host in (by_mail, under_voila, in_jupyterlab):
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        context.set_default_timeout(15_000)
        folder = tmp_path / host.__name__
        folder.mkdir()
        found[host.__name__] = host(context.new_page(), folder)
        context.close()
    assert 'gut_check.roadmap.centralize: "no"' in found["by_mail"]
    assert found["under_voila"] == found["by_mail"]
    assert found["in_jupyterlab"] == found["by_mail"]
