"""The environment of kernels, and of the process that they are forked from: no setting of a user's is an input."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Final

from gtmdiag import clock
from gtmdiag.findings.handed import VARIABLE as HANDED
from gtmdiag.report.session import SESSION
from gtmdiag.resources import templates

FORKS: Final = sys.platform == "linux"
"""Whether processes are forked here. macOS's own libraries do not bear it, and Windows has no fork."""

# ipykernel tells matplotlib so before a notebook can import it.
_INLINE = "module://matplotlib_inline.backend_inline"


def fixed(today: date) -> dict[str, str]:
    """Return what is fixed in a kernel's environment, whoever renders."""
    return {
        "JUPYTER_PREFER_ENV_PATH": "1",
        "MATPLOTLIBRC": str(templates() / "matplotlibrc"),
        "MPLBACKEND": _INLINE,
        # A sum's last digits depend on how many threads share it.
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONSTARTUP": "",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        # Notebooks read the clock by themselves: a render that passes midnight must not date one report two ways.
        clock.VARIABLE: clock.epoch(today),
        # Nobody has this notebook open: no sliders, whose ids are random.
        SESSION: "",
        HANDED: "",
    }


def loading(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment in which a process loads what it is then forked for, given that of the kernels."""
    return {
        **env,
        # It has one thread: those that numpy and pyarrow would start could not be forked.
        "OPENBLAS_NUM_THREADS": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        # Nobody debugs it.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "MPLBACKEND": env.get("MPLBACKEND") or _INLINE,
    }


@contextmanager
def environment(changed: Mapping[str, str]) -> Generator[None]:
    """Change this process's environment for a while."""
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
