"""Tell where the time of one render goes: run its parts in this process and print their seconds as JSON."""

from __future__ import annotations

import argparse
import json
import os
import time
from datetime import date
from pathlib import Path


class Laps:
    """Seconds on the clock and CPU seconds, children's included, from one lap to the next, by name."""

    def __init__(self) -> None:
        self.times: dict[str, tuple[float, float]] = {}
        self._last = self._now()

    def lap(self, name: str) -> None:
        """End a lap and call it ``name``."""
        now = self._now()
        self.times[name] = (now[0] - self._last[0], now[1] - self._last[1])
        self._last = now

    @staticmethod
    def _now() -> tuple[float, float]:
        return time.perf_counter(), sum(os.times()[:4])


def phases(engagement: Path) -> dict[str, tuple[float, float]]:
    """Return seconds and CPU seconds by phase of a render of ``engagement``; nothing is saved beside its notebook.

    The phases inside the kernel, indented, have their CPU seconds told together, when the kernel has ended.
    """
    laps = Laps()
    from gtmdiag import clock
    from gtmdiag.findings.diagnosis import diagnose

    laps.lap("import the analysis")
    from gtmdiag.publish.execute import execute
    from gtmdiag.publish.html import document_html
    from gtmdiag.publish.notebooks import find_notebook, read_notebook
    from gtmdiag.publish.pdf import typeset
    from gtmdiag.publish.results import results_json
    from gtmdiag.report.document import read_document

    laps.lap("import the publishing")
    diagnosis = diagnose(engagement, today=clock.today())
    laps.lap("diagnosis")
    path, shown_as = find_notebook(engagement, "client_report")
    source = read_notebook(path, shown_as)
    output = engagement / "phases" / "report.ipynb"
    output.parent.mkdir()
    started = time.perf_counter()
    marks: list[float] = []
    executed = execute(
        source,
        shown_as,
        output,
        engagement="..",
        wave=diagnosis.wave,
        today=date.today(),
        on_cell=lambda done, total: marks.append(time.perf_counter()),  # noqa: ARG005
    )
    ended = time.perf_counter()
    laps.lap("execution")
    # The notebook's parameters and papermill's come first; then one cell imports, diagnoses and shows the cover.
    _, ready, opened, *_, last = marks
    for name, begin, end in (
        ("kernel starts", started, ready),
        ("first cell: imports, diagnosis", ready, opened),
        ("other cells: figures, tables", opened, last),
        ("kernel ends, notebook is read", last, ended),
    ):
        laps.times[f"– {name}"] = (end - begin, 0.0)
    executed.metadata["gtmdiag"] = {"kind": "report", "client": diagnosis.client.name, "language": "en"}
    document = read_document(executed)
    laps.lap("notebook to document")
    document_html(document)
    laps.lap("HTML")
    typeset(document)
    laps.lap("PDF")
    results_json(diagnosis)
    laps.lap("results.json")
    return laps.times


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="example: python benchmarks/phases.py /tmp/copy-of-an-engagement"
    )
    parser.add_argument("engagement", type=Path, help="a client's folder that may be written into, once")
    print(json.dumps(phases(parser.parse_args().engagement)))


if __name__ == "__main__":
    main()
