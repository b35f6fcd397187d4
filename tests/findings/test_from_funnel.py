"""The finding on the handoff says only what stays true however the open deals end."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gtmdiag.findings.finding import Finding
from gtmdiag.findings.from_funnel import MINIMUM_DEALS, funnel_findings
from gtmdiag.funnel.result import FunnelResult, Outcome, Outcomes, StageRow

RIGHT, ALARM = 0.35, 0.30
NONE = Outcomes(*[Outcome(0, (), 0)] * 3)


def row(advanced: int, open_: int, lost: int, *roles: str) -> StageRow:
    entered = advanced + open_ + lost
    share = advanced / entered if entered else None
    return StageRow("MQL <b>", roles, entered, advanced, lost, open_, (), (), share)


def result(*rows: StageRow) -> FunnelResult:
    day = date(2026, 10, 31)
    return FunnelResult(day, "data", "history", 0, 0, NONE, None, rows, NONE, (), (), (), (), ())


def found(advanced: int, open_: int, lost: int) -> Finding | None:
    return next(funnel_findings(result(row(advanced, open_, lost, "mql"))), None)


@pytest.mark.parametrize(
    ("advanced", "open_", "lost", "severity"),
    [
        (20, 10, 70, "high"),
        (32, 1, 67, "medium"),
        (20, 15, 65, None),
        (34, 30, 36, None),
        (35, 0, 65, "strength"),
        (1, 0, MINIMUM_DEALS - 2, None),
        (1, 0, MINIMUM_DEALS - 1, "high"),
        (0, 0, 0, None),
    ],
)
def test_handoff_judged_otherwise_than_the_published_range_says(
    advanced: int, open_: int, lost: int, severity: str | None
) -> None:
    finding = found(advanced, open_, lost)
    assert (finding.severity if finding else None) == severity


def test_stage_judged_that_is_no_handoff_or_tells_no_counts() -> None:
    counted = row(1, 1, 98, "mql")
    untold = replace(counted, entered=None, advanced=None, lost=None, advanced_share_so_far=None)
    assert list(funnel_findings(result(replace(counted, roles=("sql",))))) == []
    assert list(funnel_findings(result(untold))) == []
    assert list(funnel_findings(result())) == []


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_open_deals_that_turn_a_finding_false(advanced: int, open_: int, lost: int) -> None:
    finding = found(advanced, open_, lost)
    entered = advanced + open_ + lost
    if finding is None:
        return
    ends = [(advanced + more) / entered for more in range(open_ + 1)]
    if finding.severity == "strength":
        assert all(end >= RIGHT for end in ends)
        return
    assert all(end < RIGHT for end in ends)
    most = re.search(r"at most (\d+)% of MQL <b> deals", finding.claim)
    between = re.search(r"between (\d+)% and (\d+)% move on", finding.evidence[0].text)
    assert most
    assert between
    assert int(between[1]) <= 100 * ends[0]
    assert int(between[2]) >= 100 * ends[-1] - 1e-9
    assert int(most[1]) == int(between[2])
    assert finding.evidence[0].trail.n == entered
