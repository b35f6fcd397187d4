"""The pictures of synthesis and plan hold every point and every action."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.report.plan_figures import gap_ranking, roadmap


def test_ranking_whose_bars_are_not_its_points(northlight: Diagnosis) -> None:
    found = northlight.synthesis
    picture = gap_ranking(found, {one.id: one for one in northlight.findings})
    assert picture
    assert picture.data
    drawn = [
        sum(part or 0 for part in parts) for parts in zip(*(one.values for one in picture.data.series), strict=True)
    ]
    points = {one.finding: one.points for one in found.ranked}
    assert drawn == pytest.approx([points[one] for one in found.shown])
    assert picture.title == f"The first gap weighs {drawn[0]:.1f} points, the next {drawn[1]:.1f}"


def test_roadmap_that_loses_an_action_or_an_owner(northlight: Diagnosis) -> None:
    plan = northlight.plan
    many = replace(plan, actions=tuple(replace(one, owner=f"Owner {n % 40}") for n, one in enumerate(plan.actions)))
    for one in (plan, many):
        picture = roadmap(one)
        assert picture
        assert picture.data
        assert sum(value or 0 for series in picture.data.series for value in series.values) == len(one.actions)
        assert len(picture.data.categories) <= 8
        assert all(owner in picture.alt for owner in picture.data.categories)
    assert "33 other owners" in str(roadmap(many))


def test_picture_of_nothing(empty: Diagnosis) -> None:
    assert gap_ranking(empty.synthesis, {}) is None
    assert roadmap(empty.plan) is None
