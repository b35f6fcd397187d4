"""What was made from what: hashes of all inputs and outputs of each render in a report folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gtmdiag import __version__
from gtmdiag.errors import StorageError
from gtmdiag.resources import templates

NAME = "manifest.json"
_VERSIONS = (
    "beautifulsoup4",
    "fonttools",
    "icalendar",
    "Jinja2",
    "markdown-it-py",
    "matplotlib",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "pydantic",
    "python-dateutil",
    "python-pptx",
    "PyYAML",
    "ruamel.yaml",
    "typst",
    "XlsxWriter",
)
_PACKAGE = Path(__file__).parents[1]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True)


class Render(_Record):
    """One render of one notebook.

    Attributes
    ----------
    notebook, wave
        Its parameters.
    clock, clock_matters
        The date that counted as today, and whether a later one might have changed the outputs.
    executed
        False where an edited notebook was converted without being run.
    inputs, outputs
        Sha256 by name: of the engagement's files, the notebook, the package and its templates; of the files made.
    former
        Sha256 by name of outputs that only an earlier render made. They do not belong to these inputs.
    versions
        Versions of what may change an output's bytes.
    """

    notebook: str
    wave: str
    clock: str
    clock_matters: bool = True
    executed: bool
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    former: Mapping[str, str] = Field(default_factory=dict[str, str])
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
        known = ({**render.former, **render.outputs} for render in self.renders.values())
        return frozenset(outputs[name] for outputs in known if name in outputs)

    def adding(self, stem: str, render: Render) -> Manifest:
        """Return the manifest with one more render, in the place of the last one of the same stem.

        Outputs that only an earlier one made are still known as made.
        """
        last = self.renders.get(stem)
        before = {**last.former, **last.outputs} if last is not None else {}
        former = {name: made for name, made in before.items() if name not in render.outputs}
        return Manifest(renders={**self.renders, stem: render.model_copy(update={"former": former})})


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a report folder; empty where there is none that can be read."""
    try:
        return Manifest.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValidationError):
        return Manifest()


@cache
def versions() -> Mapping[str, str]:
    """Return the versions that may change an output's bytes."""
    return {"gtmdiag": __version__, "python": platform.python_version(), **{name: version(name) for name in _VERSIONS}}


def hash_suite() -> dict[str, str]:
    """Return the hashes of our own files that a render reads, whatever the engagement: the package, its templates."""
    return {"package": _hash_folder(_PACKAGE), "templates": _hash_folder(templates())}


def hash_inputs(
    root: Path, notebooks: Sequence[tuple[Path, str]], suite: Mapping[str, str] | None = None
) -> tuple[dict[str, str], ...]:
    """Return the hashes of all that a render of each notebook reads: the engagement without its reports, and our files.

    Parameters
    ----------
    root
        The engagement folder.
    notebooks
        Each notebook, and its name as the user knows it.
    suite
        What `hash_suite` gives, where it is known.

    Raises
    ------
    StorageError
        When a file cannot be read.
    """
    try:
        shared = {_text(name): hash_bytes(path.read_bytes()) for name, path in _files(root, _left_out)}
        shared |= hash_suite() if suite is None else suite
        return tuple({**shared, f"notebook:{known}": hash_bytes(path.read_bytes())} for path, known in notebooks)
    except OSError as error:
        raise StorageError(f"{error.filename} cannot be read: {error.strerror}.") from error


def hash_bytes(data: bytes) -> str:
    """Return the sha256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def _hash_folder(folder: Path) -> str:
    """Return one hash of the names and contents of all files in a folder."""
    files = _files(folder, lambda name: name.endswith(".pyc"))
    return hash_bytes("\n".join(f"{_text(name)} {hash_bytes(path.read_bytes())}" for name, path in files).encode())


def _files(folder: Path, left_out: Callable[[str], bool]) -> Iterator[tuple[str, Path]]:
    """Yield name and path of each file below a folder; of links, those to a file in it, which a render follows."""
    within, waiting = folder.resolve(), [("", folder)]
    while waiting:
        prefix, place = waiting.pop()
        # What is gone or nobody may read, no render reads.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError, PermissionError), os.scandir(place) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                name, path = f"{prefix}{entry.name}", place / entry.name
                if left_out(name):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{name}/", path))
                elif entry.is_file() and (not entry.is_symlink() or path.resolve().is_relative_to(within)):
                    yield name, path


def _text(name: str) -> str:
    # A name that is not UTF-8 could not be written as JSON.
    return name.encode("utf-8", "backslashreplace").decode()


def _left_out(name: str) -> bool:
    """Tell whether a file or folder of an engagement is hidden, or made by a render."""
    parts = name.split("/")
    return parts[-1].startswith(".") or parts[0] == "reports" or (parts[0] == "standups" and len(parts) > 2)
