"""What a panel draws stands where its scales say, also where there is next to nothing to draw."""

from __future__ import annotations

import pytest

from gtmdiag.report.drawing import as_svg, drawing
from gtmdiag.report.panel import Panel, alike, even_steps


def test_figure_of_a_single_value_or_of_no_mark_that_stops_a_report() -> None:
    sheet = drawing(2)
    panel = Panel(sheet, (1, 1, 0.5, 0.5), x=(0, 0), y=(3, 3))
    panel.dots([], "#000000", 5)
    panel.dots([(0, 3)], "#000000", 5)
    assert as_svg(sheet).count("<use") == 1
    assert f'x="{sheet.width / 2:g}" y="{sheet.height / 2:g}"' in as_svg(sheet)


@pytest.mark.parametrize(
    ("values", "told"),
    [([0.0, 10.0], ["0", "10"]), ([0.0, 0.25], ["0.00", "0.25"]), ([0.0, 2_000_000.0], ["0", "2000000"])],
)
def test_mark_of_an_axis_that_is_told_as_another_number(values: list[float], told: list[str]) -> None:
    assert alike(values) == told


def test_mark_of_an_axis_that_lies_beyond_it_or_between_two_counts() -> None:
    assert even_steps(0, 37, 7) == [0, 10, 20, 30]
    assert even_steps(0, 3, 6, whole=True) == [0, 1, 2, 3]
