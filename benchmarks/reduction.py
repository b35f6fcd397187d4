"""Time and memory of the reduction to cells against hand-written SQL, pandas and pm4py, each in a fresh process.

``python -m benchmarks.reduction --rows 1000000`` makes the file where it is absent. Before anything is told, the cells
of all contestants are compared; pm4py has no such cells and counts as the nearest equal. A ratio is that of two calls
of one round, minutes apart at most, so that a busy machine counts for both.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pandas as pd

from benchmarks.events import AS_OF, config, write_events
from benchmarks.measured import Measured, measured

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = "DuckDB SQL by hand"
PM4PY = "pm4py"
_KEYS = ["segment", "currency", "stage", "outcome", "next_stage", "back", "day", "entered"]
_INTEGERS = ["back", "day", "entered", "n", "n_amount", "amount_cents"]

Call = Callable[[], pd.DataFrame]


def sql_by_hand(path: Path) -> Call:
    """Run the hand-written SQL."""
    import duckdb

    from benchmarks.rivals import sql_of

    return lambda: duckdb.connect().sql(sql_of(path)).df()


def pandas_by_hand(path: Path) -> Call:
    """Run the hand-written pandas."""
    from benchmarks.rivals import pandas_cells

    importlib.import_module("pyarrow.parquet")
    return lambda: pandas_cells(path)


def ours_on_duckdb(path: Path) -> Call:
    """Reduce a relation over the file."""
    import duckdb

    return _ours(lambda: duckdb.connect().read_parquet(str(path)))


def ours_on_polars(path: Path) -> Call:
    """Reduce a lazy frame over the file."""
    import polars

    return _ours(lambda: polars.scan_parquet(path))


def ours_on_pandas(path: Path) -> Call:
    """Read the file into pandas and reduce that."""
    importlib.import_module("pyarrow.parquet")
    return _ours(lambda: pd.read_parquet(path))


def _ours(frame: Callable[[], object]) -> Call:
    from gtmdiag.funnel.reduction import reduce_frame

    crm = config()
    return lambda: reduce_frame(frame(), crm, as_of=AS_OF)


CONTESTANTS: dict[str, Callable[[Path], Call]] = {
    REFERENCE: sql_by_hand,
    "pandas by hand": pandas_by_hand,
    "ours on DuckDB": ours_on_duckdb,
    "ours on polars, lazy": ours_on_polars,
    "ours on pandas": ours_on_pandas,
}


def run_here(name: str, path: Path, cells: Path | None) -> None:
    """Measure one contestant in this process, and keep its cells where asked."""
    found, took = measured(CONTESTANTS[name](path))
    if cells is not None:
        found.to_parquet(cells)
    print(took.to_json())


def run_apart(name: str, path: Path, *, pm4py: str | None, cells: Path | None = None) -> Measured:
    """Measure one contestant in a process of its own."""
    if name == PM4PY:
        command = [str(pm4py), "-m", "benchmarks.pm4py_rival", str(path)]
    else:
        command = [sys.executable, "-m", "benchmarks.reduction", "--file", str(path), "--only", name]
        command += ["--cells", str(cells)] if cells else []
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{name} failed:\n{done.stderr}")
    return Measured.from_json(done.stdout.splitlines()[-1])


def differences(names: list[str], path: Path) -> list[str]:
    """Return the contestants whose cells are not the reference's; amounts squared may differ by 1e-12."""
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, pd.DataFrame] = {}
        for place, name in enumerate(names):
            cells = Path(folder) / f"{place}.parquet"
            run_apart(name, path, pm4py=None, cells=cells)
            found[name] = _in_order(pd.read_parquet(cells))
        told: list[str] = []
        for name, cells in found.items():
            try:
                pd.testing.assert_frame_equal(cells, found[REFERENCE], rtol=1e-12, atol=0)
            except AssertionError as error:
                lines = str(error).splitlines()
                told.append(f"{name}: {lines[0]}; {lines[-1]}")
        return told


def _in_order(cells: pd.DataFrame) -> pd.DataFrame:
    texts = {key: "str" for key in _KEYS if key not in _INTEGERS}
    cells = cells.astype({**texts, **dict.fromkeys(_INTEGERS, "int64")})
    return cells.sort_values(_KEYS, ignore_index=True)


def table(rounds: list[dict[str, Measured]]) -> str:
    """Return medians, at most 80 columns wide: of each measure and of its ratio to the hand-written SQL's."""
    lines = [
        f"{'':20}{'wall s':>7}{'× SQL':>6}{'range':>11}{'CPU s':>7}{'× SQL':>6}{'peak MB':>8}{'added':>6}{'× SQL':>6}",
    ]
    for name in rounds[0]:
        own, sql = [of[name] for of in rounds], [of[REFERENCE] for of in rounds]
        wall, cpu, added = (
            sorted(getattr(mine, what) / getattr(its, what) for mine, its in zip(own, sql, strict=True))
            for what in ("seconds", "cpu", "added_mb")
        )
        lines.append(
            f"{name:20}{median(of.seconds for of in own):7.2f}{median(wall):6.2f}{wall[0]:6.2f}–{wall[-1]:.2f}"
            f"{median(of.cpu for of in own):7.2f}{median(cpu):6.2f}"
            f"{median(of.peak_mb for of in own):8.0f}{median(of.added_mb for of in own):6.0f}{median(added):6.2f}"
        )
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--file", type=Path, help="a file of benchmarks.events; absent: made in a temporary folder")
    parser.add_argument("--pm4py", metavar="PYTHON", help="an interpreter that has pm4py and pyarrow")
    parser.add_argument("--contestants", nargs="+", choices=list(CONTESTANTS), default=list(CONTESTANTS))
    parser.add_argument("--only", choices=list(CONTESTANTS), help=argparse.SUPPRESS)
    parser.add_argument("--cells", type=Path, help=argparse.SUPPRESS)
    settings = parser.parse_args()
    if settings.only:
        run_here(settings.only, settings.file, settings.cells)
        return
    path = settings.file or Path(tempfile.gettempdir()) / f"gtmdiag_events_{settings.rows}.parquet"
    if not path.exists():
        write_events(path, settings.rows)
    names = [REFERENCE, *(name for name in settings.contestants if name != REFERENCE)]
    if differing := differences(names, path):
        raise SystemExit("cells differ from those of the hand-written SQL\n" + "\n".join(differing))
    print(f"cells of all {len(names)} are equal; {settings.rounds} rounds over {path.name}")
    names += [PM4PY] if settings.pm4py else []
    rounds: list[dict[str, Measured]] = []
    for _ in range(settings.rounds):
        took = {name: run_apart(name, path, pm4py=settings.pm4py) for name in names}
        rounds.append(took)
    print(table(rounds))


if __name__ == "__main__":
    main()
