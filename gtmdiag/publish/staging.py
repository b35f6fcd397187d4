"""Where a render works before anything is an output: a folder beside the report's, named for its process."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

from gtmdiag.engagement.save import process_lives


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


def clear_leftovers(folder: Path) -> None:
    """Remove what renders into ``folder`` on this machine that were killed left half made."""
    for path in folder.parent.glob(".making-*"):
        process = path.name.rpartition("-")[2]
        if process.isdecimal() and path == staging(folder, int(process)) and not process_lives(int(process)):
            shutil.rmtree(path, ignore_errors=True)


def _mark(process: int) -> str:
    return f"-{socket.gethostname()}-{process}"
