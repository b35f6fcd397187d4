"""Segments: no phantom best one, no silent small one, and true differences that are seen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2_contingency

from gtmdiag.funnel.by_segment import MOST_SEGMENTS, BySegment, SegmentShare, by_segment
from gtmdiag.funnel.cells import merge
from gtmdiag.funnel.estimates.table import read_cells
from gtmdiag.funnel.limits import MINIMUM_DEALS
from gtmdiag.funnel.segment_wording import segment_sentences
from tests.funnel.made import Move, cells, table

DEAL = ["Deal"]


def split(segment: str, won: int, lost: int, day: int = 5) -> list[Move]:
    return [Move("Deal", to, day, n, segment=segment) for to, n in (("won", won), ("lost", lost)) if n]


def found(moves: Sequence[Move], horizon: int = 60) -> BySegment:
    result = by_segment(table(moves, DEAL), [horizon])
    json.dumps(result.to_dict(), allow_nan=False)
    return result


def only(moves: Sequence[Move], horizon: int = 60) -> dict[str, SegmentShare]:
    (step,) = found(moves, horizon).steps
    return {one.segment: one for one in step.segments}


def test_difference_between_segments_tested_otherwise_than_scipy_tests_it() -> None:
    told = only([*split("A", 38, 62), *split("B", 60, 60), *split("C", 22, 58)])
    for name, counts in (("A", [[38, 62], [82, 118]]), ("B", [[60, 60], [60, 120]]), ("C", [[22, 58], [98, 122]])):
        oracle: Any = chi2_contingency(counts, correction=False)
        assert told[name].p_value == pytest.approx(oracle.pvalue)
    assert [one.reading for one in told.values()] == ["above", "within", "below"]
    assert list(told) == ["B", "A", "C"], "in order of size"
    for one in told.values():
        assert one.raw is not None
        assert one.low is not None
        assert one.high is not None
        assert one.likely is not None
        assert abs(one.likely - 120 / 300) < abs(one.raw.estimate - 120 / 300), "drawn towards the others"
        assert one.low < one.likely < one.high


def test_best_of_eight_equal_segments_named_as_better() -> None:
    rng = np.random.default_rng(3)
    named = 0
    for _ in range(120):
        won = rng.binomial(50, 0.3, 8)
        result = found([move for i, n in enumerate(won.tolist()) for move in split(f"S{i}", n, 50 - n)])
        named += bool(result.flagged)
    assert named / 120 < 0.16, "10 % by design"


def test_segment_of_few_or_of_young_deals_told_a_rate() -> None:
    young = [Move("Deal", "open", 3, 80, segment="Young"), *split("Young", 15, 5, day=1)]
    few = split("Few", MINIMUM_DEALS - 2, 1)
    told = only([*split("A", 30, 70), *split("B", 60, 60), *few, *young])
    assert [told[name].state for name in ("A", "B", "Few", "Young")] == ["told", "told", "few", "young"]
    for name in ("Few", "Young"):
        assert (told[name].raw, told[name].likely, told[name].p_value) == (None, None, None)
    sentences = segment_sentences(found([*split("A", 30, 70), *split("B", 60, 60), *few, *young]))
    assert any("Not enough data for 2 of 4" in sentence.text for sentence in sentences)


def test_ten_thousand_segments_that_hurt_or_lose_a_deal() -> None:
    rng = np.random.default_rng(1)
    moves = [
        Move("Deal", to, int(rng.integers(0, 30)), 1 if i else 90, segment=f"Segment {i}")
        for i in range(10_000)
        for to in ("won", "lost")
    ]
    frame = table(moves, DEAL)
    result = by_segment(frame, [60])
    (step,) = result.steps
    assert step.rest is not None
    assert (len(step.segments), result.pooled) == (MOST_SEGMENTS, 10_000 - MOST_SEGMENTS)
    assert sum(one.n for one in (*step.segments, step.rest)) == int(frame.n.sum())
    assert step.rest.raw is not None
    assert step.rest.likely is None


def test_names_that_sort_like_places_or_are_empty_mistaken_for_others() -> None:
    names = ["99", "", "00", "A$\\frac{", "<b>"]
    moves = [move for i, name in enumerate(names) for move in split(name, 10 * i + 20, 50)]
    told = only(moves)
    assert {name: one.n for name, one in told.items()} == {name: 10 * i + 70 for i, name in enumerate(names)}
    again = merge(cells(moves, DEAL).sample(frac=1, random_state=2))
    assert by_segment(read_cells(again, DEAL), [60]) == found(moves)


@pytest.mark.parametrize("names", [[""], ["One"], []])
def test_export_without_segments_compared_with_itself(names: list[str]) -> None:
    result = found([move for name in names for move in split(name, 40, 40)] or [Move("Lead", "won", 1, 1)])
    assert result.flagged == ()
    assert len(segment_sentences(result)) == 1
    assert not any(step.compared for step in result.steps)
