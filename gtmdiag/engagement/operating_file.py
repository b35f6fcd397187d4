"""Read operating_model.yaml, with its artefacts looked for in the folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.operating_model import OPERATING_FILE, Artefact, OperatingModel
from gtmdiag.engagement.yamlfile import Located, load_yaml, validate
from gtmdiag.errors import InputError, Problem, shorten


@dataclass(frozen=True)
class OperatingFile:
    """operating_model.yaml as read.

    ``model`` names only artefact files that are there; ``problems`` tells of the others, all of them warnings.
    """

    model: OperatingModel
    located: Located
    problems: tuple[Problem, ...]


def read_operating_file(root: Path) -> OperatingFile | None:
    """Read a client's operating model; None where there is none.

    Raises
    ------
    InputError
        Every problem of the file at once.
    StorageError
        The file cannot be read.
    """
    path = inside(root, OPERATING_FILE)
    if not path.exists():
        return None
    located = load_yaml(path, OPERATING_FILE)
    model = validate(OperatingModel, located)
    missing = dict(_missing_files(root, model, located))
    artefacts = tuple(
        one.model_copy(update={"file": ""}) if number in missing else one for number, one in enumerate(model.artefacts)
    )
    return OperatingFile(model.model_copy(update={"artefacts": artefacts}), located, tuple(missing.values()))


def _missing_files(root: Path, model: OperatingModel, located: Located) -> Iterator[tuple[int, Problem]]:
    for number, artefact in enumerate(model.artefacts):
        if artefact.file and not _is_there(root, artefact):
            yield (
                number,
                Problem(
                    OPERATING_FILE,
                    located.place(("artefacts", number, "file")),
                    shorten(artefact.file),
                    "a file inside the engagement folder",
                    "Put the file there, or give a link. Without either, the artefact counts as said only.",
                    "warning",
                ),
            )


def _is_there(root: Path, artefact: Artefact) -> bool:
    try:
        return inside(root, *Path(artefact.file).parts).is_file()
    except (InputError, OSError, ValueError):
        return False
