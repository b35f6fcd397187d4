"""Time `gtmdiag batch` of generated clients against the stock tools, and against the least that there is to do.

Sides, each a process of its own with all that it starts, from nothing to the last report:

- a: `papermill`, `nbconvert --to html` and `--to webpdf`, a process each, so many clients at a time;
- b: the same by papermill's and nbconvert's own functions, in a pool of processes;
- c: `gtmdiag batch`;
- c-stock: `gtmdiag batch --engine stock`;
- d: the floor: the same formats, made in forks of one process that has loaded everything, without a kernel.

Each round runs every side on the same clients, one after the other, and the next round turns the order around; a ratio
is taken within its round, so a busy machine disturbs it little. What c, c-stock and d make must be the same bytes.

Measured on a machine of two CPUs, HTML and PDF of 20 clients, one round:

| side | s a client | CPU s a client | largest process, MiB | all together, MiB |
|---|--:|--:|--:|--:|
| a: stock commands | 7.21 | 13.32 | 270 | 892 |
| b: stock in process | 3.61 | 6.18 | 272 | 917 |
| c: gtmdiag batch | 0.86 | 1.44 | 552 | 1088 |
| c-stock: gtmdiag batch --engine stock | 1.67 | 2.83 | 565 | 1258 |
| d: floor: no kernel | 0.56 | 0.96 | 528 | 1034 |

a is 8.4 times c on the clock and 9.3 in CPU; c is 1.5 times d. What c does beyond d: a kernel a client, its messages,
the notebook written twice, plan.ics, hashes and the signature. 1.3 s (1.25 to 1.41) go by for 200 clients when nothing
is to be done, 88 s for all five formats of 50. With 200 clients the largest process had 598 MiB.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.commands import (
    Cost,
    Spread,
    adopt_orphans,
    environment,
    measure,
    place_chromium,
    setting,
    spread,
    told,
    typical,
)
from benchmarks.engagements import write_engagements
from gtmdiag.publish.places import DEFAULT_FORMATS, FORMATS, REPORT, file_of, notebooks_of, stem_of

SIDES = {
    "a": "stock commands",
    "b": "stock in process",
    "c": "gtmdiag batch",
    "c-stock": "gtmdiag batch --engine stock",
    "d": "floor: no kernel",
}
STOCK = ("a", "b")
PAIRS = (("a", "c"), ("b", "c"), ("c-stock", "c"), ("c", "d"))
SEED = 8
# 2 November 2026: every side has the same clock.
TODAY = "1793577600"


@dataclass(frozen=True)
class Work:
    """What every side is to do."""

    formats: tuple[str, ...]
    jobs: int
    env: Mapping[str, str]

    def command(self, side: str, root: Path) -> list[str]:
        """Return the command of a side."""
        options = [str(root), "--to", ",".join(self.formats), "--jobs", str(self.jobs)]
        if side in ("c", "c-stock"):
            return ["gtmdiag", "batch", *options, "--engine", "warm" if side == "c" else "stock"]
        name = {"a": "by_commands", "b": "in_process", "d": "without_kernel"}[side]
        return [sys.executable, "-m", "benchmarks.batch_sides", name, *options]

    @property
    def files(self) -> tuple[str, ...]:
        """What each client has in the end."""
        return tuple(file_of(stem_of(name), one) for name, some in notebooks_of(REPORT, self.formats) for one in some)


def run_round(folder: Path, clients: Path, sides: Sequence[str], work: Work) -> dict[str, Cost]:
    """Run the sides in this order, each on a copy of the clients, and return what each cost."""
    costs: dict[str, Cost] = {}
    made: dict[str, str] = {}
    for side in sides:
        root = shutil.copytree(clients, folder / "round")
        costs[side] = measure(work.command(side, root), work.env)
        outputs = {
            f"{client.name} {name}": hashlib.sha256(path.read_bytes()).hexdigest()
            for client in root.iterdir()
            for name in work.files
            for path in client.rglob(name)
        }
        if len(outputs) < len(work.files) * len(list(clients.iterdir())):
            sys.exit(f"failed: {SIDES[side]} made {len(outputs)} files only")
        if side not in STOCK:
            if different := [name for name in made if made[name] != outputs[name]]:
                sys.exit(f"failed: {SIDES[side]} made other bytes than the side before: {', '.join(different)}")
            made = outputs
        shutil.rmtree(root)
    return costs


def run_unchanged(root: Path, work: Work, rounds: int) -> list[Cost]:
    """Return what a batch costs that finds nothing to do."""
    command = work.command("c", root)
    measure(command, work.env)
    before = {path: path.stat().st_mtime_ns for path in root.glob("*/reports/*/*")}
    costs = [measure(command, work.env) for _ in range(rounds)]
    if before != {path: path.stat().st_mtime_ns for path in root.glob("*/reports/*/*")}:
        sys.exit("failed: a report was made anew")
    return costs


def ratios(rounds: Sequence[Mapping[str, Cost]]) -> dict[str, tuple[Spread, Spread]]:
    """Return how many times a side takes what another takes in the same round, on the clock and in CPU seconds."""
    return {
        f"{one} / {other}": (
            spread([costs[one].seconds / costs[other].seconds for costs in rounds]),
            spread([costs[one].cpu / costs[other].cpu for costs in rounds]),
        )
        for one, other in PAIRS
        if {one, other} <= set(rounds[0])
    }


def markdown(rounds: Sequence[Mapping[str, Cost]], clients: int) -> str:
    """Return a table of the sides and one of their ratios."""
    lines = [
        "| side | s | s a client | CPU s a client | largest process, MiB | all together, MiB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for side in (side for side in SIDES if side in rounds[0]):
        cost = typical([costs[side] for costs in rounds])
        lines.append(
            f"| {side}: {SIDES[side]} | {cost.seconds:.1f} | {cost.seconds / clients:.2f} | {cost.cpu / clients:.2f} "
            f"| {cost.mib:.0f} | {cost.together:.0f} |"
        )
    if compared := ratios(rounds):
        lines += ["", "| ratio | on the clock | CPU |", "|---|--:|--:|"]
        lines += [f"| {name} | {told(wall)} | {told(cpu)} |" for name, (wall, cpu) in compared.items()]
    return "\n".join(lines)


def unchanged_markdown(costs: Sequence[Cost]) -> str:
    """Return a table of what a batch costs that finds nothing to do."""
    seconds, cpu = spread([cost.seconds for cost in costs]), spread([cost.cpu for cost in costs])
    row = f"| {told(seconds)} | {told(cpu)} | {typical(costs).mib:.0f} |"
    return "\n".join(["| nothing to do, s | CPU s | largest process, MiB |", "|--:|--:|--:|", row])


def main() -> None:
    """Run the command line."""
    arguments = _arguments()
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="gtmdiag-benchmark-") as temporary:
        folder = Path(temporary)
        sides: list[str] = arguments.only
        if set(sides) & set(STOCK) and not arguments.unchanged and (missing := place_chromium(folder / "browsers")):
            sys.exit(f"{missing} is not installed: stock makes no PDF. Run with --only c,c-stock,d.")
        work = Work(arguments.formats, arguments.jobs, environment() | {"SOURCE_DATE_EPOCH": TODAY})
        write_engagements(folder / "clients", arguments.clients, arguments.seed)
        if arguments.unchanged:
            costs = run_unchanged(folder / "clients", work, arguments.rounds)
            table, result = unchanged_markdown(costs), [asdict(cost) for cost in costs]
        else:
            # One client, so that every program has been read from the disk once.
            write_engagements(folder / "first", 1, arguments.seed)
            run_round(folder, folder / "first", sides, work)
            rounds = [
                run_round(folder, folder / "clients", sides[:: -1 if number % 2 else 1], work)
                for number in range(arguments.rounds)
            ]
            table = markdown(rounds, arguments.clients)
            result = [{side: asdict(cost) for side, cost in costs.items()} for costs in rounds]
    counts = {"clients": str(arguments.clients), "at a time": str(arguments.jobs), "seed": str(arguments.seed)}
    measured_on = {"formats": "+".join(arguments.formats)} | counts | setting(arguments.rounds)
    if arguments.json:
        print(json.dumps({"rounds": result, "setting": measured_on}, indent=1))
    else:
        print(table, "", ", ".join(f"{name} {value}" for name, value in measured_on.items()), sep="\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: python -m benchmarks.batch --rounds 5",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--clients", type=int, default=20, metavar="N", help="by default 20")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="after one of one client; by default 3")
    parser.add_argument("--formats", default=",".join(DEFAULT_FORMATS), help=f"of {', '.join(FORMATS)}")
    parser.add_argument("--only", default="", help=f"sides, joined by commas; by default all: {', '.join(SIDES)}")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="clients at a time; by default 2")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help="of the clients")
    parser.add_argument("--unchanged", action="store_true", help="time a batch that finds nothing to do instead")
    parser.add_argument("--json", action="store_true", help="print JSON with every round instead of Markdown")
    arguments = parser.parse_args()
    if min(arguments.rounds, arguments.clients, arguments.jobs) < 1:
        parser.error("--rounds, --clients and --jobs: at least 1")
    arguments.formats = tuple(arguments.formats.split(","))
    if unknown := set(arguments.formats) - set(FORMATS):
        parser.error(f"--formats: no {', '.join(sorted(unknown))}")
    stock_can = set(arguments.formats) == set(DEFAULT_FORMATS)
    default = [side for side in SIDES if stock_can or side not in STOCK]
    arguments.only = arguments.only.split(",") if arguments.only else default
    if unknown := set(arguments.only) - set(SIDES):
        parser.error(f"--only: no {', '.join(sorted(unknown))}")
    if not stock_can and set(arguments.only) & set(STOCK):
        parser.error(f"--formats: stock makes {' and '.join(DEFAULT_FORMATS)} only; run with --only c,c-stock,d")
    return arguments


if __name__ == "__main__":
    main()
