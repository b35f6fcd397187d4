"""Read operating_model.yaml and kpis.csv, and tell where they and crm.yaml say different things."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gtmdiag.engagement.folder import inside
from gtmdiag.engagement.operating_file import OperatingFile, read_operating_file
from gtmdiag.engagement.operating_model import OPERATING_FILE, MapHandoff
from gtmdiag.engagement.validation import YamlPath
from gtmdiag.errors import InputError, Problem, did_you_mean, shorten
from gtmdiag.funnel.config import CrmConfig, read_config
from gtmdiag.funnel.steps import Handoff
from gtmdiag.instruments.operating_check import check_operating_model
from gtmdiag.instruments.operating_rules import kpis_of, operating_rules, plain
from gtmdiag.kpis import KPI_FILE, KpiData, read_kpi_data

_CRM = "crm/crm.yaml"
_TEAMS = {"customer success": "cs", "csm": "cs", "customer-success": "cs"}


def read_operating(root: Path, *, today: date) -> tuple[OperatingFile | None, KpiData | None, tuple[Problem, ...]]:
    """Return the operating model and the values of its metrics as far as they can be used, and every problem.

    Raises
    ------
    StorageError
        A file cannot be read.
    """
    problems: list[Problem] = []
    operating: OperatingFile | None = None
    data: KpiData | None = None
    try:
        operating = read_operating_file(root)
        if operating is not None:
            problems += check_operating_model(operating, operating_rules(), today=today)
            problems += _against_crm(operating, inside(root, "crm"))
    except InputError as error:
        problems += error.problems
    kpis = kpis_of(operating.model, operating_rules()) if operating is not None else ()
    try:
        data = read_kpi_data(inside(root, KPI_FILE), kpis)
    except InputError as error:
        problems += error.problems
    if data is not None:
        problems += data.problems if operating is not None or not problems else ()
        problems += _weeks_to_come(data, today)
    return operating, data, tuple(problems)


def _weeks_to_come(data: KpiData, today: date) -> Iterator[Problem]:
    later = sorted({week.monday: week.name for weeks in data.weeks.values() for week in weeks}.items())
    for monday, name in later:
        if monday > today:
            remedy = "It is left out. Correct it."
            yield Problem(KPI_FILE, f"week {name}", name, f"a week that begins up to {today}", remedy, "warning")


def _against_crm(operating: OperatingFile, crm: Path) -> Iterator[Problem]:
    """Tell stages and handoffs that differ from crm.yaml, which wins for its own export."""
    try:
        config = read_config(crm)
    except InputError:
        # What is wrong with it is told by the reader of the export.
        return
    if config is not None:
        yield from _stages(operating, config)
        yield from _handoffs(operating, config)


def _stages(operating: OperatingFile, config: CrmConfig) -> Iterator[Problem]:
    own = {plain(stage.name): number for number, stage in enumerate(operating.model.stages)}
    if not own:
        return
    theirs = [plain(name) for name in config.stages]
    for name, key in zip(config.stages, theirs, strict=True):
        if key not in own:
            yield _differs(
                operating, ("stages",), f"no stage {shorten(name)}", f"the stages of {_CRM}", did_you_mean(key, own)
            )
    common = [key for key in theirs if key in own]
    if common != sorted(common, key=lambda key: own[key]):
        found = "the stages in another order"
        yield _differs(operating, ("stages",), found, f"the order of {_CRM}: {', '.join(config.stages)}")


def _handoffs(operating: OperatingFile, config: CrmConfig) -> Iterator[Problem]:
    own = {tuple(map(plain, one.step)): (number, one) for number, one in enumerate(operating.model.handoffs)}
    for step, theirs in config.handoffs.items():
        number, handoff = own.get(tuple(map(plain, step)), (None, None))
        if handoff is None:
            if own:
                found = f"no handoff {'→'.join(step)}"
                yield _differs(operating, ("handoffs",), found, f"the handoffs of {_CRM}")
        elif number is not None:
            yield from _handoff(operating, number, handoff, theirs)


def _handoff(operating: OperatingFile, number: int, handoff: MapHandoff, theirs: Handoff) -> Iterator[Problem]:
    teams = tuple(_TEAMS.get(plain(name), plain(name)) for name in (theirs.giving, theirs.taking))
    if teams != (handoff.giving, handoff.taking):
        found = f"{handoff.giving} to {handoff.taking}"
        yield _differs(operating, ("handoffs", number), found, f"{theirs.giving} to {theirs.taking}, as in {_CRM}")
    due = next(iter(handoff.sla.values()), None)
    hours = theirs.sla_hours
    if hours is not None and due is not None and (not due.in_business_time or due.hours != hours):
        allowed = f"{hours:g} business hours, as in {_CRM}"
        yield _differs(operating, ("handoffs", number, "sla"), str(due), allowed)


def _differs(operating: OperatingFile, path: YamlPath, found: str, allowed: str, hint: str = "") -> Problem:
    remedy = hint or "For the export, crm.yaml counts. Make the two agree if they should."
    return Problem(OPERATING_FILE, operating.located.place(path), found, allowed, remedy, "warning")
