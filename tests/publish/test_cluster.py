"""A batch on a Dask cluster makes what this machine would, survives what it loses there, and says what does not fit."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gtmdiag.errors import ClusterError, UsageError
from gtmdiag.publish.batch import alone, plan, render_all
from gtmdiag.publish.cluster import cluster, connection
from gtmdiag.publish.task import Options
from gtmdiag.publish.worker import Limits
from tests.conftest import ROOT, optional
from tests.engagements import COMMAND, TODAY, environment, files_in, gtmdiag, sample
from tests.publish.batches import EPOCH, Recorder, awaited, client, leftovers, lives

OPTIONS = Options(("html",), TODAY)
TOLD = 90.0
"""Seconds in which anything of a cluster happens on a busy machine."""


@dataclass(frozen=True)
class Dask:
    """A scheduler's address, and where processes of its workers keep what they need."""

    address: str
    file: Path
    env: dict[str, str]

    @contextmanager
    def worker(self, *options: str, path: str = "") -> Generator[subprocess.Popen[bytes]]:
        """Start a worker and wait for it."""
        env = {**self.env, "PYTHONPATH": path or str(ROOT)}
        with started("worker", "--scheduler-file", str(self.file), *options, env=env) as process:
            self.wait_for(process)
            yield process

    def wait_for(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until there is a worker of a process, its child where it has one."""
        with optional("distributed", "dask").Client(self.address, set_as_default=False) as asked:
            until = time.monotonic() + TOLD
            while process.pid not in {*asked.run(os.getpid).values(), *asked.run(os.getppid).values()}:
                assert time.monotonic() < until, "the worker does not come"
                time.sleep(0.1)


@contextmanager
def started(program: str, *options: str, env: dict[str, str]) -> Generator[subprocess.Popen[bytes]]:
    """Start a program of Dask's, and end it with all that it started."""
    command = [sys.executable, "-m", "dask", program, *options, "--no-dashboard"]
    # Not where a gtmdiag lies that is not meant.
    with subprocess.Popen(
        command, cwd=env["HOME"], env=env, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    optional("distributed", "dask")
    base = tmp_path_factory.mktemp("dask")
    env, file = environment(base / "home"), base / "scheduler.json"
    with started("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), env=env):
        until = time.monotonic() + TOLD
        while not file.is_file():
            assert time.monotonic() < until, "the scheduler does not start"
            time.sleep(0.1)
        yield Dask(json.loads(file.read_text())["address"], file, env)


def told(*arguments: str, cwd: Path, env: dict[str, str]) -> tuple[int, list[dict[str, Any]]]:
    """Return what a batch on ``clients`` tells of them to programs."""
    ended = gtmdiag("batch", "clients", "--json", *arguments, cwd=cwd, env=env)
    assert ended.stderr == ""
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    clients = sorted((line for line in lines if line["event"] == "client"), key=lambda line: str(line["root"]))
    return ended.returncode, [{name: one[name] for name in one if name not in ("at", "seconds")} for one in clients]


@pytest.mark.proof
def test_cluster_that_makes_other_bytes_or_tells_otherwise_than_this_machine(dask: Dask, tmp_path: Path) -> None:
    sample(tmp_path / "here" / "clients" / "northlight")
    for name in ("a", "b"):
        client(tmp_path / "here" / "clients" / name, "from gtmdiag import clock\nprint(clock.today())")
    client(tmp_path / "here" / "clients" / "fails", "1/0")
    (tmp_path / "here" / "clients" / "fails" / "client.yaml").write_text("id: fails\nname: ''\n")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    env = environment(tmp_path / "home", SOURCE_DATE_EPOCH=EPOCH)
    with dask.worker("--nthreads", "2"), dask.worker("--nthreads", "1", "--no-nanny"):
        there = told("--dask", dask.address, cwd=tmp_path / "there", env=env)
    here = told(cwd=tmp_path / "here", env=env)
    assert there == here
    assert [one["state"] for one in here[1]] == ["done", "done", "failed", "done"]
    made, remade = (files_in(tmp_path / name) for name in ("here", "there"))
    log = "clients/fails/reports/failed.log"
    assert made.pop(log).split(b"\n\n")[0] == remade.pop(log).split(b"\n\n")[0]
    assert remade == made
    assert list(Path(dask.env["TMPDIR"]).glob("gtm-*")) == []


@pytest.mark.proof
def test_worker_killed_at_work_loses_a_client_or_leaves_something_half_made(dask: Dask, tmp_path: Path) -> None:
    """And one that comes in the meantime, with another gtmdiag, renders nothing."""
    root, kernel, env = tmp_path / "clients", tmp_path / "kernel", environment(tmp_path / "home")
    waiting = (
        "import os, time\nfrom pathlib import Path\n"
        f"first = not Path({str(kernel)!r}).exists()\nPath({str(kernel)!r}).write_text(str(os.getpid()))\n"
        "time.sleep(300 * first)"
    )
    client(root / "waits", waiting)
    with dask.worker("--nthreads", "1", "--no-nanny") as worker, begun(root, dask, env) as batch:
        assert batch.stdout is not None
        assert batch.stderr is not None
        dying = awaited(kernel)
        assert leftovers(root) != []
        with dask.worker("--nthreads", "8", path=another(tmp_path / "another")):
            noted = batch.stderr.readline()
            assert noted.startswith("A worker came that cannot be used: tcp://")
            assert noted.endswith(": other files of gtmdiag\n")
            worker.kill()
            assert batch.stderr.readline().startswith("waits begun again: The worker at tcp://")
            with dask.worker("--nthreads", "1"):
                table = batch.stdout.read()
                assert batch.wait() == 0
    assert "waits   done" in table
    assert "begun 2 times: The worker at" in table.replace("\n" + " " * 28, " ")
    assert not lives(dying)
    assert leftovers(root) == []
    assert sorted(path.name for path in root.iterdir()) == [".lock", "waits"]
    here = client(tmp_path / "here" / "waits", waiting).parent
    assert gtmdiag("batch", str(here), env=env).returncode == 0
    assert files_in(here) == files_in(root)


@contextmanager
def begun(root: Path, dask: Dask, env: dict[str, str]) -> Generator[subprocess.Popen[str]]:
    """Begin a batch, and kill it in the end."""
    command = [*COMMAND, "batch", str(root), "--dask", dask.address]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as batch:
        try:
            yield batch
        finally:
            batch.kill()


def another(folder: Path) -> str:
    """Return a place that holds another state of gtmdiag."""
    for name in ("gtmdiag", "notebooks", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "gtmdiag" / "another.py").write_text("")
    return str(folder)


@pytest.mark.proof
def test_cluster_that_does_not_fit_and_renders_all_the_same(
    dask: Dask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 3.0)
    client(tmp_path / "clients" / "small")
    (tmp_path / "empty" / ".cluster").mkdir(parents=True)
    root = tmp_path / "clients"

    def refused(address: str, seen_as: Path | None = None) -> str:
        with pytest.raises(ClusterError) as raised:
            crew = cluster(address, root, OPTIONS, None, Limits(), seen_as=seen_as)
            render_all(plan(root, OPTIONS), crew, Recorder())
        return str(raised.value)

    assert refused("tcp://127.0.0.1:1").startswith("No Dask scheduler answers at 'tcp://127.0.0.1:1'")
    assert refused(dask.address).startswith(f"The cluster at {dask.address} has no workers")
    with dask.worker("--nthreads", "1"):
        assert f"does not see {tmp_path}/nowhere" in refused(dask.address, tmp_path / "nowhere")
        assert f"sees another folder at {tmp_path}/empty" in refused(dask.address, tmp_path / "empty")
        with dask.worker("--nthreads", "1", path=another(tmp_path / "another")):
            assert refused(dask.address).count(": other files of gtmdiag") == 1
    assert {path.name for path in (root / "small").iterdir()} == {"client.yaml", "notebooks"}
    for nonsense in ("somewhere", "http://127.0.0.1:8786", "tls://127.0.0.1:8786"):
        with pytest.raises(UsageError):
            render_all(plan(root, OPTIONS), cluster(nonsense, root, OPTIONS, None, Limits()), Recorder())


@pytest.mark.proof
def test_limit_of_a_client_or_of_a_batch_that_holds_on_this_machine_only(dask: Dask, tmp_path: Path) -> None:
    kernel = tmp_path / "kernel"
    told_by = f"import os, time\nfrom pathlib import Path\nPath({str(kernel)!r}).write_text(str(os.getpid()))"
    client(tmp_path / "clients" / "a-forever", f"{told_by}\ntime.sleep(300)")
    client(tmp_path / "clients" / "b")
    root, watch = tmp_path / "clients", Recorder()
    # Seen elsewhere, as by machines that mount it in another place.
    (tmp_path / "mounted").symlink_to(root)
    with dask.worker("--nthreads", "2"):
        crew = cluster(dask.address, root, OPTIONS, 1, Limits(seconds=25), seen_as=tmp_path / "mounted")
        late, other = render_all(plan(root, OPTIONS), crew, watch, fail_fast=True)
        assert (late.state, late.reason) == ("failed", "It took longer than --timeout allows, 25 s, and was stopped.")
        assert (other.state, other.reason) == ("left", "not begun, since a-forever failed")
        assert (root / "a-forever", "Running the notebook") in watch.steps
        assert late.log == root / "a-forever" / "reports" / "failed.log"
        crew = cluster(dask.address, root, OPTIONS, 1, Limits(), seen_as=tmp_path / "mounted")
        (made,) = render_all(plan(root, OPTIONS, only=["b"]), crew, watch)
    assert (root / "b" / "reports" / "no-wave" / "report.html") in made.outputs
    assert not lives(awaited(kernel))
    assert leftovers(root) == []


@pytest.mark.proof
def test_batch_killed_while_a_worker_is_at_work_that_goes_on(dask: Dask, tmp_path: Path) -> None:
    root, env = tmp_path / "clients", environment(tmp_path / "home")
    kernel = tmp_path / "kernel"
    told_by = f"import os, time\nfrom pathlib import Path\nPath({str(kernel)!r}).write_text(str(os.getpid()))"
    client(root / "a", f"{told_by}\ntime.sleep(300)")
    with dask.worker("--nthreads", "1"):
        with begun(root, dask, env):
            at_work = awaited(kernel)
        until = time.monotonic() + TOLD
        while lives(at_work) or leftovers(root):
            assert time.monotonic() < until, "what nobody waits for goes on"
            time.sleep(0.1)


def test_what_a_machine_left_half_made_stays_or_what_others_make_goes(tmp_path: Path) -> None:
    reports = client(tmp_path / "a").joinpath("reports")
    for name in ("elsewhere-12", "elsewhere-112", "here-12"):
        (reports / f".making-2026-10-{name}").mkdir(parents=True)
    (tmp_path / ".cluster").mkdir()
    (tmp_path / ".cluster" / "-elsewhere-12").touch()
    with alone(tmp_path):
        left = sorted(path.name for path in reports.iterdir())
    assert left == [".making-2026-10-elsewhere-112", ".making-2026-10-here-12"]
    assert not (tmp_path / ".cluster").exists()


def test_cluster_without_dask_that_ends_in_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    client(tmp_path / "a")
    crew = cluster("tcp://127.0.0.1:1", tmp_path, OPTIONS, None, Limits())
    with pytest.raises(UsageError, match=r"pip install 'gtmdiag\[dask\]'"):
        render_all(plan(tmp_path, OPTIONS), crew, Recorder())
