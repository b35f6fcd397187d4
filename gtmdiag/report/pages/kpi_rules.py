"""The chapter on the rules that were run on weekly values."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import capital, count, listed
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.kpis import KpiResult, RuleReading
from gtmdiag.kpis.words import rule_in_words
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.operating_figures import rule_weeks
from gtmdiag.report.words import prose

DRAWN = 2
"""Firing rules that are drawn; a page holds two."""


def kpi_rules(diagnosis: Diagnosis) -> Group:
    """Return which rules fire and on what evidence, and what each would have done over the history."""
    result = diagnosis.kpis
    if result is None:
        text = "Weekly values in kpis.csv, or a stage history in crm/, would let rules with a threshold be run."
        return Group((Notice("neutral", "No rule was run", text),))
    blocks: list[Block] = [Headline(headline(result), level=3)]
    for number, reading in enumerate(result.firing):
        blocks += [rule_weeks(reading)] if number < DRAWN else []
        blocks.append(prose(reading.says))
    blocks.append(_overview(result))
    if any(reading.backtest.quarters for reading in result.readings):
        blocks.append(_quarters(result))
    if result.idle:
        text = f"No values, threshold or direction: {listed(list(result.idle))}."
        blocks.append(Notice("neutral", f"{capital(count(len(result.idle), 'metric'))} could not be run", text))
    return Group(tuple(blocks))


def headline(result: KpiResult) -> str:
    """Return how many rules stand fired."""
    n = len(result.readings)
    if not result.firing:
        return f"No rule fires at the end of week {result.last_week}"
    verb = "fires" if len(result.firing) == 1 else "fire"
    return f"{len(result.firing)} of {n} rules {verb} at the end of week {result.last_week}"


def _overview(result: KpiResult) -> Table:
    columns = (
        Column("Metric"),
        Column("Fires when"),
        Column("Now"),
        Column("Weeks fired", "right"),
        Column("Firings", "right"),
        Column("Fires for nothing", "right"),
    )
    rows = tuple(
        (
            one.kpi.label,
            rule_in_words(one.kpi),
            _now(one),
            f"{one.backtest.fired} of {one.backtest.judged}",
            str(one.backtest.alarms),
            _for_nothing(one),
        )
        for one in result.readings
    )
    counted = [one.kpi.label for one in result.readings if one.source == "CRM export"]
    told = f"Counted from the CRM export, as kpis.csv has none: {listed(counted)}. " if counted else ""
    note = (
        f"{told}The week that is not over is not judged; a week without a value ends a run. Fires for nothing: chance "
        "of a firing within 52 weeks at this volume if the true share were a fifth better than the threshold; of deal "
        "ages, at their own spread. Suite method."
    )
    return Table("Rules over their history", columns, rows, note)


def _for_nothing(reading: RuleReading) -> str:
    if reading.by_itself is not None:
        return f"{reading.by_itself:.0%} of cases"
    return "–" if reading.false_alarm is None else f"{reading.false_alarm.chance:.0%} of years"


def _now(reading: RuleReading) -> str:
    if reading.fires:
        return f"fires, {count(reading.running, 'week')} running"
    return f"{reading.running} of {reading.window} weeks" if reading.running else "does not fire"


def _quarters(result: KpiResult) -> Table:
    columns = (
        Column("Metric"),
        Column("Quarter"),
        Column("Result"),
        Column("First fired"),
        Column("Weeks before", "right"),
    )
    rows = tuple(
        (
            one.kpi.label,
            quarter.quarter,
            f"{quarter.metric} {'missed' if quarter.missed else 'met'}",
            quarter.alarm or "not",
            "–" if quarter.weeks_early is None else str(quarter.weeks_early),
        )
        for one in result.readings
        for quarter in one.backtest.quarters
        if quarter.missed or quarter.alarm
    )
    note = "Quarters that missed their result, and those that met it though the rule fired. Weeks before their end."
    return Table("How early the rules fired", columns, rows, note)
