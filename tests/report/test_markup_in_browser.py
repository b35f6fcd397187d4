"""A block in a notebook's cell, among JupyterLab's own rules."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from gtmdiag.report.blocks import Column, Table
from gtmdiag.report.markup import cell_html

pytestmark = pytest.mark.needs("chromium")

LAB = """
.jp-RenderedHTMLCommon table { table-layout: fixed; border-collapse: collapse; color: #fff; font-size: 13px }
.jp-RenderedHTMLCommon td, .jp-RenderedHTMLCommon th, .jp-RenderedHTMLCommon tr
  { vertical-align: middle; padding: .5em; line-height: normal; white-space: normal; max-width: none; border: none }
.jp-RenderedHTMLCommon tbody tr:nth-child(even) { background: #222 }
.jp-RenderedHTMLCommon tbody tr:hover { background: #114 }
"""
"""As JupyterLab 4.6 has them, with its dark theme's colours."""


def test_number_written_over_the_next_one_or_dark_row_under_dark_text(browser: Browser) -> None:
    names = ("Step", "Before", "Lately", "Change in points", "n", "Within days", "Threshold", "Reading")
    row = ("SQL → Opportunity", "57% (44% to 69%)", "70% (55% to 82%)", "+14.0 (−5.6 to +31.5)", "37", "38", "–", "up")
    columns = tuple(Column(name, "right" if 0 < place < 7 else "left") for place, name in enumerate(names))
    cell = cell_html(Table("Conversion", columns, (row, row)))
    page = browser.new_page(viewport={"width": 848, "height": 600})
    page.set_content(f"<style>{LAB}</style><div class='jp-RenderedHTMLCommon'>{cell}</div>")
    over = "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)"
    assert page.locator("tbody :is(th, td)").evaluate_all(over) == []
    page.locator("tbody tr").last.hover()
    paints = "all => all.map(one => getComputedStyle(one).backgroundColor)"
    assert set(page.locator("tbody tr").evaluate_all(paints)) == {"rgba(0, 0, 0, 0)"}
    page.close()
