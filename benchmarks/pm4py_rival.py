"""The nearest that pm4py has to a reduction: a directly-follows graph with waiting times for each segment.

Runs in an environment of its own, since pm4py is under the AGPL: ``PYTHON -m benchmarks.pm4py_rival FILE``.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from benchmarks.measured import measured


def main() -> None:
    """Measure once and print it."""
    path = Path(sys.argv[1])
    pandas: Any = importlib.import_module("pandas")
    pm4py: Any = importlib.import_module("pm4py")
    importlib.import_module("pyarrow.parquet")

    def graphs() -> int:
        events = pandas.read_parquet(path)
        log = pm4py.format_dataframe(events, case_id="deal_id", activity_key="stage_name", timestamp_key="entered_at")
        edges = 0
        for _, of_segment in log.groupby("region"):
            counts, _, _ = pm4py.discover_dfg(of_segment)
            pm4py.discover_performance_dfg(of_segment)
            edges += len(counts)
        return edges

    _, found = measured(graphs)
    print(found.to_json())


if __name__ == "__main__":
    main()
