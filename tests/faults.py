"""A process that is killed, or refused by its disk, at its n-th write into a folder."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

KILL = 0
NO_SPACE, NO_PERMISSION, BROKEN = errno.ENOSPC, errno.EACCES, errno.EIO
_WRITES = {"os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir"}

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork and no signals")


def arm(folder: Path, number: int, fault: int, reached: Callable[[], object]) -> None:
    """Let the ``number``-th write of this process into a folder go wrong: `KILL`, or the disk's answer."""
    count = 0

    def write(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if not _writes(event, arguments, folder):
            return
        count += 1
        if count == number:
            reached()
            if fault == KILL:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(fault, os.strerror(fault), str(folder))

    fsync = os.fsync

    def synced(handle: int) -> None:
        write("os.fsync", ())
        fsync(handle)

    os.fsync = synced
    sys.addaudithook(write)


def in_child(work: Callable[[], object], folder: Path, number: int, fault: int) -> tuple[bool, str]:
    """Do some work in a process of its own, of which the ``number``-th write into a folder goes wrong.

    Tells whether there were so many writes, and as what the work failed.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        arm(folder, number, fault, lambda: os.write(writing, b"reached "))
        try:
            work()
        except BaseException as error:  # noqa: BLE001
            os.write(writing, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        said = told.read()
    os.waitpid(child, 0)
    return said.startswith("reached "), said.removeprefix("reached ")


def _writes(event: str, arguments: tuple[object, ...], folder: Path) -> bool:
    """Tell whether an event of Python's audit is a write into a folder."""
    if event == "os.fsync":
        return True
    if event == "open":
        flags = arguments[2]
        return _within(arguments[0], folder) and isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))
    # Where folders are named by number, as when a tree is removed, it is ours.
    return event in _WRITES and (_within(arguments[0], folder) or not Path(str(arguments[0])).is_absolute())


def _within(path: object, folder: Path) -> bool:
    return isinstance(path, str | os.PathLike) and str(path).startswith(str(folder))
