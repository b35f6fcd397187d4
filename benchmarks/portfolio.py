"""Time the reading of many clients' results, beside loading the same files by Python's own json and doing nothing more.

Both run one after the other in every round, on files that the system has in memory; ratios are medians over rounds.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

from gtmdiag.findings.diagnosis import diagnose
from gtmdiag.portfolio.read import read_portfolio
from gtmdiag.portfolio.sources import read_sources
from gtmdiag.publish.results import results_json

SAMPLES = Path(__file__).resolve().parents[1] / "data_samples"
NAMES = ("northlight", "harbour-finch", "kestrel-labs")


def write_clients(root: Path, clients: int, seed: int) -> int:
    """Write so many clients with the samples' results, indices of the CEO's role drawn anew; return their bytes."""
    rng = random.Random(seed)
    made = [json.loads(results_json(diagnose(SAMPLES / name, today=date(2026, 11, 2)))) for name in NAMES]
    written = 0
    for number in range(clients):
        results = made[number % len(made)]
        results["client"] |= {"id": f"client-{number}", "name": f"Client {number}"}
        for name in ("champion", "operator", "autonomy"):
            value = rng.uniform(0, 100)
            results["champion_operator"]["ceo"][name] |= {"low": value, "high": value}
        path = root / f"client-{number}" / "reports" / "no-wave" / "results.json"
        path.parent.mkdir(parents=True)
        written += path.write_text(json.dumps(results, indent=1), encoding="utf-8")
        (path.parents[2] / "client.yaml").write_text(f"id: client-{number}\nname: Client {number}\n", encoding="utf-8")
    return written


def main() -> None:
    """Print the seconds of both and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        written = write_clients(root, options.clients, options.seed)
        pairs = [(_seconds(lambda: _ours(root)), _seconds(lambda: _loaded(root))) for _ in range(options.rounds)]
    ours, loaded = (median(one[side] for one in pairs) for side in (0, 1))
    ratio = median(one / other for one, other in pairs)
    print(f"{options.clients} clients, {written / 1e6:.0f} MB, median of {options.rounds} rounds")
    told = f"first round {pairs[0][0]:.2f} s); json.loads alone {loaded:.2f} s; ratio {ratio:.2f}"
    print(f"portfolio {ours:.2f} s ({told}")


def _ours(root: Path) -> None:
    read_portfolio(read_sources(root))


def _loaded(root: Path) -> None:
    for path in root.glob("*/reports/*/results.json"):
        json.loads(path.read_bytes())


def _seconds(call: Callable[[], None]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
