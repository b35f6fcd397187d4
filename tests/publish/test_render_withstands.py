"""What a render withstands: each case gives a clear message, and loses nothing that was there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from gtmdiag.errors import CellError, InputError, MissingError, RenderError, UsageError
from gtmdiag.publish.render import convert
from tests.conftest import Run
from tests.engagements import COMMAND, TODAY, environment, files_in, gtmdiag, notebook, own, rendered, write


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An engagement with a small report of its own, in one wave of one answer."""
    folder = write(tmp_path / "acme", {"client.yaml": "id: acme\nname: Acme", "answers/w/ann.yaml": "role: ceo"})
    own(folder, "client_report", notebook("print('first')"))
    return folder


def outputs(root: Path) -> dict[str, bytes]:
    """Return what lies in reports, the notebook that failed left out."""
    return {name: data for name, data in files_in(root / "reports").items() if not name.endswith(".failed.ipynb")}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_folder_with_nothing_in_it(tmp_path: Path) -> None:
    (tmp_path / "Ünïcode & <Co>").mkdir()
    made = rendered(tmp_path / "Ünïcode & <Co>", "client_report", "html", "pdf")
    assert [path.parent.name for path in made.outputs] == ["no-wave"] * 4
    html = made.outputs[1].read_text("utf-8")
    assert "Ünïcode &amp; &lt;Co&gt;" in html
    assert "There is not enough to analyse yet." in html
    assert "A CRM export would show where deals are lost between stages." in html


def test_cell_that_raises_costs_the_former_report(root: Path) -> None:
    rendered(root)
    before = outputs(root)
    own(root, "client_report", notebook("print('first')", "raise ValueError('no table')"))
    with pytest.raises(CellError) as caught:
        rendered(root)
    failed = root / "reports" / "w" / "report.failed.ipynb"
    assert str(caught.value).splitlines() == [
        "notebooks/client_report.ipynb, cell 4 (“raise ValueError('no table')”) failed: no table (ValueError)",
        f"The notebook with the error is kept: {failed}",
    ]
    assert "no table" in failed.read_text("utf-8")
    assert outputs(root) == before
    assert names(root / "reports") == ["w"]

    own(root, "client_report", notebook("print('mended')"))
    rendered(root)
    assert not failed.exists()
    assert "mended" in (root / "reports" / "w" / "report.html").read_text("utf-8")


def test_cell_that_ends_its_kernel_costs_the_former_report(root: Path) -> None:
    rendered(root)
    before = outputs(root)
    own(root, "client_report", notebook("import os; os._exit(1)"))
    with pytest.raises(RenderError, match=r"^notebooks/client_report\.ipynb could not be executed: Kernel died"):
        rendered(root)
    assert outputs(root) == before
    assert names(root / "reports") == ["w"]


def test_notebook_of_other_parameters_is_run(root: Path) -> None:
    own(root, "client_report", notebook("open('ran', 'w')", parameters='engagement = ""\nwafe = ""'))
    with pytest.raises(InputError, match=r"'wafe'.*Did you mean 'wave'"):
        rendered(root)
    assert files_in(root).keys() == {"client.yaml", "answers/w/ann.yaml", "notebooks/client_report.ipynb"}


