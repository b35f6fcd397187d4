"""What all tests share: markers, real data, a fixed course of the property tests, a home of their own for Jupyter."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import pytest
from hypothesis import settings

import gtmdiag.publish  # noqa: F401  # before a test loads jsonschema, whose grammars it spares us

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from gtmdiag.findings.diagnosis import Diagnosis

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {
    "chromium": ("chromium-headless-shell", "chromium"),
    "java": ("java",),
    "libreoffice": ("soffice",),
    "poppler": ("pdftoppm",),
}

# Shells let what they start in the background ignore Ctrl-C, and what that starts in turn; tests send it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("gtmdiag", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("gtmdiag")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose program is absent, or fail it where GTMDIAG_REQUIRE_PROGRAMS=1 says that none may be."""
    for program in [program for mark in item.iter_markers("needs") for program in mark.args]:
        if any(shutil.which(name) for name in PROGRAMS[program]):
            continue
        _absent(f"{program} is not on this machine (looked for {' or '.join(PROGRAMS[program])})")


def optional(module: str, extra: str) -> Any:
    """Return a module that an extra brings; where it is absent, do as for a program."""
    try:
        return importlib.import_module(module)
    except ImportError:
        _absent(f"{module} is not installed (pip install 'gtmdiag[{extra}]')")


def _absent(reason: str) -> NoReturn:
    if os.environ.get("GTMDIAG_REQUIRE_PROGRAMS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the heavy files, which render: with small ones at the end, no process waits long for another."""
    items.sort(key=lambda item: "publish" not in item.path.parts)


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup() -> None:
    """Let a fixture find no word of the present test in its environment; see the next."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call() -> None:
    """Let a test find no word of itself in its environment, where kernels would need another parent for each test."""
    os.environ.pop("PYTEST_CURRENT_TEST", None)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of real exports, which are read in place and never part of the repository."""
    named = os.environ.get("GTMDIAG_REAL_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if folder.is_dir():
        return folder
    if named:
        pytest.fail(f"GTMDIAG_REAL_DATA names no folder: {named}", pytrace=False)
    pytest.skip("no real exports on this machine (GTMDIAG_REAL_DATA names their folder)")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give one browser for each file of tests, closed after it."""
    from tests.browsing import chromium

    with chromium() as browser:
        yield browser


class Ended(NamedTuple):
    """How a command ended that was run in this process."""

    returncode: object
    stdout: str
    stderr: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run the command in this process: much faster than the installed one, where that is not what is looked at."""
    from gtmdiag import cli

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["gtmdiag", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capfd.readouterr()
        return Ended(ended.value.code or 0, said.out, said.err)

    return run


@pytest.fixture(scope="session")
def northlight() -> Diagnosis:
    """Return the diagnosis of the sample client."""
    from tests.engagements import diagnosed

    return diagnosed("northlight")


@pytest.fixture(scope="session", autouse=True)
def _jupyter_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep a user's own Jupyter settings out of the tests, and the tests' signatures out of the user's home."""
    home = tmp_path_factory.mktemp("jupyter")
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
            patch.setenv(variable, str(home / variable.lower()))
        yield
