"""Time `gtmdiag render` of the sample client against the stock commands on the same notebook.

Stock is `papermill`, then `jupyter nbconvert --to html` and `--to webpdf`. Each round runs both sides, one after the
other, and the next round swaps them; a ratio is taken within its round, so a busy machine disturbs it little.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import cast

from benchmarks.commands import (
    SAMPLE,
    Cost,
    Spread,
    adopt_orphans,
    environment,
    measure,
    place_chromium,
    setting,
    spread,
    stock_commands,
    told,
    typical,
)

OURS, STOCK = "gtmdiag render", "stock, all"


@dataclass(frozen=True)
class Row:
    """One command: medians over the rounds, and how many times `gtmdiag render` of the same round it takes."""

    command: str
    cost: Cost
    times: Spread
    times_cpu: Spread


def engagement(folder: Path, name: str) -> Path:
    """Return a copy of the sample, without its reports."""
    return shutil.copytree(SAMPLE, folder / name, ignore=shutil.ignore_patterns("reports"))


def run_round(folder: Path, number: int, env: Mapping[str, str], *, webpdf: bool) -> dict[str, Cost]:
    """Run both sides once and return each command's cost by name; odd rounds run stock first."""
    ours = {OURS: ["gtmdiag", "render", str(engagement(folder, f"ours-{number}"))]}
    stock = stock_commands(engagement(folder, f"stock-{number}"), webpdf=webpdf)
    costs = {name: measure(command, env) for name, command in (stock | ours if number % 2 else ours | stock).items()}
    parts = [costs[name] for name in stock]
    costs[STOCK] = Cost(
        sum(c.seconds for c in parts),
        sum(c.cpu for c in parts),
        max(c.mib for c in parts),
        max(c.together for c in parts),
    )
    return {name: costs[name] for name in (OURS, STOCK, *stock)}


def run_phases(folder: Path, number: int, env: Mapping[str, str]) -> dict[str, tuple[float, float]]:
    """Return the seconds and CPU seconds of each phase of our render."""
    command = [sys.executable, Path(__file__).with_name("phases.py"), engagement(folder, f"phases-{number}")]
    printed = subprocess.run(command, env=dict(env), check=True, stdout=subprocess.PIPE).stdout
    return cast("dict[str, tuple[float, float]]", json.loads(printed))


def rows(rounds: Sequence[Mapping[str, Cost]]) -> list[Row]:
    """Sum up the rounds, a row for each command."""
    made: list[Row] = []
    for name in rounds[0]:
        costs = [costs[name] for costs in rounds]
        times = [costs[name].seconds / costs[OURS].seconds for costs in rounds]
        cpu = [costs[name].cpu / costs[OURS].cpu for costs in rounds]
        made.append(Row(name, typical(costs), spread(times), spread(cpu)))
    return made


def markdown(table: Sequence[Row], phases: Mapping[str, tuple[float, float]], measured_on: Mapping[str, str]) -> str:
    """Return the two tables, with what they were measured on."""
    lines = [
        "| command | s | times ours | CPU s | times ours, CPU | largest process, MiB | all together, MiB |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for row in table:
        cost, times, cpu = row.cost, told(row.times), told(row.times_cpu)
        lines.append(
            f"| {row.command} | {cost.seconds:.1f} | {times} | {cost.cpu:.1f} | {cpu} "
            f"| {cost.mib:.0f} | {cost.together:.0f} |"
        )
    lines += ["", "| phase of our render | s | CPU s |", "|---|--:|--:|"]
    lines += [f"| {name} | {wall:.2f} | {f'{cpu:.2f}' if cpu else ''} |" for name, (wall, cpu) in phases.items()]
    return "\n".join([*lines, "", ", ".join(f"{name} {value}" for name, value in measured_on.items())])


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="example: python -m benchmarks.render --rounds 9")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="after one to warm up; by default 5")
    parser.add_argument("--json", action="store_true", help="print JSON with every round instead of Markdown")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds: at least 1")
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="gtmdiag-benchmark-") as temporary:
        folder = Path(temporary)
        if missing := place_chromium(folder / "browsers"):
            print(
                f"{missing} is not installed: nbconvert webpdf is left out, so only ours makes a PDF.", file=sys.stderr
            )
        env = environment()
        rounds = [run_round(folder, number, env, webpdf=not missing) for number in range(arguments.rounds + 1)][1:]
        laps = [run_phases(folder, number, env) for number in range(arguments.rounds)]
    phases = {name: (median(lap[name][0] for lap in laps), median(lap[name][1] for lap in laps)) for name in laps[0]}
    measured_on = setting(arguments.rounds)
    table = rows(rounds)
    if arguments.json:
        costs = [{name: asdict(cost) for name, cost in one.items()} for one in rounds]
        result = {"rows": [asdict(row) for row in table], "rounds": costs, "phases": phases, "setting": measured_on}
        print(json.dumps(result, indent=1))
    else:
        print(markdown(table, phases, measured_on))


if __name__ == "__main__":
    main()
