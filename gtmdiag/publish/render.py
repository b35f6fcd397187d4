"""One client's report: execute the notebook, convert it, move the outputs in with a manifest."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import nbformat
from nbformat import NotebookNode
from nbformat.sign import NotebookNotary

from gtmdiag.engagement.folder import chosen_wave, inside, read_folder
from gtmdiag.engagement.save import write_atomic
from gtmdiag.errors import CellError, MissingError, StorageError, UsageError, did_you_mean, shorten
from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.publish.execute import execute
from gtmdiag.publish.html import document_html
from gtmdiag.publish.manifest import NAME, Render, hash_bytes, hash_inputs, read_manifest, versions
from gtmdiag.publish.notebooks import find_notebook, read_notebook
from gtmdiag.publish.pdf import typeset
from gtmdiag.publish.results import results_json
from gtmdiag.report.document import Document, read_document

FORMATS = ("html", "pdf")
REPORT = "client_report"
NO_WAVE = "no-wave"
"""Folder of the reports of an engagement without answers."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, the steps done, and all steps."""


@dataclass(frozen=True)
class Rendered:
    """What a render left behind.

    ``outputs`` are paths in the order notebook, formats, results; ``kept`` are former outputs that had been edited and
    were kept aside; ``warnings`` tell what could not be shown as it was.
    """

    outputs: tuple[Path, ...]
    kept: tuple[Path, ...]
    warnings: tuple[str, ...]


def render(
    root: Path,
    *,
    wave: str = "",
    formats: Sequence[str] = FORMATS,
    notebook: str = REPORT,
    today: date,
    progress: Progress,
) -> Rendered:
    """Execute a notebook on one client and write it, its formats and results.json into ``reports/<wave>/``.

    Parameters
    ----------
    root
        The engagement folder.
    wave
        A wave of it; by default the last one.
    formats
        Some of ``"html"``, ``"pdf"``; the notebook and results.json are always written.
    notebook
        Name of a packaged notebook or of one in the engagement's ``notebooks/``.
    today
        The clock; dates after it are not believed.
    progress
        Told of each step.

    Raises
    ------
    InputError, UsageError, MissingError
        When inputs or arguments cannot be used.
    CellError
        When a cell raised; the notebook is kept as ``<name>.failed.ipynb``.
    RenderError
        When the kernel died or a format cannot be made.
    StorageError
        When nothing can be written; what was there before is unchanged.
    """
    _require_formats(formats)
    path, shown_as = find_notebook(root, notebook)
    progress("Reading inputs", 0, 0)
    inputs = hash_inputs(root, path, shown_as)
    diagnosis = diagnose(root, wave, today=today)
    folder = inside(root, "reports", diagnosis.wave or NO_WAVE)
    stem = _stem(notebook)
    executed = _run(path, shown_as, folder, stem, diagnosis.wave, progress)
    executed.metadata["gtmdiag"] = _metadata(diagnosis)
    progress("Making the formats", 0, 0)
    converted, warnings = _convert(read_document(executed), stem, formats)
    outputs = {f"{stem}.ipynb": _notebook_bytes(executed), **converted, "results.json": results_json(diagnosis)}
    made = Render(
        notebook=notebook,
        wave=diagnosis.wave,
        clock=today.isoformat(),
        executed=True,
        inputs=inputs,
        outputs={name: hash_bytes(data) for name, data in outputs.items()},
        versions=versions(),
    )
    kept = _save(folder, outputs, stem, made)
    (folder / f"{stem}.failed.ipynb").unlink(missing_ok=True)
    # So that JupyterLab shows the pictures of a notebook that it did not run itself.
    cast("Any", NotebookNotary()).sign(executed)
    return Rendered(tuple(folder / name for name in outputs), kept, warnings)


