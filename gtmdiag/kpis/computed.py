"""Values that the funnel counts, for metrics of which kpis.csv has none."""

from __future__ import annotations

from collections.abc import Sequence

from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.funnel.result import FunnelResult
from gtmdiag.funnel.words import counted
from gtmdiag.instruments.operating_rules import plain
from gtmdiag.kpis.data import Counted, KpiData, KpiWeek
from gtmdiag.trail import Sentence, Trail


def lacking(kpis: Sequence[Kpi], data: KpiData | None) -> tuple[Kpi, ...]:
    """Return the metrics that have no values yet."""
    return tuple(kpi for kpi in kpis if data is None or plain(kpi.metric) not in data.weeks)


def with_computed(data: KpiData | None, kpis: Sequence[Kpi], funnel: FunnelResult | None) -> KpiData | None:
    """Return the values of kpis.csv, and those of the funnel for metrics that it lacks; None where neither has any.

    A metric is found by its name: the id of a published rule, a step such as ``MQL→SQL``, or ``win_rate``; its unit
    must be that of the values. One that kpis.csv has stays as it is there.

    Parameters
    ----------
    data
        What kpis.csv holds.
    kpis
        The client's metrics, the adopted published rules among them.
    funnel
        The analysis of the export.
    """
    offered = {plain(name): series for series in (funnel.weekly if funnel is not None else ()) for name in series.names}
    weeks = dict(data.weeks) if data is not None else {}
    found: dict[str, Counted] = {}
    for kpi in lacking(kpis, data):
        name = plain(kpi.metric)
        series = offered.get(name)
        if funnel is not None and series is not None and series.unit == kpi.unit:
            weeks[name] = tuple(KpiWeek(week.monday, week.value, week.n) for week in series.weeks)
            beside = _stalled(funnel) if series.by_itself is not None else ()
            found[name] = Counted((*series.says, *beside), series.by_itself)
    problems = data.problems if data is not None else ()
    return KpiData(weeks, problems, found) if weeks or data is not None else None


def _stalled(funnel: FunnelResult) -> tuple[Sentence, ...]:
    """Return what stands beside the rule on deal age: single deals that are old by the measure of their own stage."""
    stalled = funnel.stalled
    if stalled is None or all(stage.limit_days is None for stage in stalled.stages):
        return ()
    by_stage = "; ".join(f"{one.stage} {one.beyond:,} of {one.open:,}" for one in stalled.stages if one.beyond)
    told = f"{counted(stalled.n, 'open deal')} stayed longer in the stage than nine in ten do"
    text = f"{told}: {by_stage}." if by_stage else f"{told}."
    trail = Trail("open deals beyond the stage's 90th percentile", "suite", ("crm, open deals by stage",), stalled.n)
    return (Sentence(text, trail),)
