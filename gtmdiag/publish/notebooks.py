"""Find a notebook, and hold its parameters to what is allowed."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gtmdiag.engagement.folder import inside
from gtmdiag.errors import InputError, Problem, StorageError, UsageError, did_you_mean, shorten
from gtmdiag.resources import notebooks

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARAMETERS = ("engagement", "wave")
# What nbformat raises on JSON that is no notebook.
_NO_NOTEBOOK = (AttributeError, RecursionError, TypeError, ValueError)


def find_notebook(root: Path, name: str) -> tuple[Path, str]:
    """Return a notebook and the name to show for it: the engagement's own version, else the packaged one.

    Raises
    ------
    UsageError
        When there is no notebook of that name.
    InputError
        When the engagement's own one is a link that leads out of the folder.
    """
    packaged = {path.stem: path for path in notebooks().glob("*.ipynb")}
    own_names = {path.stem for path in (root / "notebooks").glob("*.ipynb")}
    if name not in own_names and name not in packaged:
        known = sorted({*packaged, *own_names})
        raise UsageError(
            f"No notebook {shorten(name)}; there are {', '.join(known)}. {did_you_mean(name, known)}".strip()
        )
    if name in own_names:
        return inside(root, "notebooks", f"{name}.ipynb"), f"notebooks/{name}.ipynb"
    return packaged[name], f"{name}.ipynb"


def read_notebook(path: Path, shown_as: str) -> NotebookNode:
    """Return a notebook file.

    Raises
    ------
    InputError
        When the file is not a notebook.
    StorageError
        When it cannot be read.
    """
    # Loading it takes longer than finding every client's notebook.
    import nbformat

    try:
        text = path.read_text(encoding="utf-8")
        # nbformat.reads would only log what is wrong with a notebook.
        notebook = cast("NotebookNode", nbformat.convert(nbformat.reader.reads(text), 4))  # pyright: ignore[reportUnknownMemberType]
        nbformat.validate(notebook)
        return notebook
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.") from error
    except (*_NO_NOTEBOOK, nbformat.ValidationError, nbformat.reader.NotJSONError) as error:
        found = shorten(f"not a notebook ({error})")
        raise InputError(
            [Problem(shown_as, "", found, "a Jupyter notebook", "Save it in JupyterLab again.")]
        ) from error


def require_parameters(notebook: NotebookNode, shown_as: str) -> None:
    """Refuse a notebook whose parameters cell does not name exactly the parameters that a render gives.

    Raises
    ------
    InputError
        With each parameter that is missing or not known.
    """
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        found = f"{len(cells)} cells tagged 'parameters'"
        raise InputError([Problem(shown_as, "", found, "exactly one", f"It sets {' and '.join(PARAMETERS)}.")])
    names = _assigned(str(cells[0].source))
    problems = [
        Problem(shown_as, "parameters cell", f"no {name}", ", ".join(PARAMETERS), f'Add {name} = "".')
        for name in PARAMETERS
        if name not in names
    ]
    problems += [
        Problem(shown_as, "parameters cell", shorten(name), ", ".join(PARAMETERS), did_you_mean(name, PARAMETERS))
        for name in names
        if name not in PARAMETERS
    ]
    if problems:
        raise InputError(problems)


def require_literals(code: str, values: Mapping[str, str]) -> None:
    """Refuse code for the injected cell that does anything but assign these values to these names.

    Raises
    ------
    UsageError
        When the code says something else.
    """
    found: dict[str, Any] = {}
    for statement in ast.parse(code).body:
        if not (isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)):
            break
        found |= {target.id: statement.value.value for target in statement.targets if isinstance(target, ast.Name)}
    else:
        if found == dict(values):
            return
    raise UsageError("A parameter's value cannot be written as plain text. Rename the folder or the wave.")


def _assigned(source: str) -> list[str]:
    """Return the names that a cell assigns, or nothing where it is no Python."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    targets: list[ast.expr] = []
    for statement in body:
        targets += statement.targets if isinstance(statement, ast.Assign) else []
        targets += [statement.target] if isinstance(statement, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]
