"""What is installed, what is missing and what to do about it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, requires

from packaging.requirements import Requirement

from gtmdiag.errors import GtmdiagError
from gtmdiag.resources import notebooks, templates


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    what: str
    ok: bool
    found: str
    remedy: str = ""


def examine() -> tuple[Check, ...]:
    """Return what was found: Python, each package that gtmdiag needs, its own files, the kernel, the formats."""
    return (
        Check(
            "Python",
            sys.version_info >= (3, 11),
            platform.python_version(),
            "" if sys.version_info >= (3, 11) else "Install Python 3.11 or newer.",
        ),
        *_packages(),
        *_own_files(),
        _kernel(),
        _pdf(),
    )


def _packages() -> Iterator[Check]:
    for line in requires("gtmdiag") or ():
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            version = distribution(requirement.name).version
        except PackageNotFoundError:
            yield Check(requirement.name, False, "not installed", f"Run: pip install '{requirement}'")
            continue
        ok = requirement.specifier.contains(version, prereleases=True)
        yield Check(requirement.name, ok, version, "" if ok else f"Run: pip install '{requirement}'")


def _own_files() -> Iterator[Check]:
    for what, find in (("templates", templates), ("notebooks", notebooks)):
        try:
            yield Check(what, True, str(find()))
        except GtmdiagError as error:
            yield Check(what, False, str(error), "Install gtmdiag again.")


def _kernel() -> Check:
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        folder = KernelSpecManager().get_kernel_spec("python3").resource_dir
    except NoSuchKernel:
        return Check("Jupyter kernel python3", False, "not found", "Run: python -m ipykernel install --sys-prefix")
    return Check("Jupyter kernel python3", True, folder)


def _pdf() -> Check:
    from gtmdiag.publish.pdf import render_pdf
    from gtmdiag.report.document import Document
    from gtmdiag.report.nodes import Heading, Text

    try:
        size = len(render_pdf(Document("Test", "en", "", (Heading(1, (Text("Test"),), "test"),))))
    except GtmdiagError as error:
        return Check("PDF", False, str(error), "Install gtmdiag again.")
    return Check("PDF", True, f"a test page of {size:,} bytes was made")
