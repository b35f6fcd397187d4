"""Write environment.yml, for conda users, from the dependencies that pyproject.toml names."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "environment.yml"

# What conda-forge calls by another name than pip does; with a floor of its own where the channel may lag behind pip.
CONDA_FORGE = {
    "jupyter-server": "jupyter_server",
    "matplotlib": "matplotlib-base",
    "nbconvert": "nbconvert-core",
    "typst": "typst-py >=0.15.0",
}

TEMPLATE = """\
# Written by `make environment` from pyproject.toml; do not edit.
#   conda env create -f environment.yml && conda activate gtmdiag
name: gtmdiag
channels:
  - conda-forge
  - nodefaults
dependencies:
{packages}
  - pip:
      - -e .
"""


def environment() -> str:
    """Return the text of environment.yml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = [f"python {project['requires-python']}", "pip"]
    for requirement in map(Requirement, project["dependencies"]):
        name = canonicalize_name(requirement.name)
        conda_name, _, floor = CONDA_FORGE.get(name, requirement.name.lower()).partition(" ")
        packages.append(f"{conda_name} {floor or requirement.specifier}")
    return TEMPLATE.format(packages="\n".join(f"  - {package}" for package in packages))


if __name__ == "__main__":
    TARGET.write_text(environment(), encoding="utf-8")
