from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gtmdiag.publish.glyphs import Coverage, displayable
from gtmdiag.publish.pdf import render_pdf
from gtmdiag.report.blocks import Column, Table
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode, Code, CodeSpan, Emph, Heading, Link, Paragraph, Strong, Text

LATIN = frozenset(map(ord, "abcdefghijklmnopqrstuvwxyz □éא")) | {0x301}
HEBREW_AND_EMOJI = frozenset(map(ord, "abc □שלם😀")) | {0x5B8}
FONTS = Coverage((LATIN, HEBREW_AND_EMOJI))


def _shown(text: str) -> str:
    return displayable({"text": text}, FONTS).data["text"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("株式", "□□"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 x", "□ x"),  # a family is one picture
        ("\U0001f1eb\U0001f1f7\U0001f1e9\U0001f1ea", "□□"),  # two flags of two letters each
        ("😀\ufe0f", "😀"),
        ("e\u0301", "e\u0301"),
        ("a\u0489", "a"),  # the letter stays without a mark that no font has
        ("ש\u05b8", "ש\u05b8"),
        ("ש\u200cל", "ש\u200cל"),
        ("a\u202eb\u2066c\ufeff\x00\x1b", "abc"),
        ("a\u3000b\u2009c", "a b c"),
        ("a\r\nb\u2028c\x85d", "a\nb\nc\nd"),
        ("a\ud800\ue000", "a□□"),
    ],
)
def test_a_sign_is_kept_replaced_or_left_out_whole(text: str, shown: str) -> None:
    assert _shown(text) == shown


def test_marks_do_not_cross_fonts() -> None:
    assert _shown("q\u05b8") == "q"


def test_the_warning_names_what_is_missing_and_counts_it() -> None:
    warning = displayable([{"text": "株 株"}, ["🎉"]], FONTS).warning
    assert "株 (U+682A), 🎉 (U+1F389): 3 in all" in warning
    assert displayable("nothing is missing", FONTS).warning == ""


def test_what_is_not_set_in_type_is_left_alone() -> None:
    data = {"svg": "株", "png": "株", "alt": "株", "url": "https://株"}
    assert displayable(data, FONTS).data == data


@settings(max_examples=40)
@given(st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_no_text_stops_an_accessible_pdf(texts: list[str]) -> None:
    a, b, c, d = texts
    prose = Paragraph((Text(a), Strong((Text(b),)), Emph((Text(c),)), CodeSpan(d), Link("https://e.org", (Text(a),))))
    table = Table(a, (Column(b), Column(c, "right")), ((c, d), (a, b)), d)
    nodes = (Heading(1, (Text(a), Strong((Emph((Text(b),)),)))), prose, Code(c + "\n" + d), BlockNode(table))
    assert render_pdf(Document(a, "en", "", nodes)).startswith(b"%PDF")


def test_every_character_that_may_be_slanted_can_be() -> None:
    every = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x250), *range(0x2010, 0x2027), 0x20AC, 0x25A1]))
    italics = Paragraph(tuple(Emph((Text(char + " "),)) for char in every))
    both = Paragraph(tuple(Strong((Emph((Text(char + " "),)),)) for char in every))
    assert render_pdf(Document("Italics", "en", "", (Heading(1, (Text("Italics"),)), italics, both)))
