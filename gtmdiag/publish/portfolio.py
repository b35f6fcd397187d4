"""All clients under one folder in one report: ``ROOT/portfolio/``, or a folder in it where names are hidden."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.init import CLIENT_FILE
from gtmdiag.engagement.save import write_atomic
from gtmdiag.errors import InputError, Problem, StorageError, UsageError
from gtmdiag.portfolio.file import NAME, to_json
from gtmdiag.portfolio.read import MINIMUM, Read, read_portfolio
from gtmdiag.portfolio.sources import read_sources
from gtmdiag.publish.engines import WARM, require_engine
from gtmdiag.publish.formats import convert_document
from gtmdiag.publish.manifest import Render, hash_bytes, hash_suite, versions
from gtmdiag.publish.notebooks import find_notebook
from gtmdiag.publish.places import require_formats
from gtmdiag.publish.render import Rendered, notebook_bytes, sign
from gtmdiag.publish.running import Progress, run_notebook
from gtmdiag.publish.saving import Made, save_made
from gtmdiag.report.document import read_document

NOTEBOOK = STEM = FOLDER = "portfolio"
HIDDEN = "names-hidden"
"""Apart from the other, whose manifest and kept versions hold names."""
KEY = ".portfolio-key"
FORMATS = ("html", "pdf", "xlsx")


@dataclass(frozen=True)
class MadePortfolio:
    """What was read, and what was made of it."""

    read: Read
    rendered: Rendered


def make_portfolio(
    root: Path,
    *,
    formats: Sequence[str] = FORMATS,
    minimum: int = MINIMUM,
    hide_names: bool = False,
    today: date,
    engine: str = WARM,
    progress: Progress,
) -> MadePortfolio:
    """Write the portfolio of the clients under a folder: notebook, formats and portfolio.json.

    Parameters
    ----------
    root
        The folder that holds one folder a client.
    formats
        As of `gtmdiag.publish.render.render`.
    minimum
        Clients from which on they are told about together.
    hide_names
        Write codes instead of names. Their key is kept in ``ROOT/.portfolio-key``, which nothing that is made holds.
    today
        The clock.
    engine
        What executes the notebook; see `gtmdiag.publish.engines`.
    progress
        Told of each step.

    Raises
    ------
    InputError, MissingError, UsageError
        When no client can be taken in, or the arguments cannot be used.
    CellError, RenderError, StorageError
        As `gtmdiag.publish.render.render`.
    """
    require_formats(formats)
    require_engine(engine)
    progress("Reading results", 0, 0)
    folder = inside(root, FOLDER, *([HIDDEN] if hide_names else []))
    if (root / FOLDER / CLIENT_FILE).exists():
        raise UsageError(f"{root / FOLDER} is a client's folder, where the portfolio would go. Rename it.")
    read = read_clients(root, minimum=minimum, hide_names=hide_names)
    data = to_json(read.portfolio)
    path, shown_as = find_notebook(root, NOTEBOOK)
    executed = run_notebook(
        path, shown_as, folder, STEM, "", today, progress, engagement=".", beside={NAME: data}, engine=engine
    )
    as_of = read.portfolio.as_of
    executed.metadata["gtmdiag"] = {
        "kind": "portfolio",
        "client": "",
        "language": "en",
        "date": as_of.isoformat() if as_of is not None else "",
        "confidentiality": "Confidential",
    }
    progress("Making the formats", 0, 0)
    converted, warnings = convert_document(read_document(executed), STEM, formats)
    outputs = {f"{STEM}.ipynb": notebook_bytes(executed), **converted, NAME: data}
    record = Render(
        notebook=NOTEBOOK,
        wave="",
        clock=today.isoformat(),
        executed=True,
        inputs={**inputs_of(root, read), **hash_suite()},
        outputs={name: hash_bytes(made) for name, made in outputs.items()},
        versions=versions(),
    )
    warnings = (*warnings, *sign(executed))
    kept = save_made(folder, (Made(STEM, outputs, record, warnings),), [f"{STEM}.failed.ipynb"])
    return MadePortfolio(read, Rendered(tuple(folder / name for name in outputs), kept, warnings))


def read_clients(root: Path, *, minimum: int = MINIMUM, hide_names: bool) -> Read:
    """Set the clients under a folder side by side; see `make_portfolio`."""
    # first of all: what is no folder of clients shall not be given a key
    sources = read_sources(root)
    return read_portfolio(sources, minimum=minimum, key=_key(root) if hide_names else None)


def inputs_of(root: Path, read: Read) -> dict[str, str]:
    """Return the hashes of all that a portfolio is made of, our own files aside."""
    path, shown_as = find_notebook(root, NOTEBOOK)
    return {**read.hashes, f"notebook:{shown_as}": hash_bytes(path.read_bytes())}


def _key(root: Path) -> bytes:
    """Return the secret behind the codes, made where there is none yet."""
    path = inside(root, KEY)
    try:
        if not path.exists():
            write_atomic(path, secrets.token_hex(32).encode(), keep_previous=False, mode=0o600)
        key = path.read_bytes().strip()
    except OSError as error:
        raise StorageError(f"{path} cannot be read or written: {error.strerror or error}.") from error
    if len(key) < 32:
        remedy = "Bring the file back, or remove it; codes will then be others than before."
        raise InputError([Problem(KEY, "", "no key", "the key that gtmdiag made", remedy)])
    return key
