from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from gtmdiag.errors import RenderError
from gtmdiag.publish import typesetting
from gtmdiag.publish.pdf import render_pdf, typeset
from gtmdiag.report.blocks import (
    Block,
    Column,
    Cover,
    Evidence,
    Figure,
    FindingCard,
    Group,
    Notice,
    Prose,
    Table,
    Tile,
    Tiles,
)
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode, Code, CodeSpan, Emph, Heading, Link, List, Node, Paragraph, Quote, Text
from gtmdiag.report.theme import load_theme
from tests.conftest import ROOT
from tests.report.example import FINDINGS, PNG, bars_svg, example_document

LONG = "W" * 400
HOSTILE = (
    "#set page(fill: red)",
    "$x$",
    "*b* _i_ `c`",
    r"A_$\frac{$",
    "<script>alert(1)</script>",
    "=cmd()",
    '"\\"',
    '#eval("1")',
    "شركة البيانات",
    "שלום",
    "株式会社",
    "🎉👨\u200d👩\u200d👧",
    LONG,
    "a\u00a0" * 200,
    "",
)


def _document(*content: Block | Node) -> Document:
    nodes = [BlockNode(item) if isinstance(item, Block) else item for item in content]
    return Document("Report", "en", "2026-10-31", (Heading(1, (Text("Report"),)), *nodes))


def _read(document: Document) -> PdfReader:
    return PdfReader(BytesIO(render_pdf(document)))


def _texts(document: Document) -> list[str]:
    return [page.extract_text() for page in _read(document).pages]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


def _everywhere(text: str) -> Document:
    words = (Text(text),)
    blocks: tuple[Block, ...] = (
        Tiles(tuple(Tile(text, text, text, "bad") for _ in range(4))),
        Table(text, (Column(text), Column(text, "right")), ((text, text),), text),
        Figure(text, bars_svg(), "", "alt", text),
        Group((Figure(text, bars_svg(), "", "alt", text, "half"), Figure(text, "", PNG, "alt", text, "half"))),
        FindingCard("high", text, (Evidence(text, text),), text, text, text, text),
        Prose((Evidence(text, text), Evidence(text))),
        Notice("warn", text, text),
    )
    nodes: tuple[Node, ...] = (
        BlockNode(Cover(text, text, text, ((text, text),), text)),
        Heading(2, (*words, Emph(words)), sub=text),
        Paragraph((*words, Emph(words), CodeSpan(text), Link("https://example.org", words))),
        List(True, ((Paragraph(words), List(False, ((Paragraph(words),),))),)),
        Quote((Paragraph(words),)),
        Code(text),
        *(BlockNode(block) for block in blocks),
    )
    return Document(text, "en", "", nodes, client=text, confidentiality=text)


def _tags(node: Any) -> Iterator[dict[str, Any]]:
    node = node.get_object()
    if isinstance(node, list):
        for kid in node:
            yield from _tags(kid)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _tags(node["/K"])


def test_the_pdf_says_what_it_is_to_a_screen_reader() -> None:
    reader = _read(example_document())
    root: Any = reader.root_object
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert root["/Lang"] == "en"
    assert reader.metadata is not None
    assert reader.metadata.title == "Growth has outrun the way it is led"
    assert str(reader.metadata.creation_date).startswith("2026-10-31")
    tags = list(_tags(root["/StructTreeRoot"]["/K"]))
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L", "/Figure", "/P"} <= {tag["/S"] for tag in tags}
    assert [str(tag["/Alt"])[:9] for tag in tags if tag["/S"] == "/Figure"] == ["Bar chart"] * 3


def test_bookmarks_follow_the_headings() -> None:
    outline: Any = _read(example_document()).outline
    title, sections = outline
    assert title["/Title"] == "Growth has outrun the way it is led"
    assert [item["/Title"] for item in sections if not isinstance(item, list)][:2] == [
        "The CEO holds the work that the council should design",
        "Five findings, one of which binds the rest",
    ]


def test_every_kind_of_content_is_there_to_read() -> None:
    pages = _texts(example_document())
    text = _squeezed("".join(pages))
    for words in (
        "Northlight Systems",
        "5 of 6 leaders",
        "Champion score",
        "Late by one",
        "Basis: client.yaml",
        "CRITICAL",
        "suite method · 4 observers",
        "€ 1.2 m a year",
        "Discovery is disciplined",
        "9,480,000",
        "Reached = advanced + lost + open",
        "Deals created January 2025",
        "company.headcount",
        "she sees everything",
        "sales counts a held call",
        "MQL     1840",
        "No calendar evidence",
    ):
        assert _squeezed(words) in text, words
    assert "Contents" in pages[1]
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages[1:], start=2))
    assert "Confidential. For the board of Northlight Systems." in pages[2]


