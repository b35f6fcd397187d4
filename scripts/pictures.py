"""Make the README's pictures, docs/report.png and docs/deck.png, from the sample client's rendered report and deck.

`make pictures` calls it with the folder of reports; needs pdftoppm of poppler.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from pypdf import PdfReader

DOCS = Path(__file__).parents[1] / "docs"
GROUND, GAP = "#E7EAF0", 12
# Words that stand on the pages to show, in the order of the picture.
REPORT = (
    "What it rests on",
    "The gravest gaps, in one order",
    "person-days of",
    "Rights to design and decide:",
    "Where deals are lost",
    "How long deals stay",
)
DECK = ("What is asked of you", "Binding step", "Champion practice", "Revenue architecture", "Weeks fired", "By day 90")


def shown(pdf: Path, words: Sequence[str]) -> Iterator[int]:
    """Yield the number of the first page after the contents that holds each of ``words``."""
    texts = [" ".join(page.extract_text().split()) for page in PdfReader(pdf).pages]
    for word in words:
        yield next(number for number, text in enumerate(texts, start=1) if word in text and "Contents" not in text)


def sheet(pdf: Path, words: Sequence[str], columns: int, width: int) -> Image.Image:
    """Return the pages side by side, each so many pixels wide."""
    pages: list[Image.Image] = []
    for number in shown(pdf, words):
        command = ["pdftoppm", "-png", "-singlefile", "-f", str(number), "-scale-to-x", str(width), "-scale-to-y", "-1"]
        made = subprocess.run([*command, str(pdf)], capture_output=True, check=True).stdout
        pages.append(Image.open(BytesIO(made)).convert("RGB"))
    high, rows = pages[0].height, -(-len(pages) // columns)
    whole = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (high + GAP) + GAP), GROUND)
    for place, page in enumerate(pages):
        whole.paste(page, (GAP + place % columns * (width + GAP), GAP + place // columns * (high + GAP)))
    return whole


def write(folder: Path) -> None:
    """Write both pictures from the report and the deck in a folder of reports."""
    for name, words, width in (("report", REPORT, 460), ("deck", DECK, 560)):
        picture = sheet(folder / f"{name}.pdf", words, 3, width)
        picture.quantize(256).save(DOCS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