def test_render_that_was_killed_costs_the_former_report_or_leaves_its_traces(root: Path, tmp_path: Path) -> None:
    rendered(root)
    before = outputs(root)
    mark = "import pathlib, time\npathlib.Path('started').touch()\ntime.sleep(30)"
    own(root, "slow", notebook(mark))
    process = subprocess.Popen(
        [*COMMAND, "render", str(root), "--notebook", "slow"], env=environment(tmp_path / "home")
    )
    deadline = time.monotonic() + 60
    while not list((root / "reports").glob(".making-*/started")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    process.wait()
    assert {name: data for name, data in outputs(root).items() if not name.startswith(".making-")} == before
    (root / "reports" / ".making-elsewhere-1").mkdir()
    rendered(root)
    assert names(root / "reports") == [".making-elsewhere-1", "w"]


def test_edit_of_the_report_that_is_lost_or_reaches_no_format(run: Run, root: Path) -> None:
    rendered(root, "client_report", "html", "pdf")
    folder = root / "reports" / "w"
    node = nbformat.read(folder / "report.ipynb", as_version=4)
    node.cells.append(v4.new_markdown_cell("Said *by hand*."))
    node.cells[0].source = "# Another title"
    nbformat.write(node, folder / "report.ipynb")
    edited = (folder / "report.ipynb").read_bytes()
    write(root, {"client.yaml": "id: not an id"})

    assert convert(root, today=TODAY).kept == ()
    assert (folder / "report.ipynb").read_bytes() == edited
    assert "<em>by hand</em>" in (folder / "report.html").read_text("utf-8")
    assert b"Another title" in (folder / "report.pdf").read_bytes()

    write(root, {"client.yaml": "id: acme\nname: Acme"})
    made = run("render", str(root), "--to", "html")
    assert made.stderr == f"Your edited report.ipynb is kept in {folder / '.history'}.\n"
    assert files_in(folder / ".history") == {"report.ipynb.1": edited}
    assert "by hand" not in (folder / "report.html").read_text("utf-8")
    assert rendered(root).kept == (), "its own output taken for an edit"


def test_conversion_without_a_report_or_of_a_file_outside(root: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="Render once without --no-execute"):
        convert(root, today=TODAY)
    outside = tmp_path / "outside.ipynb"
    nbformat.write(notebook(), outside)
    (root / "reports" / "w").mkdir(parents=True)
    (root / "reports" / "w" / "report.ipynb").symlink_to(outside)
    for name in ("../../../outside", str(outside.with_suffix("")), "client_report"):
        with pytest.raises(InputError, match="out of the folder"):
            convert(root, notebook=name, today=TODAY)
    assert names(tmp_path) == ["acme", "outside.ipynb"]


@pytest.mark.parametrize("linked", ["reports", "reports/w", "crm", "notebooks"])
def test_link_that_leads_out_of_the_folder_is_followed(root: Path, tmp_path: Path, linked: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    nbformat.write(notebook(), outside / "client_report.ipynb")
    before = files_in(outside)
    shutil.rmtree(root / linked, ignore_errors=True)
    (root / linked).parent.mkdir(exist_ok=True)
    (root / linked).symlink_to(outside)
    with pytest.raises(InputError, match="out of the folder"):
        rendered(root)
    assert files_in(outside) == before
    assert (root / "reports").is_symlink() or set(files_in(root / "reports")) <= {"w/client_report.ipynb"}


def test_output_that_is_a_link_writes_through_it(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "precious.html"
    outside.write_text("precious", "utf-8")
    (root / "reports" / "w").mkdir(parents=True)
    (root / "reports" / "w" / "report.html").symlink_to(outside)
    assert rendered(root).kept == ()
    assert outside.read_text("utf-8") == "precious"
    assert not (root / "reports" / "w" / "report.html").is_symlink()


@pytest.mark.parametrize(("name", "format_"), [("client_report", "docx"), ("client_reprt", "html")])
def test_unknown_format_or_notebook_is_found_out_late(root: Path, name: str, format_: str) -> None:
    with pytest.raises(UsageError, match=r"Did you mean|allowed: html, pdf"):
        rendered(root, name, format_)
    assert not (root / "reports").exists()


def without_power(root: Path, env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command as someone whom permissions bind, which they do not bind root."""
    prefix = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    if prefix and not shutil.which("setpriv"):
        pytest.skip("permissions do not bind root, and setpriv is not on this machine")
    return gtmdiag("render", str(root), *arguments, prefix=prefix, env=env)


@pytest.mark.skipif(os.name != "posix", reason="folders have no such permissions on this system")
def test_folder_that_is_read_only(root: Path, tmp_path: Path) -> None:
    before = files_in(root)
    root.chmod(0o555)
    try:
        done = without_power(root, environment(tmp_path / "home"))
    finally:
        root.chmod(0o755)
    told = f"{root / 'reports' / 'w'} cannot be written: permission denied. What was there before is unchanged.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", told)
    assert files_in(root) == before


@pytest.mark.skipif(os.name != "posix", reason="folders have no such permissions on this system")
def test_home_that_is_read_only(root: Path, tmp_path: Path) -> None:
    env = environment(tmp_path / "home")
    (tmp_path / "home").chmod(0o555)
    done = without_power(root, env, "--to", "html")
    (tmp_path / "home").chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("warning: The notebook could not be signed")
    assert (root / "reports" / "w" / "report.html").is_file()
