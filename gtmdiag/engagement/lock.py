"""One writer at a time, across processes and threads. The system frees the lock of a process that dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Generator
from pathlib import Path

from gtmdiag.errors import StorageError, reason

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = ".lock"
PATIENCE = 10.0
"""Seconds after which waiting for another session ends with a message; a save takes some milliseconds."""
_PAUSE = 0.01


@contextlib.contextmanager
def locked(folder: Path, *, patience: float = PATIENCE, busy: str = "") -> Generator[None]:
    """Hold the lock of ``folder``, which is made where it is missing.

    Parameters
    ----------
    folder
        What only one at a time may write to.
    patience
        Seconds to wait for another session that holds it.
    busy
        What to say then, where it is not a save that takes some milliseconds.

    Raises
    ------
    StorageError
        Another session holds it for longer, or the lock's file cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    except OSError as error:
        why = reason(error)
        raise StorageError(f"{folder} cannot be written: {why}. Nothing was saved.") from error
    try:
        saving = f"Another session has been saving in {folder} for a while. Nothing was saved here; try again."
        _wait(handle, time.monotonic() + patience, busy or saving)
        yield
    finally:
        # Closing frees the lock.
        os.close(handle)


def _wait(handle: int, until: float, busy: str) -> None:
    while not _taken(handle):
        if time.monotonic() > until:
            raise StorageError(busy)
        time.sleep(_PAUSE)


def _taken(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
