"""Run a notebook with papermill, strictly, and leave only what the inputs determine."""

# papermill comes without types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

import errno
import json
import os
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import date
from math import inf
from pathlib import Path
from typing import Any, cast

import nbformat
import papermill
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError
from papermill.translators import papermill_translators
from traitlets.config import Config

from gtmdiag.errors import CellError, KernelStartError, RenderError
from gtmdiag.publish.engines import WARM
from gtmdiag.publish.forking import parent
from gtmdiag.publish.notebooks import require_literals, require_parameters
from gtmdiag.publish.surroundings import environment, fixed
from gtmdiag.publish.warm.engine import NAME, WarmEngine

KERNEL = "python3"
SECONDS = 600
"""Longest time of one cell."""

PAUSE = 1.0
"""Seconds at least between two saves of a notebook that is running."""

LONGEST_FOLDER = 80
"""Bytes of a folder's path below which a socket can be made: systems allow 103 for the socket's own."""

# A clone that is not installed has no entry points.
papermill_engines.register(NAME, WarmEngine)


def warm_up(today: date) -> None:
    """Begin to load what the kernels of the engine ``"warm"`` will need, beside what this process does meanwhile."""
    parent.warm_up(os.environ | fixed(today))


# What a busy machine answers when it is asked for one more process.
_PASSING = {errno.EAGAIN, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def execute(
    notebook: NotebookNode,
    shown_as: str,
    output: Path,
    *,
    engagement: str,
    wave: str,
    today: date,
    engine: str = WARM,
    env: Mapping[str, str] | None = None,
    on_cell: Callable[[int, int], None],
) -> NotebookNode:
    """Execute a notebook in the folder of ``output`` and write it there.

    Parameters
    ----------
    notebook
        The notebook; it is not changed.
    shown_as
        Its name in messages.
    output
        Where to write the executed notebook; its folder is the kernel's working directory.
    engagement, wave
        The two parameters. They reach the notebook as text, whatever they hold.
    today
        The notebook's clock.
    engine
        One of `gtmdiag.publish.engines.ENGINES`.
    env
        Further variables of the kernel's environment.
    on_cell
        Called after each code cell with the number done and the number of all.

    Raises
    ------
    InputError
        When the notebook's parameters are not exactly ``engagement`` and ``wave``.
    CellError
        When a cell raised; the notebook with its error is at ``output``.
    RenderError
        When a cell took too long or the kernel died.
    KernelStartError
        When the kernel did not start.
    """
    require_parameters(notebook, shown_as)
    values = {"engagement": engagement, "wave": wave}
    translator = cast("Any", papermill_translators).find_translator(KERNEL, "python")
    require_literals(translator.codify(values, "Parameters"), values)
    cells = _Cells(notebook, output, on_cell)
    try:
        with _own_environment(today, env or {}) as folder:
            executed = _run(notebook, output, values, engine, folder, cells)
    except PapermillExecutionError as error:
        raise CellError(_cell_message(notebook, shown_as, error)) from error
    except DeadKernelError as error:
        hint = "The cell may have ended it, or the machine ran out of memory."
        raise RenderError(f"{shown_as} could not be executed: {error}. {hint}") from error
    except (CellControlSignal, PapermillException, RuntimeError) as error:
        if type(error) is RuntimeError and not cells.begun:
            raise _not_started(shown_as, error) from error
        raise RenderError(f"{shown_as} could not be executed: {error}") from error
    except OSError as error:
        if error.errno in _PASSING and not cells.begun:
            raise _not_started(shown_as, error) from error
        raise
    return _determined(executed)


class _Cells:
    """Told of each cell by nbclient, tells how many are done, and keeps what there is of the executed notebook."""

    def __init__(self, notebook: NotebookNode, output: Path, tell: Callable[[int, int], None]) -> None:
        self.begun = False
        # papermill adds a cell with the parameters
        self._total = sum(cell.cell_type == "code" for cell in notebook.cells) + 1
        self._done = 0
        self._tell = tell
        # papermill changes the working directory while cells run
        self._output = output.absolute()
        self._executed: NotebookNode | None = None
        self._saved = -inf

    def start(self, notebook: NotebookNode, **_: object) -> None:
        self._executed = notebook

    def begin(self, **_: object) -> None:
        self.begun = True
        if time.monotonic() - self._saved >= PAUSE:
            self.save()

    def end(self, **_: object) -> None:
        self._done += 1
        self._tell(self._done, self._total)

    def save(self) -> None:
        """Write the notebook as far as it came: whoever runs it may be killed."""
        if self._executed is not None:
            aside = self._output.with_suffix(".tmp")
            # Not as nbformat would, indented and line by line, which takes many times as long.
            aside.write_text(json.dumps(self._executed, ensure_ascii=False), encoding="utf-8")
            aside.replace(self._output)
            self._saved = time.monotonic()


def _run(
    notebook: NotebookNode, output: Path, values: dict[str, str], engine: str, folder: str, cells: _Cells
) -> NotebookNode:
    """Let papermill execute a copy of the notebook, and return it; the kernel's own files go to ``folder``."""
    try:
        executed = papermill.execute_notebook(
            nbformat.from_dict(notebook),
            # papermill fills in braces in a path.
            str(output).replace("{", "{{").replace("}", "}}"),
            parameters=values,
            kernel_name=KERNEL,
            engine_name=NAME if engine == WARM else None,
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(output.parent),
            execution_timeout=SECONDS,
            on_notebook_start=cells.start,
            on_cell_execute=cells.begin,
            on_cell_executed=cells.end,
            shutdown_kernel="immediate",
            config=_transport(folder),
        )
        return cast("NotebookNode", executed)
    except (DeadKernelError, CellControlSignal):
        cells.save()
        raise


def _not_started(shown_as: str, error: Exception) -> KernelStartError:
    return KernelStartError(f"The kernel for {shown_as} did not start: {error}.")


def _transport(folder: str) -> Config:
    """Let kernels talk through files, which nobody else on the machine can read, where the system can."""
    config = Config()
    if os.name == "posix":
        config.KernelManager.transport = "ipc"
        if len(os.fsencode(folder)) <= LONGEST_FOLDER:
            # By default they are in the kernel's working directory, which may be on a shared drive without sockets.
            config.KernelManager.connection_file = f"{folder}/kernel.json"
    return config


def _cell_message(notebook: NotebookNode, shown_as: str, error: PapermillExecutionError) -> str:
    source = str(error.source).strip().splitlines() or [""]
    first = source[0] if len(source) == 1 else f"{source[0]} …"
    name, value = str(error.ename), str(error.evalue or "").strip()
    if not value and name == "MemoryError":
        value = "not enough memory"
    told = f"{value} ({name})" if value else name
    return f"{shown_as}, cell {_number(notebook, error.cell_index)} (“{first}”) failed: {told}"


def _number(notebook: NotebookNode, index: int) -> int:
    """Return the number (from 1) in ``notebook`` of a cell of the executed one, where papermill may have added one."""
    tags = [set(cell.metadata.get("tags", [])) for cell in notebook.cells]
    added = not any("injected-parameters" in of_cell for of_cell in tags)
    parameters = next(place for place, of_cell in enumerate(tags) if "parameters" in of_cell)
    return index if added and index > parameters else index + 1


def _determined(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without run times, paths of this machine and random ids."""
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
    return notebook


@contextmanager
def _own_environment(today: date, env: Mapping[str, str]) -> Generator[str]:
    """Fix the environment, and keep IPython's files out of the user's home.

    Gives the folder that they are in, which is removed afterwards.

    Papermill hands this process's environment to the kernel, so the environment is the only way in.
    """
    with tempfile.TemporaryDirectory(prefix="gtmdiag-") as folder:
        own = {"IPYTHONDIR": f"{folder}/ipython", "JUPYTER_RUNTIME_DIR": f"{folder}/runtime"}
        with environment({**fixed(today), **env, **own}):
            yield folder
