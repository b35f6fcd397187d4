"""No label of a figure is cut off or written over another, whatever a client calls things and however many answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from io import StringIO
from itertools import combinations, cycle
from typing import Any

import pytest
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.transforms import Bbox

from gtmdiag.diagnostics.champion_operator import ChampionOperatorResult
from gtmdiag.report import deck, drawing, pages
from gtmdiag.report.blocks import Figure
from gtmdiag.report.figures import role_profile, role_quadrant, stage_bars
from gtmdiag.report.funnel_figures import conversion_intervals
from gtmdiag.report.ownership_figures import decision_map, ownership_ladder
from gtmdiag.report.sheet import Sheet
from tests.diagnostics.owners import DECISIONS, LEVELS, OWNER, OWNERS, altitude, right
from tests.diagnostics.people import Given, role, role_answers
from tests.engagements import diagnosed
from tests.report.test_figures import estimates, funnel, row, step

SAMPLES = ("northlight", "kestrel-labs", "harbour-finch")
WITH_FUNNEL = ("northlight", "harbour-finch")
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk of "
PAGES = (
    pages.ceo_role,
    pages.ownership_altitude,
    pages.operating_model,
    pages.kpi_rules,
    pages.marketing,
    pages.funnel,
    pages.synthesis,
    pages.plan,
)
SLIDES = (deck.funnel, deck.ceo_role, deck.ownership, deck.kpi_rules)
SLACK = 1.0
"""Pixels, at 72 an inch, by which the boxes of letters may touch the edge or each other."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Return what will be drawn in this test: each figure's texts, and what is wrong with them."""
    seen: list[tuple[str, list[str]]] = []
    whole = drawing.as_svg

    def watched(sheet: Sheet) -> str:
        texts = _texts(sheet)
        seen.append((" | ".join(told for told, _ in texts), list(_faults(sheet, texts))))
        return whole(sheet)

    monkeypatch.setattr(drawing, "as_svg", watched)
    return seen


def _texts(sheet: Sheet) -> list[tuple[str, Bbox]]:
    """Return every text that is drawn with its box in points, as matplotlib measures it."""
    renderer: Any = RendererSVG(sheet.width, sheet.height, StringIO())
    found: list[tuple[str, Bbox]] = []

    def draw_text(_: object, x: float, y: float, told: str, name: Any, angle: float, **__: object) -> None:
        wide, high, below = renderer.get_text_width_height_descent(told, name, ismath=False)
        foot = sheet.height - y
        box = (x - high + below, foot, high, wide) if angle else (x, foot - below, wide, high)
        found.append((told, Bbox.from_bounds(*box)))

    renderer.draw_text = draw_text
    sheet.draw(renderer)
    return found


def _faults(sheet: Sheet, boxes: list[tuple[str, Bbox]]) -> Iterator[str]:
    for told, box in boxes:
        if box.x0 < -SLACK or box.y0 < -SLACK or box.x1 > sheet.width + SLACK or box.y1 > sheet.height + SLACK:
            yield f"cut off: {told!r} at {box.extents} of {sheet.width:.0f} × {sheet.height:.0f}"
    for (one, box), (other, over) in combinations(boxes, 2):
        across = min(box.x1, over.x1) - max(box.x0, over.x0)
        # a line's box holds room above and beneath its letters
        down = min(box.y1, over.y1) - max(box.y0, over.y0) - 0.25 * min(box.height, over.height)
        if across > SLACK and down > SLACK:
            yield f"one over the other: {one!r} and {other!r}"


def renamed(result: Any, names: frozenset[str]) -> Any:
    """Return a result in which everything with one of these names has a far longer one."""
    found: Any = result
    if isinstance(found, str):
        found = LONG + found if found in names else found
    elif isinstance(found, tuple):
        found = tuple(renamed(part, names) for part in found)  # pyright: ignore[reportUnknownVariableType]
    elif is_dataclass(found) and not isinstance(found, type):
        parts = {field.name: getattr(found, field.name) for field in fields(found) if field.init}
        found = replace(found, **{name: renamed(part, names) for name, part in parts.items()})
    return found


def faults_of(drawn: list[tuple[str, list[str]]], least: int) -> list[str]:
    assert len(drawn) >= least
    return [f"{told[:40]}…: {fault}" for told, faults in drawn for fault in faults]


@pytest.mark.parametrize("sample", SAMPLES)
def test_label_of_a_sample_that_is_cut_off_or_written_over(sample: str, drawn: list[tuple[str, list[str]]]) -> None:
    for page in (*PAGES, *SLIDES):
        page(diagnosed(sample))
    assert faults_of(drawn, 6) == []


@pytest.mark.parametrize("sample", WITH_FUNNEL)
def test_long_name_that_is_cut_off_or_written_over(sample: str, drawn: list[tuple[str, list[str]]]) -> None:
    whole = diagnosed(sample)
    assert whole.funnel is not None
    names = {stage.stage for stage in whole.funnel.stages}
    if whole.funnel.estimates is not None and whole.funnel.estimates.segments is not None:
        names |= {part for segment in whole.funnel.estimates.segments.segments for part in segment}
    told = replace(whole, funnel=renamed(whole.funnel, frozenset(names)))
    for page in (pages.funnel, deck.funnel):
        page(told)
    assert faults_of(drawn, 3) == []


def _of_stages(count: int) -> Figure | None:
    stages = [row(f"{LONG}{number}", 9 * 10**number % 10**6 + 1, number, 3) for number in range(count)]
    return stage_bars(funnel(*stages))


def _of_steps(count: int) -> Figure | None:
    steps = (step(f"{LONG}{number}", (number % 9 + 1) / 10, flagged=number == 1) for number in range(count))
    return conversion_intervals(estimates(*steps))


def _role(leaders: int, answer: int) -> ChampionOperatorResult:
    return role(role_answers(answer, 6 - answer), [role_answers(6 - answer, answer)] * leaders)


def _of_owners(leaders: int) -> Iterator[Figure | None]:
    choices = zip(cycle(LEVELS), [right(one, kind) for one in DECISIONS for kind in ("designs", "decides")])
    rights: Given = {item: choice for choice, item in choices}
    result = altitude({OWNER: next(iter(OWNERS)), **rights}, [{OWNER: list(OWNERS)[-1], **rights}] * leaders)
    yield from (ownership_ladder(result), decision_map(result))


@pytest.mark.parametrize("count", [1, 2, 12, 30])
@pytest.mark.parametrize("figure", [_of_stages, _of_steps])
def test_few_or_many_stages(figure: Callable[[int], object], count: int, drawn: list[tuple[str, list[str]]]) -> None:
    figure(count)
    with drawing.projected():
        figure(count)
    assert faults_of(drawn, 2) == []


@pytest.mark.parametrize("leaders", [0, 1, 40])
def test_one_respondent_or_forty(leaders: int, drawn: list[tuple[str, list[str]]]) -> None:
    for answer in (1, 3, 5):
        role_profile(_role(leaders, answer))
        role_quadrant(_role(leaders, answer))
        with drawing.projected():
            role_quadrant(_role(leaders, answer))
    list(_of_owners(leaders))
    with drawing.projected():
        list(_of_owners(leaders))
    assert faults_of(drawn, 11) == []


def test_slide_for_which_a_page_is_drawn(drawn: list[tuple[str, list[str]]]) -> None:
    shown = [block for slide in SLIDES for block in slide(diagnosed("northlight")).blocks]
    assert len(drawn) == sum(isinstance(block, Figure) for block in shown)
