"""Run a notebook beside the folder that its outputs will go to."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from nbformat import NotebookNode

from gtmdiag.engagement.save import unchanged
from gtmdiag.errors import CellError, KernelStartError, RenderError
from gtmdiag.findings.handed import FILE
from gtmdiag.findings.handed import VARIABLE as HANDED
from gtmdiag.publish.engines import WARM
from gtmdiag.publish.execute import execute
from gtmdiag.publish.notebooks import read_notebook
from gtmdiag.publish.staging import clear_leftovers, keep_notebook, staging

Progress = Callable[[str, int, int], None]
"""Called with what is being done, the steps done, and all steps."""


def run_notebook(
    path: Path,
    shown_as: str,
    folder: Path,
    stem: str,
    wave: str,
    today: date,
    progress: Progress,
    *,
    engagement: str = "../..",
    beside: Mapping[str, bytes] | None = None,
    engine: str = WARM,
) -> NotebookNode:
    """Execute a notebook in a folder beside ``folder``, so that relative paths hold in both.

    Parameters
    ----------
    path, shown_as
        The notebook, and its name as the user knows it.
    folder, stem
        Where its outputs will go, and their name without its ending. A notebook that failed is kept there as
        ``<stem>.failed.ipynb``.
    wave
        One of its parameters.
    today
        The clock.
    progress
        Told of each cell.
    engagement
        Its other parameter.
    beside
        Files that it finds in the folder that it runs in; one of `gtmdiag.findings.handed` is made known to it.
    engine
        What executes it.

    Raises
    ------
    InputError, CellError, RenderError
        As `gtmdiag.publish.execute.execute`.
    StorageError
        Nothing can be written.
    """
    source = read_notebook(path, shown_as)
    making = staging(folder, os.getpid())
    with unchanged(f"{folder} cannot be written"):
        # Not the client's own: one that was removed or renamed in the meantime must not come back.
        with contextlib.suppress(FileExistsError):
            making.parent.mkdir()
        making.mkdir(exist_ok=True)
        clear_leftovers(folder)
        beside = beside or {}
        for name, data in beside.items():
            (making / name).write_bytes(data)
        try:
            return execute(
                source,
                shown_as,
                making / f"{stem}.ipynb",
                engagement=engagement,
                wave=wave,
                today=today,
                engine=engine,
                env={HANDED: str((making / FILE).absolute())} if FILE in beside else None,
                on_cell=lambda done, total: progress("Running the notebook", done, total),
            )
        except KernelStartError:
            raise
        except RenderError as error:
            kept = keep_notebook(making, folder)
            told = "with the error" if isinstance(error, CellError) else "as far as it came"
            raise type(error)(f"{error}\nThe notebook {told} is kept: {kept}" if kept else str(error)) from error
        finally:
            shutil.rmtree(making, ignore_errors=True)
