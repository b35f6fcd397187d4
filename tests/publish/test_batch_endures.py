"""A batch that was killed ends as if it never had been, and what one client or the disk does wrong is told plainly."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gtmdiag.publish.batch import plan, render_all
from gtmdiag.publish.manifest import NAME
from gtmdiag.publish.pool import processes
from gtmdiag.publish.saving import ASIDE, READY
from gtmdiag.publish.task import Options, Outcome
from gtmdiag.publish.worker import Limits
from tests.conftest import ROOT
from tests.engagements import COMMAND, TODAY, environment, files_in, notebook, own, rendered, write
from tests.faults import BROKEN as BROKEN_DISK
from tests.faults import NO_PERMISSION, NO_SPACE
from tests.publish.batches import EPOCH, TELLING, Recorder, client, late_once_begun, leftovers

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

COUNT = "from pathlib import Path\nwith Path(engagement, '..', '..', 'runs').open('a') as log: log.write({!r} + '\\n')"

KILL_WORKER = "import os\nos.kill(int(os.getcwd().rpartition('-')[2]), 9)"
"""The folder that a notebook runs in is named for the process that renders it."""


class Killed:
    """Clients that count their runs, and the batches on them that are killed."""

    def __init__(self, base: Path, jobs: int) -> None:
        self.root, self._base, self._jobs = base / "clients", base, jobs
        self._env = environment(base / "home", SOURCE_DATE_EPOCH=EPOCH)
        for name in ("a", "b", "c", "d"):
            client(self.root / name, COUNT.format(name), "import time; time.sleep(0.2)")
        begun = time.monotonic()
        assert self.run() == 0
        self.seconds = time.monotonic() - begun
        self.whole = files_in(self.root)

    def run(self, *, kill_after: float | None = None, everyone: bool = False) -> int:
        """Run a batch, and kill it, or it and all that it started, after some time; return its exit status."""
        command = [*COMMAND, "batch", str(self.root), "--to", "html", "--jobs", str(self._jobs), "--json"]
        with subprocess.Popen(command, env=self._env, stdout=subprocess.DEVNULL, start_new_session=True) as batch:
            try:
                return batch.wait(kill_after)
            except subprocess.TimeoutExpired:
                os.killpg(batch.pid, signal.SIGKILL) if everyone else batch.kill()
                return batch.wait()

    def finished(self) -> set[str]:
        """Return the clients whose report is whole, moved in or not."""
        reports = {path: path / "reports" / "no-wave" for path in self.root.iterdir() if path.is_dir()}
        whole = (NAME, f"{ASIDE}/{READY}")
        return {path.name for path, folder in reports.items() if any((folder / name).exists() for name in whole)}

    def runs(self, name: str) -> int:
        return (self._base / "runs").read_text().split().count(name)

    def forget(self) -> None:
        for path in self.root.glob("*/reports"):
            shutil.rmtree(path)


@pytest.mark.parametrize(("kills", "jobs"), [(3, 1), pytest.param(50, 2, marks=pytest.mark.proof)])
def test_batch_killed_at_any_moment_ends_otherwise_or_renders_a_finished_client_again(
    tmp_path: Path, kills: int, jobs: int
) -> None:
    killed, moments = Killed(tmp_path, jobs), random.Random(8)
    killed.forget()
    done: dict[str, int] = {}
    seen = 0
    while seen < kills:
        status = killed.run(kill_after=moments.uniform(0.2, killed.seconds), everyone=moments.random() < 0.3)
        assert status in (0, -signal.SIGKILL)
        seen += status != 0
        assert {name: killed.runs(name) for name in done} == done, "a finished client was rendered again"
        done |= {name: killed.runs(name) for name in killed.finished() - done.keys()}
        if len(done) < 4 and seen < kills:
            continue
        assert killed.run() == 0
        assert {name: killed.runs(name) for name in done} == done, "a finished client was rendered again"
        assert files_in(killed.root) == killed.whole
        assert leftovers(killed.root) == []
        killed.forget()
        done = {}


def _broken_notebook(*code: str) -> Callable[[Path], object]:
    return lambda root: own(root, "client_report", notebook(*code))


def _blocked(root: Path) -> None:
    (root / "reports").write_text("not a folder")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "raises": (_broken_notebook("1/0"), "cell 3 (“1/0”) failed: division by zero (ZeroDivisionError)"),
    "kernel-ends": (_broken_notebook("import os; os._exit(3)"), "may have run out of memory: --memory"),
    "kernel-killed": (_broken_notebook("import os; os.kill(os.getpid(), 9)"), "may have run out of memory: --memory"),
    "process-killed": (_broken_notebook(KILL_WORKER), "ended by the system (signal 9)"),
    "forever": (_broken_notebook(TELLING, "import time; time.sleep(999)"), "longer than --timeout allows, 500 s"),
    "greedy": (_broken_notebook("x = bytearray(40 * 2**30)"), "ran out of memory: --memory"),
    "no-name": (lambda root: write(root, {"client.yaml": "id: no-name\nname: ''\n"}), "client.yaml, line 2, name: ''"),
    "no-export": (lambda root: write(root, {"crm/crm.yaml": "shape: snapshot\nfile: x.csv"}), "crm/crm.yaml"),
    "no-notebook": (lambda root: write(root, {"notebooks/client_report.ipynb": "{"}), "not a notebook"),
    "blocked": (_blocked, "cannot be written: not a directory"),
}


@pytest.mark.parametrize("fine", [2, pytest.param(190, marks=pytest.mark.proof)])
def test_client_broken_in_one_of_ten_ways_that_harms_another_or_is_not_told_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fine: int
) -> None:
    for number in range(fine):
        client(tmp_path / f"fine-{number:03}", "1 + 1")
    for name, (spoil, _) in BROKEN.items():
        spoil(client(tmp_path / name, "1"))
    options = Options(("html",), TODAY)
    limits = Limits(seconds=500, memory=16_000)
    late_once_begun(monkeypatch, limits)
    outcomes = render_all(plan(tmp_path, options), processes(options, 2, limits), Recorder())
    found: dict[str, Outcome] = {one.root.name: one for one in outcomes}
    assert sum(one.state == "done" for one in outcomes) == fine
    for name, (_, told) in BROKEN.items():
        assert found[name].state == "failed"
        assert told in found[name].reason
        assert "fault in gtmdiag" not in found[name].message
        assert (found[name].log is None) == (name == "blocked")
    assert leftovers(tmp_path) == []


# A process of its own: one that is forked from here would take over what notebooks were run with before.
RENDER = """
import sys
from datetime import date
from pathlib import Path
from gtmdiag.publish.task import Options, Task, render_one
from tests.faults import arm
root, number, fault = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
arm(root, number, fault, lambda: print("reached"))
options = Options(("html",), date(2026, 11, 2), engine="stock")
print(render_one(Task(root, "acme", "new"), options, lambda *_: None).message)
"""
EACH = range(1, 99)


@pytest.mark.parametrize(
    ("fault", "moments"),
    [
        (NO_SPACE, range(4, 40, 12)),
        pytest.param(NO_SPACE, EACH, marks=pytest.mark.proof),
        pytest.param(NO_PERMISSION, EACH, marks=pytest.mark.proof),
        pytest.param(BROKEN_DISK, EACH, marks=pytest.mark.proof),
    ],
)
def test_write_that_fails_in_a_render_costs_the_former_report_or_is_not_told(
    tmp_path: Path, fault: int, moments: range
) -> None:
    root = client(tmp_path / "acme", "1")
    rendered(root)
    before = reports(root)
    shutil.copytree(root / "reports", tmp_path / "former")
    write(root, {"notes.txt": "new"})
    shutil.copytree(root, tmp_path / "undisturbed")
    rendered(tmp_path / "undisturbed")
    after = reports(tmp_path / "undisturbed")
    for number in moments:
        command = [sys.executable, "-c", RENDER, str(root), str(number), str(fault)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert ended.returncode == 0, ended.stderr
        reached, told = "reached\n" in ended.stdout, ended.stdout.replace("reached\n", "")
        assert "fault in gtmdiag" not in told
        if told.strip() and "the next run moves the rest of it in" not in told:
            assert reports(root) == before, (number, told)
        rendered(root)
        assert reports(root) == after, (number, told)
        assert leftovers(root) == []
        if not reached:
            break
        shutil.rmtree(root / "reports")
        shutil.copytree(tmp_path / "former", root / "reports")


def reports(root: Path) -> dict[str, bytes]:
    """Return the outputs of a client and their manifest."""
    found = files_in(root / "reports" / "no-wave")
    return {name: data for name, data in found.items() if not name.startswith(".") and ".failed." not in name}
