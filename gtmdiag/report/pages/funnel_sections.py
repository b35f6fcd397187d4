"""The funnel in depth: each section is one cell of its notebook, and says so where the export does not tell it."""

from __future__ import annotations

from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.report.blocks import Group, Notice
from gtmdiag.report.live import Sliders
from gtmdiag.report.pages.funnel_counts import counts_blocks, headline, unknown_blocks
from gtmdiag.report.pages.funnel_estimates import leak_blocks, time_blocks
from gtmdiag.report.pages.funnel_handoffs import handoff_blocks
from gtmdiag.report.pages.funnel_hygiene import hygiene_blocks
from gtmdiag.report.pages.funnel_method import method_blocks, methods_of
from gtmdiag.report.pages.funnel_segments import segment_blocks
from gtmdiag.report.pages.funnel_stalled import stalled_blocks
from gtmdiag.report.pages.funnel_trend import change_blocks, definitions_blocks, trend_blocks
from gtmdiag.report.pages.funnel_value import forecast_blocks, value_blocks, what_if_blocks

_NO_HISTORY = Group(
    (Notice("neutral", "Not told by this export", "This takes an export that says when deals entered their stages."),)
)


def funnel_counts(diagnosis: Diagnosis) -> Group:
    """Return where the deals stand."""
    result = diagnosis.funnel
    return Group((headline(result), *counts_blocks(result))) if result is not None else _NO_HISTORY


def funnel_leaks(diagnosis: Diagnosis) -> Group:
    """Return conversion from stage to stage, and each gap to a benchmark with what it is worth."""
    result = diagnosis.funnel
    if result is None or result.estimates is None:
        return _NO_HISTORY
    return Group((*leak_blocks(result.estimates), *value_blocks(result.estimates)))


def funnel_times(diagnosis: Diagnosis) -> Group:
    """Return how long deals stay in each stage."""
    result = diagnosis.funnel
    return Group(tuple(time_blocks(result.estimates))) if result is not None and result.estimates else _NO_HISTORY


def funnel_trend(diagnosis: Diagnosis) -> Group:
    """Return conversion week by week, alarms by rule, and two periods compared."""
    result = diagnosis.funnel
    if result is None or result.trend is None:
        return _NO_HISTORY
    return Group((*trend_blocks(result.trend), *change_blocks(result.change)))


def funnel_segments(diagnosis: Diagnosis) -> Group:
    """Return conversion by segment."""
    result = diagnosis.funnel
    if result is None or result.estimates is None or result.estimates.segments is None:
        return _NO_HISTORY
    return Group(tuple(segment_blocks(result.estimates.segments)))


def funnel_stalled(diagnosis: Diagnosis) -> Group:
    """Return the open deals that have stayed for too long."""
    result = diagnosis.funnel
    if result is None or result.estimates is None:
        return _NO_HISTORY
    if result.stalled is None:
        text = "How many open deals are older than twice the median of their stage stands with the time in stage."
        return Group((Notice("neutral", "Single deals are not listed", text),))
    return Group(tuple(stalled_blocks(result.stalled, result.ages)))


def funnel_handoffs(diagnosis: Diagnosis) -> Group:
    """Return what comes through each handoff, and how long deals wait there."""
    result = diagnosis.funnel
    return Group(tuple(handoff_blocks(result.handoffs))) if result is not None else _NO_HISTORY


def funnel_forecast(diagnosis: Diagnosis) -> Group:
    """Return what the open deals may bring."""
    result = diagnosis.funnel
    return Group(tuple(forecast_blocks(result.forecast))) if result is not None and result.forecast else _NO_HISTORY


def funnel_definitions(diagnosis: Diagnosis) -> Group:
    """Return conversion by three definitions."""
    result = diagnosis.funnel
    return Group(tuple(definitions_blocks(result.definitions))) if result and result.definitions else _NO_HISTORY


def funnel_hygiene(diagnosis: Diagnosis) -> Group:
    """Return which results stand, and every check of the data."""
    result = diagnosis.funnel
    if result is None:
        return _NO_HISTORY
    return Group((*hygiene_blocks(result.checks, result.trust), *unknown_blocks(result)))


def funnel_method(diagnosis: Diagnosis) -> Group:
    """Return how the figures of the funnel are made; empty where there are none."""
    return Group(tuple(method_blocks(methods_of(diagnosis.funnel)))) if diagnosis.funnel is not None else Group(())


def what_if(diagnosis: Diagnosis) -> Sliders | Group:
    """Return what other conversions would be worth: sliders where someone has the notebook open, else a table."""
    result = diagnosis.funnel
    if result is None or result.estimates is None:
        return _NO_HISTORY
    return Sliders(result.estimates.model, Group(tuple(what_if_blocks(result.estimates))))
