"""The slides of the board deck, of samples with full, half and no inputs."""

from __future__ import annotations

import nbformat
import pytest

from gtmdiag import resources
from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.publish.slides import slide_pages
from gtmdiag.report import deck
from gtmdiag.report.blocks import Block, Cover, Figure, Group, Headline, Table
from gtmdiag.report.document import Document
from gtmdiag.report.nodes import BlockNode, Heading, Node, Text
from tests.engagements import TODAY, diagnosed, write

SLIDES = [name for name in deck.__all__ if name not in ("cover", "appendix")]
CLIENTS = ["northlight", "harbour-finch", "kestrel-labs", "empty"]


@pytest.fixture(scope="module", params=CLIENTS)
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Diagnosis:
    if request.param == "empty":
        root = write(tmp_path_factory.mktemp("empty"), {"client.yaml": "id: empty\nname: X\n"})
        return diagnose(root, today=TODAY)
    return diagnosed(request.param)


def blocks(group: Block) -> list[Block]:
    assert isinstance(group, Group)
    return [inner for block in group.blocks for inner in (blocks(block) if isinstance(block, Group) else [block])]


@pytest.mark.parametrize("name", SLIDES)
def test_slide_without_a_title_or_with_a_title_alone(client: Diagnosis, name: str) -> None:
    shown = blocks(getattr(deck, name)(client))
    if shown:
        assert isinstance(shown[0], Headline)
        assert shown[0].level == 2
        assert shown[0].text.strip(" .")
        assert len(shown) > 1


@pytest.mark.parametrize("name", SLIDES)
def test_title_of_the_consultant_not_taken(client: Diagnosis, name: str) -> None:
    shown = blocks(getattr(deck, name)(client, title="My own title."))
    assert [block.text for block in shown if isinstance(block, Headline)][:1] in ([], ["My own title"])


def test_picture_on_a_slide_without_the_numbers_for_a_native_chart(client: Diagnosis) -> None:
    figures = [one for name in SLIDES for one in blocks(getattr(deck, name)(client)) if isinstance(one, Figure)]
    assert all(figure.data is not None and figure.alt for figure in figures)


def test_deck_of_fewer_than_10_or_more_than_14_pages_where_all_inputs_are_there(northlight: Diagnosis) -> None:
    nodes: list[Node] = [BlockNode(deck.cover(northlight))]
    for cell in nbformat.read(resources.notebooks() / "board_deck.ipynb", as_version=4).cells[3:]:
        name = cell.source.removeprefix("deck.").removesuffix("(client)")
        nodes += _nodes(getattr(deck, name)(northlight))
    pages = slide_pages(Document("Deck", "en", "2026-10-31", tuple(nodes)))
    assert 10 <= 1 + len(pages.slides) <= 14


def _nodes(group: Group) -> list[Node]:
    shown = blocks(group)
    return [
        Heading(block.level, (Text(block.text),)) if isinstance(block, Headline) else BlockNode(block)
        for block in shown
        if not isinstance(block, Cover)
    ]


def test_option_without_what_waiting_costs(northlight: Diagnosis) -> None:
    (_, table, *_) = blocks(deck.decision(northlight))
    assert isinstance(table, Table)
    assert [column.label for column in table.columns][-1] == "What it costs to wait"
    assert all(row[-1] for row in table.rows)
    assert len(table.rows) == 3
