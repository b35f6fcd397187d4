from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.report.blocks import Table
from gtmdiag.report.markdown import parse_markdown
from gtmdiag.report.nodes import BlockNode, Code, Heading, Link, List, Paragraph, Quote, Strong, Text, plain


def _only(source: str) -> object:
    (node,) = parse_markdown(source).nodes
    return node


def _text(source: str) -> str:
    node = _only(source)
    assert isinstance(node, Paragraph)
    return plain(node.inlines)


@pytest.mark.parametrize(
    "source",
    [
        "a <script>alert(1)</script> b",
        "<b>x</b> y",
        "Costs $x^2$ and $$y$$",
        "{{7*7}} {% raw %}",
        "#set page(fill: red)",
    ],
)
def test_markup_of_other_languages_stays_text(source: str) -> None:
    assert _text(source) == source


def test_a_block_of_raw_html_is_text() -> None:
    assert _text("<div onclick='x()'>hello</div>") == "<div onclick='x()'>hello</div>"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//host/x", "a.html", "JaVaScRiPt:x", "#x"]
)
def test_a_link_to_anything_but_the_web_or_mail_is_no_link(url: str) -> None:
    (paragraph,) = parse_markdown(f"[see]({url})").nodes
    assert isinstance(paragraph, Paragraph)
    assert not any(isinstance(inline, Link) for inline in paragraph.inlines)
    assert "see" in plain(paragraph.inlines)


@pytest.mark.parametrize("url", ["https://example.org/a?b=1", "http://example.org", "mailto:a@example.org"])
def test_links_to_the_web_and_mail_are_kept(url: str) -> None:
    assert _only(f"[**see** it]({url})") == Paragraph((Link(url, (Strong((Text("see"),)), Text(" it"))),))


def test_a_link_without_words_shows_its_address() -> None:
    assert _text("[](https://example.org)") == "https://example.org"


def test_a_picture_leaves_its_description_and_a_warning() -> None:
    parsed = parse_markdown("before ![the funnel](secret.png) after")
    assert parsed.nodes == (Paragraph((Text("before "), Text("the funnel"), Text(" after"))),)
    assert len(parsed.warnings) == 1
    assert "the funnel" in parsed.warnings[0]


def test_a_table_becomes_a_block_with_its_alignment() -> None:
    node = _only("| stage | n |\n|---|--:|\n| **MQL** | 4 |\n| SQL |")
    assert isinstance(node, BlockNode)
    assert isinstance(node.block, Table)
    assert [column.align for column in node.block.columns] == ["left", "right"]
    assert node.block.rows == (("MQL", "4"), ("SQL", ""))


def test_lists_nest_and_keep_their_start() -> None:
    node = _only("3. a\n   - b\n4. c")
    assert isinstance(node, List)
    assert (node.ordered, node.start, len(node.items)) == (True, 3, 2)
    assert isinstance(node.items[0][1], List)


def test_a_heading_in_a_quote_stays_out_of_the_outline() -> None:
    node = _only("> # Loud\n> said")
    assert isinstance(node, Quote)
    assert not any(isinstance(inner, Heading) for inner in node.nodes)


def test_code_and_an_empty_heading() -> None:
    assert parse_markdown("#\n\n```python\nx = 1\n```").nodes == (Code("x = 1"),)


@given(st.text(alphabet=st.sampled_from("#*_`[]()<>!|-\n 1.a\\&;:\x00\x0b"), max_size=80))
def test_no_text_breaks_the_parser(source: str) -> None:
    json.dumps([node.to_dict() for node in parse_markdown(source).nodes])
