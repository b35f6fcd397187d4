"""The command ``gtmdiag portfolio``: samples and clients written by hand, in every format, names shown and hidden."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject
from python_calamine import CalamineWorkbook

from gtmdiag.portfolio.file import from_file
from gtmdiag.publish.portfolio import HIDDEN, KEY, read_clients
from gtmdiag.publish.results import results_json
from tests.conftest import ROOT, Run
from tests.engagements import diagnosed, files_in, gtmdiag
from tests.portfolio.made import client, funnel, index, leak, move, reading, results, step

NAMES = ("Northlight Systems", "Harbour & Finch", "Kestrel Labs", *(f"Umbrella Corp {n}" for n in range(1, 5)))
IDS = ("northlight", "harbour-finch", "kestrel-labs", *(f"umbrella-{n}" for n in range(1, 5)))
FOLDERS = tuple(f"dossier-{n}" for n in range(7))


def written(number: int) -> dict[str, object]:
    """Return the results of a client whose every own word holds its name."""
    name = NAMES[number]
    steps = step("MQL", "SQL", 0.1 * number), step("SQL", f"{name} demo", 0.3), step(f"{name} demo", "won", 0.4)
    return results(
        IDS[number],
        name,
        ceo=reading(index(10.0 * number), index(50, 60)),
        crm=funnel(*steps, leaks=[leak(1e5 * number, f"{name} demo", "won")]),
        theme="ownership at business level",
        moves=[move("champion", 20, 20 + 10 * number)],
        wave=f"{IDS[number]}-1",
    )


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three samples as they are diagnosed, four clients by hand, and one that was never rendered."""
    root = tmp_path_factory.mktemp("clients")
    for number, sample in enumerate(IDS[:3]):
        folder = shutil.copytree(
            ROOT / "data_samples" / sample, root / FOLDERS[number], ignore=shutil.ignore_patterns("reports")
        )
        made = diagnosed(sample)
        reports = folder / "reports" / made.wave
        reports.mkdir(parents=True)
        (reports / "results.json").write_bytes(results_json(made))
    for number in range(3, 7):
        client(root, written(number), FOLDERS[number])
    client(root, None, "dossier-unrendered")
    return root


def test_portfolio_of_the_samples_in_every_format(clients: Path) -> None:
    done = gtmdiag("portfolio", str(clients))
    assert done.returncode == 1
    assert "dossier-unrendered" in done.stderr
    assert "gtmdiag render" in done.stderr
    folder = clients / "portfolio"
    portfolio = from_file(folder / "portfolio.json")
    assert sorted(one.client for one in portfolio.clients) == sorted(NAMES)
    made = {path.name for path in folder.iterdir() if path.is_file()}
    assert made == {
        ".lock",
        "manifest.json",
        *(f"portfolio.{ending}" for ending in ("ipynb", "json", "html", "pdf", "xlsx")),
    }
    text = "\n".join(page.extract_text() for page in PdfReader(folder / "portfolio.pdf").pages)
    page = (folder / "portfolio.html").read_text("utf-8")
    workbook = CalamineWorkbook.from_path(str(folder / "portfolio.xlsx"))
    rows = [row for name in workbook.sheet_names for row in workbook.get_sheet_by_name(name).to_python()]
    for told in ("Kestrel Labs", "MQL → SQL", "ownership at business level"):
        assert told in text
        assert told in page
    assert any(row[0] == "Umbrella Corp 4" and 60.0 in row for row in rows)
    # the search below finds a name in each of them, where there is one
    for name, data in files_in(folder).items():
        assert "/" in name or name == ".lock" or any("Kestrel Labs" in told for _, told in texts(name, data)), name


def test_name_that_leaks_where_names_are_hidden(run: Run, clients: Path) -> None:
    done = run("portfolio", str(clients), "--hide-names", "--to", "html,pdf,xlsx,deck,pptx")
    assert done.returncode == 1, done.stderr
    folder = clients / "portfolio" / HIDDEN
    found = files_in(folder)
    assert len(found) == 9
    never = [
        word.casefold() for word in (*NAMES, *IDS, *FOLDERS, "umbrella", "dossier", "harbour &amp; finch", str(clients))
    ]
    for name, data in found.items():
        for place, text in texts(name, data):
            leaked = [word for word in never if word in text.casefold()]
            assert not leaked, f"{place} tells {leaked}"
    assert (clients / KEY).stat().st_mode & 0o077 == 0

    before = from_file(folder / "portfolio.json")
    client(clients, results("another", "Another Ltd"))
    assert run("portfolio", str(clients), "--hide-names", "--to", "html").returncode == 1
    after = from_file(folder / "portfolio.json")
    assert {one.client for one in before.clients} < {one.client for one in after.clients}
    shutil.rmtree(clients / "another")


def test_portfolio_of_too_few_clients_says_so_plainly(run: Run, tmp_path: Path) -> None:
    for number in (3, 4):
        client(tmp_path, written(number))
    done = run("portfolio", str(tmp_path), "--to", "html", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["schema"], told["clients"], told["problems"]) == ("gtmdiag.portfolio/1", 2, [])
    page = (tmp_path / "portfolio" / "portfolio.html").read_text("utf-8")
    assert "Nothing is told about a group of fewer than 5 clients, and there are 2." in page
    assert "Median" not in page
    assert "Umbrella Corp 1" in page
    notebook = nbformat.read(tmp_path / "portfolio" / "portfolio.ipynb", as_version=4)
    assert 'engagement = "."' in next(cell.source for cell in notebook.cells if "injected" in str(cell.metadata))
    assert run("portfolio", str(tmp_path), "--minimum", "2").returncode == 2


def test_key_that_others_can_read_for_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client(tmp_path, written(3))
    seen: list[int] = []

    def replaced(new: Path, path: Path, **_: bool) -> None:
        seen.append(new.stat().st_mode & 0o077)
        new.replace(path)

    monkeypatch.setattr("gtmdiag.engagement.save.replace_file", replaced)
    read_clients(tmp_path, hide_names=True)
    assert seen == [0]


def test_key_that_is_left_where_no_client_is(run: Run, tmp_path: Path) -> None:
    acme = client(tmp_path, written(3))
    for folder in (tmp_path / "nowhere", acme):
        assert run("portfolio", str(folder), "--hide-names").returncode in (1, 2)
    assert not (tmp_path / "nowhere").exists()
    assert not (acme / KEY).exists()


def texts(name: str, data: bytes) -> Iterator[tuple[str, str]]:
    """Yield every text of a file: as it is, of all it packs, and of a PDF's pages, objects and metadata."""
    yield name, f"{name}\n{data.decode('utf-8', 'replace')}"
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for inner in packed.namelist():
                yield from texts(f"{name}/{inner}", packed.read(inner))
    if data.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(data))
        yield name, str(reader.metadata) + "\n".join(page.extract_text() for page in reader.pages)
        for number in range(1, len(reader.xref.get(0, ())) + len(reader.xref_objStm) + 1):
            held = reader.get_object(number)
            yield f"{name}, object {number}", str(held)
            if isinstance(held, StreamObject):
                yield f"{name}, object {number}", held.get_data().decode("latin-1")
