"""Which notebook is meant, and what its parameters may be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from papermill.translators import PythonTranslator

from gtmdiag import resources
from gtmdiag.errors import InputError, StorageError, UsageError
from gtmdiag.publish.notebooks import find_notebook, read_notebook, require_literals, require_parameters
from tests.engagements import notebook, own

PACKAGED = resources.notebooks() / "gut_check.ipynb"


def told(parameters: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        require_parameters(notebook(parameters=parameters), "notebooks/own.ipynb")
    return [f"{problem.found} {problem.remedy}" for problem in caught.value.problems]


def test_packaged_notebook_used_where_the_client_has_an_own_one(tmp_path: Path) -> None:
    assert find_notebook(tmp_path, "gut_check") == (PACKAGED, "gut_check.ipynb")
    mine = own(tmp_path, "gut_check", notebook())
    assert find_notebook(tmp_path, "gut_check") == (mine, "notebooks/gut_check.ipynb")


@pytest.mark.parametrize("name", ["gut_chek", "../gut_check", "/etc/passwd", "", "gut_check.ipynb", "a\0b", "**"])
def test_name_that_is_no_notebook_reaches_the_disk(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"there are assessment, board_deck, champion_operator, client_report,"):
        find_notebook(tmp_path, name)


def test_near_miss_of_a_notebook_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean 'gut_check'"):
        find_notebook(tmp_path, "gut_chek")


def test_own_notebook_that_is_a_link_out_of_the_folder_is_run(tmp_path: Path) -> None:
    outside = own(tmp_path / "outside", "gut_check", notebook())
    (tmp_path / "acme" / "notebooks").mkdir(parents=True)
    (tmp_path / "acme" / "notebooks" / "gut_check.ipynb").symlink_to(outside)
    with pytest.raises(InputError, match="out of the folder"):
        find_notebook(tmp_path / "acme", "gut_check")


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ('engagement = ""\nwafe = ""', ['no wave Add wave = "".', "'wafe' Did you mean 'wave'?"]),
        ('engagement = ""\nwave = ""\nclient = ""', ["'client' "]),
        ('wave: str = ""', ['no engagement Add engagement = "".']),
        ("engagement = ", ['no engagement Add engagement = "".', 'no wave Add wave = "".']),
        ("", ['no engagement Add engagement = "".', 'no wave Add wave = "".']),
    ],
)
def test_misspelt_extra_or_missing_parameter_is_taken(parameters: str, words: list[str]) -> None:
    assert told(parameters) == words


def test_second_or_no_parameters_cell_is_taken() -> None:
    twice = notebook()
    twice.cells.append(twice.cells[1])
    without = notebook(parameters="")
    without.cells = []
    for node in (twice, without):
        with pytest.raises(InputError, match="exactly one"):
            require_parameters(node, "own.ipynb")


def changed(**parts: Any) -> str:
    return json.dumps({**json.loads(PACKAGED.read_text("utf-8")), **parts})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "3",
        "[" * 100_000,
        "print('a script')",
        changed(cells=3),
        changed(cells=[None]),
        changed(cells=[{"cell_type": "code", "id": "a", "metadata": {"tags": 3}, "outputs": [], "source": ""}]),
        changed(metadata=None),
        changed(nbformat=99),
    ],
)
def test_file_that_is_no_notebook_is_a_fault_of_ours(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.ipynb"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"own\.ipynb: found .*not a notebook"):
        read_notebook(path, "own.ipynb")


def test_notebook_that_is_no_file_or_no_text_is_a_fault_of_ours(tmp_path: Path) -> None:
    (tmp_path / "own.ipynb").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not a notebook"):
        read_notebook(tmp_path / "own.ipynb", "own.ipynb")
    with pytest.raises(StorageError, match="cannot be read"):
        read_notebook(tmp_path, "own.ipynb")


HOSTILE = st.text() | st.sampled_from(
    ["__import__('os').system('true')", "'''", '"""', "\\", "{x}", "%s", "\x00", "\r"]
)


@given(HOSTILE, HOSTILE)
def test_value_that_looks_like_code_becomes_code(engagement: str, wave: str) -> None:
    """Either the value is given as it is, or it is refused; it is never run."""
    values = {"engagement": engagement, "wave": wave}
    code = PythonTranslator.codify(values)
    found: dict[str, str] = {}
    try:
        require_literals(code, values)
    except UsageError:
        return
    exec(compile(code, "cell", "exec"), {"__builtins__": {}}, found)
    assert found == values


@pytest.mark.parametrize(
    "code", ["wave = str(1)", "wave = '1'\nimport os", "wave = f'1'", "other = '1'", "wave = 1", "", "wave += '1'"]
)
def test_injected_code_that_does_more_than_give_a_value_is_run(code: str) -> None:
    with pytest.raises(UsageError, match="plain text"):
        require_literals(code, {"wave": "1"})
