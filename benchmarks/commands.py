"""Commands measured with every process that they start, and the stock commands that make a report.

Standard library only at its top: what a measured command imports from here is part of what it costs.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "client_report.ipynb"
SAMPLE = ROOT / "data_samples" / "northlight"
PACKAGES = ("papermill", "nbconvert", "typst", "pandas", "matplotlib")
CHROMIUM = ("chromium-headless-shell", "chromium")
# Stock's page asks CDNs for scripts: turned away, the figures do not depend on the network.
BROWSER_ARGS = ["--host-resolver-rules=MAP * ~NOTFOUND"]
# Linux's PR_SET_CHILD_SUBREAPER: processes that outlive their parent become ours and are counted.
SUBREAPER = 36
LINGER = 3.0
"""Seconds that such processes have to end."""
EVERY = 0.5
"""Seconds from one look at the memory of all processes to the next."""

Spread = tuple[float, float, float]  # median, least and most over the rounds


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, CPU seconds of all processes, MiB of the largest one and of all at a time.

    What processes share counts once in ``together``, which is looked at twice a second only; 0 where the system does
    not tell it.
    """

    seconds: float
    cpu: float
    mib: float
    together: float


def spread(values: Sequence[float]) -> Spread:
    """Return the median, the least and the most."""
    return median(values), min(values), max(values)


def typical(costs: Sequence[Cost]) -> Cost:
    """Return the medians."""
    return Cost(
        median(cost.seconds for cost in costs),
        median(cost.cpu for cost in costs),
        median(cost.mib for cost in costs),
        median(cost.together for cost in costs),
    )


def setting(rounds: int) -> dict[str, str]:
    """Return what a comparison was measured on."""
    counts = {"rounds": str(rounds), "CPUs": str(os.cpu_count())}
    return counts | {"Python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def told(values: Spread) -> str:
    """Return a spread for a table."""
    middle, least, most = values
    return f"{middle:.2f} ({least:.2f}–{most:.2f})"


def adopt_orphans() -> None:
    """Let processes whose parent has ended become this process's, so that `measure` counts them."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def environment() -> dict[str, str]:
    """Return an environment in which the commands of this interpreter are found, and ours is this clone's."""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    return os.environ | {"PATH": path, "PYTHONPATH": str(ROOT)}


def measure(command: Sequence[str], env: Mapping[str, str]) -> Cost:
    """Run ``command`` and return its cost, descendants included; end the program if it fails."""
    with tempfile.TemporaryFile("w+") as printed, _Together() as together:
        started = time.perf_counter()
        process = subprocess.Popen(command, env=dict(env), stdout=printed, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            printed.seek(0)
            sys.exit(f"failed: {' '.join(command)}\n{printed.read()}")
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
    cpu = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    return Cost(seconds, cpu, max(usage.ru_maxrss for usage in usages) / 1024, together.most / 1024)


class _Together:
    """Looks at the memory of all descendants of this process now and then, and keeps the most, in KiB."""

    def __init__(self) -> None:
        self.most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Together:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(EVERY):
            self.most = max(self.most, sum(map(_share, _descendants(str(os.getpid())))))


def _descendants(process: str) -> Iterator[str]:
    # They come and go meanwhile.
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield child
                yield from _descendants(child)


def _share(process: str) -> int:
    """Return KiB of a process, of what it shares only its part."""
    with contextlib.suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{process}/smaps_rollup").read_text(), re.MULTILINE)
        if found is not None:
            return int(found[1])
    return 0


def stock_commands(home: Path, *, webpdf: bool = True) -> dict[str, list[str]]:
    """Return the commands that make the report of one client, by name; outputs go to ``home``."""
    report = str(home / "report.ipynb")
    convert = ["jupyter", "nbconvert", report, "--to"]
    made = {
        "papermill": ["papermill", str(NOTEBOOK), report, "-p", "engagement", str(home), "--cwd", str(home)],
        "nbconvert html": [*convert, "html"],
    }
    if webpdf:
        browser = ["--disable-chromium-sandbox", f"--WebPDFExporter.browser_args={BROWSER_ARGS}"]
        made["nbconvert webpdf"] = [*convert, "webpdf", *browser]
    return made


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
