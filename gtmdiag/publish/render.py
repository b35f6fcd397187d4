"""One client's report: execute the notebook, convert it, move the outputs in with a manifest."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import nbformat
from nbformat import NotebookNode
from nbformat.sign import NotebookNotary

from gtmdiag.engagement.folder import chosen_wave, inside, read_folder
from gtmdiag.engagement.logo import read_logo
from gtmdiag.engagement.reports import RESULTS, report_folder
from gtmdiag.engagement.stale import NAME as STALE
from gtmdiag.errors import MissingError
from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.findings.handed import FILE, hand_over
from gtmdiag.publish.engines import WARM, require_engine
from gtmdiag.publish.execute import warm_up
from gtmdiag.publish.formats import convert_document
from gtmdiag.publish.manifest import Render, hash_bytes, hash_inputs, versions
from gtmdiag.publish.notebooks import find_notebook, read_notebook
from gtmdiag.publish.places import (
    DEFAULT_FORMATS,
    REPORT,
    notebooks_of,
    require_formats,
    stem_of,
)
from gtmdiag.publish.plan_files import plan_files
from gtmdiag.publish.results import results_json
from gtmdiag.publish.running import Progress, run_notebook
from gtmdiag.publish.saving import Made, save_made
from gtmdiag.report.brand import brand_of
from gtmdiag.report.document import read_document
from gtmdiag.resources import notebooks


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
    formats: Sequence[str] = DEFAULT_FORMATS,
    notebook: str = REPORT,
    today: date,
    engine: str = WARM,
    progress: Progress,
) -> Rendered:
    """Execute a notebook on one client and write it, its formats and results.json into ``reports/<wave>/``.

    The client report comes with the plan as plan.csv and plan.ics.

    Parameters
    ----------
    root
        The engagement folder.
    wave
        A wave of it; by default the last one.
    formats
        Some of ``"html"``, ``"pdf"``, ``"deck"``, ``"pptx"``, ``"xlsx"``; the notebook and results.json are always
        written. With the client report go the slides of the board deck, of a notebook of its own.
    notebook
        Name of a packaged notebook or of one in the engagement's ``notebooks/``.
    today
        The clock; dates after it are not believed.
    engine
        What executes the notebook, ``"warm"`` or ``"stock"``; the outputs are the same.
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
    require_formats(formats)
    require_engine(engine)
    progress("Reading inputs", 0, 0)
    if engine == WARM:
        warm_up(today)
    parts = [(name, some, *find_notebook(root, name)) for name, some in notebooks_of(notebook, formats)]
    hashed = hash_inputs(root, [(path, shown_as) for _, _, path, shown_as in parts])
    diagnosis = diagnose(root, wave, today=today)
    results = results_json(diagnosis)
    folder = report_folder(root, diagnosis.wave)
    made, ready = list[Made](), {FILE: hand_over(diagnosis, root, today)}
    for (name, some, path, shown_as), inputs in zip(parts, hashed, strict=True):
        stem = stem_of(name)
        # What a client's own notebook does before it asks for the diagnosis may change it.
        beside = ready if path.parent == notebooks() else None
        executed = run_notebook(
            path, shown_as, folder, stem, diagnosis.wave, today, progress, beside=beside, engine=engine
        )
        executed.metadata["gtmdiag"] = _metadata(diagnosis, root, executed)
        progress("Making the formats", 0, 0)
        outputs, warnings = _outputs(executed, name, some, results)
        outputs |= plan_files(diagnosis) if name == REPORT else {}
        later = diagnosis.later_dates
        record = _record(name, diagnosis.wave, today, inputs, outputs, executed=True, clock_matters=later)
        made.append(Made(stem, outputs, record, (*warnings, *sign(executed))))
    obsolete = [f"{one.stem}.failed.ipynb" for one in made]
    # answers that were withdrawn may still stand in a deck, or in a report, that was not made anew
    left = {"report", "deck"} - {one.stem for one in made}
    if notebook == REPORT and not any((folder / f"{stem}.ipynb").exists() for stem in left):
        obsolete.append(STALE)
    kept = save_made(folder, made, obsolete)
    names = dict.fromkeys(name for one in made for name in one.outputs)
    return Rendered(tuple(folder / name for name in names), kept, _all_warnings(made))


def convert(
    root: Path, *, wave: str = "", formats: Sequence[str] = DEFAULT_FORMATS, notebook: str = REPORT, today: date
) -> Rendered:
    """Convert the report notebook that is there, edited or not, without running it. See `render`."""
    require_formats(formats)
    chosen = chosen_wave(read_folder(root).waves, wave)
    folder = report_folder(root, chosen)
    made: list[Made] = []
    for name, some in notebooks_of(notebook, formats):
        path = inside(folder, f"{stem_of(name)}.ipynb")
        if not path.is_file():
            raise MissingError(f"{path} is not there. Render once without --no-execute first.")
        outputs, warnings = convert_document(read_document(read_notebook(path, path.name)), path.stem, some)
        inputs = {path.name: hash_bytes(path.read_bytes())}
        made.append(Made(path.stem, outputs, _record(name, chosen, today, inputs, outputs, executed=False), warnings))
    kept = save_made(folder, made)
    paths = [path for one in made for path in (folder / f"{one.stem}.ipynb", *(folder / name for name in one.outputs))]
    return Rendered(tuple(paths), kept, _all_warnings(made))


def _outputs(
    executed: NotebookNode, notebook: str, formats: Sequence[str], results: bytes
) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return the files that come of an executed notebook, and what could not be shown as it was."""
    stem = stem_of(notebook)
    converted, warnings = convert_document(read_document(executed), stem, formats)
    return {f"{stem}.ipynb": notebook_bytes(executed), **converted, RESULTS: results}, warnings


def _all_warnings(made: Sequence[Made]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(warning for one in made for warning in one.warnings))


def _record(
    notebook: str,
    wave: str,
    today: date,
    inputs: Mapping[str, str],
    outputs: Mapping[str, bytes],
    *,
    executed: bool,
    clock_matters: bool = True,
) -> Render:
    return Render(
        notebook=notebook,
        wave=wave,
        clock=today.isoformat(),
        clock_matters=clock_matters,
        executed=executed,
        inputs=inputs,
        outputs={name: hash_bytes(data) for name, data in outputs.items()},
        versions=versions(),
    )


def _metadata(diagnosis: Diagnosis, root: Path, notebook: NotebookNode) -> dict[str, Any]:
    client = diagnosis.client
    told = cast("dict[str, Any]", notebook.metadata.get("gtmdiag", {}))
    return {
        "kind": str(told.get("kind", "report")),
        "client": client.branding.name or client.name,
        "language": client.language,
        "date": diagnosis.as_of.isoformat() if diagnosis.as_of is not None else "",
        "confidentiality": client.confidentiality,
        "brand": brand_of(client.branding, read_logo(root, client.branding)).to_dict(),
    }


def sign(notebook: NotebookNode) -> tuple[str, ...]:
    """Let JupyterLab show the pictures of a notebook that it did not run itself; return a warning where it cannot."""
    try:
        cast("Any", NotebookNotary()).sign(notebook)
    except (OSError, sqlite3.Error) as error:
        return (f"The notebook could not be signed ({error}). In JupyterLab, run 'Trust Notebook' to see its figures.",)
    return ()


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """Return a notebook as it is written: as by `nbformat.writes`, which besides checks it once more."""
    return (nbformat.v4.writes(notebook) + "\n").encode()  # pyright: ignore[reportUnknownMemberType]
