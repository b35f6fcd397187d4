"""The conventions that keep the packaged notebooks thin: all logic lives in the package."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from gtmdiag import resources

NOTEBOOKS = sorted(resources.notebooks().glob("*.ipynb"))
LONGEST_CELL = 7
REFUSED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Try, ast.For, ast.While)


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.name)
def notebook(request: pytest.FixtureRequest) -> nbformat.NotebookNode:
    path: Path = request.param
    node = nbformat.read(path, as_version=4)
    nbformat.validate(node)
    return node


def cells(notebook: nbformat.NotebookNode, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def test_a_report_without_its_notebook() -> None:
    assert {path.stem for path in NOTEBOOKS} >= {"client_report", "champion_operator", "gut_check"}


def test_one_parameters_cell_takes_engagement_and_wave_as_text_and_nothing_else(
    notebook: nbformat.NotebookNode,
) -> None:
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    assert len(tagged) == 1
    statements = ast.parse(tagged[0].source).body
    names = {
        statement.target.id: statement.value.value
        for statement in statements
        if isinstance(statement, ast.AnnAssign)
        and isinstance(statement.target, ast.Name)
        and ast.unparse(statement.annotation) == "str"
        and isinstance(statement.value, ast.Constant)
    }
    assert len(names) == len(statements)
    assert set(names) == {"engagement", "wave"}
    assert all(isinstance(value, str) for value in names.values())


def test_logic_in_a_notebook_instead_of_the_package(notebook: nbformat.NotebookNode) -> None:
    for cell in cells(notebook, "code"):
        found = [type(node).__name__ for node in ast.walk(ast.parse(cell.source)) if isinstance(node, REFUSED)]
        assert not found, f"cell {cell.id} holds {', '.join(found)}"


def test_a_cell_longer_than_seven_lines(notebook: nbformat.NotebookNode) -> None:
    too_long = [cell.id for cell in cells(notebook, "code") if len(cell.source.splitlines()) > LONGEST_CELL]
    assert not too_long


def test_more_or_less_than_one_title(notebook: nbformat.NotebookNode) -> None:
    prose = "\n\n".join(cell.source for cell in cells(notebook, "markdown"))
    assert len(re.findall(r"^# \S", prose, flags=re.MULTILINE)) == 1


def test_outputs_of_some_client_left_in_a_notebook(notebook: nbformat.NotebookNode) -> None:
    for cell in cells(notebook, "code"):
        assert not cell.outputs
        assert cell.execution_count is None
        assert "execution" not in cell.metadata
    assert "papermill" not in notebook.metadata
