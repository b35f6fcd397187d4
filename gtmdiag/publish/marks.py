"""Which processes of other machines are at work on a folder of clients: a file each, as long as the batch goes on.

What a machine left half made when it was lost can so be told from what others are making, by hand for instance.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from gtmdiag.errors import StorageError, reason
from gtmdiag.publish.staging import clear_staging, mark_of

NAME = ".cluster"


def make_marks(root: Path) -> Path:
    """Make the folder for the marks of a batch on ``root``.

    Raises
    ------
    StorageError
        It cannot be made.
    """
    folder = root / NAME
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {reason(error)}.") from error
    return folder


def mark(folder: Path, process: int) -> str:
    """Leave the mark of a process of this machine, and return its name. Raises OSError."""
    name = mark_of(process)
    os.close(os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o666))
    return name


def clear_marked(root: Path) -> None:
    """Remove what the processes that left a mark had half made of any client, and the marks. None of them may go on."""
    folder = root / NAME
    if folder.is_symlink() or not folder.is_dir():
        return
    marks = [path.name for path in folder.iterdir()]
    for client in (path for path in root.iterdir() if path.is_dir()):
        clear_staging(client, *marks)
    shutil.rmtree(folder, ignore_errors=True)
