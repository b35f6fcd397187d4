"""Slides as they are arranged: nothing leaves its place, whatever the texts and numbers are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtmdiag.publish.slides import slide_pages
from gtmdiag.publish.slides.measure import shortened, width_of, wrapped
from gtmdiag.publish.slides.page import Box, Grid, Page, Panel, Para, Picture, Words
from gtmdiag.report.blocks import Column, Evidence, Figure, Prose, Table
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode, Heading, Node, Paragraph, Text
from gtmdiag.report.theme import load_theme
from tests.publish.strange import empty_document, strange_document
from tests.report.example import PNG, bars_svg, example_document

SLIDE = load_theme().slide
ROUNDING = 0.5
ANYTHING = st.text(max_size=400)


def inside(box: Box) -> bool:
    """Tell whether a box lies on the slide, above its foot."""
    fits_across = box.x >= -ROUNDING and box.x + box.width <= SLIDE.width + ROUNDING
    return fits_across and box.y >= -ROUNDING and box.bottom <= 488 + ROUNDING


def holds(width: float, para: Para) -> bool:
    """Tell whether every line of a paragraph fits a width; one letter alone may be wider."""
    return all(width_of(line, para.size, para.weight) <= width + ROUNDING or len(line) == 1 for line in para.lines)


def check(page: Page) -> None:
    assert page.title.strip()
    assert len(page.title_para.lines) <= 2
    assert holds(SLIDE.width - 2 * SLIDE.margin, page.title_para)
    for element in page.elements:
        assert inside(element.box), element
        if isinstance(element, Words):
            assert sum(one.height for one in element.paras) <= element.box.height + ROUNDING
            assert all(one.size >= SLIDE.least for one in element.paras)
            assert all(holds(element.box.width, one) for one in element.paras)
        elif isinstance(element, Grid):
            assert sum(element.widths) <= element.box.width + ROUNDING
            for high, row in zip(element.heights, (element.heads, *element.rows), strict=True):
                assert all(one.height <= high for one in row)
                assert all(holds(w, one) for w, one in zip(element.widths, row, strict=True))
        else:
            assert isinstance(element, (Panel, Picture))


def of_nodes(*nodes: Node) -> tuple[Page, ...]:
    return slide_pages(Document("T", "en", "", (Heading(1, (Text("T"),)), *nodes))).slides


@pytest.mark.parametrize(
    "document", [example_document(), strange_document(), empty_document()], ids=["example", "strange", "empty"]
)
def test_text_or_picture_beyond_the_edge_of_its_slide_or_box(document: Document) -> None:
    for page in slide_pages(document).slides:
        check(page)


@settings(max_examples=25)
@given(st.lists(st.lists(ANYTHING, min_size=3, max_size=3), max_size=30), st.lists(ANYTHING, max_size=20), ANYTHING)
def test_slides_that_run_over_with_some_table_and_some_words(
    rows: list[list[str]], words: list[str], title: str
) -> None:
    table = Table(title, (Column(title), Column("n", "right"), Column("x")), tuple(map(tuple, rows)))
    prose = Prose(tuple(Evidence(word) for word in words))
    for page in of_nodes(Heading(2, (Text(title or "T"),)), BlockNode(table), BlockNode(prose)):
        check(page)


def test_rows_lost_where_a_table_goes_on_over_several_slides() -> None:
    rows = tuple((f"row {number}", "x " * 80) for number in range(38))
    pages = of_nodes(Heading(2, (Text("Many"),)), BlockNode(Table("", (Column("A"), Column("B")), rows)))
    shown = [row[0].text for page in pages for part in page.elements if isinstance(part, Grid) for row in part.rows]
    assert shown == [row[0] for row in rows]
    assert [page.title for page in pages] == [f"Many ({n} of {len(pages)})" for n in range(1, len(pages) + 1)]
    assert len(pages) > 1


def test_picture_lost_beside_words_that_fill_more_than_a_slide() -> None:
    words = Prose(tuple(Evidence(f"Sentence {number}. " + "word " * 40) for number in range(30)))
    pages = of_nodes(Heading(2, (Text("T"),)), BlockNode(words), BlockNode(Figure("", bars_svg(), PNG, "alt")))
    assert sum(isinstance(part, Picture) for page in pages for part in page.elements) == 1
    shown = " ".join(
        para.text for page in pages for part in page.elements if isinstance(part, Words) for para in part.paras
    )
    assert all(f"Sentence {number}." in shown for number in range(30))


def test_own_title_that_a_consultant_puts_before_a_slide_not_taken() -> None:
    computed = (Heading(2, (Text("Computed"),)), Paragraph((Text("What it says."),)))
    (page,) = of_nodes(Heading(2, (Text("My own title"),)), *computed)
    assert page.title == "My own title"
    words = [para.text for part in page.elements if isinstance(part, Words) for para in part.paras]
    assert words == ["Computed", "What it says."]


def test_trail_missing_in_the_notes() -> None:
    prose = Prose((Evidence("A sentence.", "suite method · n = 7", "rule; item.one"),))
    (page,) = of_nodes(Heading(2, (Text("T"),)), BlockNode(prose))
    assert page.notes == ("A sentence. [suite method · n = 7; rule; item.one]",)
    assert "suite method · n = 7" in page.source


@given(ANYTHING, st.floats(20, 900))
def test_lines_wider_than_their_box_or_letters_lost(text: str, width: float) -> None:
    lines = wrapped(text, 12.0, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line, 12.0) <= width or len(line.encode("utf-16")) <= 40 for line in lines)
    assert len(shortened(text, 12.0, width, 2)) <= 2
