"""What is kept of a client that failed: a log in its reports, until it is rendered or needs no rendering."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.save import write_atomic
from gtmdiag.errors import InputError, StorageError

LOG = "failed.log"


def write_log(root: Path, parts: Mapping[str, str]) -> Path | None:
    """Write down why a client failed, part by part under their titles; None where it cannot be written."""
    if not root.is_dir():
        # It was removed or renamed in the meantime, and must not come back.
        return None
    told = {title: body.strip() for title, body in parts.items()}
    text = "\n\n".join(f"{title}\n{'-' * len(title)}\n{body}" for title, body in told.items() if body)
    try:
        path = inside(root, "reports", LOG)
        write_atomic(path, f"{text}\n".encode("utf-8", "backslashreplace"), keep_previous=False)
    except (InputError, StorageError):
        return None
    return path


def clear_log(root: Path) -> None:
    """Remove the log of a client that fails no more."""
    path = root / "reports" / LOG
    # One that cannot be removed does no harm.
    with contextlib.suppress(OSError):
        if not path.parent.is_symlink():
            path.unlink()
