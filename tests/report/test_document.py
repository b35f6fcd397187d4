from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from nbclient import NotebookClient
from nbformat import v4

from gtmdiag.engagement.picture import png_fault
from gtmdiag.report.blocks import MIME, Block, Cover, Figure, Group, Headline, Notice, Table, Tile, Tiles
from gtmdiag.report.document import Document, read_document
from gtmdiag.report.jupyter import from_matplotlib
from gtmdiag.report.nodes import BlockNode, Code, Heading, Paragraph, plain
from tests.report.example import PNG, bars_svg

PLAIN_SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>Deals by stage</title></svg>'
XLINK = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def _shown(*data: dict[str, Any], **metadata: Any) -> Any:
    outputs = [v4.new_output("display_data", data=one) for one in data]
    return v4.new_code_cell("secret_source = 1", outputs=outputs, metadata=metadata)


def _block(*blocks: Block) -> Any:
    return _shown(*({MIME: block.to_dict(), "text/html": "<p>not this</p>"} for block in blocks))


def _read(*cells: Any, **metadata: Any) -> Document:
    notebook = v4.new_notebook(cells=list(cells), metadata={"gtmdiag": metadata} if metadata else {})
    return read_document(nbformat.reads(nbformat.writes(notebook), as_version=4))


def _blocks(document: Document) -> list[Block]:
    return [node.block for node in document.nodes if isinstance(node, BlockNode)]


def _headings(document: Document) -> list[tuple[int, str, str]]:
    return [(node.level, plain(node.inlines), node.id) for node in document.nodes if isinstance(node, Heading)]


def test_an_empty_notebook_is_a_document_with_a_title() -> None:
    assert _headings(_read()) == [(1, "Report", "report")]
    assert _headings(_read(client="Acme")) == [(1, "Acme", "acme")]


def test_no_heading_level_is_skipped_and_only_one_is_first() -> None:
    text = "#### Deep\n\n# Title\n\n## A\n\n##### B\n\n# Another\n\n### A"
    assert _headings(_read(v4.new_markdown_cell(text))) == [
        (1, "Title", "title"),
        (2, "Deep", "deep"),
        (2, "A", "a"),
        (3, "B", "b"),
        (2, "Another", "another"),
        (3, "A", "a-2"),
    ]


def test_an_edited_title_reaches_the_cover_and_the_cover_comes_first() -> None:
    document = _read(
        v4.new_markdown_cell("# For the board"), _block(Cover("Computed", "Acme", confidentiality="Secret"))
    )
    (cover,) = _blocks(document)
    assert isinstance(document.nodes[0], BlockNode)
    assert isinstance(cover, Cover)
    assert (cover.title, document.title, document.client, document.confidentiality) == (
        "For the board",
        "For the board",
        "Acme",
        "Secret",
    )
    assert _headings(document) == []


def test_metadata_of_the_render_wins_over_the_cover() -> None:
    document = _read(_block(Cover("T", "Cover client")), client="Acme", language="de-CH", date="2026-10-31")
    assert (document.client, document.language, document.date) == ("Acme", "de-CH", "2026-10-31")
    assert _read(language='en"><script>').language == "en"


def test_headlines_become_headings_and_groups_open() -> None:
    document = _read(
        _block(Group((Headline("Leads leak", 2, "Summary"), Tiles((Tile("n", "4"),)), Notice("warn", "W"))))
    )
    assert [node.kind for node in document.nodes] == ["heading", "heading", "block", "block"]
    heading = document.nodes[1]
    assert isinstance(heading, Heading)
    assert (heading.level, heading.sub) == (2, "Summary")


def test_half_figures_that_meet_stand_side_by_side() -> None:
    half = Figure("T", bars_svg(), PNG, "A", width="half")
    document = _read(_block(half), _block(half), v4.new_markdown_cell("text"), _block(half))
    assert [block.kind for block in _blocks(document)] == ["group", "figure"]


def test_source_and_tagged_cells_never_appear() -> None:
    parameters = [_shown({"text/plain": "hidden"}, tags=[tag]) for tag in ("parameters", "injected-parameters", "hide")]
    document = _read(*parameters, _shown({"text/plain": "seen"}), v4.new_raw_cell("raw"))
    assert document.nodes[1:] == (Code("seen"),)
    assert "secret_source" not in json.dumps(document.to_dict())


