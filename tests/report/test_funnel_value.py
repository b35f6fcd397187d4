"""Pages of segments and value: something to read in every state, safe figures, texts that stay texts."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from gtmdiag.funnel.forecast import forecast
from gtmdiag.funnel.leaks import estimate
from gtmdiag.report.blocks import Block, Figure, Notice, Table, block_from_dict
from gtmdiag.report.pages.funnel_segments import segment_blocks
from gtmdiag.report.pages.funnel_value import forecast_blocks, value_blocks, what_if_blocks
from gtmdiag.report.pictures import svg_fault
from tests.funnel.made import STAGES, Move, config, table

HOSTILE = "A_$\\frac{$ <script>alert(1)</script> & #set page " + "long " * 30
FULL = [
    Move(stage, to, day, n, euros, segment=segment)
    for segment, times in (("North", 3), (HOSTILE, 1), ("", 1))
    for stage, to, day, n, euros in (
        ("Lead", "MQL", 4, 300 * times, 100),
        ("Lead", "lost", 4, 300, 100),
        ("MQL", "SQL", 4, 200, 100),
        ("MQL", "lost", 4, 100 * times, 100),
        ("SQL", "won", 4, 60, 100),
        ("SQL", "lost", 4, 40, 100),
        ("SQL", "open", 0, 9, 100),
    )
]


def page(moves: Sequence[Move], stages: Sequence[str] = STAGES) -> list[Block]:
    frame, crm = table(moves, stages), config(stages=stages)
    found = estimate(frame, crm)
    assert found.segments is not None
    made = [
        *segment_blocks(found.segments),
        *forecast_blocks(forecast(frame, found.model)),
        *what_if_blocks(found),
        *value_blocks(found),
    ]
    for block in made:
        assert block_from_dict(json.loads(json.dumps(block.to_dict()))) == block
        told = json.dumps(block.to_dict() | {"svg": "", "png": ""})
        assert not any(word in told for word in ("nan", "None", "inf "))
    return made


def test_full_funnel_that_lacks_a_picture_or_a_table() -> None:
    made = page(FULL)
    (picture,) = [block for block in made if isinstance(block, Figure)]
    assert svg_fault(picture.svg) == ""
    assert "the rest from" in picture.title
    assert HOSTILE in picture.alt
    titles = [block.title for block in made if isinstance(block, Table)]
    assert titles == [
        "Do segments differ at all?",
        "Conversion by segment",
        "The open pipeline at its own odds",
        "What a point of conversion is worth",
        "Conversion by value",
    ]


@pytest.mark.parametrize(
    "moves",
    [
        [Move("Lead", "open", 0, 1)],
        [Move("Lead", "won", 3, 90, 10, segment="A")],
        [Move("Lead", "lost", 3, 3, segment=name) for name in "ABC"],
        [Move("Lead", "open", 40, 60, -5, segment=name) for name in "AB"],
    ],
)
def test_small_funnel_that_shows_nothing_or_fails(moves: list[Move]) -> None:
    made = page(moves)
    assert sum(isinstance(block, Notice) for block in made) >= 1


def test_thousands_of_segments_over_many_stages_that_make_an_endless_page() -> None:
    stages = [f"Stage {place}" for place in range(20)]
    moves = [Move(stage, "lost", 2, 40, segment=f"S{number}") for stage in stages for number in range(60)]
    moves += [Move(stage, "won", 2, 20, segment=f"S{number}") for stage in stages for number in range(60)]
    made = page(moves, stages)
    assert max(len(block.rows) for block in made if isinstance(block, Table)) <= 80
    (picture,) = [block for block in made if isinstance(block, Figure)]
    assert "14 more steps" in picture.caption
