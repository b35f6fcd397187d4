"""Make the reports of all clients under a folder in another way than `gtmdiag batch`; `batch.py` runs it.

Each way imports what it needs by itself, since that is part of what it costs.
"""

# papermill and matplotlib come without types, traitlets' values are unknown.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

import argparse
import ast
import multiprocessing
import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

LOADED = ("gtmdiag.report.preload", "gtmdiag.publish.formats", "gtmdiag.publish.pdf", "gtmdiag.publish.results")
"""What the process without kernels has loaded before it is forked."""


def by_commands(clients: Sequence[Path], formats: Sequence[str], jobs: int) -> None:  # noqa: ARG001
    """Run the stock commands, each in a process of its own, so many clients at a time."""
    from benchmarks.commands import stock_commands

    def run(client: Path) -> None:
        for command in stock_commands(client).values():
            subprocess.run(command, check=True)

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(run, clients))


def in_process(clients: Sequence[Path], formats: Sequence[str], jobs: int) -> None:  # noqa: ARG001
    """Call papermill and nbconvert in a pool of processes."""
    with ProcessPoolExecutor(jobs) as pool:
        list(pool.map(_papermill, clients))


def _papermill(client: Path) -> None:
    import nbconvert
    import papermill

    from benchmarks.commands import BROWSER_ARGS, NOTEBOOK

    report = client / "report.ipynb"
    parameters = {"engagement": str(client)}
    papermill.execute_notebook(NOTEBOOK, report, parameters, cwd=client, progress_bar=False)
    html, _ = nbconvert.HTMLExporter().from_filename(str(report))
    report.with_suffix(".html").write_text(html, encoding="utf-8")
    exporter: Any = nbconvert.WebPDFExporter(disable_sandbox=True, browser_args=BROWSER_ARGS)
    pdf, _ = exporter.from_filename(str(report))
    report.with_suffix(".pdf").write_bytes(pdf)


def without_kernel(clients: Sequence[Path], formats: Sequence[str], jobs: int) -> None:
    """Make the same documents and formats in forks of one process that has loaded everything, without a notebook.

    The cells' code is run as it is; neither the notebook nor a manifest is written, nothing is hashed or moved in.
    """
    from gtmdiag.resources import templates

    os.environ |= {"MATPLOTLIBRC": str(templates() / "matplotlibrc"), "OPENBLAS_NUM_THREADS": "1"}
    for module in LOADED:
        import_module(module)
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        list(pool.map(partial(_exec, formats=formats), clients))


def _exec(client: Path, formats: Sequence[str]) -> None:
    from gtmdiag.engagement.logo import read_logo
    from gtmdiag.publish.formats import convert_document
    from gtmdiag.publish.notebooks import find_notebook, read_notebook
    from gtmdiag.publish.places import REPORT, notebooks_of, stem_of
    from gtmdiag.publish.results import results_json
    from gtmdiag.report.brand import brand_of
    from gtmdiag.report.document import read_document

    for name, some in notebooks_of(REPORT, formats):
        notebook = read_notebook(*find_notebook(client, name))
        diagnosis = _run(notebook, client)
        told = diagnosis.client
        notebook.metadata["gtmdiag"] = {
            "client": told.branding.name or told.name,
            "language": told.language,
            "date": diagnosis.as_of.isoformat() if diagnosis.as_of is not None else "",
            "confidentiality": told.confidentiality,
            "brand": brand_of(told.branding, read_logo(client, told.branding)).to_dict(),
        }
        made, _ = convert_document(read_document(notebook), stem_of(name), some)
        folder = client / "reports" / diagnosis.wave
        folder.mkdir(parents=True, exist_ok=True)
        for file, data in {**made, "results.json": results_json(diagnosis)}.items():
            (folder / file).write_bytes(data)


def _run(notebook: Any, client: Path) -> Any:
    """Run the cells' code, keep the block that each cell's last line shows, and return the client's diagnosis."""
    from gtmdiag.report.blocks import MIME

    scope: dict[str, Any] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if "parameters" in cell.metadata.get("tags", []):
            scope |= {"engagement": str(client), "wave": ""}
            continue
        *before, last = ast.parse(cell.source).body
        assert isinstance(last, ast.Expr)
        exec(compile(ast.Module(before, []), "cell", "exec"), scope)
        block = eval(compile(ast.Expression(last.value), "cell", "eval"), scope)
        cell["outputs"] = [{"output_type": "execute_result", "data": {MIME: block.to_dict()}, "metadata": {}}]
    return scope["client"]


SIDES: dict[str, Callable[[Sequence[Path], Sequence[str], int], None]] = {
    "by_commands": by_commands,
    "in_process": in_process,
    "without_kernel": without_kernel,
}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=SIDES)
    parser.add_argument("root", type=Path, help="the folder that holds one folder a client")
    parser.add_argument(
        "--to", default="html,pdf", help="formats, joined by commas; the stock tools make html,pdf only"
    )
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    clients = sorted(arguments.root.resolve().iterdir())
    SIDES[arguments.side](clients, arguments.to.split(","), arguments.jobs)


if __name__ == "__main__":
    main()
