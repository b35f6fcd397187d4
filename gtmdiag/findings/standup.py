"""Read what a client's weekly stand-up needs: metrics, their values and the actions, nothing else of the folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gtmdiag.engagement.action_log import ActionLog, read_actions
from gtmdiag.engagement.folder import inside, read_folder
from gtmdiag.engagement.schema import Client
from gtmdiag.errors import InputError, Problem
from gtmdiag.findings.operating_inputs import read_operating
from gtmdiag.funnel.analyse import analyse
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.instruments.operating_rules import kpis_of, operating_rules
from gtmdiag.kpis import KpiData, with_computed
from gtmdiag.kpis.computed import lacking
from gtmdiag.kpis.standup import StandUp, stand_up


@dataclass(frozen=True)
class ClientStandUp:
    """A client's stand-up of one week."""

    client: Client
    stand_up: StandUp


def read_standup(root: Path, *, today: date) -> ClientStandUp:
    """Return a client's stand-up of the week of a day. Nothing is written.

    Raises
    ------
    InputError
        With every problem of the files that it needs; also where there are no metrics.
    MissingError, StorageError
        When the folder is not there or cannot be read.
    """
    folder = read_folder(root)
    problems = [one for one in folder.problems if one.file == "client.yaml" and one.severity == "error"]
    operating, data, found = read_operating(root, today=today)
    problems += [one for one in found if one.severity == "error"]
    log = ActionLog()
    try:
        log = read_actions(root)
    except InputError as error:
        problems += error.problems
    kpis = kpis_of(operating.model, operating_rules()) if operating is not None else ()
    funnel: FunnelResult | None = None
    # The export may be large; it is read only where kpis.csv leaves a question open.
    if any(kpi.kind == "leading" and kpi.threshold is not None for kpi in lacking(kpis, data)):
        try:
            hours = folder.client.business_hours if folder.client is not None else None
            funnel = analyse(inside(root, "crm"), today=today, hours=hours)
        except InputError as error:
            problems += [one for one in error.problems if one.severity == "error"]
    if not kpis and not problems:
        remedy = "List the metrics in operating_model.yaml, or take published rules on with 'gtmdiag adopt'."
        problems.append(Problem("operating_model.yaml", "kpis", "no metrics", "leading metrics with a rule", remedy))
    if problems or folder.client is None:
        raise InputError(problems)
    data = with_computed(data, kpis, funnel) or KpiData({}, ())
    made = stand_up(kpis, data, log.actions, operating_rules(), today=today)
    return ClientStandUp(folder.client, made)
