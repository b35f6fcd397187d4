"""Time the outputs of one client in this process and print their seconds as JSON; `outputs.py` runs it.

Only what commits of long ago have too is called, so that two states of the package can be told apart.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import resource
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, TypeVar, cast

Result = TypeVar("Result")

TODAY = date(2026, 11, 2)
OPENS, SHOWS = "open_client(", "(client)"


class Laps:
    """Seconds on the clock and CPU seconds, children included, of all calls by name."""

    def __init__(self) -> None:
        self.told: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def lap(self, name: str, call: Callable[[], Result]) -> Result:
        """Call once and keep its time."""
        wall, cpu = time.perf_counter(), _cpu()
        result = call()
        self.told[name].append((time.perf_counter() - wall, _cpu() - cpu))
        return result

    def medians(self) -> dict[str, tuple[float, float]]:
        """Return the medians of the calls by name."""
        return {
            name: (median(wall for wall, _ in some), median(cpu for _, cpu in some)) for name, some in self.told.items()
        }


def _cpu() -> float:
    """Return CPU seconds of this process and of the kernels that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def watch_figures(laps: Laps) -> None:
    """Keep the time of every function of the package that returns a figure, wherever it was imported to."""
    import gtmdiag.report as package

    names = [info.name for info in pkgutil.iter_modules(package.__path__) if "figure" in info.name]
    made = [importlib.import_module(f"gtmdiag.report.{name}") for name in names]
    watched: dict[object, Callable[..., Any]] = {}
    for module in made:
        for name, function in vars(module).items():
            told = str(getattr(function, "__annotations__", {}).get("return", ""))
            if told.startswith("blocks.Figure") and not name.startswith("_") and name != "figure_block":
                watched[function] = _watched(laps, name, function)
    for name, module in list(sys.modules.items()):
        if name.startswith("gtmdiag."):
            for key, value in list(vars(module).items()):
                if callable(value) and getattr(value, "__hash__", None) and value in watched:
                    setattr(module, key, watched[value])


def _watched(laps: Laps, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def timed(*arguments: Any) -> Any:
        return laps.lap(f"figure {name}", lambda: function(*arguments))

    return timed


def shows(notebook: Any) -> list[str]:
    """Return the calls of a packaged notebook that show a page, in order."""
    sources = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    return [source.strip().splitlines()[-1] for source in sources if source.strip().endswith(SHOWS)]


def outputs(client: Path, laps_of: int) -> dict[str, tuple[float, float]]:
    """Return seconds and CPU seconds by what was made; medians of warm laps, an execution only once."""
    from gtmdiag.findings.diagnosis import diagnose
    from gtmdiag.publish.formats import convert_document
    from gtmdiag.publish.notebooks import find_notebook, read_notebook
    from gtmdiag.publish.render import run_notebook
    from gtmdiag.report import deck, pages
    from gtmdiag.report.document import read_document

    laps, cold = Laps(), Laps()
    diagnosis = diagnose(client, "", today=TODAY)
    watch_figures(laps)
    made: dict[str, tuple[Any, tuple[str, ...]]] = {}
    for name, formats in (("client_report", ("html", "pdf", "xlsx")), ("board_deck", ("deck", "pptx"))):
        path, shown_as = find_notebook(client, name)
        folder = client / "reports" / "timed"
        executed = cold.lap(
            f"execution {name}", partial(_run, run_notebook, path, shown_as, folder, name, diagnosis.wave)
        )
        executed.metadata["gtmdiag"] = {"kind": "report", "client": client.name, "language": "en", "date": "2026-10-31"}
        made[name] = executed, formats
        calls = shows(read_notebook(path, shown_as))
        scope = {"pages": pages, "deck": deck, "client": diagnosis}
        for _ in range(laps_of + 1):
            laps.lap(f"cells {name}", lambda calls=calls, scope=scope: [_show(call, scope) for call in calls])
    for number in range(laps_of + 1):
        for name, (executed, formats) in made.items():
            # each lap is of another document, as in a batch: what was typeset before is not there to be taken again
            renamed = _renamed(executed, number)
            document = laps.lap(f"document {name}", lambda renamed=renamed: read_document(renamed))
            for one in formats:
                laps.lap(one, lambda document=document, one=one: convert_document(document, "x", (one,)))
    warm = Laps()
    warm.told.update({name: some[len(some) // (laps_of + 1) :] for name, some in laps.told.items()})
    told = warm.medians() | cold.medians()
    counted = {name: len(some) // laps_of for name, some in warm.told.items() if name.startswith("figure ")}
    figures = [tuple(part * counted[name] for part in told[name]) for name in counted]
    told["all figures"] = cast("tuple[float, float]", tuple(map(sum, zip(*figures, strict=True))))
    formats = [
        told[name] for name in ("document client_report", "document board_deck", "html", "pdf", "xlsx", "deck", "pptx")
    ]
    told["all formats"] = cast("tuple[float, float]", tuple(map(sum, zip(*formats, strict=True))))
    return told


def _run(run: Callable[..., Any], path: Path, shown_as: str, folder: Path, name: str, wave: str) -> Any:
    def silent(what: str, done: int, total: int) -> None:
        """Tell nobody."""

    return run(path, shown_as, folder, name, wave, TODAY, silent)


def _show(call: str, scope: dict[str, Any]) -> None:
    eval(call, scope)._repr_mimebundle_()


def _renamed(notebook: Any, number: int) -> Any:
    """Return the notebook with each text of two words or more a little different."""
    return json.loads(json.dumps(notebook).replace(" the ", f" the{number} "))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("client", type=Path, help="a client's folder; a copy of it is used")
    parser.add_argument("--laps", type=int, default=5, metavar="N", help="warm laps; by default 5")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gtmdiag-benchmark-") as temporary:
        client = Path(temporary) / arguments.client.name
        shutil.copytree(arguments.client, client, ignore=shutil.ignore_patterns("reports", ".history"))
        print(json.dumps(outputs(client, arguments.laps)))


if __name__ == "__main__":
    main()
