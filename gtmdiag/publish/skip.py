"""Tell from the manifest whether a client's report would come out as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gtmdiag.engagement.folder import last_wave
from gtmdiag.engagement.reports import RESULTS, report_folder
from gtmdiag.errors import GtmdiagError
from gtmdiag.publish.manifest import Render, hash_bytes, hash_inputs, hash_suite, read_manifest, versions
from gtmdiag.publish.notebooks import find_notebook
from gtmdiag.publish.places import PLAN_CSV, PLAN_ICS, REPORT, file_of, notebooks_of, stem_of
from gtmdiag.publish.saving import finish
from gtmdiag.publish.staging import clear_leftovers

OURS = frozenset({"package", "templates"})


@dataclass(frozen=True)
class Suite:
    """What is the same for every client: hashes of the package and its templates, versions of what it stands on."""

    hashes: Mapping[str, str]
    versions: Mapping[str, str]


def this_suite() -> Suite:
    """Return what this installation would render with."""
    return Suite(hash_suite(), versions())


def changes(root: Path, formats: tuple[str, ...], *, wave: str = "", today: date, suite: Suite) -> str:
    """Return in a few words why a client's report must be rendered, or nothing where it would come out the same.

    What an interrupted run had made and not yet moved in is moved in first, and what it left half made is removed.

    Parameters
    ----------
    root
        The engagement folder.
    formats
        The formats asked for. The notebook and results.json belong to every report.
    wave
        A wave of it; by default the last one.
    today
        The clock. A later day than the manifest's counts as a change only where it might change the report.
    suite
        This installation.
    """
    try:
        wave = wave or last_wave(root)
        folder = report_folder(root, wave)
        finish(folder)
        clear_leftovers(folder)
        manifest = read_manifest(folder)
        parts = notebooks_of(REPORT, formats)
        hashed = hash_inputs(root, [find_notebook(root, notebook) for notebook, _ in parts], suite.hashes)
        found = (
            _stale(manifest.renders.get(stem_of(notebook)), folder, wave, notebook, made, inputs, today, suite)
            for (notebook, made), inputs in zip(parts, hashed, strict=True)
        )
        return next((why for why in found if why), "")
    except (GtmdiagError, OSError):
        # What is wrong is for the render to find and to tell, with everything else.
        return "not readable"


def _stale(
    last: Render | None,
    folder: Path,
    wave: str,
    notebook: str,
    formats: tuple[str, ...],
    inputs: Mapping[str, str],
    today: date,
    suite: Suite,
) -> str:
    if last is None:
        return "first report" if notebook == REPORT else f"first {stem_of(notebook)}"
    stem = stem_of(notebook)
    plan = tuple(name for name in (PLAN_CSV, PLAN_ICS) if name in last.outputs)
    wanted = (f"{stem}.ipynb", *(file_of(stem, name) for name in formats), RESULTS, *plan)
    return (
        _other_call(last, notebook, wave, today)
        or _other_inputs(last.inputs, inputs, wave)
        or ("other versions of packages" if dict(last.versions) != suite.versions else "")
        or _other_outputs(last.outputs, folder, wanted)
    )


def _other_call(last: Render, notebook: str, wave: str, today: date) -> str:
    if not last.executed:
        return "was converted from an edited notebook"
    if (last.notebook, last.wave) != (notebook, wave):
        return "made with other parameters"
    # Two ISO dates compare as the days do.
    now = today.isoformat()
    later = last.clock < now and not last.clock_matters
    return "" if last.clock == now or later else "another day"


def changed_inputs(before: Mapping[str, str], now: Mapping[str, str], wave: str) -> list[str]:
    """Return the names of inputs that changed for a wave's report, which reads no answers of a later wave."""
    changed = (name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    return sorted(name for name in changed if not _later(name, wave))


def _later(name: str, wave: str) -> bool:
    answers, _, rest = name.partition("/")
    return answers == "answers" and "/" in rest and wave != "" and rest.partition("/")[0] > wave


def _other_inputs(before: Mapping[str, str], now: Mapping[str, str], wave: str) -> str:
    changed = changed_inputs(before, now, wave)
    theirs = [name for name in changed if name not in OURS]
    if theirs:
        return f"{theirs[0]} changed" if len(theirs) == 1 else f"{theirs[0]} and {len(theirs) - 1} more changed"
    return "another version of gtmdiag" if changed else ""


def _other_outputs(made: Mapping[str, str], folder: Path, wanted: tuple[str, ...]) -> str:
    for name in wanted:
        path = folder / name
        if name not in made or not path.is_file():
            return f"{name} not there yet"
        if path.is_symlink() or hash_bytes(path.read_bytes()) != made[name]:
            return f"{name} edited"
    return ""
