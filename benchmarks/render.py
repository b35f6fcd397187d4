"""Time `gtmdiag render` of the sample client against the stock commands on the same notebook.

Stock is `papermill`, then `jupyter nbconvert --to html` and `--to webpdf`. Each round runs both sides, one after the
other, and the next round swaps them; a ratio is taken within its round, so a busy machine disturbs it little.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import cast

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data_samples" / "northlight"
NOTEBOOK = ROOT / "notebooks" / "client_report.ipynb"
OURS, STOCK = "gtmdiag render", "stock, all"
CHROMIUM = ("chromium-headless-shell", "chromium")
PACKAGES = ("papermill", "nbconvert", "typst", "pandas", "matplotlib")
# Stock's page asks CDNs for scripts: turned away, the figures do not depend on the network.
OFFLINE = "--WebPDFExporter.browser_args=['--host-resolver-rules=MAP * ~NOTFOUND']"
# Linux's PR_SET_CHILD_SUBREAPER: processes that outlive their parent become ours and are counted.
SUBREAPER = 36
LINGER = 3.0
"""Seconds that such processes have to end."""

Times = tuple[float, float, float]  # median, least and most over the rounds


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, CPU seconds of all processes, MiB of the largest process."""

    seconds: float
    cpu: float
    mib: float


@dataclass(frozen=True)
class Row:
    """One command: medians over the rounds, and how many times `gtmdiag render` of the same round it takes."""

    command: str
    cost: Cost
    times: Times
    times_cpu: Times


def measure(command: Sequence[str], env: Mapping[str, str]) -> Cost:
    """Run ``command`` and return its cost, descendants included; end the program if it fails."""
    with tempfile.TemporaryFile("w+") as told:
        started = time.perf_counter()
        process = subprocess.Popen(command, env=dict(env), stdout=told, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            told.seek(0)
            sys.exit(f"failed: {' '.join(command)}\n{told.read()}")
    usages, deadline = [usage], time.monotonic() + LINGER
    while time.monotonic() < deadline:
        try:
            orphan, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            break
        if orphan:
            usages.append(usage)
        else:
            time.sleep(0.01)
    return Cost(seconds, sum(u.ru_utime + u.ru_stime for u in usages), max(u.ru_maxrss for u in usages) / 1024)


def place_chromium(folder: Path) -> str:
    """Link the system's chromium into ``folder`` where playwright looks for its own; return what is missing, or ""."""
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None or find_spec("playwright") is None:
        return "playwright" if program else CHROMIUM[0]
    from playwright.sync_api import Error, sync_playwright

    os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(folder)
    with sync_playwright() as playwright:
        try:
            playwright.chromium.launch()
        except Error as error:
            # Nothing but this message tells the path.
            expected = re.search(r"Executable doesn't exist at (.+)", error.message)
            if expected is None:
                raise
            link = Path(expected[1].strip())
            link.parent.mkdir(parents=True)
            link.symlink_to(program)
    return ""


def engagement(folder: Path, name: str) -> Path:
    """Return a copy of the sample, without its reports."""
    return shutil.copytree(SAMPLE, folder / name, ignore=shutil.ignore_patterns("reports"))


def run_round(folder: Path, number: int, env: Mapping[str, str], *, webpdf: bool) -> dict[str, Cost]:
    """Run both sides once and return each command's cost by name; odd rounds run stock first."""
    ours = {OURS: ["gtmdiag", "render", str(engagement(folder, f"ours-{number}"))]}
    home = str(engagement(folder, f"stock-{number}"))
    report = f"{home}/report.ipynb"
    convert = ["jupyter", "nbconvert", report, "--to"]
    stock = {
        "papermill": ["papermill", str(NOTEBOOK), report, "-p", "engagement", home, "--cwd", home],
        "nbconvert html": [*convert, "html"],
    }
    if webpdf:
        stock["nbconvert webpdf"] = [*convert, "webpdf", "--disable-chromium-sandbox", OFFLINE]
    costs = {name: measure(command, env) for name, command in (stock | ours if number % 2 else ours | stock).items()}
    parts = [costs[name] for name in stock]
    costs[STOCK] = Cost(sum(c.seconds for c in parts), sum(c.cpu for c in parts), max(c.mib for c in parts))
    return {name: costs[name] for name in (OURS, STOCK, *stock)}


def run_phases(folder: Path, number: int, env: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """Return the seconds and CPU seconds of each phase of our render."""
    command = [sys.executable, Path(__file__).with_name("phases.py"), engagement(folder, f"phases-{number}")]
    told = subprocess.run(command, env=dict(env), check=True, stdout=subprocess.PIPE).stdout
    return cast("dict[str, tuple[float, float]]", json.loads(told))


def rows(rounds: Sequence[Mapping[str, Cost]]) -> list[Row]:
    """Sum up the rounds, a row for each command."""
    made: list[Row] = []
    for name in rounds[0]:
        costs = [costs[name] for costs in rounds]
        cost = Cost(median(c.seconds for c in costs), median(c.cpu for c in costs), median(c.mib for c in costs))
        times = [costs[name].seconds / costs[OURS].seconds for costs in rounds]
        cpu = [costs[name].cpu / costs[OURS].cpu for costs in rounds]
        made.append(Row(name, cost, (median(times), min(times), max(times)), (median(cpu), min(cpu), max(cpu))))
    return made


def markdown(table: Sequence[Row], phases: Mapping[str, tuple[float, float]], setting: Mapping[str, str]) -> str:
    """Return the two tables, with what they were measured on."""
    lines = [
        "| command | s | times ours | CPU s | times ours, CPU | largest process, MiB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in table:
        times, cpu = (f"{middle:.2f} ({least:.2f}–{most:.2f})" for middle, least, most in (row.times, row.times_cpu))
        cost = row.cost
        lines.append(f"| {row.command} | {cost.seconds:.1f} | {times} | {cost.cpu:.1f} | {cpu} | {cost.mib:.0f} |")
    lines += ["", "| phase of our render | s | CPU s |", "|---|--:|--:|"]
    lines += [f"| {name} | {wall:.2f} | {f'{cpu:.2f}' if cpu else ''} |" for name, (wall, cpu) in phases.items()]
    return "\n".join([*lines, "", ", ".join(f"{name} {value}" for name, value in setting.items())])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="example: python benchmarks/render.py --rounds 9")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="after one to warm up; by default 5")
    parser.add_argument("--json", action="store_true", help="print JSON with every round instead of Markdown")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds: at least 1")
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="gtmdiag-benchmark-") as temporary:
        folder = Path(temporary)
        if missing := place_chromium(folder / "browsers"):
            print(
                f"{missing} is not installed: nbconvert webpdf is left out, so only ours makes a PDF.", file=sys.stderr
            )
        env = os.environ | {"PATH": os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])}
        rounds = [run_round(folder, number, env, webpdf=not missing) for number in range(arguments.rounds + 1)][1:]
        laps = [run_phases(folder, number, env) for number in range(arguments.rounds)]
    phases = {name: (median(lap[name][0] for lap in laps), median(lap[name][1] for lap in laps)) for name in laps[0]}
    counts = {"rounds": str(arguments.rounds), "CPUs": str(os.cpu_count())}
    setting = counts | {"Python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    table = rows(rounds)
    if arguments.json:
        costs = [{name: asdict(cost) for name, cost in one.items()} for one in rounds]
        result = {"rows": [asdict(row) for row in table], "rounds": costs, "phases": phases, "setting": setting}
        print(json.dumps(result, indent=1))
    else:
        print(markdown(table, phases, setting))


if __name__ == "__main__":
    main()
