"""What was made from what: hashes of all inputs and outputs of each render in a report folder."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gtmdiag import __version__
from gtmdiag.resources import templates

NAME = "manifest.json"
_VERSIONS = ("matplotlib", "pandas", "papermill", "typst")
_PACKAGE = Path(__file__).parents[1]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Render(_Record):
    """One render of one notebook.

    Attributes
    ----------
    notebook, wave
        Its parameters.
    clock
        The date that counted as today.
    executed
        False where an edited notebook was converted without being run.
    inputs, outputs
        Sha256 by name: of the engagement's files, the notebook, the package and its templates; of the files made.
    versions
        Versions of what may change an output's bytes.
    """

    notebook: str
    wave: str
    clock: str
    executed: bool
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    versions: Mapping[str, str]


class Manifest(_Record):
    """The last render of each notebook, by the stem of its outputs: ``report``, ``gut_check``."""

    schema_: Annotated[Literal["gtmdiag.manifest/1"], Field(alias="schema")] = "gtmdiag.manifest/1"
    renders: Mapping[str, Render] = Field(default_factory=dict[str, Render])

    def to_json(self) -> bytes:
        """Return the manifest as JSON text."""
        return (
            json.dumps(self.model_dump(by_alias=True), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
        ).encode()

    def made(self, name: str) -> frozenset[str]:
        """Return the hashes that an output of this name had when it was made."""
        return frozenset(render.outputs[name] for render in self.renders.values() if name in render.outputs)

    def adding(self, stem: str, render: Render) -> Manifest:
        """Return the manifest with one more render, in the place of the last one of the same stem.

        Outputs that only the last one made are still known as made.
        """
        last = self.renders.get(stem)
        outputs = {**last.outputs, **render.outputs} if last is not None else render.outputs
        return Manifest(renders={**self.renders, stem: render.model_copy(update={"outputs": outputs})})


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a report folder; empty where there is none that can be read."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValidationError):
        return Manifest()


def versions() -> dict[str, str]:
    """Return the versions that may change an output's bytes."""
    return {"gtmdiag": __version__, "python": platform.python_version(), **{name: version(name) for name in _VERSIONS}}


def hash_inputs(root: Path, notebook: Path, shown_as: str) -> dict[str, str]:
    """Return the hashes of everything that a render reads: the engagement without its reports, and our own files."""
    files = {path.relative_to(root).as_posix(): path for path in _files(root) if not _left_out(path.relative_to(root))}
    return {
        **{name: hash_bytes(path.read_bytes()) for name, path in files.items()},
        f"notebook:{shown_as}": hash_bytes(notebook.read_bytes()),
        "package": _hash_folder(_PACKAGE),
        "templates": _hash_folder(templates()),
    }


def hash_bytes(data: bytes) -> str:
    """Return the sha256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def _hash_folder(folder: Path) -> str:
    """Return one hash of the names and contents of all files in a folder."""
    names = {path.relative_to(folder).as_posix(): path for path in _files(folder) if path.suffix != ".pyc"}
    return hash_bytes("\n".join(f"{name} {hash_bytes(path.read_bytes())}" for name, path in names.items()).encode())


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def _left_out(path: Path) -> bool:
    return path.parts[0] == "reports" or any(part.startswith(".") for part in path.parts)
