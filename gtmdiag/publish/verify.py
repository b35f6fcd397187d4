"""Hash everything again: which outputs are no longer as they were made, and whose inputs have changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gtmdiag.engagement.clients import find_clients
from gtmdiag.engagement.folder import last_wave
from gtmdiag.engagement.init import CLIENT_FILE
from gtmdiag.engagement.reports import report_folder
from gtmdiag.errors import GtmdiagError, UsageError
from gtmdiag.publish.batch import processors
from gtmdiag.publish.manifest import NAME, Render, hash_bytes, hash_inputs, read_manifest
from gtmdiag.publish.notebooks import find_notebook
from gtmdiag.publish.saving import finish
from gtmdiag.publish.skip import OURS, Suite, changed_inputs

if TYPE_CHECKING:
    from gtmdiag.publish.running import Progress

State = Literal["edited", "missing", "unreadable", "inputs changed", "suite changed"]


@dataclass(frozen=True)
class Deviation:
    """One thing that is not as the manifest says.

    Attributes
    ----------
    path
        An output, or the folder of a report whose inputs changed.
    render
        The stem of the render that made it: ``report``, ``deck``, ``gut_check``.
    state
        ``edited``, ``missing`` or ``unreadable`` of an output; of a report, ``inputs changed`` or ``suite changed``:
        another gtmdiag or other versions of packages.
    what
        Of changed inputs: their names; of the suite: what of it.
    """

    path: Path
    render: str
    state: State
    what: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verified:
    """What came of one client, or of the portfolio.

    Attributes
    ----------
    root
        The engagement folder, or that of the portfolio.
    outputs
        How many outputs are as they were made.
    deviations
        All that is not.
    problem
        Why it could not be told; empty where it could.
    """

    root: Path
    outputs: int
    deviations: tuple[Deviation, ...] = ()
    problem: str = ""


def verify_all(root: Path, suite: Suite, progress: Progress) -> tuple[Verified, ...]:
    """Hash the outputs and inputs of all clients of a folder, or of one client, again.

    Parameters
    ----------
    root
        The folder that holds one folder a client, or a client's own.
    suite
        This installation.
    progress
        Told of each client.

    Raises
    ------
    MissingError, StorageError, UsageError
        There is no such folder, it cannot be read, or it holds no client.
    """
    clients = (root,) if (root / CLIENT_FILE).is_file() else tuple(find_clients(root)[0])
    found: list[Verified] = []
    with ThreadPoolExecutor(processors()) as threads:
        for one in threads.map(partial(verify, suite=suite), clients):
            found.append(one)
            progress("Verifying", len(found), len(clients))
    return tuple(found)


def verify(root: Path, suite: Suite) -> Verified:
    """Hash one client's outputs again, and the inputs of the last wave's reports. Older ones are records of their time.

    Parameters
    ----------
    root
        The engagement folder.
    suite
        This installation.
    """

    @cache
    def last() -> Path:
        return report_folder(root, last_wave(root))

    def inputs(folder: Path, stem: str, render: Render) -> Iterator[Deviation]:
        if folder == last():
            yield from _inputs(root, folder, stem, render, suite)

    return hold(root, _folders(root), inputs)


def hold(root: Path, folders: Iterable[Path], inputs: Callable[[Path, str, Render], Iterable[Deviation]]) -> Verified:
    """Hold outputs in some folders against their manifests; ``inputs`` tells what is not as a render found it."""
    outputs, deviations = 0, list[Deviation]()
    try:
        for folder in folders:
            # What an interrupted run had made would look edited.
            finish(folder)
            renders = read_manifest(folder).renders
            if not renders:
                deviations.append(Deviation(folder / NAME, "", "unreadable" if (folder / NAME).exists() else "missing"))
            for stem, render in renders.items():
                found = tuple(_outputs(folder, stem, render))
                outputs += len(render.outputs) - len(found)
                deviations += (*found, *inputs(folder, stem, render))
    except (GtmdiagError, OSError) as error:
        return Verified(root, outputs, tuple(deviations), str(error))
    return Verified(root, outputs, tuple(deviations))


def _folders(root: Path) -> Iterator[Path]:
    """Yield the folders of an engagement that hold outputs, links left out."""
    for above in (root / "reports", root / "standups"):
        if above.is_dir() and not above.is_symlink():
            folders = (path for path in sorted(above.iterdir()) if path.is_dir() and not path.is_symlink())
            yield from (path for path in folders if not path.name.startswith(".") and _holds_outputs(path))


def _holds_outputs(folder: Path) -> bool:
    names = (path.name for path in folder.iterdir())
    return any(not name.startswith(".") and not name.endswith(".failed.ipynb") for name in names)


def _outputs(folder: Path, stem: str, render: Render) -> Iterator[Deviation]:
    for name, made in render.outputs.items():
        path = folder / name
        try:
            if path.is_symlink() or hash_bytes(path.read_bytes()) != made:
                yield Deviation(path, stem, "edited")
        except FileNotFoundError:
            yield Deviation(path, stem, "missing")
        except OSError:
            yield Deviation(path, stem, "unreadable")


def _inputs(root: Path, folder: Path, stem: str, render: Render, suite: Suite) -> Iterator[Deviation]:
    try:
        present = _present_inputs(root, folder, render, suite)
    except UsageError:
        # It was the client's own.
        yield Deviation(folder, stem, "inputs changed", (f"the notebook {render.notebook} is gone",))
        return
    yield from changed_since(folder, stem, render, present, suite)


def changed_since(
    folder: Path, stem: str, render: Render, present: Mapping[str, str], suite: Suite
) -> Iterator[Deviation]:
    """Yield what of a render's inputs is not as at present, and what of the suite."""
    changed = changed_inputs(render.inputs, present, render.wave)
    theirs = tuple(name for name in changed if name not in OURS)
    if theirs:
        yield Deviation(folder, stem, "inputs changed", theirs)
    ours = tuple(name for name in changed if name in OURS)
    packages = tuple(name for name in suite.versions if render.versions.get(name) != suite.versions[name])
    if ours or packages:
        yield Deviation(folder, stem, "suite changed", (*ours, *packages))


def _present_inputs(root: Path, folder: Path, render: Render, suite: Suite) -> Mapping[str, str]:
    if not render.executed:
        # It was made of the edited notebook alone.
        there = (name for name in render.inputs if (folder / name).is_file())
        return {name: hash_bytes((folder / name).read_bytes()) for name in there}
    return hash_inputs(root, [find_notebook(root, render.notebook)], suite.hashes)[0]
