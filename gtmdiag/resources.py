"""Where the templates and the packaged notebooks are: beside the package in a clone, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

from gtmdiag.errors import MissingError

_PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """Return the folder of HTML, Typst and engagement templates, theme and fonts.

    Raises
    ------
    MissingError
        The installation lacks the folder.
    """
    return _shared("templates")


def notebooks() -> Path:
    """Return the folder of the notebooks that make the reports.

    Raises
    ------
    MissingError
        The installation lacks the folder.
    """
    return _shared("notebooks")


def _shared(name: str) -> Path:
    clone = _PACKAGE.parent
    # site-packages may hold a folder of that name which is another package's: only a clone has a pyproject.toml
    beside = clone / name if (clone / "pyproject.toml").is_file() else None
    # a clone comes first: an editable install leaves a copy inside that goes stale
    for folder in (beside, _PACKAGE / "_share" / name):
        if folder is not None and folder.is_dir():
            return folder
    raise MissingError(
        f"the folder '{name}' is neither beside the package ({clone}) nor inside it ({_PACKAGE / '_share'}): "
        "the installation is incomplete. Install gtmdiag again."
    )
