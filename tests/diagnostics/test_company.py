from __future__ import annotations

import pytest

from gtmdiag.diagnostics.company import company_stage


@pytest.mark.parametrize(
    ("headcount", "stage", "near"),
    [
        (1, "early", None),
        (89, "early", None),
        (90, "early", "scaling"),
        (99, "early", "scaling"),
        (100, "scaling", "early"),
        (110, "scaling", "early"),
        (111, "scaling", None),
        (449, "scaling", None),
        (450, "scaling", "mature"),
        (499, "scaling", "mature"),
        (500, "mature", "scaling"),
        (550, "mature", "scaling"),
        (551, "mature", None),
        (40_000, "mature", None),
    ],
)
def test_the_stage_turns_at_its_thresholds_and_both_show_within_a_tenth(
    headcount: int, stage: str, near: str | None
) -> None:
    for units in (None, 1):
        found = company_stage(headcount, units)
        assert (found.stage, found.near) == (stage, near)
        assert found.shown == tuple(one for one in (stage, near) if one)
        assert (f"edge of {near}" in found.sentence.text) == (near is not None)
        assert found.sentence.trail.inputs == ("client.yaml, company.headcount",)


@pytest.mark.parametrize("headcount", [None, 20, 105, 480, 9000])
def test_several_business_units_make_any_company_mature(headcount: int | None) -> None:
    found = company_stage(headcount, 2)
    assert found.shown == ("mature",)
    assert found.sentence.trail.inputs == ("client.yaml, company.business_units",)


@pytest.mark.parametrize("units", [None, 1])
def test_an_unknown_headcount_gives_no_stage_and_says_so(units: int | None) -> None:
    found = company_stage(None, units)
    assert (found.stage, found.near, found.shown) == (None, None, ())
    assert "not known" in found.sentence.text


def test_a_company_of_one_is_told_in_the_singular() -> None:
    assert company_stage(1, None).sentence.text == "With one person the company counts as early."
