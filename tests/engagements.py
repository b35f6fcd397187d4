"""Engagement folders made to order, and the commands that work on them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode, v4

from gtmdiag.findings.diagnosis import Diagnosis, diagnose
from gtmdiag.publish.render import Rendered, render
from tests.conftest import ROOT

SAMPLE = ROOT / "data_samples" / "northlight"
TODAY = date(2026, 11, 2)
COMMAND = [str(Path(sys.executable).with_name("gtmdiag"))]
PARAMETERS = 'engagement = ""\nwave = ""'


def sample(root: Path) -> Path:
    """Copy the sample client to ``root``."""
    return shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("reports", ".history"))


@cache
def diagnosed(name: str) -> Diagnosis:
    """Return the diagnosis of a sample client, made once for all tests of a process."""
    return diagnose(SAMPLE.parent / name, today=TODAY)


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def notebook(*code: str, parameters: str = PARAMETERS) -> NotebookNode:
    """Return a notebook of a title, a parameters cell and these code cells."""
    tagged = v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    cells = [v4.new_markdown_cell("# Small"), tagged, *map(v4.new_code_cell, code)]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    return v4.new_notebook(cells=cells)


def own(root: Path, name: str, node: NotebookNode) -> Path:
    """Write a notebook of the engagement's own."""
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(node, path)
    return path


def rendered(root: Path, name: str = "client_report", *formats: str) -> Rendered:
    """Render in this process."""
    return render(root, notebook=name, formats=formats or ("html",), today=TODAY, progress=lambda *_: None)


def environment(home: Path, **changed: str) -> dict[str, str]:
    """Return the environment of another user of this machine, with a home and a temporary folder of their own."""
    temporary = home / "tmp"
    temporary.mkdir(parents=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "XDG"))}
    return {**kept, "HOME": str(home), "TMPDIR": str(temporary), **changed}


def gtmdiag(
    *arguments: str, prefix: tuple[str, ...] = (), cwd: Path | None = None, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the installed command."""
    command = [*prefix, *COMMAND, *arguments]
    return subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )


def files_in(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
