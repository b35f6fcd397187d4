"""Write a new engagement folder, commented and ready to edit."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.save import write_atomic
from gtmdiag.engagement.schema import Client, is_one_line, slug
from gtmdiag.engagement.yamlfile import parse_yaml, validate
from gtmdiag.errors import UsageError
from gtmdiag.resources import templates

CLIENT_FILE = "client.yaml"


@dataclass(frozen=True)
class NewFolder:
    """What `init_engagement` did: the files written, and those that were there before and were left."""

    written: tuple[Path, ...]
    left: tuple[Path, ...]


def init_engagement(root: Path, *, name: str = "", client_id: str = "") -> NewFolder:
    """Copy the commented templates into ``root``, which is made where it is missing.

    Parameters
    ----------
    root
        The client's folder. A file that is there already is left as it is.
    name
        The client's name; by default the name of the folder.
    client_id
        By default the folder's name in the form of an id.

    Raises
    ------
    InputError
        The name or id is not allowed, or the folder holds a link that leads out of it. Nothing is then written.
    StorageError
        A file cannot be written.
    UsageError
        ``root`` is a file.
    """
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file. Name a folder for the client.")
    folder = root.resolve().name
    name = name or (folder[:200] if is_one_line(folder) else slug(folder))
    source = templates() / "engagement"
    contents = {path.relative_to(source): path.read_bytes() for path in sorted(source.rglob("*")) if path.is_file()}
    client_file = Path(CLIENT_FILE)
    contents[client_file] = _filled_in(contents[client_file].decode("utf-8"), name, client_id or slug(folder))
    targets = {inside(root, *relative.parts): content for relative, content in contents.items()}
    left = tuple(path for path in targets if path.exists())
    written = tuple(path for path in targets if path not in left)
    for path in written:
        write_atomic(path, targets[path], keep_previous=False)
    return NewFolder(written, left)


def _filled_in(template: str, name: str, client_id: str) -> bytes:
    """Return client.yaml with its two needed values. JSON's quoted text is YAML's."""
    text = template.replace("@CLIENT_ID@", json.dumps(client_id))
    text = text.replace("@CLIENT_NAME@", json.dumps(name, ensure_ascii=False))
    validate(Client, parse_yaml(text, CLIENT_FILE))
    return text.encode("utf-8")