def test_streams_errors_and_addresses_of_objects() -> None:
    cell = v4.new_code_cell(
        "x",
        outputs=[
            v4.new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m\x00 <b>\n"),
            v4.new_output("stream", name="stderr", text="a warning"),
            v4.new_output("error", ename="ValueError", evalue="no <i>deals</i>", traceback=["secret path"]),
            v4.new_output("execute_result", data={"text/plain": "[<matplotlib.lines.Line2D at 0x7f12>]"}),
        ],
    )
    document = _read(cell)
    printed, notice = document.nodes[1:]
    assert printed == Code("red <b>")
    assert isinstance(notice, BlockNode)
    assert isinstance(notice.block, Notice)
    assert "ValueError: no <i>deals</i>" in notice.block.text
    assert "secret path" not in json.dumps(document.to_dict())
    assert len(document.warnings) == 2
    assert all(warning.startswith("cell 1: ") for warning in document.warnings)


def test_a_block_that_cannot_be_read_leaves_a_notice_and_a_warning() -> None:
    document = _read(_shown({MIME: {"schema": "gtmdiag.block/9"}}))
    assert [block.kind for block in _blocks(document)] == ["notice"]
    assert "gtmdiag.block/1" in document.warnings[0]


def test_a_plain_dataframe_becomes_a_table() -> None:
    frame = pd.DataFrame({"stage": ["MQL", "SQL"], "n": [1840, 405], "share": ["22 %", None], "£": ["(£1,200)", "−3"]})
    (table,) = _blocks(_read(_shown({"text/html": frame.to_html(notebook=True), "text/plain": str(frame)})))
    assert isinstance(table, Table)
    assert [(column.label, column.align) for column in table.columns] == [
        ("", "right"),
        ("stage", "left"),
        ("n", "right"),
        ("share", "right"),
        ("£", "right"),
    ]
    assert table.rows[0] == ("0", "MQL", "1840", "22 %", "(£1,200)")


def test_levels_and_spans_of_a_dataframe_keep_every_cell_in_its_column() -> None:
    frame = pd.DataFrame(
        [[1, 2], [3, 4], [5, 6]],
        columns=pd.MultiIndex.from_tuples([("deals", "won"), ("deals", "lost")]),
        index=pd.MultiIndex.from_tuples([("EU", "a"), ("EU", "b"), ("US", "a")], names=["region", "team"]),
    )
    (table,) = _blocks(_read(_shown({"text/html": frame.to_html(notebook=True)})))
    assert isinstance(table, Table)
    assert [column.label for column in table.columns] == ["region", "team", "deals · won", "deals · lost"]
    assert table.rows == (("EU", "a", "1", "2"), ("EU", "b", "3", "4"), ("US", "a", "5", "6"))


def test_a_styled_table_keeps_its_caption_and_loses_its_style() -> None:
    html = (
        '<style>#T td {color: red}</style><table id="T"><caption>Deals</caption><thead><tr><th>s</th></tr></thead>'
        '<tbody><tr><td colspan="99999999999999999999">a<br>b</td></tr></tbody></table>'
    )
    (table,) = _blocks(_read(_shown({"text/html": html})))
    assert isinstance(table, Table)
    assert table.title == "Deals"
    assert table.rows[0][0] == "a b"
    assert "color" not in json.dumps(table.to_dict())


@pytest.mark.parametrize("escape", [True, False])
def test_script_in_a_dataframe_comes_out_as_text(escape: bool) -> None:
    html = pd.DataFrame({"name": ["<script>alert(1)</script>"]}).to_html(escape=escape)
    (table,) = _blocks(_read(_shown({"text/html": html})))
    assert isinstance(table, Table)
    assert table.rows[0][1] == "<script>alert(1)</script>"


def test_html_that_is_no_table_gives_way_to_text() -> None:
    document = _read(_shown({"text/html": "<script>x</script>", "text/markdown": "**bold**", "text/plain": "p"}))
    assert isinstance(document.nodes[1], Paragraph)


