"""The sample client rendered twice: by two users in two folders, at two times, each with an own notebook."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from gtmdiag import resources
from tests.engagements import COMMAND, environment, files_in, own, sample

PARAGRAPH = "## What we heard\n\nA paragraph that the consultant *added*: 40 % more."
TABLE = 'import pandas as pd\n\npd.DataFrame({"Region": ["Nord", "Süd"], "Deals": [1234, 56]})'
FIGURE = (
    "import matplotlib.pyplot as plt\n\nfigure, axes = plt.subplots()\naxes.plot([1, 3, 2])\n"
    'axes.set_title("Pipeline by week");'
)
SETTINGS = {
    ".config/matplotlib/matplotlibrc": "axes.linewidth: 9\nlines.linewidth: 9\nfont.size: 40\nsvg.fonttype: none\n",
    ".ipython/profile_default/startup/00.py": "engagement = None\nraise SystemExit\n",
    ".ipython/profile_default/ipython_kernel_config.py": 'c.InlineBackend.figure_formats = {"jpeg"}\n',
    ".jupyter/migrated": "",
    "startup.py": "engagement = None\nraise SystemExit\n",
}
"""What the second user has at home."""


@dataclass(frozen=True)
class Twin:
    """One of the two: its folder, the home of the user, what the command said, and the files at home and before."""

    root: Path
    home: Path
    returned: int
    said: str
    complained: str
    before: dict[str, bytes]

    @property
    def reports(self) -> Path:
        return self.root / "reports" / "2026-10"


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Twin, Twin]:
    base = tmp_path_factory.mktemp("twins")
    roots = sample(base / "one"), sample(base / "zwei {wave} ü 'x' %s 🎉")
    for root in roots:
        node = nbformat.read(resources.notebooks() / "client_report.ipynb", as_version=4)
        added = v4.new_markdown_cell(PARAGRAPH), v4.new_code_cell(TABLE), v4.new_code_cell(FIGURE)
        for number, cell in enumerate(added):
            cell["id"] = f"added-{number}"
        node.cells += added
        own(root, "client_report", node)
    homes = base / "home-one", base / "home-two"
    elsewhere = {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "SOURCE_DATE_EPOCH": "1830000000",
        "PYTHONHASHSEED": "7",
        "PYTHONIOENCODING": "ascii",
        "COLUMNS": "20",
        "MPLBACKEND": "pdf",
        "PYTHONSTARTUP": str(homes[1] / "startup.py"),
    }
    around = environment(homes[0], SOURCE_DATE_EPOCH="1793577600"), environment(homes[1], **elsewhere)
    for name, text in SETTINGS.items():
        path = homes[1] / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    before = [files_in(home) for home in homes]
    started = [
        subprocess.Popen(
            [*COMMAND, "render", name, "--json"], cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for name, cwd, env in ((str(roots[0]), base, around[0]), (".", roots[1], around[1]))
    ]
    said = [process.communicate(timeout=120) for process in started]
    one, two = (
        Twin(root, home, process.returncode, out.decode(), err.decode(), earlier)
        for root, home, process, (out, err), earlier in zip(roots, homes, started, said, before, strict=True)
    )
    return one, two
