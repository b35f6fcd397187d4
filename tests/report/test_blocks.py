from __future__ import annotations

import json
from dataclasses import fields
from typing import Any
from unicodedata import category

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.errors import InputError
from gtmdiag.report.blocks import (
    BLOCKS,
    MIME,
    Block,
    BlockError,
    Column,
    Figure,
    Group,
    Headline,
    Notice,
    Table,
    block_from_dict,
)
from gtmdiag.report.nodes import BlockNode
from gtmdiag.report.theme import load_theme
from gtmdiag.resources import templates
from tests.report.example import TILES, example_document

EXAMPLES: list[Block] = [
    Headline("Leads leak at the first handoff", 2, "Summary"),
    *(node.block for node in example_document().nodes if isinstance(node, BlockNode)),
]
_LOST = {"Cc", "Cs"}
HOSTILE = "<script>alert(1)</script></style>{{7*7}}\x00\x1b[31m\u202e🎉\ud800"


def _ids(block: Block) -> str:
    return block.kind


def _hostile(value: Any) -> Any:
    """Return ``value`` with every free text of it replaced."""
    if isinstance(value, dict):
        fixed = {"schema", "kind", "tone", "tones", "severity", "align", "width", "svg", "png"}
        return {key: item if key in fixed else _hostile(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_hostile(item) for item in value]
    return HOSTILE if isinstance(value, str) else value


def test_examples_hold_every_kind() -> None:
    assert {block.kind for block in EXAMPLES} == set(BLOCKS)


@pytest.mark.parametrize("block", EXAMPLES, ids=_ids)
def test_a_block_comes_back_from_its_json(block: Block) -> None:
    assert block_from_dict(json.loads(json.dumps(block.to_dict()))) == block


@given(st.text(), st.text())
def test_no_text_loses_more_than_control_characters_on_its_way(title: str, text: str) -> None:
    block = Notice("neutral", title, text)
    assert block_from_dict(json.loads(json.dumps(block.to_dict()))) == block
    assert block.title == "".join(
        letter for letter in title if letter in "\t\n\r" or not (category(letter) in _LOST or letter in "\ufffe\uffff")
    )


@pytest.mark.parametrize("block", EXAMPLES, ids=_ids)
def test_hostile_text_in_any_field_stays_text_in_a_cell(block: Block) -> None:
    hostile = block_from_dict(_hostile(block.to_dict()))
    bundle = hostile.mime_bundle()
    assert "\x00" not in json.dumps(bundle, ensure_ascii=False)
    if "text/html" in bundle:
        page = BeautifulSoup(bundle["text/html"], "html.parser")
        assert not page.find_all("script")
        assert len(page.find_all("style")) == 1
        assert "{{7*7}}" in page.get_text()


@pytest.mark.parametrize("block", EXAMPLES, ids=_ids)
def test_every_text_of_a_block_is_shown(block: Block) -> None:
    bundle = block.mime_bundle()
    assert bundle[MIME] == block.to_dict()
    for field in fields(block):
        value = getattr(block, field.name)
        if isinstance(value, str) and field.name not in {"tone", "severity", "width", "svg", "png"}:
            assert value in bundle["text/plain"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema": "gtmdiag.block/0"}, "gtmdiag.block/1"),
        ({"kind": "tile"}, "Did you mean 'tiles'?"),
        ({"items": [{"label": "A", "value": "1", "tone": "red"}]}, "items.0.tone"),
        ({"items": "none"}, "items"),
    ],
)
def test_json_that_is_no_block_is_refused_with_its_place(change: dict[str, Any], told: str) -> None:
    with pytest.raises(BlockError, match=told.replace("?", r"\?")):
        block_from_dict(TILES.to_dict() | change)


@pytest.mark.parametrize("data", [None, [], "cover", {"schema": "gtmdiag.block/1", "kind": "cover"}])
def test_foreign_json_is_refused_not_raised_through(data: object) -> None:
    with pytest.raises(BlockError):
        block_from_dict(data)


def test_a_table_with_a_short_row_is_refused() -> None:
    with pytest.raises(BlockError, match="row 2 has 1 cells for 2 columns"):
        Table("Deals", (Column("Stage"), Column("n", "right")), (("MQL", "4"), ("SQL",)))


def test_a_group_in_a_cell_shows_all_its_blocks() -> None:
    html = Group((Notice("warn", "First"), Notice("warn", "Second"))).mime_bundle()["text/html"]
    assert html.index("First") < html.index("Second")


def test_a_figure_that_stands_in_a_cell_more_often_than_it_must_or_without_its_alt_text() -> None:
    bundle = Group((Figure("Title", "<svg/>", "", "Alt"),)).mime_bundle()
    assert bundle["text/plain"] == "Title\nAlt"
    assert BeautifulSoup(bundle["text/html"], "html.parser").find("img", alt="Alt") is not None
    assert set(bundle) == set(Figure("Title", "<svg/>", "", "Alt").mime_bundle()) == {MIME, "text/html", "text/plain"}


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_text_colour_can_be_read_on_paper_and_wash(name: str) -> None:
    palette: dict[str, str] = getattr(load_theme(), name).to_dict()
    for ground in ("paper", "wash"):
        for text in set(palette) - {"line", "wash", "paper", "cover"}:
            low, high = sorted((_luminance(palette[text]), _luminance(palette[ground])))
            assert (high + 0.05) / (low + 0.05) >= 4.5, f"{text} on {ground}"


def test_a_theme_with_a_bad_colour_or_font_is_refused_with_every_place(tmp_path: Any) -> None:
    text = (templates() / "theme.yaml").read_text("utf-8")
    bad = tmp_path / "theme.yaml"
    bad.write_text(text.replace('"#14213D"        # text', '"navy"').replace('"Source Sans 3"', '"</style>"'), "utf-8")
    with pytest.raises(InputError) as caught:
        load_theme(bad)
    assert {problem.place.split(", ")[1] for problem in caught.value.problems} >= {"light.ink", "fonts.screen.0"}
