"""Whether the portfolio of a folder of clients is as it was made, and of the results that there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gtmdiag.engagement.init import CLIENT_FILE
from gtmdiag.publish.manifest import NAME, Render
from gtmdiag.publish.portfolio import FOLDER, HIDDEN, KEY, STEM, inputs_of, read_clients
from gtmdiag.publish.skip import Suite
from gtmdiag.publish.verify import Deviation, Verified, changed_since, hold


def verify_portfolio(root: Path, suite: Suite) -> Verified | None:
    """Hash the portfolio's outputs and inputs again, with names and without; None where there is none.

    Parameters
    ----------
    root
        The folder that holds one folder a client.
    suite
        This installation.
    """
    top = root / FOLDER
    folders = [folder for folder in (top, top / HIDDEN) if not folder.is_symlink() and _made(folder)]
    if not folders or any((folder / CLIENT_FILE).exists() for folder in (root, top)):
        return None

    def inputs(folder: Path, stem: str, render: Render) -> Iterator[Deviation]:
        hidden = folder.name == HIDDEN
        if hidden and not (root / KEY).is_file():
            # Reading with it would make another.
            yield Deviation(folder, stem, "inputs changed", (f"{KEY} is gone",))
            return
        present = {**inputs_of(root, read_clients(root, hide_names=hidden)), **suite.hashes}
        yield from changed_since(folder, stem, render, present, suite)

    return hold(top, folders, inputs)


def _made(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (NAME, f"{STEM}.ipynb"))
