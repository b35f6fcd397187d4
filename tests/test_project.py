"""What holds the project's own files together: versions, lock, environment, wheel."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import gtmdiag
from gtmdiag import resources
from gtmdiag.errors import MissingError
from scripts.environment import TARGET, environment

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DEPENDENCIES = [Requirement(text) for text in PROJECT["dependencies"]]
DEVELOPMENT = [Requirement(text) for text in PROJECT["optional-dependencies"]["dev"]]
OPTIONAL = [Requirement(text) for name in ("polars", "spark") for text in PROJECT["optional-dependencies"][name]]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")

# Named though our code imports none of it: the place where notebooks are worked on, and its server's safe floor.
NOT_IMPORTED = {"ipywidgets", "jupyter-server", "jupyterlab"}
# Imported though not named: packages that jinja2 and pydantic require and tell their users to import from.
PARTS = {"markupsafe", "pydantic-core"}

IN_THE_WHEEL = """
import importlib.metadata, json, pathlib
import gtmdiag
from gtmdiag import resources
points = importlib.metadata.distribution("gtmdiag").entry_points
print(json.dumps({
    "package": str(pathlib.Path(gtmdiag.__file__).parent),
    "templates": str(resources.templates()),
    "notebooks": str(resources.notebooks()),
    "loaded": {point.name: point.load().__module__ for point in points},
}))
"""


def test_environment_file_older_than_pyproject() -> None:
    assert TARGET.read_text(encoding="utf-8") == environment(), "run `make environment`"


def test_lock_entry_without_a_hash() -> None:
    entries = locked_entries()
    assert len(entries) > len(DEPENDENCIES)
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []


def test_lock_that_names_a_registry_or_a_machine() -> None:
    assert re.findall(r"\S*://\S*|--(?:extra-)?index\S*|--find-links\S*|(?<![\w-])/\w\S*| @ \S+", LOCK) == []


def test_lock_that_misses_a_dependency_or_its_floor() -> None:
    pins: dict[str, list[str]] = {}
    for entry in locked_entries():
        pin = Requirement(entry.partition(" --hash")[0])
        pins.setdefault(canonicalize_name(pin.name), []).append(str(pin.specifier).removeprefix("=="))
    for requirement in (*DEPENDENCIES, *DEVELOPMENT):
        versions = pins.get(canonicalize_name(requirement.name), [])
        assert versions, f"run `make lock`: {requirement.name} is not in requirements.lock"
        assert all(requirement.specifier.contains(version) for version in versions), str(requirement)


def test_dependency_that_nothing_imports() -> None:
    assert names(DEPENDENCIES) - set().union(*third_party().values()) - NOT_IMPORTED == set()


def test_import_that_no_dependency_brings() -> None:
    declared = names([*DEPENDENCIES, *OPTIONAL]) | PARTS
    assert {module: found for module, found in third_party().items() if not found & declared} == {}


def test_installed_wheel_that_lacks_what_a_clone_has(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)], tmp_path)
    (wheel,) = tmp_path.glob("gtmdiag-*.whl")
    site = tmp_path / "site"
    run([*pip, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)], tmp_path)
    found = json.loads(run([sys.executable, "-c", IN_THE_WHEEL], tmp_path, PYTHONPATH=str(site)))

    assert Path(found["package"]) == site / "gtmdiag"
    assert importlib.metadata.version("gtmdiag") == gtmdiag.__version__
    for folder, here in (("templates", resources.templates()), ("notebooks", resources.notebooks())):
        assert files(Path(found[folder])) == files(here)
    package = files(Path(found["package"]))
    assert {name: size for name, size in package.items() if not name.startswith("_share/")} == files(ROOT / "gtmdiag")
    assert found["loaded"] == {
        "gtmdiag": "gtmdiag.cli",
        "gtm_html": "gtmdiag.publish.exporters",
        "gtm_pdf": "gtmdiag.publish.exporters",
        "gtm_deck": "gtmdiag.publish.exporters",
        "gtm_pptx": "gtmdiag.publish.exporters",
        "gtm_xlsx": "gtmdiag.publish.exporters",
        "gtmdiag-warm": "gtmdiag.publish.warm.engine",
    }


def test_folder_named_templates_of_another_package_taken_for_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "gtmdiag")
    with pytest.raises(MissingError, match="installation is incomplete"):
        resources.templates()


def locked_entries() -> list[str]:
    """Return the lock's entries, each with its hashes on one line."""
    lines = LOCK.replace("\\\n", " ").splitlines()
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def names(requirements: list[Requirement]) -> set[str]:
    """Return the normalized names of requirements."""
    return {canonicalize_name(requirement.name) for requirement in requirements}


def third_party() -> dict[str, set[str]]:
    """Return each module of others that the package imports anywhere, with the distributions that hold it."""
    modules: set[str] = set()
    for path in (ROOT / "gtmdiag").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module)
    top = {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names) - {"gtmdiag"}
    installed = importlib.metadata.packages_distributions()
    # An extra need not be installed; its module is then taken to be named like it.
    return {module: {canonicalize_name(name) for name in installed.get(module, [module])} for module in top}


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of each file under ``folder`` by its relative name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".ipynb_checkpoints" not in path.parts
    }


def run(command: list[str], folder: Path, **environment: str) -> str:
    """Run a command away from the clone and return what it prints."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
