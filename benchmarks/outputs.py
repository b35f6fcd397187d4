"""Time figures, cells and formats of one client against an earlier state of the package, warm.

Each round runs both states, each in a process of its own, one after the other, and the next round swaps them; a ratio
is taken within its round. CPU seconds are told beside those on the clock: a busy machine disturbs them less. Each lap
converts another document, as in a batch, so that nothing typeset before is taken again.

Measured on a busy machine of two CPUs, CPU ms of the largest sample, 3 rounds of 3 laps, against 33162f0:

| what | before | now | ratio within a round |
|---|--:|--:|--:|
| all figures of report and deck | 3,382 | 656 | 5.4 (5.1–5.5) |
| cells of the report | 1,790 | 781 | 2.3 (2.2–2.4) |
| cells of the deck | 2,017 | 97 | 20.5 (18.9–21.8) |
| document of the report | 64 | 38 | 1.7 (1.6–1.7) |
| html | 13 | 14 | 1.0 (0.9–1.0) |
| pdf | 653 | 567 | 1.2 (1.1–1.2) |
| xlsx | 97 | 96 | 1.0 (1.0–1.0) |
| deck | 107 | 92 | 1.2 (1.1–1.2) |
| pptx | 409 | 197 | 1.9 (1.8–2.2) |
| all formats, documents read | 1,372 | 1,009 | 1.3 (1.3–1.4) |
| execution of the report, in a kernel that starts cold | 5,231 | 4,210 | 1.2 (1.2–1.3) |
| execution of the deck, in a kernel that starts cold | 5,360 | 3,393 | 1.6 (1.5–1.6) |

What is left of the PDF is Typst laying 40 pages out anew; nearly a third of that is measuring each short table before
it is set. The same document once more takes a seventh.
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
