"""Every problem of every input of one client's folder, at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.errors import InputError, Problem
from gtmdiag.findings.inputs import read_inputs
from gtmdiag.publish.notebooks import read_notebook, require_parameters


def check(root: Path, *, today: date) -> tuple[Problem, ...]:
    """Return every problem of client.yaml, answers, instruments, CRM export and notebooks, errors before warnings.

    Raises
    ------
    MissingError, StorageError
        When the folder is not there or cannot be read.
    """
    problems = (*read_inputs(root, today=today).problems, *_notebooks(root))
    return tuple(sorted(problems, key=lambda problem: problem.severity != "error"))


def _notebooks(root: Path) -> Iterator[Problem]:
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        shown_as = f"notebooks/{path.name}"
        try:
            require_parameters(read_notebook(inside(root, "notebooks", path.name), shown_as), shown_as)
        except InputError as error:
            yield from error.problems