@pytest.mark.parametrize(
    ("svg", "alt", "expected", "warnings"),
    [
        (PLAIN_SVG, "", "Deals by stage", 0),
        (PLAIN_SVG, "Four stages", "Four stages", 0),
        (PLAIN_SVG.replace("Deals by stage", ""), "", "Figure without a description.", 1),
    ],
)
def test_every_plain_figure_has_alt_text(svg: str, alt: str, expected: str, warnings: int) -> None:
    document = _read(_shown({"image/svg+xml": svg, "image/png": PNG + "\n"}, gtmdiag={"alt": alt}))
    (figure,) = _blocks(document)
    assert isinstance(figure, Figure)
    assert (figure.alt, figure.png, len(document.warnings)) == (expected, PNG, warnings)


@pytest.mark.parametrize(
    "part",
    [
        "<script>alert(1)</script>",
        '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
        '<image href="https://example.org/x.png"/>',
        '<use xlink:href="file:///etc/passwd#a"/>',
        '<a xlink:href="javascript:alert(1)"/>',
        '<image href="data:image/svg+xml;base64,AAAA"/>',
        '<rect onload="alert(1)"/>',
        '<rect style="fill: url(https://example.org/x)"/>',
        "<style>@import 'https://example.org/x.css';</style>",
        "<broken",
    ],
)
def test_an_unsafe_svg_falls_back_to_its_png(part: str) -> None:
    document = _read(_shown({"image/svg+xml": f"<svg {XLINK}>{part}</svg>", "image/png": PNG}, gtmdiag={"alt": "A"}))
    (figure,) = _blocks(document)
    assert isinstance(figure, Figure)
    assert (figure.svg, figure.png) == ("", PNG)
    assert "SVG left out" in document.warnings[0]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]>',
        '<?xml-stylesheet href="https://example.org/x.css"?>',
    ],
)
def test_an_svg_that_declares_entities_or_sheets_is_left_out(head: str) -> None:
    (notice,) = _blocks(_read(_shown({"image/svg+xml": head + PLAIN_SVG})))
    assert isinstance(notice, Notice)


@pytest.mark.parametrize("png", ["not base64!", base64.b64encode(b"GIF89a").decode()])
def test_a_broken_picture_leaves_a_notice(png: str) -> None:
    assert [block.kind for block in _blocks(_read(_shown({"image/png": png})))] == ["notice"]


def test_a_matplotlib_figure_passes_and_is_the_same_twice() -> None:
    def draw() -> Figure:
        figure, axes = plt.subplots()
        axes.plot([1, 2], [3, 4])
        axes.set_title("Deals rise")
        block = from_matplotlib(figure)
        plt.close(figure)
        return block

    first = draw()
    assert first == draw()
    assert first.alt == "Deals rise"
    (figure,) = _blocks(_read(_block(first)))
    assert figure == first


def test_a_linked_matplotlib_figure_whose_svg_a_report_refuses_is_lost() -> None:
    figure, axes = plt.subplots()
    axes.set_title("Deals rise").set_url("https://example.org")
    block = from_matplotlib(figure)
    plt.close(figure)
    (shown,) = _blocks(_read(_block(block)))
    assert isinstance(shown, Figure)
    assert (shown.svg, png_fault(shown.png)) == ("", "")


def test_setup_outside_a_notebook_loads_neither_ipython_nor_matplotlib() -> None:
    code = (
        "import sys; from gtmdiag.report.jupyter import setup; setup(); "
        "print([name for name in ('IPython', 'matplotlib', 'jinja2') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_consultants_cells_reach_the_document(tmp_path: Path) -> None:
    cells: list[Callable[[str], Any]] = [v4.new_code_cell] * 3
    sources = (
        "from gtmdiag.report.jupyter import setup; setup()\nimport pandas as pd, matplotlib.pyplot as plt",
        "pd.DataFrame({'stage': ['MQL'], 'n': [4]})",
        "fig, ax = plt.subplots()\nax.bar(['a'], [1])\nax.set_title('Deals <b>rise</b>');",
    )
    notebook = v4.new_notebook(cells=[make(source) for make, source in zip(cells, sources, strict=True)])
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    document = read_document(notebook)
    table, figure = _blocks(document)
    assert isinstance(table, Table)
    assert isinstance(figure, Figure)
    assert (table.rows, figure.alt) == ((("0", "MQL", "4"),), "Deals <b>rise</b>")
    assert figure.svg
    assert document.warnings == ()
