"""Sliders: alive where someone looks, a table in every report, nothing fetched, no client text as markup."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gtmdiag.funnel.leaks import Estimates, estimate
from gtmdiag.report.blocks import MIME, Group, Table, block_from_dict
from gtmdiag.report.live import Sliders, panel
from gtmdiag.report.outputs import read_cell
from gtmdiag.report.pages.funnel_value import what_if_blocks
from gtmdiag.report.session import SESSION
from tests.funnel.made import Move, config, table

WIDGET = "application/vnd.jupyter.widget-view+json"
HOSTILE = "<script>alert(1)</script>"
STAGES = ["Lead", HOSTILE]
MOVES = [
    Move("Lead", HOSTILE, 3, 60),
    Move("Lead", "lost", 3, 40),
    Move(HOSTILE, "won", 3, 20, 1000, HOSTILE),
    Move(HOSTILE, "lost", 3, 40),
]


def estimates() -> Estimates:
    return estimate(table(MOVES, STAGES), config(stages=STAGES))


def bundle(found: Estimates) -> dict[str, Any]:
    return Sliders(found.model, Group(tuple(what_if_blocks(found))))._repr_mimebundle_()


def sliders(found: Estimates) -> Any:
    assert found.model is not None
    return panel(found.model)


def test_report_that_shows_a_broken_widget_in_place_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    found = estimates()
    monkeypatch.setenv(SESSION, "open.ipynb")
    live = bundle(found)
    assert WIDGET in live
    monkeypatch.setenv(SESSION, "")
    made = bundle(found)
    assert WIDGET not in made
    for data in (live, made):
        block = block_from_dict(data[MIME])
        assert isinstance(block, Group)
        (table,) = block.blocks
        assert isinstance(table, Table)
        assert [row[0] for row in table.rows] == ["Lead", HOSTILE, "All stages at once"]
        cell = {"cell_type": "code", "metadata": {}, "outputs": [{"output_type": "display_data", "data": data}]}
        shown = read_cell(cell, "cell 1")
        assert shown.warnings == ()
        assert len(shown.nodes) == 1


def test_slider_that_tells_another_value_than_the_chain_gives() -> None:
    _, lead, offer, back, told, _ = sliders(estimates()).children
    assert (lead.value, offer.value) == (0.6, 0.333), "on its steps, or the browser moves it"
    assert "20 k" in told.value
    lead.value = 0.9
    assert "come to 30 k" in told.value
    assert "a change of 10 k" in told.value
    back.click()
    assert "a change of" not in told.value


def test_client_text_as_markup_or_a_request_to_a_network() -> None:
    widget = sliders(estimates())
    *_, told, _ = widget.children
    assert "<script>" not in told.value
    assert not any(slider.description_allow_html for slider in widget.children[1:3])
    assert "http" not in json.dumps([str(child.get_state()) for child in widget.children])


def test_funnel_without_money_that_gets_sliders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SESSION, "open.ipynb")
    bare = [Move(one.stage, one.to, one.day, one.n) for one in MOVES]
    made = bundle(estimate(table(bare, STAGES), config(stages=STAGES)))
    assert WIDGET not in made
    assert "not told" in json.dumps(made[MIME])
