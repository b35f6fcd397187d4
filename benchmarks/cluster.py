"""Time `gtmdiag batch` on a Dask cluster of this machine against the same batch with processes alone.

Both sides render the same clients, as many at a time. Each round runs both, one after the other, and the next round
swaps them; a ratio is taken within its round, so a busy machine disturbs it little. The cluster is there before and
stays, as a cluster does. What both make must be the same bytes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.commands import environment, measure, setting, spread, told
from benchmarks.engagements import write_engagements

SIDES = {"here": "processes", "there": "Dask"}
SEED = 8


@contextmanager
def cluster(folder: Path, workers: int) -> Generator[str]:
    """Give the address of a cluster with so many workers of one thread."""
    file = folder / "scheduler.json"
    with ExitStack() as stack:
        stack.enter_context(_program("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)))
        while not file.is_file():
            time.sleep(0.1)
        for _ in range(workers):
            stack.enter_context(_program("worker", "--scheduler-file", str(file), "--nthreads", "1"))
        address: str = json.loads(file.read_text())["address"]
        distributed: Any = import_module("distributed")
        with distributed.Client(address) as client:
            client.wait_for_workers(workers)
        yield address


@contextmanager
def _program(name: str, *options: str) -> Generator[None]:
    command = [sys.executable, "-m", "dask", name, *options, "--no-dashboard"]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def run_round(folder: Path, sides: Sequence[str], address: str, jobs: int) -> dict[str, float]:
    """Run the sides in this order and return the seconds of each."""
    options = {"here": ("--jobs", str(jobs)), "there": ("--dask", address)}
    seconds = {
        side: measure(["gtmdiag", "batch", str(folder / side), "--force", *options[side]], environment()).seconds
        for side in sides
    }
    made, remade = (
        {path.relative_to(folder / side): path.read_bytes() for path in (folder / side).rglob("reports/*/*.*")}
        for side in sides
    )
    if made != remade:
        sys.exit("failed: the two sides made different bytes")
    return seconds


def markdown(rounds: Sequence[dict[str, float]]) -> str:
    """Return the table."""
    lines = ["| crew | s | times the processes |", "|---|--:|--:|"]
    for side, name in SIDES.items():
        seconds = spread([one[side] for one in rounds])[0]
        lines.append(f"| {name} | {seconds:.1f} | {told(spread([one[side] / one['here'] for one in rounds]))} |")
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="example: python -m benchmarks.cluster --rounds 5")
    parser.add_argument("--clients", type=int, default=20, metavar="N", help="by default 20")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="clients at a time; by default 2")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="after one to warm up; by default 3")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gtmdiag-benchmark-") as temporary:
        folder = Path(temporary)
        for side in SIDES:
            write_engagements(folder / side, arguments.clients, SEED)
        with cluster(folder, arguments.jobs) as address:
            rounds = [
                run_round(folder, list(SIDES)[:: -1 if number % 2 else 1], address, arguments.jobs)
                for number in range(arguments.rounds + 1)
            ][1:]
    counts = {"clients": str(arguments.clients), "at a time": str(arguments.jobs)}
    measured_on = counts | setting(arguments.rounds) | {"distributed": version("distributed")}
    print(markdown(rounds), "", ", ".join(f"{name} {value}" for name, value in measured_on.items()), sep="\n")


if __name__ == "__main__":
    main()
