"""The clients' folders under one folder."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.init import CLIENT_FILE
from gtmdiag.engagement.schema import CLIENT_ID
from gtmdiag.engagement.yamlfile import load_yaml
from gtmdiag.errors import GtmdiagError, MissingError, StorageError, UsageError, shorten

_HEAD = 65_536
_PLAIN_ID = re.compile(rb"^id:[ \t]+([a-z][a-z0-9-]*)[ \t]*(?:#.*)?\r?$", re.MULTILINE)
# A folder with one of these but no client.yaml was probably meant to be a client's.
_SIGNS = ("answers", "crm", "client.yml")


def find_clients(root: Path) -> tuple[dict[Path, str], tuple[Path, ...]]:
    """Return the clients' folders under ``root`` with their ids, sorted, and the folders that only look like one.

    An id is empty where client.yaml tells none that can be used.

    Raises
    ------
    MissingError, StorageError
        There is no such folder, or it cannot be read.
    UsageError
        It is a client's folder itself, or holds none.
    """
    require_folder(root)
    if (root / CLIENT_FILE).is_file():
        raise UsageError(
            f"{root} is itself a client's folder. Use 'gtmdiag render {root}', or name the folder above it."
        )
    try:
        folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise StorageError(f"{root} cannot be read: {error.strerror}.") from error
    clients = {path: _id(path) for path in folders if _there(path / CLIENT_FILE)}
    others = (path for path in folders if path not in clients)
    passed_over = tuple(path for path in others if any(_there(path / sign) for sign in _SIGNS))
    if not clients:
        near = f" {folder_names(passed_over)} would be one with a client.yaml." if passed_over else ""
        raise UsageError(
            f"No client's folder under {root}: none of its folders holds a client.yaml.{near} "
            f"Make one with 'gtmdiag init {root / 'acme'}'."
        )
    return clients, passed_over


def require_folder(root: Path) -> None:
    """Refuse what is no folder.

    Raises
    ------
    MissingError
        There is none.
    """
    if not root.is_dir():
        raise MissingError(f"{root} is not a folder. Name the folder that holds one folder a client.")


def folder_names(folders: Sequence[Path]) -> str:
    """Return the first folders' names, and how many more there are."""
    names = [shorten(path.name, 40) for path in folders[:5]]
    more = len(folders) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # Nobody may look: rendering tells why.
        return path.name == CLIENT_FILE


def _id(client: Path) -> str:
    """Return the id that client.yaml tells; empty where it tells none, which rendering will tell in full."""
    try:
        path = inside(client, CLIENT_FILE)
        if not path.is_file():
            # A pipe would be waited for without end.
            return ""
        with path.open("rb") as file:
            plain = _PLAIN_ID.findall(file.read(_HEAD))
        # Told even where the file is broken further on.
        found = plain[0].decode() if len(plain) == 1 else load_yaml(path, CLIENT_FILE).data.get("id")
    except (GtmdiagError, OSError):
        return ""
    return found if isinstance(found, str) and CLIENT_ID.fullmatch(found) else ""