def convert(
    root: Path, *, wave: str = "", formats: Sequence[str] = FORMATS, notebook: str = REPORT, today: date
) -> Rendered:
    """Convert the report notebook that is there, edited or not, without running it. See `render`."""
    _require_formats(formats)
    chosen = chosen_wave(read_folder(root).waves, wave)
    folder = inside(root, "reports", chosen or NO_WAVE)
    stem = _stem(notebook)
    path = folder / f"{stem}.ipynb"
    if not path.is_file():
        raise MissingError(f"{path} is not there. Render once without --no-execute first.")
    outputs, warnings = _convert(read_document(read_notebook(path, path.name)), stem, formats)
    made = Render(
        notebook=notebook,
        wave=chosen,
        clock=today.isoformat(),
        executed=False,
        inputs={path.name: hash_bytes(path.read_bytes())},
        outputs={name: hash_bytes(data) for name, data in outputs.items()},
        versions=versions(),
    )
    kept = _save(folder, outputs, stem, made)
    return Rendered((path, *(folder / name for name in outputs)), kept, warnings)


def _require_formats(formats: Sequence[str]) -> None:
    for name in formats:
        if name not in FORMATS:
            allowed = ", ".join(FORMATS)
            raise UsageError(f"No format {shorten(name)}; allowed: {allowed}. {did_you_mean(name, FORMATS)}".strip())


def _stem(notebook: str) -> str:
    return "report" if notebook == REPORT else notebook


def _run(path: Path, shown_as: str, folder: Path, stem: str, wave: str, progress: Progress) -> NotebookNode:
    """Execute the notebook in a folder beside the report's own, so that relative paths hold in both."""
    source = read_notebook(path, shown_as)
    staging = folder.parent / f".making-{folder.name}-{socket.gethostname()}-{os.getpid()}"
    try:
        staging.mkdir(parents=True, exist_ok=True)
        try:
            return execute(
                source,
                shown_as,
                staging / f"{stem}.ipynb",
                engagement="../..",
                wave=wave,
                on_cell=lambda done, total: progress("Running the notebook", done, total),
            )
        except CellError as error:
            failed = folder / f"{stem}.failed.ipynb"
            write_atomic(failed, (staging / f"{stem}.ipynb").read_bytes(), keep_previous=False)
            raise CellError(f"{error}\nThe notebook with the error is kept: {failed}") from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        if isinstance(error, StorageError):
            raise
        reason = (error.strerror or str(error)).lower()
        raise StorageError(f"{folder} cannot be written: {reason}. What was there before is unchanged.") from error


def _metadata(diagnosis: Diagnosis) -> dict[str, str]:
    return {
        "kind": "report",
        "client": diagnosis.client.name,
        "language": diagnosis.client.language,
        "date": diagnosis.as_of.isoformat() if diagnosis.as_of is not None else "",
        "confidentiality": diagnosis.client.confidentiality,
    }


def _convert(document: Document, stem: str, formats: Sequence[str]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the files of each format by name, and what could not be shown as it was."""
    made: dict[str, bytes] = {}
    warnings = document.warnings
    if "html" in formats:
        made[f"{stem}.html"] = document_html(document).encode()
    if "pdf" in formats:
        pdf = typeset(document)
        made[f"{stem}.pdf"] = pdf.data
        warnings += pdf.warnings
    return made, warnings


def _notebook_bytes(notebook: NotebookNode) -> bytes:
    return (cast("str", nbformat.writes(notebook)) + "\n").encode()  # pyright: ignore[reportUnknownMemberType]


def _save(folder: Path, outputs: Mapping[str, bytes], stem: str, made: Render) -> tuple[Path, ...]:
    """Write the outputs, each whole, and the manifest last; keep aside a former output that was edited."""
    manifest = read_manifest(folder)
    kept: list[Path] = []
    for name, data in outputs.items():
        path = folder / name
        edited = path.is_file() and hash_bytes(path.read_bytes()) not in manifest.made(name) | {hash_bytes(data)}
        write_atomic(path, data, keep_previous=edited)
        kept += [path] if edited else []
    write_atomic(folder / NAME, manifest.adding(stem, made).to_json(), keep_previous=False)
    return tuple(kept)
