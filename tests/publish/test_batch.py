"""A batch renders what changed and nothing else, one client harms no other, and nothing half made stays."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from gtmdiag.batch_view import table
from gtmdiag.errors import MissingError, UsageError
from gtmdiag.publish.batch import plan, render_all
from gtmdiag.publish.engines import STOCK
from gtmdiag.publish.pool import processes
from gtmdiag.publish.render import render
from gtmdiag.publish.surroundings import FORKS
from gtmdiag.publish.task import Options, Outcome
from gtmdiag.publish.worker import Limits
from gtmdiag.terminal import WIDTH
from tests.conftest import Run
from tests.engagements import COMMAND, TODAY, environment, files_in, gtmdiag, sample, write
from tests.publish.batches import EPOCH, TELLING, Here, Recorder, awaited, client, late_once_begun, leftovers, lives

OPTIONS = Options(("html", "pdf"), TODAY)
PAGES = replace(OPTIONS, formats=("html",))
"""What is enough where no PDF is looked at."""

posix = pytest.mark.skipif(os.name != "posix", reason="signals are those of POSIX")


@dataclass(frozen=True)
class First:
    """The first batch over two clients and a broken one: the folder and what the command did."""

    root: Path
    env: dict[str, str]
    ended: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> First:
    base = tmp_path_factory.mktemp("batch")
    root, env = base / "clients", environment(base / "home", SOURCE_DATE_EPOCH=EPOCH)
    sample(root / "northlight")
    client(root / "small", "1 + 1")
    broken = write(sample(root / "broken"), {"client.yaml": "id: broken\nname: ''\ncolour: red\nlanguage: German\n"})
    (broken / "crm" / "deals.csv").unlink()
    write(root, {"truth/northlight.yaml": "x", "forgotten/crm/crm.yaml": "x", ".hidden/client.yaml": "x"})
    return First(root, env, gtmdiag("batch", str(root), env=env))


@pytest.fixture
def small(first: First, tmp_path: Path) -> Path:
    """Copy the small client with its report."""
    return shutil.copytree(first.root / "small", tmp_path / "small")


def test_broken_client_that_stops_the_others_or_is_told_in_more_than_one_line(first: First) -> None:
    assert first.ended.returncode == 1
    head, *rows, empty, summary = first.ended.stdout.splitlines()
    assert head.split() == ["client", "state", "time", "reason"]
    assert [row.split()[:2] for row in rows] == [["broken", "failed"], ["northlight", "done"], ["small", "done"]]
    assert "4 problems; client.yaml, line 2, name: ''" in rows[0]
    assert empty == ""
    assert summary.startswith("3 clients in ")
    assert summary.endswith("2 done, 0 unchanged, 1 failed.")
    # In full, with place and remedy, after the table; and the folder that somebody may have forgotten to finish.
    told = first.ended.stderr
    assert all(text in told for text in ("line 3, colour", "line 4, language", "deals.csv", "4 errors"))
    assert "forgotten holds no client.yaml" in told
    assert not any(name in told for name in ("truth", "hidden", "Traceback"))
    log = first.root / "broken" / "reports" / "failed.log"
    assert f"Log: {log}" in told
    assert [path.name for path in log.parent.iterdir()] == ["failed.log"]
    assert "line 3, colour" in log.read_text()


def test_batch_that_makes_other_bytes_than_render_or_leaves_something_behind(first: First, tmp_path: Path) -> None:
    root = sample(tmp_path / "northlight")
    render(root, today=TODAY, progress=lambda *_: None)
    assert files_in(root) == files_in(first.root / "northlight")
    assert leftovers(first.root) == []
    assert list(Path(first.env["TMPDIR"]).iterdir()) == []


def test_second_batch_that_renders_again(first: First) -> None:
    def stamps() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in first.root.rglob("*")}

    before = stamps()
    again = gtmdiag("batch", str(first.root), "--only", "northlight", "--only", "small", env=first.env)
    assert again.returncode == 0
    assert again.stdout.endswith("\nNothing to do: 2 clients, unchanged since the last render.\n")
    assert again.stderr.startswith("passed over: forgotten")
    assert stamps() == before


def test_line_for_programs_that_cannot_be_read_alone_or_comes_at_the_end(run: Run, first: First) -> None:
    told = gtmdiag("batch", str(first.root), "--json", env=first.env)
    begin, *clients, end = map(json.loads, told.stdout.splitlines())
    assert {one["schema"] for one in (begin, *clients, end)} == {"gtmdiag.batch/1"}
    assert (begin["event"], begin["to_render"]) == ("begin", 1)
    assert [Path(path).name for path in begin["passed_over"]] == ["forgotten"]
    assert [(one["event"], one["id"], one["state"]) for one in clients] == [
        ("client", "northlight", "unchanged"),
        ("client", "small", "unchanged"),
        ("client", "broken", "failed"),
    ]
    assert [problem["place"] for problem in clients[2]["problems"][:2]] == ["line 2, name", "line 3, colour"]
    assert {name: end[name] for name in ("event", "done", "unchanged", "failed", "left")} == {
        "event": "end",
        "done": 0,
        "unchanged": 2,
        "failed": 1,
        "left": 0,
    }
    assert told.stderr == ""
    wrong = run("batch", str(first.root), "--json", "--wave", "w")
    assert (wrong.returncode, json.loads(wrong.stdout)["message"].endswith("There are 2026-10.")) == (2, True)


def test_unchanged_client_that_is_rendered_although_nobody_forces_it(first: First) -> None:
    todo = plan(first.root, OPTIONS, only=["small", "northlight"])
    assert (todo.tasks, [outcome.state for outcome in todo.settled]) == ((), ["unchanged", "unchanged"])
    forced = plan(first.root, OPTIONS, only=["small"], force=True)
    assert [task.root.name for task in forced.tasks] == ["small"]


def test_edit_of_a_report_that_is_lost_or_replaced_without_a_word(small: Path) -> None:
    page = small / "reports" / "no-wave" / "report.html"
    page.write_text("my own words")
    (made,) = render_all(plan(small.parent, OPTIONS), nullcontext(Here(OPTIONS)), Recorder())
    assert (made.state, made.reason) == ("done", "edited report.html kept in no-wave/.history")
    assert (page.parent / ".history" / "report.html.1").read_text() == "my own words"
    assert plan(small.parent, OPTIONS).tasks == ()


def test_log_that_cannot_be_removed_stops_the_whole_batch(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small / "reports" / "failed.log").write_text("of an earlier day")

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(1, "Operation not permitted", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    assert [outcome.state for outcome in plan(small.parent, OPTIONS).settled] == ["unchanged"]


@posix
def test_client_whose_kernel_or_process_dies_harms_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "clients"
    client(root / "a-kills", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    client(root / "b-dies", "import os, time\nos.write(2, b'a last word')\ntime.sleep(2)\nos._exit(1)")
    # Last, so that it is rendered by a process that has seen a kernel die.
    client(root / "c-fine", "from gtmdiag import clock\nprint(clock.today())")
    before = write(root / "b-dies", {"reports/no-wave/report.html": "as it was"}) / "reports" / "no-wave"
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    watch = Recorder()
    # A kernel that is forked is no child of the process that renders.
    options = replace(PAGES, engine=STOCK)
    killed, died, fine = render_all(plan(root, options), processes(options, 2), watch)

    assert (killed.state, died.state, fine.state) == ("failed", "failed", "done")
    assert killed.reason.startswith("Its process was ended by the system (signal 9)")
    assert "Kernel died" in died.reason
    kept = "report.failed.ipynb"
    assert sorted(path.name for path in before.iterdir()) == [kept, "report.html"]
    assert (before / "report.html").read_text() == "as it was"
    # What they were at when they died, beside their log.
    for one in (killed, died):
        assert f"The notebook as far as it came is kept: {one.root / 'reports' / 'no-wave' / kept}" in one.message
        assert one.log is not None
        assert one.message in one.log.read_text()
    assert died.log is not None
    assert "a last word" in died.log.read_text()
    assert sorted(watch.outcomes, key=lambda outcome: outcome.root) == [killed, died, fine]
    assert (fine.root, "Running the notebook") in watch.steps
    assert leftovers(root) == []
    assert list(temporary.iterdir()) == []
    page = (root / "c-fine" / "reports" / "no-wave" / "report.html").read_text()
    assert TODAY.isoformat() in page, "a batch that passes midnight dates one report two ways"


PARENTS = """
import os
from pathlib import Path
worker = os.getcwd().rpartition("-")[2]
parents = os.getppid(), Path(f"/proc/{worker}/stat").read_text().split()[3]
assert all("server.py" in Path(f"/proc/{parent}/cmdline").read_text() for parent in parents)
"""


@pytest.mark.skipif(not FORKS, reason="processes are not forked on this system")
def test_notebook_that_kills_the_process_it_is_forked_from_harms_another(tmp_path: Path) -> None:
    client(tmp_path / "a-kills", "import os, time\ntime.sleep(1)\nos.kill(os.getppid(), 9)\ntime.sleep(9)")
    for name in ("b-beside", "c-after"):
        client(tmp_path / name, PARENTS, "import time; time.sleep(2)")
    killed, *fine = render_all(plan(tmp_path, PAGES), processes(PAGES, 2), Recorder())
    assert "Kernel died" in killed.reason
    assert [one.message for one in fine] == ["", ""]


@posix
def test_client_that_takes_too_long_or_too_much_memory_harms_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "clients"
    client(root / "a-forever", TELLING, "import time\nwhile True: time.sleep(9)")
    client(root / "b-greedy", "hog = bytearray(40 * 2**30)")
    client(root / "c-fine", "1")
    # A cell of its own has 600 s.
    limits = Limits(seconds=500, memory=16_000)
    late_once_begun(monkeypatch, limits)
    late, greedy, fine = render_all(plan(root, PAGES), processes(PAGES, 2, limits), Recorder())
    assert late.reason == "It took longer than --timeout allows, 500 s, and was stopped."
    assert greedy.reason == "It ran out of memory: --memory allows 16000 MiB a process."
    assert "not enough memory (MemoryError)" in greedy.message
    assert [one.state for one in (late, greedy, fine)] == ["failed", "failed", "done"]
    assert "kernel" in (root / "a-forever" / "reports" / "no-wave" / "report.failed.ipynb").read_text()
    with pytest.raises(ProcessLookupError):
        os.kill(int((root / "a-forever" / "kernel").read_text()), 0)
    assert leftovers(root) == []


@posix
def test_passing_failure_that_is_final_or_lasting_one_that_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, kernels = tmp_path / "clients", tmp_path / "kernels"
    client(root / "a-flaky", "1")
    client(root / "b-raises", "1/0")
    # A kernel that dies at its first start, and goes on when it is started again.
    script = (
        f"test -e {tmp_path}/once && exec {sys.executable} -m ipykernel_launcher -f $0; touch {tmp_path}/once; exit 1"
    )
    spec = {"argv": ["sh", "-c", script, "{connection_file}"], "display_name": "flaky", "language": "python"}
    write(kernels, {"kernels/python3/kernel.json": json.dumps(spec)})
    monkeypatch.setenv("JUPYTER_PATH", str(kernels))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    watch = Recorder()
    flaky, raises = render_all(plan(root, PAGES), processes(PAGES, 1), watch)
    assert (flaky.state, raises.state) == ("done", "failed")
    assert [task.root.name for task in watch.again] == ["a-flaky"]
    assert "begun 2 times: The kernel for notebooks/client_report.ipynb did not start" in flaky.reason
    assert not (root / "a-flaky" / "reports" / "failed.log").exists()


def test_client_begun_after_a_failure_a_limit_or_without_the_wave(tmp_path: Path) -> None:
    client(tmp_path / "a", "1/0")
    for name in ("b", "c"):
        client(tmp_path / name)
    write(tmp_path / "c", {"answers/2026-10/ann.yaml": "role: ceo\nanswers: {}\n"})
    outcomes = render_all(plan(tmp_path, PAGES), nullcontext(Here(PAGES)), Recorder(), fail_fast=True)
    assert [(one.state, one.reason) for one in outcomes[1:]] == [("left", "not begun, since a failed")] * 2
    few = plan(tmp_path, OPTIONS, limit=1)
    assert ([task.root.name for task in few.tasks], [one.state for one in few.settled]) == (["a"], ["left", "left"])
    one_wave = plan(tmp_path, replace(OPTIONS, wave="2026-10"))
    assert [task.root.name for task in one_wave.tasks] == ["c"]
    assert {one.reason for one in one_wave.settled} == {"has no wave 2026-10"}
    with pytest.raises(UsageError, match=r"has a wave '2026-11'\. Did you mean '2026-10'"):
        plan(tmp_path, replace(OPTIONS, wave="2026-11"))


@posix
def test_two_batches_on_one_folder_at_once(tmp_path: Path) -> None:
    root, env = tmp_path / "clients", environment(tmp_path / "home")
    client(
        root / "slow",
        "from pathlib import Path\nimport os, time\nPath('../../kernel').write_text(str(os.getpid()))\ntime.sleep(300)",
    )
    with subprocess.Popen([*COMMAND, "batch", str(root), "--to", "html"], env=env, stderr=subprocess.DEVNULL) as batch:
        kernel = awaited(root / "slow" / "kernel")
        second = gtmdiag("batch", str(root), env=env)
        told = f"Another batch is at work on {root}. Nothing was done here; try again when it has ended.\n"
        assert (second.returncode, second.stdout, second.stderr) == (1, "", told)
        batch.kill()
    until = time.monotonic() + 10
    while lives(kernel):
        assert time.monotonic() < until, "the kernel of a batch that was killed goes on"
        time.sleep(0.05)
    client(root / "slow", "1")
    after = gtmdiag("batch", str(root), "--to", "html", env=env)
    assert after.returncode == 0, after.stderr
    assert leftovers(root) == []
    assert list(Path(env["TMPDIR"]).iterdir()) == []


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_that_loses_a_finished_client_or_leaves_something_running(
    tmp_path: Path, number: signal.Signals
) -> None:
    root, env = tmp_path / "clients", environment(tmp_path / "home")
    client(root / "fast", "1")
    client(root / "slow", TELLING, "import time; time.sleep(300)")
    command = [*COMMAND, "batch", str(root), "--jobs", "2", "--to", "html"]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, start_new_session=True, text=True) as batch:
        assert batch.stderr is not None
        assert batch.stderr.readline().startswith("[1/2] done      fast")
        kernel = awaited(root / "slow" / "kernel")
        # As the terminal does at Ctrl-C, and a system that ends: to the command and to the processes that it started.
        os.killpg(batch.pid, number)
        told = batch.stderr.read()
        assert batch.wait(20) == 130
    assert told.splitlines()[0] == "1 of 2 clients were finished. Run it again to go on."
    assert "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        os.kill(kernel, 0)
    assert [task.root.name for task in plan(root, Options(("html",), date.today())).tasks] == ["slow"]
    assert leftovers(root) == []
    assert list(Path(env["TMPDIR"]).iterdir()) == []


def test_two_clients_of_one_id_are_both_rendered(tmp_path: Path) -> None:
    for name in ("acme", "acme-copy"):
        client(tmp_path / name, client_id="acme")
    todo = plan(tmp_path, OPTIONS, only=["acme"])
    assert [task.root.name for task in todo.tasks] == ["acme"]
    assert [(outcome.root.name, outcome.state) for outcome in todo.settled] == [("acme-copy", "failed")]
    assert "which is the id of the folder 'acme' too" in todo.settled[0].reason


def test_call_that_cannot_be_meant_is_taken_for_nothing_to_do(tmp_path: Path) -> None:
    client(tmp_path / "acme-emea", client_id="acme")
    (tmp_path / "empty" / "lost" / "answers").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"No client 'globe' under .* It holds 'acme-emea'\."):
        plan(tmp_path, OPTIONS, only=["globe", "acme"])
    with pytest.raises(UsageError, match="Did you mean 'acme-emea'"):
        plan(tmp_path, OPTIONS, only=["acme-emae"])
    with pytest.raises(UsageError, match=r"itself a client's folder\. Use 'gtmdiag render"):
        plan(tmp_path / "acme-emea", OPTIONS)
    with pytest.raises(UsageError, match=r"'lost' would be one with a client\.yaml"):
        plan(tmp_path / "empty", OPTIONS)
    with pytest.raises(UsageError, match="Did you mean 'pdf'"):
        plan(tmp_path, Options(("pfd",), TODAY))
    with pytest.raises(MissingError, match="is not a folder"):
        plan(tmp_path / "nowhere", OPTIONS)


NAMES = st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=90).filter(lambda name: name not in "..")


@given(st.lists(st.tuples(NAMES, st.sampled_from(["", "acme", "x" * 64]), st.text(max_size=300)), max_size=4))
def test_name_or_reason_that_breaks_the_table(rows: list[tuple[str, str, str]]) -> None:
    outcomes = [Outcome(Path(name), known, "failed", reason, seconds=12345.6) for name, known, reason in rows]
    lines = table(outcomes)
    assert max(cell_len(line) for line in lines) <= WIDTH
    assert all(line.isprintable() for line in lines)
    assert len(lines) <= 1 + 2 * len(rows)
    assert sum(" failed " in line for line in lines) >= len(rows)


def test_name_from_right_to_left_moves_the_columns_after_it() -> None:
    rows = table(
        [Outcome(Path("clients/حساب"), "hesab", "done", ""), Outcome(Path("clients/x\x1b[2J"), "", "done", "")]
    )
    assert [row.split()[0] for row in rows[1:]] == ["hesab", "x\\x1b[2J"]
