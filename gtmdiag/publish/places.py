"""Where the outputs of a render stand, and what they are called."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Sequence
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.errors import UsageError, did_you_mean, shorten

FORMATS = ("html", "pdf")
REPORT = "client_report"
RESULTS = "results.json"
NO_WAVE = "no-wave"
"""Folder of the reports of an engagement without answers."""


def require_formats(formats: Sequence[str]) -> None:
    """Refuse formats that nothing makes.

    Raises
    ------
    UsageError
        At the first of them.
    """
    for name in formats:
        if name not in FORMATS:
            allowed = ", ".join(FORMATS)
            raise UsageError(f"No format {shorten(name)}; allowed: {allowed}. {did_you_mean(name, FORMATS)}".strip())


def report_folder(root: Path, wave: str) -> Path:
    """Return the folder of a wave's reports, which need not exist.

    Raises
    ------
    InputError
        A link leads it out of the engagement.
    """
    return inside(root, "reports", wave or NO_WAVE)


def stem_of(notebook: str) -> str:
    """Return the name, without its ending, of the outputs of a notebook.

    Raises
    ------
    UsageError
        The notebook has the name that belongs to the outputs of the client report.
    """
    if notebook == "report":
        raise UsageError(f"The name 'report' belongs to what {REPORT} makes. Rename the notebook.")
    return "report" if notebook == REPORT else notebook


def staging(folder: Path, process: int) -> Path:
    """Return the folder in which a process makes what will go to the report folder ``folder``."""
    return folder.parent / f".making-{folder.name}{_mark(process)}"


def clear_staging(root: Path, process: int) -> None:
    """Remove what a process of this machine that has ended left half made in an engagement."""
    reports = root / "reports"
    if not reports.is_dir() or reports.is_symlink():
        return
    for path in reports.iterdir():
        if path.name.startswith(".making-") and path.name.endswith(_mark(process)) and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)


def _mark(process: int) -> str:
    return f"-{socket.gethostname()}-{process}"