def test_the_same_document_gives_the_same_bytes_in_every_process() -> None:
    script = (
        "import hashlib; from gtmdiag.publish.pdf import render_pdf; "
        "from tests.report.example import example_document; "
        "print(hashlib.sha256(render_pdf(example_document())).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    other = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert hashlib.sha256(render_pdf(example_document())).hexdigest() == other


@pytest.mark.parametrize("text", HOSTILE, ids=[text[:12] or "empty" for text in HOSTILE])
def test_a_clients_words_stay_words(text: str) -> None:
    made = typeset(_everywhere(text))
    shown = _squeezed("".join(page.extract_text() for page in PdfReader(BytesIO(made.data)).pages))
    if text.isascii():
        assert shown.count(_squeezed(text)) >= 15
    without_glyphs = {"🎉👨\u200d👩\u200d👧", *([] if find_spec("noto_cjk_sans_jp_regular") else ["株式会社"])}
    assert bool(made.warnings) == (text in without_glyphs)


def _chapters(count: int) -> Document:
    """Return chapters of different length, so that each begins at another place of its page."""
    nodes: list[Node] = [Heading(1, (Text("Chapters"),))]
    for number in range(count):
        nodes += [Heading(2, (Text(f"Chapter {number}"),)), *[Paragraph((Text("word " * 90),))] * (2 + 3 * number)]
    return Document("Chapters", "en", "", tuple(nodes))


@pytest.mark.needs("poppler")
def test_nothing_runs_off_the_page() -> None:
    wide = tuple(Column(label, "right") for label in ("Segment", "Internationalization", "Amount", LONG[:40]) * 3)
    table = Table("Wide", wide, (("Enterprise accounts, EMEA", "1,234,567.50", LONG, "x" * 30) * 3,) * 3)
    for document in (
        _everywhere(LONG),
        _everywhere("Wide words " * 60),
        _document(table, Tiles(tuple(Tile("ARR", "€ 12,345,678.90") for _ in range(4)))),
        _chapters(9),
    ):
        boxes = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=render_pdf(document), capture_output=True, check=True
        ).stdout.decode()
        edges = re.findall(r'<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"', boxes)
        left, top, right, bottom = ([float(side) for side in sides] for sides in zip(*edges, strict=True))
        assert len(edges) > 50
        assert min(left) > 60
        assert max(right) < 595.3 - 60
        assert min(top) > 50
        assert max(bottom) < 841.9 - 20


def test_a_long_table_has_its_head_on_every_page() -> None:
    rows = tuple((f"Segment {number}", *(f"{number * column:,}" for column in range(11))) for number in range(120))
    columns = tuple(Column(f"Head{column}", "right" if column else "left") for column in range(12))
    pages = _texts(_document(Table("Long", columns, rows)))
    assert len(pages) >= 3
    assert all("Head0" in page and "Head11" in page for page in pages)
    assert all(f"Segment {number}" in "".join(pages) for number in range(120))


def test_a_table_too_wide_for_a_page_comes_in_parts_with_its_first_column() -> None:
    columns = tuple(Column(f"Head{column}") for column in range(30))
    text = "".join(_texts(_document(Table("Wide", columns, (tuple(f"cell{column}" for column in range(30)),)))))
    assert all(f"cell{column}" in text for column in range(30))
    assert text.count("Head0") == 3


def test_empty_blocks_and_a_missing_cover_still_make_a_report() -> None:
    pages = _texts(
        _document(
            Table("No columns", (), ()),
            Table("No rows", (Column("a"),), ()),
            Tiles(()),
            Prose(()),
            FindingCard("low", ""),
            Group(()),
            List(False, ()),
            Quote(()),
            Code(""),
            Paragraph(()),
        )
    )
    assert len(pages) == 1
    assert pages[0].startswith("Report")
    assert pages[0].count("Nothing to show.") == 2


def test_a_card_stays_whole_unless_it_is_longer_than_a_page() -> None:
    pages = _texts(_document(*(replace(FINDINGS[0], claim=f"Claim {n}.", next_step=f"Step {n}.") for n in range(12))))
    for number in range(12):
        page = next(page for page in pages if f"Claim {number}." in page)
        assert f"Step {number}." in page
    endless = FindingCard("low", "Endless", tuple(Evidence(f"Evidence {n} " * 20) for n in range(60)))
    text = "".join(_texts(_document(endless)))
    assert all(f"Evidence {number} " in text for number in range(60))


