"""A document's numbers as a workbook: each with its n, its interval and its source, none of them a formula."""

from __future__ import annotations

from gtmdiag.publish.workbook.book import render_xlsx

__all__ = ["render_xlsx"]
