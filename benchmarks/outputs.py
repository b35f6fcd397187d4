"""Time figures, cells and formats of one client against an earlier state of the package, warm.

Each round runs both states, each in a process of its own, one after the other, and the next round swaps them; a ratio
is taken within its round. CPU seconds are told beside those on the clock: a busy machine disturbs them less. Each lap
converts another document, as in a batch, so that nothing typeset before is taken again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import cast

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("matplotlib", "typst", "python-pptx", "XlsxWriter", "nbformat")

Times = Mapping[str, tuple[float, float]]
"""Seconds on the clock and CPU seconds by what was made."""


@contextmanager
def checked_out(commit: str) -> Generator[Path]:
    """Give a folder with the package as it was at a commit, removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="gtmdiag-benchmark-") as temporary:
        folder = Path(temporary) / "before"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--detach", "--quiet", str(folder), commit], check=True)
        try:
            yield folder
        finally:
            subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def times_of(tree: Path, client: Path, laps: int) -> Times:
    """Return the times of one state of the package, in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("outputs_once.py")), str(client), "--laps", str(laps)]
    env = os.environ | {"PYTHONPATH": str(tree)}
    told = subprocess.run(command, env=env, cwd=tree, check=True, stdout=subprocess.PIPE).stdout
    return cast("Times", json.loads(told))


def markdown(before: Sequence[Times], after: Sequence[Times], setting: str) -> str:
    """Return a table: medians over the rounds, and the ratio of CPU seconds within a round."""
    lines = [
        "| what | ms before | ms now | CPU ms before | CPU ms now | CPU, before / now |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name in after[0]:
        if name not in before[0]:
            continue
        cells = [1000 * median(one[name][part] for one in some) for part in (0, 1) for some in (before, after)]
        ratios = [old[name][1] / new[name][1] for old, new in zip(before, after, strict=True) if new[name][1]]
        shown = " | ".join(f"{cell:.0f}" for cell in cells)
        lines.append(f"| {name} | {shown} | {median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f}) |")
    return "\n".join([*lines, "", setting])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python benchmarks/outputs.py --before 33162f0 --rounds 3"
    )
    parser.add_argument("--before", required=True, metavar="COMMIT", help="the state to compare with")
    parser.add_argument("--client", type=Path, default=ROOT / "data_samples" / "northlight", metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="by default 3")
    parser.add_argument("--laps", type=int, default=5, metavar="N", help="warm laps of each process; by default 5")
    arguments = parser.parse_args()
    before: list[Times] = []
    after: list[Times] = []
    with checked_out(arguments.before) as old:
        for number in range(arguments.rounds):
            sides = [(before, old), (after, ROOT)]
            for kept, tree in sides if number % 2 == 0 else reversed(sides):
                kept.append(times_of(tree, arguments.client, arguments.laps))
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    setting = f"{arguments.rounds} rounds of {arguments.laps} laps, {os.cpu_count()} CPUs, Python "
    print(markdown(before, after, f"{setting}{platform.python_version()}, {versions}"))


if __name__ == "__main__":
    main()