def test_prose_nested_without_end_is_still_set() -> None:
    node: Node = Paragraph((Text("innermost"),))
    for level in range(20):
        node = Quote((node,)) if level % 2 else List(bool(level % 3), ((Paragraph((Text("level"),)), node),))
    assert "innermost" in _texts(_document(node))[0]


def test_a_picture_that_cannot_be_drawn_is_named() -> None:
    with pytest.raises(RenderError, match=r"the figure 'Broken picture' cannot be drawn: .* Run its cell again"):
        render_pdf(_document(Figure("Fine", bars_svg(), "", "alt"), Figure("Broken picture", "<svg", "", "alt")))


def test_a_picture_takes_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.png").write_bytes(base64.b64decode(PNG))
    monkeypatch.chdir(tmp_path)
    for address in ("secret.png", str(tmp_path / "secret.png"), (tmp_path / "secret.png").as_uri(), "../secret.png"):
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image width="9" href="{address}"/></svg>'
        with pytest.raises(RenderError, match="failed to load linked image"):
            render_pdf(_document(Figure("Linked", svg, "", "alt")))


def test_a_picture_of_any_shape_fits_its_page() -> None:
    tall = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 90" width="1" height="90"/>'
    pages = _texts(_document(*(Figure(f"Tall {n}", tall, "", "alt", f"Caption {n}") for n in range(2))))
    assert ["Caption 0" in page for page in pages] == [True, False]


@pytest.mark.parametrize(("language", "date"), [("de-AT", "2026-02-01"), ("zh-Hant", ""), ("EN", "next week")])
def test_odd_languages_and_dates_are_no_obstacle(language: str, date: str) -> None:
    root = _read(replace(example_document(), language=language, date=date)).root_object
    assert str(root["/Lang"]).lower() in language.lower()


def test_no_font_of_the_machine_is_used() -> None:
    pages: list[Any] = list(_read(_everywhere("A שלום 🎉")).pages)
    used = [font for page in pages for font in page["/Resources"].get("/Font", {}).values()]
    fonts = {str(font.get_object()["/BaseFont"]) for font in used}
    assert fonts
    assert all(re.match(r"/[A-Z]{6}\+(SourceSansPro|DejaVuSans)", font) for font in fonts)


def test_a_theme_with_an_unknown_font_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    theme = load_theme()
    changed = theme.model_copy(update={"fonts": theme.fonts.model_copy(update={"print": ("Comic Sans",)})})
    monkeypatch.setattr(typesetting, "load_theme", lambda: changed)
    typesetting._typeface.cache_clear()
    try:
        with pytest.raises(RenderError, match="found 'Comic Sans', which is no font of"):
            render_pdf(example_document())
    finally:
        typesetting._typeface.cache_clear()


@pytest.mark.skipif(sys.platform != "linux", reason="reads the memory in use from /proc")
def test_process_that_keeps_what_it_worked_out_for_every_document_it_set() -> None:
    code = """
from pathlib import Path
from gtmdiag.publish.pdf import render_pdf
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import Paragraph, Text
from tests.report.example import example_document
from dataclasses import replace
from importlib.util import find_spec
def held(number):
    texts = [f"{number} {line} " + " ".join(str(number * line + word) for word in range(30)) for line in range(300)]
    render_pdf(replace(example_document(), nodes=tuple(Paragraph((Text(text),)) for text in texts)))
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20
held_after = [held(number) for number in range(11)]
print(held_after[-1] - held_after[2])
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(run.stdout) < 40  # 70 where nothing is dropped


@pytest.mark.needs("poppler")
def test_english_sentence_that_a_right_to_left_language_turns_round() -> None:
    nodes = (Heading(1, (Text("T"),)), Heading(2, (Text("C"),)), Paragraph((Text("2 of 7 say sales."),)))
    data = render_pdf(Document("T", "he", "2026-10-31", nodes, client="חברה"))
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()
    left = {word: float(x) for x, word in re.findall(r'<word xMin="(.+?)".*?>(.+?)</word>', boxes)}
    assert left["2"] < left["of"] < left["7"] < left["sales."]
    assert left["31"] < left["October"]


def test_entry_of_the_contents_that_leads_nowhere() -> None:
    document = example_document()
    pages: list[Any] = list(_read(document).pages)
    places = {page.indirect_reference.idnum for page in pages}
    links = [one.get_object() for one in pages[1]["/Annots"]]
    headings = [node for node in document.nodes if isinstance(node, Heading) and node.level in (2, 3)]
    assert len(links) >= len(headings) > 2
    assert all(link["/Subtype"] == "/Link" and _target(link) in places for link in links)


def _target(link: Any) -> int:
    place = link["/Dest"] if "/Dest" in link else link["/A"].get_object()["/D"]
    return place.get_object()[0].idnum
