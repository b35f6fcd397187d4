"""One writer at a time, across processes and threads. The system frees the lock of a process that dies."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Generator
from pathlib import Path

from gtmdiag.errors import StorageError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = ".lock"
PATIENCE = 10.0
"""Seconds after which waiting for another session ends with a message; a save takes some milliseconds."""
_PAUSE = 0.01


@contextlib.contextmanager
def locked(folder: Path, *, patience: float = PATIENCE) -> Generator[None]:
    """Hold the lock of ``folder``, which is made where it is missing.

    Raises
    ------
    StorageError
        Another session holds it for longer than ``patience`` seconds, or the lock's file cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StorageError(f"{folder} cannot be written: {reason}. Nothing was saved.") from error
    try:
        _wait(handle, folder, time.monotonic() + patience)
        yield
    finally:
        # Closing frees the lock.
        os.close(handle)


def _wait(handle: int, folder: Path, until: float) -> None:
    while not _taken(handle):
        if time.monotonic() > until:
            message = f"Another session has been saving in {folder} for a while. Nothing was saved here; try again."
            raise StorageError(message)
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
