"""Running a notebook: parameters stay text, failures are told in plain words, nothing of the machine stays."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import date
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat import NotebookNode

from gtmdiag.errors import CellError, InputError, RenderError
from gtmdiag.publish import execute as module
from gtmdiag.publish.execute import execute
from tests.engagements import notebook

ENGAGEMENT = "a'b\"c\\ {x} %s $HOME\n'''\nimport os #"
WAVE = '"); __import__("os")._exit(1) # {0} שלום 🎉'


def run(node: NotebookNode, output: Path, engagement: str = "..", wave: str = "") -> tuple[NotebookNode, list[int]]:
    output.parent.mkdir(parents=True, exist_ok=True)
    done: list[int] = []
    made = execute(
        node,
        "own.ipynb",
        output,
        engagement=engagement,
        wave=wave,
        today=date(2026, 10, 31),
        on_cell=lambda number, _: done.append(number),
    )
    return made, done


def test_value_that_looks_like_code_folder_of_odd_name_or_trace_of_the_machine(tmp_path: Path) -> None:
    node = notebook(
        "import json, os\nprint(json.dumps([engagement, wave, os.getcwd()]))",
        "from ipykernel.connect import get_connection_info\nprint(get_connection_info())",
    )
    before, around = nbformat.writes(node), dict(os.environ)
    folder = tmp_path / "ünï {wave} [x] %s 'q' 🎉"
    made, done = run(node, folder / "own.ipynb", ENGAGEMENT, WAVE)

    assert json.loads(made.cells[3].outputs[0].text) == [ENGAGEMENT, WAVE, str(folder)]
    connection = json.loads(made.cells[4].outputs[0].text)
    assert connection["transport"] == "ipc", "another user of the machine could read what the kernel says"
    assert not (folder / connection["ip"]).is_relative_to(folder), "a shared drive has no sockets"
    assert done == [1, 2, 3, 4]
    assert [cell.id for cell in made.cells] == ["cell-0", "cell-1", "injected-parameters", "cell-2", "cell-3"]
    assert "papermill" not in made.metadata
    assert not any({"papermill", "execution"} & cell.metadata.keys() for cell in made.cells)
    assert [path.name for path in folder.iterdir()] == ["own.ipynb"]
    assert (nbformat.writes(node), dict(os.environ)) == (before, around)


def test_folder_named_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made, _ = run(notebook("wave"), Path("here") / "own.ipynb", wave="w")
    assert made.cells[3].outputs[0].data["text/plain"] == "'w'"
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["own.ipynb"]


def test_temporary_folder_too_deep_for_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    made, _ = run(notebook("wave"), tmp_path / "here" / "own.ipynb", wave="w")
    assert made.cells[3].outputs[0].data["text/plain"] == "'w'"
    assert list(deep.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("# why\n1/0", "own.ipynb, cell 4 (“# why …”) failed: division by zero (ZeroDivisionError)"),
        ("raise KeyboardInterrupt", "own.ipynb, cell 4 (“raise KeyboardInterrupt”) failed: KeyboardInterrupt"),
        (
            "from gtmdiag.errors import UsageError\nraise UsageError('No wave 2026-q3.')",
            "own.ipynb, cell 4 (“from gtmdiag.errors import UsageError …”) failed: No wave 2026-q3. (UsageError)",
        ),
    ],
)
def test_cell_that_raises_told_without_its_place_or_lost(tmp_path: Path, code: str, told: str) -> None:
    with pytest.raises(CellError) as caught:
        run(notebook("print('before')", code), tmp_path / "own.ipynb")
    assert str(caught.value) == told
    kept = nbformat.read(tmp_path / "own.ipynb", as_version=4)
    kinds = [output.output_type for cell in kept.cells if cell.cell_type == "code" for output in cell.outputs]
    assert kinds == ["stream", "error"]


def test_cell_of_a_notebook_that_was_rendered_before_told_with_another_number(tmp_path: Path) -> None:
    node = notebook('engagement = ".."', "1/0")
    node.cells[2].metadata["tags"] = ["injected-parameters"]
    with pytest.raises(CellError, match=r"cell 4 \(“1/0”\)"):
        run(node, tmp_path / "own.ipynb")


def test_cell_that_ends_its_kernel_is_waited_for(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=r"own\.ipynb could not be executed: Kernel died"):
        run(notebook("import os; os._exit(3)"), tmp_path / "own.ipynb")


def test_cell_that_never_ends_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 1)
    with pytest.raises(RenderError, match=r"own\.ipynb could not be executed: A cell timed out(.|\n)*while True:"):
        run(notebook("while True:\n    pass"), tmp_path / "own.ipynb")


@pytest.mark.parametrize("parameters", ['engagement = ""\nwafe = ""', 'engagement = ""', ""])
def test_notebook_of_other_parameters_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parameters: str) -> None:
    monkeypatch.setattr(papermill, "execute_notebook", lambda *_, **__: pytest.fail("it was run"))
    with pytest.raises(InputError, match="parameters"):
        run(notebook(parameters=parameters), tmp_path / "own.ipynb")
    assert list(tmp_path.iterdir()) == []
