"""Write what was agreed on ownership into client.yaml, and leave every other line of it as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.init import CLIENT_FILE
from gtmdiag.engagement.save import write_atomic
from gtmdiag.engagement.schema import Agreed, Client
from gtmdiag.engagement.yamlfile import load_yaml, parse_yaml, validate
from gtmdiag.errors import InputError, Problem, StorageError

COPY = "client-edited.yaml"
_KEY = "agreed_ownership"
_BLOCK = re.compile(rf"^{_KEY}[ \t]*:.*(?:\n(?:[ \t].*)?)*\n?", re.MULTILINE)


def client_text(root: Path) -> str:
    """Return client.yaml as it stands.

    Raises
    ------
    StorageError
        It cannot be read.
    """
    try:
        return inside(root, CLIENT_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StorageError(f"{CLIENT_FILE} cannot be read.") from error


def save_agreed(root: Path, agreed: Agreed, *, opened: str, copy: bool) -> Path:
    """Save what was agreed and return the file.

    Parameters
    ----------
    root
        The client's folder.
    agreed
        What to save.
    opened
        client.yaml as it stood when the editing began; where it has changed since, nothing is written.
    copy
        Write a copy beside client.yaml instead of client.yaml itself.

    Raises
    ------
    InputError
        client.yaml has changed since, cannot be used, or what was agreed cannot be added to it.
    StorageError
        It cannot be written. The version before is kept in ``.history/``.
    """
    if client_text(root) != opened:
        found, remedy = "a file that was changed since the editor was opened", "Run the editor's cell again."
        raise InputError([Problem(CLIENT_FILE, "", found, "the file as it was", remedy)])
    before = validate(Client, load_yaml(inside(root, CLIENT_FILE), CLIENT_FILE))
    text = _with_block(opened, "\n".join(_lines(agreed)))
    after = validate(Client, parse_yaml(text, CLIENT_FILE))
    if after != before.model_copy(update={_KEY: agreed}):
        remedy = f"Write the key {_KEY} as indented lines at the end of the file, or remove it."
        raise InputError([Problem(CLIENT_FILE, _KEY, "lines that cannot be told apart", "a block", remedy)])
    path = inside(root, COPY if copy else CLIENT_FILE)
    write_atomic(path, text.encode("utf-8"), keep_previous=True)
    return path


def _with_block(text: str, block: str) -> str:
    kept = _BLOCK.sub("", text).rstrip("\n")
    return f"{kept}\n\n{block}\n"


def _lines(agreed: Agreed) -> Iterator[str]:
    """Yield the block. JSON's quoted text is YAML's."""
    yield f"{_KEY}:  # as agreed, written by the editor of the altitude map"
    yield f"  owner: {json.dumps(agreed.owner)}"
    yield "  decisions:" if agreed.decisions else "  decisions: {}"
    for name, rights in agreed.decisions.items():
        yield f"    {name}: {{designs: {json.dumps(rights.designs)}, decides: {json.dumps(rights.decides)}}}"
