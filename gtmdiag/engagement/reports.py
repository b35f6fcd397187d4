"""Where the reports of a wave stand, and the file in which their results are kept for programs."""

from __future__ import annotations

from pathlib import Path

from gtmdiag.engagement.folder import inside

RESULTS = "results.json"
RESULTS_SCHEMA = "gtmdiag.results/1"
NO_WAVE = "no-wave"
"""Folder of the reports of an engagement without answers."""


def report_folder(root: Path, wave: str) -> Path:
    """Return the folder of a wave's reports, which need not exist.

    Raises
    ------
    InputError
        A link leads it out of the engagement.
    """
    return inside(root, "reports", wave or NO_WAVE)
