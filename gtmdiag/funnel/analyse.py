"""From a ``crm`` folder to a result: read, tidy, reduce, sum up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np

from gtmdiag.engagement.hours import BusinessHours
from gtmdiag.engagement.yamlfile import load_yaml, parse_yaml, validate
from gtmdiag.errors import InputError, MissingError, Problem, StorageError
from gtmdiag.funnel.attributes import once_a_deal, resolve_as_of
from gtmdiag.funnel.change import change
from gtmdiag.funnel.config import CONFIG_FILE, CrmConfig, read_config
from gtmdiag.funnel.counts import counts_result
from gtmdiag.funnel.dates import end_of
from gtmdiag.funnel.deal_age import stage_ages
from gtmdiag.funnel.definitions import definitions
from gtmdiag.funnel.estimates.period import stays_by_stage
from gtmdiag.funnel.estimates.table import CellTable, read_cells
from gtmdiag.funnel.forecast import forecast
from gtmdiag.funnel.grouping import grouped_by
from gtmdiag.funnel.handoffs import handoffs, waiting_stages
from gtmdiag.funnel.history import Tidy, tidy_history
from gtmdiag.funnel.hygiene import hygiene_checks, noticed
from gtmdiag.funnel.lake import history_in_place
from gtmdiag.funnel.leaks import estimate
from gtmdiag.funnel.limits import SEED
from gtmdiag.funnel.propose import propose
from gtmdiag.funnel.reduction.cells import cells_of
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel.rows import Rows, rows_of
from gtmdiag.funnel.snapshot import tidy_snapshot
from gtmdiag.funnel.source import Source, read_source
from gtmdiag.funnel.stages import StageMap
from gtmdiag.funnel.stalled import stalled_deals, stalled_limits
from gtmdiag.funnel.summary import outcomes_of, stage_rows, sums_of
from gtmdiag.funnel.trend import trend
from gtmdiag.funnel.waits import waits_of
from gtmdiag.funnel.weekly import weekly_series
from gtmdiag.funnel.wide import unpivoted
from gtmdiag.funnel.wording import (
    as_of_sentence,
    cannot_sentences,
    open_sentences,
    stage_sentences,
    summary_sentences,
)

_DATA_FILES = (".csv", ".tsv", ".txt", ".gz", ".xlsx", ".xls", ".parquet")
_PROPOSE = "Let 'gtmdiag funnel {file} --write {config}' propose one, look it over, and put it beside the export."


def analyse(crm_dir: Path, *, today: date, hours: BusinessHours | None = None) -> FunnelResult | None:
    """Analyse the export of an engagement.

    Parameters
    ----------
    crm_dir
        The engagement's ``crm`` folder.
    today
        Dates after it are in the future.
    hours
        When the client's people work; its time zone is that of the export, where ``crm.yaml`` names none.

    Returns
    -------
    FunnelResult or None
        None where there is no export: no folder, or neither ``crm.yaml`` nor a data file in it.

    Raises
    ------
    InputError
        Every problem that stops the analysis, at once.
    StorageError
        The folder or its crm.yaml cannot be read.
    """
    config = _config(crm_dir)
    if config is None:
        return None
    if config.timezone is None and hours is not None:
        config = config.model_copy(update={"timezone": hours.timezone})
    return _result(crm_dir, config, today=today, hours=hours)


def _result(
    crm_dir: Path,
    config: CrmConfig,
    *,
    today: date,
    hours: BusinessHours | None = None,
    main_path: Path | None = None,
) -> FunnelResult:
    in_place = history_in_place(crm_dir, config, main_path=main_path)
    if in_place is not None:
        return _analysed(*in_place, config, today=today, hours=hours)
    source = read_source(crm_dir, config, main_path=main_path)
    if config.shape == "counts":
        return counts_result(source, config, today=today)
    source = once_a_deal(unpivoted(source, config) if config.shape == "wide" else source, config)
    return _analysed(source, rows_of(source, StageMap.of(config)), config, today=today, hours=hours)


def _analysed(
    source: Source, rows: Rows, config: CrmConfig, *, today: date, hours: BusinessHours | None
) -> FunnelResult:
    as_of, as_of_source, later_dates = resolve_as_of(rows, config, today=today)
    tidied = tidy_snapshot if config.shape == "snapshot" else tidy_history
    tidy = tidied(source, rows, config, until=end_of(as_of))
    cells = cells_of(tidy.deals, config.stages, rows.engine)
    checks = hygiene_checks(source, tidy)
    sums = sums_of(cells)
    outcomes = outcomes_of(chain.from_iterable(sums.values()))
    # Of these deals no stage on the map is known.
    unplaced = outcomes_of(sums.get("", ()))
    stages = stage_rows(
        sums,
        config.stages,
        config.roles,
        shape=config.shape,
        stage_beside_status="status" in source.origins,
    )
    sentences = summary_sentences(outcomes, source, as_of)
    by_stage = open_sentences if config.shape == "snapshot" else stage_sentences
    if as_of_source != "config":
        sentences.append(as_of_sentence(as_of, as_of_source))
    closed = outcomes.won.n + outcomes.lost.n
    result = FunnelResult(
        as_of=as_of,
        as_of_source=as_of_source,
        later_dates=later_dates,
        shape=config.shape,
        rows=source.rows,
        deals=closed + outcomes.open.n,
        outcomes=outcomes,
        win_rate_of_closed=outcomes.won.n / closed if closed else None,
        stages=stages,
        unplaced=unplaced,
        unread=source.unread,
        checks=checks,
        warnings=(*source.warnings, *tidy.warnings, *noticed(checks)),
        cannot=cannot_sentences(config.shape, source),
        sentences=tuple(sentences),
        stage_sentences=tuple(by_stage(stages, unplaced, source)),
    )
    if config.shape == "snapshot":
        return result
    return _with_statistics(result, tidy, read_cells(cells, config.stages), config, hours)


def _with_statistics(
    result: FunnelResult, tidy: Tidy, table: CellTable, config: CrmConfig, hours: BusinessHours | None
) -> FunnelResult:
    """Return the result with all that only a history tells."""
    estimates = estimate(table, config)
    horizons, as_of = estimates.horizons, result.as_of
    waits = waits_of(tidy.deals, waiting_stages(config), config.stages)
    stays = stays_by_stage(table)
    ages = stage_ages(config.stages, stays, np.random.default_rng(SEED), as_of=as_of)
    return replace(
        result,
        estimates=estimates,
        trend=trend(table, config, horizons, as_of=as_of),
        definitions=definitions(table),
        change=change(table, horizons, as_of=as_of),
        forecast=forecast(table, estimates.model),
        stalled=stalled_deals(tidy, stalled_limits(estimates), config.stages),
        handoffs=handoffs(waits, config, estimates, hours),
        ages=ages,
        weekly=weekly_series(tidy.deals, stays, ages, config, as_of=as_of),
    )


def analyse_file(path: Path, config: str | Path | None = None, *, today: date, by: str = "") -> FunnelResult:
    """Analyse one export, wherever it lies.

    Parameters
    ----------
    path
        The export; it stands for ``file`` of the configuration.
    config
        The text of a crm.yaml, or its path; None takes what `gtmdiag.funnel.propose.propose` proposes. A second table
        that it names lies beside it (beside the export, where the configuration is no file).
    today
        Dates after it are in the future.
    by
        The column whose values count as segments; see `gtmdiag.funnel.grouping.grouped_by`. Empty: that of segments.

    Raises
    ------
    InputError
        Every problem that stops the analysis; without a configuration also what has to be asked.
    MissingError, StorageError
        A file is not there or cannot be read.
    UsageError
        There is no such column.
    """
    if not path.is_file():
        raise MissingError(f"{path.name} is not there, or no file.")
    if isinstance(config, Path):
        located = load_yaml(config, config.name)
    elif config is not None:
        located = parse_yaml(config, CONFIG_FILE)
    else:
        proposal = propose(path)
        if asked := [problem for problem in proposal.problems if problem.severity == "error"]:
            raise InputError(asked)
        located = parse_yaml(proposal.text, f"the proposed {CONFIG_FILE}")
    crm = validate(CrmConfig, located)
    if by:
        crm = grouped_by(crm, by)
    beside = config.parent if isinstance(config, Path) else path.parent
    return _result(beside, crm, today=today, main_path=path)


def check(crm_dir: Path, *, today: date) -> list[Problem]:
    """Return every problem of the ``crm`` folder, errors and warnings; nothing where there is no export."""
    try:
        result = analyse(crm_dir, today=today)
    except InputError as error:
        return list(error.problems)
    except (MissingError, StorageError) as error:
        return [Problem(crm_dir.name, "", str(error), "files that can be read", "Check the folder's permissions.")]
    return list(result.warnings) if result else []


def _config(crm_dir: Path) -> CrmConfig | None:
    try:
        if not crm_dir.is_dir():
            return None
        config = read_config(crm_dir)
        if config is not None:
            return config
        exports = sorted(entry.name for entry in crm_dir.iterdir() if entry.name.lower().endswith(_DATA_FILES))
    except PermissionError as error:
        raise StorageError(f"The folder {crm_dir.name} cannot be read: {error.strerror}.") from error
    if not exports:
        return None
    remedy = _PROPOSE.format(file=exports[0], config=CONFIG_FILE)
    shown = f"{crm_dir.name}/{CONFIG_FILE}"
    raise InputError([Problem(shown, "", f"{', '.join(exports)} and no {CONFIG_FILE}", f"a {CONFIG_FILE}", remedy)])
