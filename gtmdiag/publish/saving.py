"""Write what was made into a report folder: each output whole, the manifest last, edits kept aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gtmdiag.engagement.save import write_atomic
from gtmdiag.publish.manifest import NAME, Render, hash_bytes, read_manifest


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


def save_made(folder: Path, made: Sequence[Made]) -> tuple[Path, ...]:
    """Write the outputs and the manifest; return former outputs that had been edited, which are kept aside."""
    manifest = read_manifest(folder)
    kept: list[Path] = []
    for name, data in {name: data for one in made for name, data in one.outputs.items()}.items():
        path = folder / name
        present = path.is_file() and not path.is_symlink()
        edited = present and hash_bytes(path.read_bytes()) not in manifest.made(name) | {hash_bytes(data)}
        write_atomic(path, data, keep_previous=edited)
        kept += [path] if edited else []
    for one in made:
        manifest = manifest.adding(one.stem, one.render)
    write_atomic(folder / NAME, manifest.to_json(), keep_previous=False)
    return tuple(kept)
