"""A mark on reports that rest on answers which are no longer there."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.save import write_atomic

NAME = "STALE.json"


def mark_stale(root: Path, wave: str, because: str, today: date) -> Path | None:
    """Mark the reports of a wave as stale and return the mark; None where there are none.

    The mark names a reason, never a person. Rendering the wave again removes it.
    """
    folder = inside(root, "reports", wave)
    if not folder.is_dir():
        return None
    mark = folder / NAME
    text = json.dumps({"schema": "gtmdiag.stale/1", "since": today.isoformat(), "because": because}, indent=1)
    write_atomic(mark, f"{text}\n".encode(), keep_previous=False)
    return mark


def is_stale(root: Path, wave: str) -> bool:
    """Tell whether the reports of a wave are marked as stale."""
    return (inside(root, "reports", wave) / NAME).is_file()
