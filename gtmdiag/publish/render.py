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

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.save import write_atomic
from gtmdiag.errors import CellError, MissingError, StorageError, UsageError, did_you_mean, shorten
from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.publish.execute import execute
from gtmdiag.publish.html import document_html
from gtmdiag.publish.manifest import NAME, Manifest, hash_bytes, hash_inputs, read_manifest, versions
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
    run: bool = True,
    today: date,
    progress: Progress,
) -> Rendered:
    """Render one client's report into ``reports/<wave>/``.

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
    run
        False converts the report notebook that is there, edited or not, without running it.
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
    for name in formats:
        if name not in FORMATS:
            allowed = ", ".join(FORMATS)
            raise UsageError(f"No format {shorten(name)}; allowed: {allowed}. {did_you_mean(name, FORMATS)}".strip())
    progress("Reading inputs", 0, 0)
    diagnosis = diagnose(root, wave, today=today)
    folder = inside(root, "reports", diagnosis.wave or NO_WAVE)
    stem = "report" if notebook == REPORT else notebook
    path, shown_as = find_notebook(root, notebook)
    if run:
        executed = _run(path, shown_as, folder, stem, diagnosis.wave, progress)
        executed.metadata["gtmdiag"] = _metadata(diagnosis)
    else:
        executed = _present(folder / f"{stem}.ipynb")
    progress("Making the formats", 0, 0)
    document = read_document(executed)
    outputs = {f"{stem}.ipynb": _notebook_bytes(executed)} if run else {}
    converted, warnings = _convert(document, formats)
    outputs |= {f"{stem}.{name}": data for name, data in converted.items()}
    outputs["results.json"] = results_json(diagnosis)
    progress("Saving", 0, 0)
    kept = _save(folder, outputs)
    manifest = Manifest(
        notebook=notebook,
        wave=diagnosis.wave,
        clock=today.isoformat(),
        executed=run,
        inputs=hash_inputs(root, path, shown_as),
        outputs=_all_hashes(folder, {name: hash_bytes(data) for name, data in outputs.items()}),
        versions=versions(),
    )
    write_atomic(folder / NAME, manifest.to_json(), keep_previous=False)
    (folder / f"{stem}.failed.ipynb").unlink(missing_ok=True)
    # So that JupyterLab shows the pictures of a notebook that it did not run itself.
    cast("Any", NotebookNotary()).sign(executed)
    return Rendered(tuple(folder / name for name in outputs), kept, (*document.warnings, *warnings))


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


def _present(path: Path) -> NotebookNode:
    if not path.is_file():
        raise MissingError(f"{path} is not there. Render once without --no-execute first.")
    return read_notebook(path, path.name)


def _metadata(diagnosis: Diagnosis) -> dict[str, str]:
    return {
        "kind": "report",
        "client": diagnosis.client.name,
        "language": diagnosis.client.language,
        "date": diagnosis.as_of.isoformat() if diagnosis.as_of is not None else "",
        "confidentiality": diagnosis.client.confidentiality,
    }


def _convert(document: Document, formats: Sequence[str]) -> tuple[dict[str, bytes], tuple[str, ...]]:
    made: dict[str, bytes] = {}
    warnings: tuple[str, ...] = ()
    if "html" in formats:
        made["html"] = document_html(document).encode()
    if "pdf" in formats:
        pdf = typeset(document)
        made["pdf"], warnings = pdf.data, pdf.warnings
    return made, warnings


def _notebook_bytes(notebook: NotebookNode) -> bytes:
    return (cast("str", nbformat.writes(notebook)) + "\n").encode()  # pyright: ignore[reportUnknownMemberType]


def _save(folder: Path, outputs: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Write the outputs, each whole; keep aside a former one that was edited since it was made."""
    made: Mapping[str, Any] = read_manifest(folder).get("outputs", {})
    kept: list[Path] = []
    for name, data in outputs.items():
        path = folder / name
        edited = path.is_file() and hash_bytes(path.read_bytes()) not in (made.get(name), hash_bytes(data))
        write_atomic(path, data, keep_previous=edited)
        kept += [path] if edited else []
    return tuple(kept)


def _all_hashes(folder: Path, new: Mapping[str, str]) -> dict[str, str]:
    """Return the hashes of this render's outputs, and of others that an earlier one left in the folder."""
    earlier: Mapping[str, str] = read_manifest(folder).get("outputs", {})
    return dict(sorted({**{name: h for name, h in earlier.items() if (folder / name).is_file()}, **new}.items()))
