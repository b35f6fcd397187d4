"""What was made from what: hashes of all inputs and outputs of one render."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from gtmdiag import __version__
from gtmdiag.resources import templates

SCHEMA = "gtmdiag.manifest/1"
NAME = "manifest.json"
_VERSIONS = ("matplotlib", "nbconvert", "pandas", "papermill", "typst")


@dataclass(frozen=True)
class Manifest:
    """One render: parameters, versions, and sha256 hashes of inputs and outputs by name.

    ``inputs`` are the engagement's files, the notebook, the templates and the instruments; ``outputs`` the files of
    the report folder. ``executed`` is False where an edited notebook was converted without being run.
    """

    notebook: str
    wave: str
    clock: str
    executed: bool
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    versions: Mapping[str, str] = field(default_factory=dict[str, str])

    def to_json(self) -> bytes:
        """Return the manifest as JSON text."""
        return (
            json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        ).encode()


def read_manifest(folder: Path) -> Mapping[str, Any]:
    """Return the manifest of a report folder as JSON data; empty where there is none that can be read."""
    try:
        data = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    record = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    return record if record.get("schema") == SCHEMA else {}


def versions() -> dict[str, str]:
    """Return the versions that may change an output's bytes."""
    return {"gtmdiag": __version__, "python": platform.python_version(), **{name: version(name) for name in _VERSIONS}}


def hash_inputs(root: Path, notebook: Path, shown_as: str) -> dict[str, str]:
    """Return the hashes of everything that a render reads: the engagement without its reports, and our own files."""
    files = {path.relative_to(root).as_posix(): path for path in _files(root) if not _left_out(path.relative_to(root))}
    files[f"notebook:{shown_as}"] = notebook
    shared = {"templates": templates(), "instruments": Path(__file__).parents[1] / "instruments"}
    for name, folder in shared.items():
        files |= {
            f"{name}:{path.relative_to(folder).as_posix()}": path for path in _files(folder) if path.suffix != ".pyc"
        }
    return {name: hash_file(path) for name, path in sorted(files.items())}


def hash_file(path: Path) -> str:
    """Return a file's sha256."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_bytes(data: bytes) -> str:
    """Return the sha256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _left_out(path: Path) -> bool:
    return path.parts[0] == "reports" or any(part.startswith(".") for part in path.parts)
