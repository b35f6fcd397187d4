"""Time the form in a browser: from opening the file to the first question, and from an answer to "saved".

Run as ``python -m benchmarks.form``; the aims are 500 ms and 50 ms.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from gtmdiag.assess.page import form_page
from tests.assess.filling import spec

ROUNDS = 5
# From the request for the page until its script has run, and from there to the question.
FIRST_QUESTION = """() => {
    const start = performance.now();
    document.querySelector(".intro .primary").click();
    document.querySelector(".steps .primary").click();
    document.querySelector("fieldset[data-item]").getBoundingClientRect();
    return performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd + performance.now() - start;
}"""
ANSWERS = """async () => {
    const found = [];
    for (let turn = 0; turn < 20; turn += 1) {
        const radio = document.querySelectorAll(".choice input")[turn % 5];
        await new Promise(requestAnimationFrame);
        const start = performance.now();
        radio.click();
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        if (!radio.checked || !document.querySelector(".status").textContent.startsWith("Saved")) throw Error();
        found.push(performance.now() - start);
    }
    return found.sort((one, other) => one - other);
}"""


def main() -> None:
    """Open the form of all questionnaires several times, and print least, median and most."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if program is None:
        raise SystemExit("No chromium here. Install it: apt-get install chromium-headless-shell")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "form.html"
        file.write_text(form_page(spec()), "utf-8")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        shown: list[float] = []
        saved: list[float] = []
        for _ in range(ROUNDS):
            page = browser.new_context().new_page()
            page.goto(file.as_uri())
            shown.append(page.evaluate(FIRST_QUESTION))
            saved.extend(page.evaluate(ANSWERS))
        browser.close()
    for name, times in (("first question", shown), ("answer", saved)):
        print(f"{name:<15} {min(times):6.1f} {median(times):6.1f} {max(times):6.1f} ms")


if __name__ == "__main__":
    main()
