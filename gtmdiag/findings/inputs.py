"""Read all that one client's folder holds, and tell every problem of every file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gtmdiag.engagement.action_log import ActionLog, read_actions
from gtmdiag.engagement.folder import Respondent, chosen_wave, inside, read_folder
from gtmdiag.engagement.logo import read_logo
from gtmdiag.engagement.operating_file import OperatingFile
from gtmdiag.engagement.schema import Client
from gtmdiag.errors import InputError, Problem
from gtmdiag.findings.operating_inputs import read_operating
from gtmdiag.funnel.analyse import analyse
from gtmdiag.funnel.config import read_config
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.instruments.answers import check_answers
from gtmdiag.instruments.load import load_all
from gtmdiag.instruments.operating_rules import kpis_of, operating_rules
from gtmdiag.instruments.schema import Instrument
from gtmdiag.kpis import KpiData, with_computed


@dataclass(frozen=True)
class Inputs:
    """What one client's folder gives for one wave.

    ``waves`` holds the respondents of every wave. ``client``, ``funnel``, ``operating`` and ``kpi_data`` are None where
    their files cannot be used or, but for the client, are not there. ``kpi_data`` has what the funnel counts too.
    ``actions`` are those of the team, done or not. ``problems`` are those of all files and all waves.
    """

    client: Client | None
    wave: str
    respondents: tuple[Respondent, ...]
    waves: Mapping[str, tuple[Respondent, ...]]
    instruments: Mapping[str, Instrument]
    funnel: FunnelResult | None
    operating: OperatingFile | None
    kpi_data: KpiData | None
    actions: ActionLog
    problems: tuple[Problem, ...]

    @property
    def days(self) -> tuple[date, ...]:
        """Every date of the operating model and of its weekly values."""
        told = [day for _, day in self.operating.model.days] if self.operating is not None else []
        weeks = self.kpi_data.weeks.values() if self.kpi_data is not None else ()
        return (*told, *(week.sunday for series in weeks for week in series))


def read_inputs(root: Path, wave: str = "", *, today: date) -> Inputs:
    """Read a client's folder as far as it goes.

    Parameters
    ----------
    root
        The client's folder.
    wave
        A wave of it; by default the last one.
    today
        The clock; dates after it are not believed.

    Raises
    ------
    MissingError, StorageError
        When the folder is not there or cannot be read.
    UsageError
        When there is no such wave.
    """
    folder = read_folder(root)
    chosen = chosen_wave(folder.waves, wave)
    instruments, broken = load_all(root)
    problems = [*folder.problems, *broken]
    for respondents in folder.waves.values():
        for respondent in respondents:
            problems += check_answers(respondent, instruments, unknown_allowed=bool(broken))
    funnel = None
    try:
        _ = read_logo(root, folder.client.branding) if folder.client is not None else None
    except InputError as error:
        problems += error.problems
    try:
        crm = inside(root, "crm")
        hours = folder.client.business_hours if folder.client is not None else None
        funnel = analyse(crm, today=today, hours=hours)
        problems += _disagreements(folder.client, crm) if folder.client is not None else ()
    except InputError as error:
        problems += error.problems
    else:
        problems += funnel.warnings if funnel is not None else ()
    operating, kpi_data, found = read_operating(root, today=today)
    actions = ActionLog()
    try:
        actions = read_actions(root)
    except InputError as error:
        problems += error.problems
    kpis = kpis_of(operating.model, operating_rules()) if operating is not None else ()
    kpi_data = with_computed(kpi_data, kpis, funnel)
    return Inputs(
        client=folder.client,
        wave=chosen,
        respondents=folder.waves.get(chosen, ()),
        waves=folder.waves,
        instruments=instruments,
        funnel=funnel,
        operating=operating,
        kpi_data=kpi_data,
        actions=actions,
        problems=(*problems, *found),
    )


def _disagreements(client: Client, crm: Path) -> Iterator[Problem]:
    """Tell where client.yaml and crm.yaml say different things; crm.yaml wins for its own export."""
    config = read_config(crm)
    if config is None:
        return
    clocks = None if client.business_hours is None else client.business_hours.timezone
    for key, ours, theirs in (
        ("as_of", client.as_of, config.as_of),
        ("currency", client.currency, config.currency),
        ("business_hours.timezone", clocks, config.timezone),
    ):
        if ours is not None and theirs is not None and ours != theirs:
            yield Problem(
                "client.yaml",
                key,
                str(ours),
                f"what crm/crm.yaml says: {theirs}",
                "For the export, crm.yaml counts. Make the two agree if they should.",
                "warning",
            )
