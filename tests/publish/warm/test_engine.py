"""The engine gtmdiag-warm does what papermill's own does, in outputs, errors and the notebook's state."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode, v4
from papermill.exceptions import PapermillExecutionError

from gtmdiag import resources
from gtmdiag.publish.engines import STOCK, WARM
from gtmdiag.publish.execute import execute
from gtmdiag.publish.formats import convert_document
from gtmdiag.publish.warm.engine import NAME
from gtmdiag.report.document import read_document
from tests.engagements import sample

# The kernel passes on what other programs write from a thread of its own, so the cell waits until it has come.
FROM_THE_SYSTEM = """import os, sys, threading
came, write = threading.Event(), sys.stdout.write
sys.stdout.write = lambda text: (write(text), came.set())
os.system('echo from the system')
came.wait(60)
del sys.stdout.write
"""
CELLS = [
    "1 + 1",
    FROM_THE_SYSTEM,
    "print('complaint', file=sys.stderr)",
    "%%bash\necho shell",
    "from IPython.display import HTML, Markdown, clear_output, display\nhandle = display(HTML('1'), display_id='one')",
    "handle.update(HTML('2'))\nprint('gone')\nclear_output(wait=True)\nprint('stays')",
    "import ipywidgets\nipywidgets.IntSlider(3)",
    "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "import matplotlib, matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\nmatplotlib.get_backend()",
    "print(sorted((name, value) for name, value in matplotlib.rcParams.items()))",
    "import pandas as pd\ndisplay(pd.DataFrame({'a': [1]}))\npd.DataFrame({'a': [1]}).style.set_uuid('u')",
    "pd.describe_option()",
    "import warnings\nwarnings.warn('careful')",
    "import math\nfrom concurrent.futures import ProcessPoolExecutor\nlist(ProcessPoolExecutor(2).map(math.sqrt, [4]))",
    "import duckdb\nduckdb.sql('select sum(range) from range(100000)').fetchall()",
    "import signal\n[signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)]",
    "sys.path, sys.flags, sys.argv[0], len(sys.argv), os.getcwd(), sys.stdin.fileno()",
    "sorted((name, value) for name, value in os.environ.items() if name != 'JPY_PARENT_PID')",
    "os.getpid() == os.getpgrp() == os.getsid(0), os.environ['JPY_PARENT_PID'] == str(os.getppid())",
    "get_ipython().events.callbacks, sorted(globals()), sorted(get_ipython().magics_manager.magics['line'])",
    "import logging\nlogging.root.handlers, logging.root.level, logging.getLogger('tornado').handlers",
    "input('who?')",
]


@pytest.fixture(autouse=True)
def _one_way_of_adding_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")


def told(engine: str | None, folder: Path, *code: str, timeout: int | None = None) -> tuple[object, str]:
    """Return what a notebook raises under an engine, and its state without times and random ids."""
    cells = [v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(code)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    output, raised = folder / "out.ipynb", None
    try:
        papermill.execute_notebook(
            v4.new_notebook(cells=cells, metadata=kernel),
            str(output),
            cwd=str(folder),
            engine_name=engine,
            progress_bar=False,
            execution_timeout=timeout,
            shutdown_kernel="immediate",
        )
    except (PapermillExecutionError, DeadKernelError, CellTimeoutError) as error:
        raised = type(error), str(error)
    node = nbformat.read(output, as_version=4)
    for part in (node, *node.cells):
        part.metadata.pop("execution", None)
        for name in ("start_time", "end_time", "duration"):
            part.metadata.get("papermill", {}).pop(name, None)
    for models in node.metadata.get("widgets", {}).values():
        models["state"] = sorted(models["state"].values(), key=lambda model: model["model_name"])
    text = json.dumps(node)
    # Widgets, objects and cells that papermill adds have random ids; a traceback's file is named for the process.
    for random in (r"[0-9a-f]{32}", r"0x[0-9a-f]+", r"ipykernel_\d+/\d+", r'(?<="id": ")[0-9a-f]{8}\b'):
        text = re.sub(random, "…", text)
    return raised, text


def test_output_or_surroundings_that_differ_from_papermills_own(tmp_path: Path) -> None:
    (raised, ours), (expected, stock) = (told(engine, tmp_path, *CELLS) for engine in (NAME, None))
    assert raised == expected
    mine, theirs = (json.loads(text) for text in (ours, stock))
    for one, other in zip(mine["cells"], theirs["cells"], strict=True):
        assert one == other
    assert mine["metadata"] == theirs["metadata"]


@pytest.mark.parametrize(
    "code",
    [
        ("1", "1/0", "2"),
        ("raise SystemExit", "1"),
        ("import sys; sys.exit(3)", "1"),
        ("raise KeyboardInterrupt", "1"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGINT)", "1"),
        ("def", "1"),
        ("import os, time; time.sleep(0.3); os._exit(3)", "1"),
        ("import os, signal, time; time.sleep(0.3); os.kill(os.getpid(), signal.SIGKILL)", "1"),
    ],
)
def test_failure_that_surfaces_in_another_way(tmp_path: Path, code: tuple[str, ...]) -> None:
    assert told(NAME, tmp_path, *code) == told(None, tmp_path, *code)


def test_cell_that_ends_at_another_time_or_in_another_state(tmp_path: Path) -> None:
    code = "print('begun', flush=True)\nimport time; time.sleep(60)"
    assert told(NAME, tmp_path, code, timeout=2) == told(None, tmp_path, code, timeout=2)


# The portfolio's reads what its command writes beside it.
NOTEBOOKS = sorted({path.stem for path in resources.notebooks().glob("*.ipynb")} - {"portfolio"})


@pytest.mark.parametrize(
    "name",
    [name if name == "client_report" else pytest.param(name, marks=pytest.mark.proof) for name in NOTEBOOKS],
)
def test_report_that_depends_on_the_engine(tmp_path: Path, name: str) -> None:
    root = sample(tmp_path / "northlight")
    made: list[NotebookNode] = []
    for engine in (WARM, STOCK):
        output = root / "reports" / "2026-10" / f"{name}.ipynb"
        output.parent.mkdir(parents=True, exist_ok=True)
        made.append(
            execute(
                nbformat.read(resources.notebooks() / f"{name}.ipynb", as_version=4),
                name,
                output,
                engagement="../..",
                wave="2026-10",
                today=date(2026, 11, 2),
                engine=engine,
                on_cell=lambda *_: None,
            )
        )
    warm, stock = made
    widget = re.compile(r"[0-9a-f]{32}")
    for one, other in zip(warm.cells, stock.cells, strict=True):
        assert widget.sub("", json.dumps(one)) == widget.sub("", json.dumps(other))
    pages = [convert_document(read_document(node), name, ("html", "pdf")) for node in (warm, stock)]
    assert pages[0] == pages[1]


def test_engine_that_papermill_does_not_know(tmp_path: Path) -> None:
    source, output = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    told_by = "import os; print(open(f'/proc/{os.getppid()}/cmdline').read())" if sys.platform == "linux" else "1"
    nbformat.write(v4.new_notebook(cells=[v4.new_code_cell(told_by)]), source)
    command = [str(Path(sys.executable).with_name("papermill")), "--engine", NAME, "--kernel", "python3"]
    subprocess.run([*command, str(source), str(output)], check=True, capture_output=True, timeout=120)
    printed = str(nbformat.read(output, as_version=4).cells[0].outputs)
    assert "server.py" in printed or sys.platform != "linux"


def test_notebook_that_is_written_at_each_cell(tmp_path: Path) -> None:
    path = json.dumps(str(tmp_path / "out.ipynb"))
    _, text = told(
        NAME, tmp_path, "1", f"import json\nprint([c['execution_count'] for c in json.load(open({path}))['cells']])"
    )
    assert json.loads(text)["cells"][1]["outputs"][0]["text"] == "[None, None]\n"
