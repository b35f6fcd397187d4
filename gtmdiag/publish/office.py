"""What office files share: the time they say they were made at, and workbooks in which text stays text."""

# XlsxWriter has types only in part.
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from datetime import datetime, time
from typing import IO

from xlsxwriter import Workbook

from gtmdiag.publish.typesetting import day_of

UNDATED = datetime(2000, 1, 1)
"""When a file says it was made that has no date, so that the same document gives the same bytes."""


def made_at(text: str) -> datetime:
    """Return midnight of an ISO date, or `UNDATED` where the text is none."""
    day = day_of(text)
    return datetime.combine(day, time()) if day else UNDATED


def new_workbook(file: IO[bytes]) -> Workbook:
    """Return a workbook that writes into ``file``, and in which no text becomes a formula or a link."""
    return Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
