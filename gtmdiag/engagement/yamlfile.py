"""Read one YAML file of an engagement; every value keeps its line, every problem is told at once."""

from __future__ import annotations

import stat
from pathlib import Path

from gtmdiag.engagement.validation import Located, YamlPath, refusal, validate
from gtmdiag.engagement.yamlparse import parse_yaml
from gtmdiag.errors import InputError, MissingError, Problem, StorageError

__all__ = ["Located", "YamlPath", "load_yaml", "parse_yaml", "refusal", "validate", "yaml_text"]

MAX_BYTES = 1_000_000


def load_yaml(path: Path, shown_as: str) -> Located:
    """Read one YAML file whose top level is a mapping.

    Parameters
    ----------
    path
        The file.
    shown_as
        Its name as the user knows it, for messages: ``"answers/2026-q3/ceo.yaml"``.

    Returns
    -------
    Located
        Plain data with the line of every value. An empty file is an empty mapping.

    Raises
    ------
    InputError
        The file is not acceptable; every problem that can be told at once, with its line.
    MissingError
        There is no such file.
    StorageError
        The file cannot be read.
    """
    return parse_yaml(yaml_text(path, shown_as), shown_as)


def yaml_text(path: Path, shown_as: str) -> str:
    """Return the text of a YAML file; see `load_yaml`."""
    return _decode(_read(path, shown_as), shown_as)


def _read(path: Path, shown_as: str) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError([Problem(shown_as, "", "not a file", "a text file", "Put a file here, or remove this.")])
        if status.st_size <= MAX_BYTES:
            with path.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
            if len(content) <= MAX_BYTES:
                return content
    except FileNotFoundError:
        raise MissingError(f"{shown_as} is not there.") from None
    except OSError as error:
        raise StorageError(f"{shown_as} cannot be read: {error.strerror}.") from error
    size = f"{max(status.st_size, MAX_BYTES + 1) / 1e6:,.1f} MB"
    remedy = "A file of settings or answers is small; put the right one here."
    raise InputError([Problem(shown_as, "", size, "at most 1 MB", remedy)])


def _decode(content: bytes, shown_as: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte {content[error.start]:#04x}, which is not UTF-8"
        problem = Problem(shown_as, f"line {line}", found, "text in UTF-8", "Save the file with the encoding UTF-8.")
        raise InputError([problem]) from None
