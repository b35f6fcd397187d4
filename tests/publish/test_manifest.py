"""The manifest tells any change of any input, and what a render made."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gtmdiag.errors import StorageError
from gtmdiag.publish.manifest import NAME, Manifest, Render, hash_inputs, read_manifest
from tests.engagements import notebook, own, write

FILES = {
    "client.yaml": "id: acme",
    "answers/w/ann.yaml": "role: ceo",
    "crm/crm.yaml": "shape: snapshot",
    "crm/deals.csv": "Id",
    "instruments/own.yaml": "id: own",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    own(tmp_path, "client_report", notebook())
    return write(tmp_path, FILES)


def hashes(root: Path) -> dict[str, str]:
    (found,) = hash_inputs(root, [(root / "notebooks" / "client_report.ipynb", "notebooks/client_report.ipynb")])
    return found


@pytest.mark.parametrize("changed", [*FILES, "notebooks/client_report.ipynb", "crm/new.csv"])
def test_change_of_an_input_that_is_not_told(root: Path, changed: str) -> None:
    before = hashes(root)
    with (root / changed).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    after = hashes(root)
    told = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert told == {changed} | ({f"notebook:{changed}"} if changed.startswith("notebooks/") else set())


def test_inputs_that_the_manifest_leaves_out_or_takes_from_outside(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = write(tmp_path_factory.mktemp("outside"), {"secret.txt": "x"})
    before = hashes(root)
    assert before.keys() == {
        *FILES,
        "notebooks/client_report.ipynb",
        "notebook:notebooks/client_report.ipynb",
        "package",
        "templates",
    }
    write(root, {"reports/w/report.html": "x", ".history/client.yaml.1": "x", "crm/.~lock": "x"})
    (root / "link").symlink_to(outside)
    (root / "link.txt").symlink_to(outside / "secret.txt")
    assert hashes(root) == before


def test_input_that_cannot_be_read_is_a_fault_of_ours(root: Path) -> None:
    with pytest.raises(StorageError, match=r"gone\.ipynb cannot be read: No such file"):
        hash_inputs(root, [(root / "gone.ipynb", "gone.ipynb")])


@pytest.mark.skipif(os.name != "posix", reason="names are always text on this system")
def test_name_of_a_file_that_is_not_utf8_stops_a_render(root: Path) -> None:
    Path(os.fsdecode(os.fsencode(root / "crm") + b"/d\xe9als.csv")).write_text("x")
    made = render().model_copy(update={"inputs": hashes(root)})
    assert Manifest.model_validate_json(Manifest().adding("report", made).to_json()).renders["report"] == made


def render(**outputs: str) -> Render:
    return Render(
        notebook="n", wave="w", clock="2026-11-02", executed=True, inputs={}, outputs=outputs, versions={"python": "3"}
    )


def test_output_of_an_earlier_render_or_of_another_notebook_forgotten(tmp_path: Path) -> None:
    manifest = Manifest().adding("report", render(html="1", pdf="1")).adding("gut_check", render(html="g"))
    manifest = manifest.adding("report", render(html="2"))
    assert (manifest.made("html"), manifest.made("pdf"), manifest.made("x")) == ({"2", "g"}, {"1"}, frozenset())
    (tmp_path / NAME).write_bytes(manifest.to_json())
    assert read_manifest(tmp_path) == manifest


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"schema": "gtmdiag.manifest/2"}', '{"renders": {"report": 1}}', "\xff"]
)
def test_damaged_manifest_stops_a_render(tmp_path: Path, text: str) -> None:
    assert read_manifest(tmp_path) == Manifest()
    (tmp_path / NAME).write_text(text, "latin-1")
    assert read_manifest(tmp_path) == Manifest()
