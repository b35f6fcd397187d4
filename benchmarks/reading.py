"""Time the reading of a dirty csv against readers written by hand for that very file, its formats known beforehand.

Every round runs all readers one after the other, so that each meets the same machine; ratios are medians over rounds.
Each value that is read is compared with what was written.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gtmdiag.funnel.dates import dates
from gtmdiag.funnel.files import read_table
from gtmdiag.funnel.numbers import read_amounts
from gtmdiag.funnel.parse import MISSING, read_column
from gtmdiag.funnel.tables import FileOptions

TEXTS = ("Opportunity ID", "Stage", "Owner", "Region")
HEADER = (*TEXTS, "Entered At", "Amount", "Probability", "Note")
USED = HEADER[:6]
_TIME = "%d/%m/%Y %H:%M:%S"
_AMOUNTS = ("{0}", "€{0}", "€ {0}", "{0} €", "+{0}", "{1}")
_NEGATIVE = ("-{0}", "({0})", "{0}-", "-€{0}", "(€ {0})", "-{1}")


@dataclass(frozen=True)
class Columns:
    """The used columns of the file: seconds and cents with `MISSING`, and texts."""

    seconds: NDArray[np.int64]
    cents: NDArray[np.int64]
    texts: dict[str, list[str]]

    def wrong(self, other: Columns) -> int:
        """Return the number of values that differ."""
        times, amounts = (
            np.count_nonzero(a != b) for a, b in ((self.seconds, other.seconds), (self.cents, other.cents))
        )
        pairs = ((self.texts[name], other.texts[name]) for name in TEXTS)
        return int(times + amounts) + sum(a != b for mine, theirs in pairs for a, b in zip(mine, theirs, strict=True))


def write_dirty(path: Path, rows: int, seed: int) -> Columns:
    """Write a file with ids such as 0012345, a region NA, signs and marks of all kinds and texts among the values.

    Returns
    -------
    Columns
        What has to be read from it.
    """
    rng = np.random.default_rng(seed)
    seconds = 1_672_531_200 + rng.integers(0, 3 * 365 * 86_400, rows)
    cents = np.rint(rng.lognormal(9, 1.2, rows) * 100).astype(np.int64) * np.where(rng.random(rows) < 0.05, -1, 1)
    texts: dict[str, list[str]] = {
        "Opportunity ID": [f"{deal:07}" for deal in rng.integers(0, max(rows // 4, 1), rows).tolist()],
        "Stage": [f"Stage {place}" for place in rng.integers(1, 8, rows).tolist()],
        "Owner": [f"Owner {place}" for place in rng.integers(1, 201, rows).tolist()],
        "Region": [("NA", "EMEA", "null", "APAC", "")[place] for place in rng.integers(0, 5, rows).tolist()],
    }
    forms: list[int] = rng.integers(0, 6, rows).tolist()
    odd = rng.random(rows)
    when = pd.Series(pd.to_datetime(seconds, unit="s")).dt.strftime(_TIME).tolist()
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for row, (value, form, chance) in enumerate(zip(cents.tolist(), forms, odd.tolist(), strict=True)):
            whole, part = divmod(abs(value), 100)
            pattern = (_NEGATIVE if value < 0 else _AMOUNTS)[form]
            amount = "n/a" if chance < 0.001 else pattern.format(f"{whole:,}.{part:02}", f"{whole}.{part:02}")
            moment = "soon" if chance > 0.999 else when[row]
            note = 'They said "yes",\nthen left' if chance > 0.99 else "call back" if chance > 0.5 else ""
            writer.writerow([*(texts[name][row] for name in TEXTS), moment, amount, int(chance * 100), note])
    return Columns(np.where(odd > 0.999, MISSING, seconds), np.where(odd < 0.001, MISSING, cents), texts)


def by_gtmdiag(path: Path) -> Callable[[], Columns]:
    """Read with nothing known of the file but the names of its columns."""
    table = read_table(path, path.name, FileOptions(only=USED))
    times = read_column(table.column("Entered At"), path.name, "Entered At", dates(None), None)
    amounts = read_amounts(table.column("Amount"), path.name, "Amount", None, one_currency=True)
    columns = [table.column(name) for name in TEXTS]
    for column in columns:
        _ = column.codes
    return lambda: Columns(
        times.values,
        amounts.values,
        {name: column.series().tolist() for name, column in zip(TEXTS, columns, strict=True)},
    )


def by_duckdb(path: Path) -> Callable[[], Columns]:
    """Read in one statement."""
    import duckdb

    texts = ", ".join(f'"{name}"' for name in TEXTS)
    names = ", ".join(f"'{name}': 'VARCHAR'" for name in HEADER)
    statement = f"""
        SELECT {texts}, epoch(try_strptime("Entered At", '{_TIME}'))::BIGINT AS seconds,
            CASE WHEN "Amount" LIKE '%-%' OR "Amount" LIKE '(%' THEN -1 ELSE 1 END
            * (try_cast(regexp_replace("Amount", '[^0-9.]', '', 'g') AS DECIMAL(18, 2)) * 100)::BIGINT AS cents
        FROM read_csv('{path}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
            nullstr = '\\N', columns = {{{names}}})"""
    connection: Any = duckdb.connect()
    found: Any = connection.sql(statement).to_arrow_table()

    def columns() -> Columns:
        seconds, cents = (found[name].fill_null(MISSING).to_numpy() for name in ("seconds", "cents"))
        return Columns(seconds, cents, {name: found[name].fill_null("").to_pylist() for name in TEXTS})

    return columns


def by_pandas(path: Path) -> Callable[[], Columns]:
    """Read with pandas, by its fastest parser, then convert two columns."""
    frame = pd.read_csv(path, usecols=USED, dtype="str", keep_default_na=False, engine="pyarrow")
    when = pd.to_datetime(frame["Entered At"], format=_TIME, errors="coerce")
    texts = frame["Amount"]
    sign = np.where(texts.str.contains("-", regex=False) | texts.str.startswith("("), -1, 1)
    plain = texts
    for mark in (",", "€", " ", "(", ")", "-", "+"):
        plain = plain.str.replace(mark, "", regex=False)
    amounts = cast("pd.Series[float]", pd.to_numeric(plain, errors="coerce"))

    def columns() -> Columns:
        seconds = when.astype("datetime64[s]").astype("int64").where(when.notna(), MISSING)
        cents = (amounts * 100).round().fillna(0).astype("int64") * sign
        told = {name: frame[name].tolist() for name in TEXTS}
        return Columns(
            np.asarray(seconds, dtype=np.int64), np.asarray(cents.where(amounts.notna(), MISSING), dtype=np.int64), told
        )

    return columns


READERS = {"gtmdiag": by_gtmdiag, "duckdb": by_duckdb, "pandas": by_pandas}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dirty.csv"
        written = write_dirty(path, options.rows, options.seed)
        print(f"{options.rows:,} rows, {path.stat().st_size / 1e6:.0f} MB")
        wrong = {name: written.wrong(reader(path)()) for name, reader in READERS.items()}
        seconds: dict[str, list[float]] = {name: [] for name in READERS}
        for _ in range(options.rounds):
            for name, reader in READERS.items():
                started = time.perf_counter()
                reader(path)
                seconds[name].append(time.perf_counter() - started)
    for name in READERS:
        ratio = median(ours / other for ours, other in zip(seconds["gtmdiag"], seconds[name], strict=True))
        taken = f"{median(seconds[name]):5.2f} s (fastest {min(seconds[name]):.2f})"
        print(f"{name:8} {taken}; gtmdiag takes {ratio:.2f} times as long; {wrong[name]} wrong values")


if __name__ == "__main__":
    main()
