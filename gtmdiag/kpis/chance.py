"""How often a rule on a share fires for nothing, and what the last weeks say together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from statistics import fmean

from gtmdiag.engagement.operating_model import Kpi
from gtmdiag.funnel.estimates.windows import Rule, false_alarm, pooled
from gtmdiag.kpis.data import KpiWeek
from gtmdiag.kpis.result import FalseAlarm, Recent

YEAR, RECENT = 52, 13
BETTER = 0.2
"""The true share that a false alarm supposes is better than the threshold by this part of it (suite method)."""


def chance_for_nothing(kpi: Kpi, weeks: Sequence[KpiWeek]) -> FalseAlarm | None:
    """Return the probability of a firing within a year at this volume; None where there are no numbers to tell.

    Exact for a binomial share in each week (suite method). The volumes are those of the last 52 weeks with an n, taken
    again from the first where they are fewer.
    """
    volumes = [week.n for week in weeks if week.n is not None][-YEAR:]
    rule = _rule(kpi)
    if rule is None or not any(volumes) or kpi.threshold is None:
        return None
    rate = kpi.threshold * (1 + BETTER if kpi.direction == "below" else 1 - BETTER)
    rate = min(rate, (1 + kpi.threshold) / 2)
    true = rate if kpi.direction == "below" else 1 - rate
    chance = false_alarm(rule, list(islice(cycle(volumes), YEAR)), true)
    return FalseAlarm(chance, rate, fmean(volumes))


def recent(kpi: Kpi, weeks: Sequence[KpiWeek]) -> Recent | None:
    """Test the last 13 weeks with an n together against the threshold: the pooled test beside the plain rule."""
    counted = [week for week in weeks if week.n and week.value is not None][-RECENT:]
    rule = _rule(kpi)
    if rule is None or not counted:
        return None
    n = sum(week.n or 0 for week in counted)
    hits = sum(round((week.value or 0) * (week.n or 0)) for week in counted)
    found = pooled(rule, hits if kpi.direction == "below" else n - hits, n)
    if found is None:
        return None
    if kpi.direction == "below":
        return Recent(len(counted), found.share, found.low, found.high, n, found.p_value)
    return Recent(len(counted), 1 - found.share, 1 - found.high, 1 - found.low, n, found.p_value)


def _rule(kpi: Kpi) -> Rule | None:
    """Return the rule on a share; one that fires above is that on the complement, which fires below."""
    if kpi.unit != "share" or kpi.threshold is None or kpi.direction is None:
        return None
    return Rule(kpi.threshold if kpi.direction == "below" else 1 - kpi.threshold, kpi.window or 1)
