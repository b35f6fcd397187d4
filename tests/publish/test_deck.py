"""The deck in PDF: what a program can see of every page."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from gtmdiag.publish.deck import typeset_deck
from gtmdiag.publish.glyphs import MISSING
from gtmdiag.publish.typesetting import Pdf
from gtmdiag.report.document import Document
from tests.publish.strange import empty_document, strange_document
from tests.report.example import example_document

DOCUMENTS = {"example": example_document, "strange": strange_document, "empty": empty_document}
WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">')


@cache
def made(name: str) -> Pdf:
    document: Document = DOCUMENTS[name]()
    return typeset_deck(document)


def read(name: str) -> PdfReader:
    return PdfReader(BytesIO(made(name).data))


@cache
def texts(name: str) -> tuple[str, ...]:
    return tuple(page.extract_text() for page in read(name).pages)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_page_that_is_empty_or_not_16_to_9(name: str) -> None:
    for page in read(name).pages:
        assert (float(page.mediabox.width), float(page.mediabox.height)) == (960, 540)
    assert all(len(text.strip()) > 3 for text in texts(name))


@pytest.mark.needs("poppler")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_word_beyond_the_edge_of_its_page(name: str, tmp_path: Path) -> None:
    (tmp_path / "deck.pdf").write_bytes(made(name).data)
    said = subprocess.run(
        ["pdftotext", "-bbox", "deck.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    boxes = [tuple(map(float, found)) for found in WORD.findall(said)]
    assert boxes
    assert [box for box in boxes if box[0] < -0.5 or box[1] < -0.5 or box[2] > 960.5 or box[3] > 540.5] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_deck_that_a_screen_reader_cannot_follow(name: str) -> None:
    reader = read(name)
    root: Any = reader.root_object
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"]


def test_bookmark_missing_for_a_slide() -> None:
    reader = read("example")
    (cover, slides) = reader.outline
    assert isinstance(slides, list)
    assert not isinstance(cover, list)
    assert cover.title == "Growth has outrun the way it is led"
    assert len(slides) == len(reader.pages) - 1


@pytest.mark.parametrize("name", DOCUMENTS)
def test_font_that_is_not_embedded(name: str) -> None:
    pages: list[Any] = list(read(name).pages)
    fonts = [font.get_object() for page in pages for font in page["/Resources"].get("/Font", {}).values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_letter_that_no_font_has_left_without_its_sign_and_its_warning() -> None:
    text = "".join(texts("strange"))
    assert MISSING in text
    assert "🎉" not in text
    assert len(made("strange").warnings) == 1


@pytest.mark.proof
def test_chinese_japanese_and_korean_without_their_signs_where_their_font_is_installed() -> None:
    pytest.importorskip("noto_cjk_sans_jp_regular", reason="the extra [cjk] is not installed")
    deck = typeset_deck(strange_document())
    assert "株式会社ノースライト" in "".join(page.extract_text() for page in PdfReader(BytesIO(deck.data)).pages)
    assert "株" not in "".join(deck.warnings)


def test_same_document_that_gives_other_bytes() -> None:
    assert typeset_deck(example_document()).data == made("example").data
