"""Save a file so that an interruption at any moment leaves one whole version of it."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import sys
import threading
from collections.abc import Generator
from pathlib import Path

from gtmdiag.errors import StorageError, reason

HISTORY = ".history"

_HOST = re.sub(r"[^A-Za-z0-9]+", "_", socket.gethostname())[:60]
_TEMPORARY = re.compile(r"\.gtmdiag-(?P<host>[A-Za-z0-9_]*)-(?P<pid>[0-9]{1,7})-[0-9]+\.tmp")


def write_atomic(path: Path, data: bytes, *, keep_previous: bool, mode: int = 0o666) -> None:
    """Write ``data`` to ``path``, whole or not at all.

    Parameters
    ----------
    path
        The file; its folder is made where it is missing. A link is replaced, never followed.
    data
        All of the new content. Where the file already holds it, nothing is written.
    keep_previous
        Keep the version before as ``.history/<name>.<n>`` beside the file, n counting from 1.
    mode
        Who may do what with a file that was not there yet; the user's mask takes its part away.

    Raises
    ------
    StorageError
        No permission, no space, a broken disk. The file is then as it was.
    """
    with unchanged(f"{path} could not be saved"), _aside(path) as temporary:
        if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
            return
        write_synced(temporary, data, mode)
        replace_file(temporary, path, keep_previous=keep_previous)


@contextlib.contextmanager
def unchanged(failure: str) -> Generator[None]:
    """Tell what failed, and why the system refused it, where all is then as it was: as StorageError."""
    try:
        yield
    except StorageError:
        raise
    except OSError as error:
        raise StorageError(f"{failure}: {reason(error)}. What was there before is unchanged.") from error


@contextlib.contextmanager
def _aside(path: Path) -> Generator[Path]:
    """Give the name of a file beside another, in a folder that is there; it is removed where anything goes wrong."""
    temporary = path.parent / _temporary_name()
    path.parent.mkdir(parents=True, exist_ok=True)
    _clear_stale(path.parent, temporary.name)
    try:
        yield temporary
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def write_synced(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Write a file that is not there yet, and wait until the disk has it. Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def replace_file(new: Path, path: Path, *, keep_previous: bool) -> None:
    """Put a whole file of the same disk into the place of another, which may be kept as in `write_atomic`.

    An interruption at any moment leaves one of them there, and doing it again ends as if there had been none. Raises
    OSError.
    """
    if path.is_file() and not path.is_symlink():
        new.chmod(path.stat().st_mode & 0o777)
        if keep_previous:
            _keep(path)
    new.replace(path)
    sync_folder(path.parent)


def keep_version(path: Path, data: bytes) -> None:
    """Add ``data`` to the history of ``path`` as if it had stood there, and leave ``path`` as it is.

    Raises
    ------
    StorageError
        As in `write_atomic`.
    """
    with unchanged(f"{path} could not be saved"), _aside(path) as temporary:
        write_synced(temporary, data)
        replace_file(temporary, _next_version(path), keep_previous=False)


def versions(path: Path) -> tuple[Path, ...]:
    """Return the kept versions of ``path``, oldest first."""
    history = path.parent / HISTORY
    if history.is_symlink() or not history.is_dir():
        return ()
    numbered = ((_number(kept.name, path.name), kept) for kept in history.iterdir())
    return tuple(kept for number, kept in sorted(numbered) if number)


def clear_temporary(folder: Path) -> None:
    """Remove what processes of this machine that have ended left half written in ``folder``."""
    if folder.is_dir():
        _clear_stale(folder, "")


def _temporary_name() -> str:
    return f".gtmdiag-{_HOST}-{os.getpid()}-{threading.get_ident()}.tmp"


def _keep(path: Path) -> None:
    """Give the present version a second name in the history; replacing then takes only the first from it."""
    if any(path.samefile(kept) for kept in versions(path)[-1:]):
        # Somebody was interrupted between the two steps.
        return
    kept = _next_version(path)
    try:
        os.link(path, kept)
    except FileExistsError:
        raise
    except OSError:
        # Some file systems have no hard links. An interruption here harms the copy only.
        write_synced(kept, path.read_bytes())
    sync_folder(kept.parent)


def _next_version(path: Path) -> Path:
    """Return where the next version goes; its folder is made where it is missing."""
    history = path.parent / HISTORY
    if history.is_symlink():
        raise OSError(0, f"{HISTORY} is a link")
    history.mkdir(exist_ok=True)
    number = max((_number(kept.name, path.name) for kept in history.iterdir()), default=0) + 1
    return history / f"{path.name}.{number}"


def _number(kept: str, name: str) -> int:
    number = kept.removeprefix(f"{name}.")
    return int(number) if number != kept and number.isdecimal() and number.isascii() else 0


def _clear_stale(folder: Path, own: str) -> None:
    """Remove temporary files of this machine's dead processes, and this thread's own of an earlier life."""
    for entry in folder.iterdir():
        match = _TEMPORARY.fullmatch(entry.name)
        if match and (entry.name == own or (match["host"] == _HOST and not process_lives(int(match["pid"])))):
            with contextlib.suppress(OSError):
                entry.unlink()


def process_lives(pid: int) -> bool:
    """Tell whether a process of this machine runs; True where the system cannot tell."""
    if sys.platform == "win32":
        # Windows has no harmless signal to ask with.
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of the files in a folder. Raises OSError."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
