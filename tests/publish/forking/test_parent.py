"""The process that kernels are forked from: nothing goes from one notebook to another, nothing of it is left behind."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import DeadKernelError
from nbformat import v4

from gtmdiag.publish.forking import parent
from gtmdiag.publish.surroundings import FORKS
from gtmdiag.publish.warm.engine import NAME
from tests.engagements import environment

pytestmark = pytest.mark.skipif(not FORKS, reason="kernels are not forked on this system")

INLINE = "module://matplotlib_inline.backend_inline"
CHANGE = """
import builtins, locale, os, random, signal, sys, warnings
import matplotlib, matplotlib.pyplot as plt, numpy as np, pandas as pd
from gtmdiag.instruments import rules
builtins.left = leaked = 1
sys.path.append("/left"); sys.modules["left"] = sys
matplotlib.rcParams["font.size"] = 40; matplotlib.use("svg"); plt.figure()
os.environ["LEFT"] = "1"; os.chdir("/"); os.umask(0)
random.seed(1); np.random.seed(1)
pd.set_option("display.max_rows", 3); warnings.simplefilter("error")
signal.signal(signal.SIGTERM, signal.SIG_IGN); sys.setrecursionlimit(500)
rules.sources.cache_clear(); rules.sources = None
"""
LOOK = """
import builtins, os, signal, sys, warnings
import matplotlib, matplotlib.pyplot as plt, pandas as pd
from gtmdiag.instruments import rules
print(hasattr(builtins, "left"), "leaked" in globals(), "/left" in sys.path, "left" in sys.modules)
print(matplotlib.rcParams["font.size"], matplotlib.get_backend(), plt.get_fignums())
print(os.environ.get("LEFT"), os.getcwd(), os.umask(0o22), pd.get_option("display.max_rows"), warnings.filters[:3])
print(signal.getsignal(signal.SIGTERM), sys.getrecursionlimit(), len(rules.sources()))
"""


def run(folder: Path, *code: str) -> list[str]:
    """Return what the cells of a notebook print."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    node = v4.new_notebook(cells=[v4.new_code_cell(source) for source in code], metadata=kernel)
    path = folder / "out.ipynb"
    options = {"progress_bar": False, "shutdown_kernel": "immediate", "cwd": str(folder)}
    papermill.execute_notebook(node, str(path), engine_name=NAME, **options)
    cells = nbformat.read(path, as_version=4).cells
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in cells]


def test_notebook_that_changes_the_next_one(tmp_path: Path) -> None:
    before = run(tmp_path, LOOK)
    assert before[0].startswith(f"False False False False\n10.0 {INLINE} []\nNone ")
    run(tmp_path, CHANGE)
    assert run(tmp_path, LOOK) == before


def test_two_notebooks_with_the_same_random_numbers(tmp_path: Path) -> None:
    draw = "import random, numpy, uuid\nprint(random.random(), numpy.random.random(), uuid.uuid4())"
    first, second = (run(tmp_path, draw)[0].split() for _ in range(2))
    assert not set(first) & set(second)


def test_environment_that_a_kernel_does_not_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look = "import os, sys, time, matplotlib\nprint(os.environ.get('SOME'), time.tzname[0], matplotlib.get_backend())"
    assert run(tmp_path, look)[0].split()[::2] == ["None", INLINE]
    for name, value in {"SOME": "value", "TZ": "Asia/Tokyo", "MPLBACKEND": "svg"}.items():
        monkeypatch.setenv(name, value)
    assert run(tmp_path, look) == ["value JST svg\n"]


def test_settings_beside_a_notebook_that_it_does_not_get(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("font.size: 33\n")
    assert run(tmp_path, "import matplotlib\nprint(matplotlib.rcParams['font.size'])") == ["33.0\n"]


def test_notebook_that_ends_the_process_it_is_forked_from(tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError):
        run(tmp_path, "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)")
    assert run(tmp_path, "print(1)") == ["1\n"]


def test_modules_that_cannot_be_loaded_stop_a_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parent, "MODULES", ("ipykernel.kernelapp", "gtmdiag.no_such_module"))
    monkeypatch.setenv("ANOTHER", "environment, and so another parent")
    for _ in range(2):
        assert run(tmp_path, "print(1)") == ["1\n"]


def test_thread_that_is_forked_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "threaded.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()"
    )
    monkeypatch.setattr(parent, "MODULES", ("ipykernel.kernelapp", "threaded"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    command = "import os; print('server.py' in open(f'/proc/{os.getppid()}/cmdline').read())"
    assert run(tmp_path, command) == ["False\n"]


def handles(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def memory(process: int) -> int:
    """Return the bytes that are this process's own."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(("Private", "Shared_Dirty"))) * 1024


@pytest.mark.proof
def test_kernels_that_leave_something_behind_in_the_processes_that_start_them(tmp_path: Path) -> None:
    server = int(run(tmp_path, "import os\nprint(os.getppid())")[0])
    seen: list[tuple[int, int, int]] = []
    for _ in range(50):
        assert int(run(tmp_path, "import os\nprint(os.getppid())")[0]) == server
        gc.collect()
        seen.append((handles(os.getpid()), handles(server), memory(server)))
    tenth, last = seen[9], seen[49]
    assert last[0] <= tenth[0], "descriptors"
    assert last[1] <= tenth[1], "descriptors of the parent"
    assert last[2] - tenth[2] < 2**20, "memory"


NOTEBOOK = """
import os, subprocess, time
from pathlib import Path
Path("pids").write_text(f"{os.getpid()} {os.getppid()}")
time.sleep(300)
"""
COMMAND = """
import sys
from pathlib import Path
from tests.publish.forking.test_parent import NOTEBOOK, run
run(Path(sys.argv[1]), NOTEBOOK)
"""


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.proof)]
)
def test_process_or_socket_that_outlives_an_interrupted_run(tmp_path: Path, number: signal.Signals) -> None:
    env = environment(tmp_path / "home")
    command = [sys.executable, "-c", COMMAND, str(tmp_path)]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, start_new_session=True) as running:
        pids = tmp_path / "pids"
        assert comes(lambda: pids.is_file() and pids.read_text() != "", 120)
        # As the terminal does at Ctrl-C: to the command and to the processes that it started.
        os.killpg(running.pid, number)
        running.wait(20)
    processes = [Path(f"/proc/{pid}") for pid in pids.read_text().split()]
    assert comes(lambda: not any(path.exists() for path in processes), 10)
    assert comes(lambda: not list(Path(env["TMPDIR"]).iterdir()), 10)


def comes(what: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
