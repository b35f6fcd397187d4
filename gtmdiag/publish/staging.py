"""Where a render works before anything is an output: a folder beside the report's, named for its process."""

from __future__ import annotations

import contextlib
import shutil
import socket
from pathlib import Path

from gtmdiag.engagement.save import process_lives, write_atomic

_MAKING = ".making-"


def staging(folder: Path, process: int) -> Path:
    """Return the folder in which a process makes what will go to the report folder ``folder``."""
    return folder.parent / f"{_MAKING}{folder.name}{mark_of(process)}"


def mark_of(process: int) -> str:
    """Return what tells a process of this machine from all others, of other machines too."""
    return f"-{socket.gethostname()}-{process}"


def clear_staging(root: Path, *marks: str) -> None:
    """Remove what processes that have ended, by their marks, left half made in an engagement."""
    for making in _made_by(root, marks):
        shutil.rmtree(making, ignore_errors=True)


def keep_half_made(root: Path, process: int) -> Path | None:
    """Keep the notebook that a process of this machine did not finish, as `keep_notebook` does."""
    kept: Path | None = None
    mark = mark_of(process)
    for making in _made_by(root, (mark,)):
        wave = making.name.removeprefix(_MAKING).removesuffix(mark)
        kept = keep_notebook(making, making.parent / wave) or kept
    return kept


def keep_notebook(making: Path, folder: Path) -> Path | None:
    """Keep an unfinished notebook as ``<stem>.failed.ipynb`` in its report folder; None where there is none to keep."""
    kept: Path | None = None
    with contextlib.suppress(OSError):
        for notebook in making.glob("*.ipynb"):
            path = folder / f"{notebook.stem}.failed.ipynb"
            write_atomic(path, notebook.read_bytes(), keep_previous=False)
            kept = path
    return kept


def clear_leftovers(folder: Path) -> None:
    """Remove what renders into ``folder`` on this machine that were killed left half made."""
    for path in folder.parent.glob(f"{_MAKING}*"):
        process = path.name.rpartition("-")[2]
        if process.isdecimal() and path == staging(folder, int(process)) and not process_lives(int(process)):
            shutil.rmtree(path, ignore_errors=True)


def _made_by(root: Path, marks: tuple[str, ...]) -> list[Path]:
    reports = root / "reports"
    if not reports.is_dir() or reports.is_symlink():
        return []
    made = (path for path in reports.iterdir() if path.name.startswith(_MAKING) and path.name.endswith(marks))
    return [path for path in made if not path.is_symlink()]
