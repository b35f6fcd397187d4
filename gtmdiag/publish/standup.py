"""One week's stand-up pack: carry the actions over, then notebook and one-page PDF into ``standups/<ISO week>/``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from gtmdiag.engagement.action_log import write_actions
from gtmdiag.engagement.folder import inside
from gtmdiag.errors import UsageError, shorten
from gtmdiag.findings.standup import ClientStandUp, read_standup
from gtmdiag.kpis.data import monday_of
from gtmdiag.publish.engines import WARM, require_engine
from gtmdiag.publish.formats import convert_document
from gtmdiag.publish.manifest import Render, hash_bytes, hash_inputs, versions
from gtmdiag.publish.notebooks import find_notebook
from gtmdiag.publish.render import Rendered, notebook_bytes
from gtmdiag.publish.running import Progress, run_notebook
from gtmdiag.publish.saving import Made, save_made
from gtmdiag.report.document import read_document

NOTEBOOK, STEM = "weekly_standup", "standup"


def day_of_week(week: str, today: date) -> date:
    """Return the Monday of an ISO week such as ``"2026-W45"``; today where it is empty.

    Raises
    ------
    UsageError
        There is no such week.
    """
    day = monday_of(week) if week else today
    if day is None:
        raise UsageError(f"No week {shorten(week)}. Write an ISO week such as {today:%G-W%V}.")
    return day


def make_standup(root: Path, *, today: date, engine: str = WARM, progress: Progress) -> tuple[ClientStandUp, Rendered]:
    """Write this week's pack, and in ``standups/actions.yaml`` an action for each miss that has none open.

    Parameters
    ----------
    root
        The engagement folder.
    today
        A day of the week in which the stand-up is held.
    engine
        What executes the notebook; see `gtmdiag.publish.engines`.
    progress
        Told of each step.

    Raises
    ------
    InputError, MissingError, UsageError
        When the inputs cannot be used.
    CellError, RenderError, StorageError
        As `gtmdiag.publish.render.render`.
    """
    require_engine(engine)
    progress("Reading inputs", 0, 0)
    read = read_standup(root, today=today)
    week = read.stand_up
    if week.opened:
        write_actions(root, week.log)
    path, shown_as = find_notebook(root, NOTEBOOK)
    (inputs,) = hash_inputs(root, [(path, shown_as)])
    folder = inside(root, "standups", week.week)
    executed = run_notebook(path, shown_as, folder, STEM, "", today, progress, engine=engine)
    executed.metadata["gtmdiag"] = {
        "kind": "standup",
        "client": read.client.name,
        "language": read.client.language,
        "date": week.monday.isoformat(),
        "confidentiality": read.client.confidentiality,
    }
    progress("Making the formats", 0, 0)
    converted, warnings = convert_document(read_document(executed), STEM, ("pdf",))
    outputs = {f"{STEM}.ipynb": notebook_bytes(executed), **converted}
    made = Render(
        notebook=NOTEBOOK,
        wave="",
        clock=today.isoformat(),
        executed=True,
        inputs=inputs,
        outputs={name: hash_bytes(data) for name, data in outputs.items()},
        versions=versions(),
    )
    kept = save_made(folder, (Made(STEM, outputs, made, warnings),))
    return read, Rendered(tuple(folder / name for name in outputs), kept, warnings)
