"""Time the reading of generated clients' YAML, by libyaml wherever it may be believed and by ruamel.yaml alone.

Either reads each client, one right after the other, and what they read is compared. Told are CPU milliseconds a client.

Measured on a machine of two CPUs, 8 clients of 13 files and 53 kB, 5 rounds: libyaml 11.4 ms (least 10.7), ruamel.yaml
80.1 ms (least 74.7), which is 7.0 times as long. A render reads each file once.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median
from unittest.mock import patch

from benchmarks.engagements import write_engagements
from gtmdiag.engagement import yamlparse
from gtmdiag.engagement.folder import read_folder
from gtmdiag.engagement.operating_file import read_operating_file


def read(client: Path) -> tuple[float, str]:
    """Return CPU milliseconds, and what was read, as text."""
    started = time.process_time()
    found = read_folder(client), read_operating_file(client)
    return (time.process_time() - started) * 1000, repr(found)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    fast: list[float] = []
    slow: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        clients = write_engagements(Path(folder), options.clients, options.seed)
        for client in clients * (options.rounds + 1):
            first, found = read(client)
            with patch.object(yamlparse, "_LIBYAML", None):
                then, same = read(client)
            if found != same:
                raise SystemExit(f"{client.name} was not read as ruamel.yaml reads it")
            fast.append(first)
            slow.append(then)
    # The first round has the parsers imported and the suite's own files read.
    fast, slow = fast[options.clients :], slow[options.clients :]
    ratio = median(one / other for one, other in zip(slow, fast, strict=True))
    for name, times in (("libyaml", fast), ("ruamel.yaml", slow)):
        print(f"{name:12} {median(times):6.1f} ms (least {min(times):.1f})")
    print(f"ruamel.yaml takes {ratio:.1f} times as long")


if __name__ == "__main__":
    main()
