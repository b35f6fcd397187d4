"""Move what was made into a report folder, all of it or nothing, with its manifest; edits are kept.

Everything is written aside first, last of all a note that it is whole. From then on it is only moved, which an
interruption may stop at any moment: whoever comes next, `finish`, goes on.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gtmdiag.engagement.lock import locked
from gtmdiag.engagement.save import replace_file, sync_folder, unchanged, write_synced
from gtmdiag.errors import StorageError, reason
from gtmdiag.publish.manifest import NAME, Render, hash_bytes, read_manifest

ASIDE = ".moving"
READY = "ready.json"


@dataclass(frozen=True)
class Made:
    """One notebook in its formats, before anything is written.

    Attributes
    ----------
    stem
        The name, without its ending, of its outputs.
    outputs
        Files by name.
    render
        What goes into the manifest.
    warnings
        What could not be shown as it was.
    """

    stem: str
    outputs: Mapping[str, bytes]
    render: Render
    warnings: tuple[str, ...]


class _Ready(BaseModel):
    """The note that all outputs and the manifest are aside, and which files go once they are in their places."""

    model_config = ConfigDict(frozen=True)

    schema_: Annotated[Literal["gtmdiag.moving/1"], Field(alias="schema")] = "gtmdiag.moving/1"
    obsolete: tuple[Annotated[str, Field(pattern=r"^[^/\\]+$")], ...]


def save_made(folder: Path, made: Sequence[Made], obsolete: Sequence[str] = ()) -> tuple[Path, ...]:
    """Write outputs and manifest, and remove files that they make obsolete.

    Returns
    -------
    Former outputs that had been edited, which are kept aside.

    Raises
    ------
    StorageError
        No permission, no space, a broken disk. All is then as it was; or, where moving itself failed, told so.
    """
    refused = f"{folder} cannot be written"
    with unchanged(refused):
        # None above it: a client that was removed or renamed in the meantime must not come back.
        folder.mkdir(exist_ok=True)
    with locked(folder):
        before = _finish(folder)
        with unchanged(refused):
            _put_aside(folder, made, obsolete)
        return (*before, *_move_in(folder))


def finish(folder: Path) -> tuple[Path, ...]:
    """Move in what an interrupted `save_made` had put aside; see there. Nothing happens where there is none."""
    if not _aside(folder).is_dir():
        return ()
    with locked(folder):
        return _finish(folder)


def _finish(folder: Path) -> tuple[Path, ...]:
    if _ready(folder) is not None:
        return _move_in(folder)
    shutil.rmtree(_aside(folder), ignore_errors=True)
    return ()


def _put_aside(folder: Path, made: Sequence[Made], obsolete: Sequence[str]) -> None:
    aside, manifest = _aside(folder), read_manifest(folder)
    for one in made:
        manifest = manifest.adding(one.stem, one.render)
    outputs = {name: data for one in made for name, data in one.outputs.items()}
    changed = {name: data for name, data in outputs.items() if _content(folder / name) != data}
    try:
        aside.mkdir()
        for name, data in {**changed, NAME: manifest.to_json()}.items():
            write_synced(aside / name, data)
        sync_folder(aside)
        # A name that is there stands for a whole file: this one comes last and by another name.
        write_synced(aside / f"{READY}.tmp", _Ready(obsolete=tuple(obsolete)).model_dump_json(by_alias=True).encode())
        replace_file(aside / f"{READY}.tmp", aside / READY, keep_previous=False)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise


def _move_in(folder: Path) -> tuple[Path, ...]:
    """Move each file to its place, the manifest last. Doing it again after an interruption goes on where it stopped."""
    aside, ready, manifest = _aside(folder), _ready(folder), read_manifest(folder)
    assert ready is not None
    kept: list[Path] = []
    try:
        for name in sorted(path.name for path in aside.iterdir() if path.name not in (NAME, READY)):
            former = _content(folder / name)
            known = manifest.made(name) | {hash_bytes((aside / name).read_bytes())}
            edited = former is not None and hash_bytes(former) not in known
            replace_file(aside / name, folder / name, keep_previous=edited)
            kept += [folder / name] if edited else []
        if (aside / NAME).exists():
            replace_file(aside / NAME, folder / NAME, keep_previous=False)
        for name in ready.obsolete:
            (folder / name).unlink(missing_ok=True)
        shutil.rmtree(aside)
    except OSError as error:
        why = reason(error)
        raise StorageError(
            f"{error.filename2 or error.filename or folder} cannot be replaced: {why}. What was made is whole in "
            f"{aside}; the next run moves the rest of it in."
        ) from error
    return tuple(kept)


def _aside(folder: Path) -> Path:
    aside = folder / ASIDE
    if aside.is_symlink():
        # Nothing of ours, and nobody knows where it leads.
        aside.unlink()
    return aside


def _ready(folder: Path) -> _Ready | None:
    try:
        return _Ready.model_validate_json((_aside(folder) / READY).read_bytes())
    except (OSError, ValidationError):
        return None


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None
