"""Slides of the operating model: the five layers, the handoffs, the rules and which of them fire."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import capital, count, listed
from gtmdiag.diagnostics.operating_model import HandoffAudit, LayerMaturity, OperatingModelResult
from gtmdiag.diagnostics.operating_model.words import next_layer
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.kpis import RuleReading
from gtmdiag.kpis.words import rule_in_words
from gtmdiag.report.blocks import Block, Column, Group, Table
from gtmdiag.report.deck.words import slide
from gtmdiag.report.drawing import projected
from gtmdiag.report.operating_figures import rule_weeks
from gtmdiag.report.pages.kpi_rules import headline as rules_headline
from gtmdiag.report.records import Tone
from gtmdiag.report.words import prose

_MATURE, _POOR = 3, 1
"""From here up a layer is used, and up to here it is only said (suite method)."""


def layers(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return the five layers as a heat map, the lowest at the foot, with what is claimed, proved and effective."""
    result = diagnosis.operating_model
    if result is None:
        return Group(())
    rows = tuple(reversed(result.layers))
    claims = [("CEO says", [row.ceo for row in rows]), ("Leaders say", [row.leaders for row in rows])]
    shown = [(name, values) for name, values in claims if any(value is not None for value in values)]
    columns = (Column("Layer"), *(Column(name) for name, _ in shown), Column("Proved"), Column("Effective"))
    cells = [
        (row.label, *(_told(values[place], result) for _, values in shown), *_proved(row, result))
        for place, row in enumerate(rows)
    ]
    tones: list[tuple[Tone, ...]] = [
        ("neutral", *(_tone(values[place]) for _, values in shown), _tone(row.evidenced), _tone(row.effective))
        for place, row in enumerate(rows)
    ]
    note = "0 absent to 4 improved by its own feedback. Effective: no more than the layer below. Suite method."
    table = Table("", columns, tuple(cells), note, tuple(tones))
    return slide(title or next_layer(result), (table, prose(result.layer_says)))


def _told(value: float | None, result: OperatingModelResult) -> str:
    if value is None:
        return "–"
    return f"{value:.0f} {result.maturity_words[int(value)]}" if value == int(value) else f"{value:.1f}"


def _proved(row: LayerMaturity, result: OperatingModelResult) -> tuple[str, str]:
    evidenced = _told(row.evidenced, result) + (", less than claimed" if row.overclaimed else "")
    return evidenced, _told(row.effective, result) + (", a blind spot" if row.blind_spot else "")


def _tone(value: float | None) -> Tone:
    return "neutral" if value is None else "good" if value >= _MATURE else "bad" if value <= _POOR else "warn"


def handoffs(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return the handoffs: process or suggestion, what each lacks, its response time beside the published one."""
    result = diagnosis.operating_model
    known = [] if result is None else [one for one in result.handoffs if one.process is not None]
    if result is None or not known:
        return Group(())
    columns = (Column("Handoff"), Column("It is"), Column("Lacks"), Column("Response time"), Column("Published"))
    rows = tuple(_handoff(one) for one in known)
    tones: tuple[tuple[Tone, ...], ...] = tuple(
        ("neutral", "good" if one.process else "bad", "neutral", "warn" if one.slower else "neutral", "neutral")
        for one in known
    )
    processes = sum(one.process is True for one in known)
    every = count(len(known), "handoff")
    told = f"{capital(every)}, {processes} of them a process; the rest is only a suggestion"
    if processes in (0, len(known)):
        told = f"None of {every} is a process" if not processes else f"Every one of {every} is a process"
    note = "A handoff is a process with trigger, data packet and response time; else it is a suggestion. OE."
    return slide(title or told, (Table("", columns, rows, note, tones), prose(result.handoff_says[:3])))


def _handoff(one: HandoffAudit) -> tuple[str, ...]:
    lacks = "everything" if one.origin == "absent" else listed([*one.missing, *one.weak]) or "nothing"
    return one.label, "a process" if one.process else "a suggestion", lacks, one.sla or "–", one.published or "–"


def kpi_rules(diagnosis: Diagnosis, title: str = "") -> Group:
    """Return the rules that were run on weekly values, and the one that fires over its weeks."""
    result = diagnosis.kpis
    if result is None or not result.readings:
        return Group(())
    blocks: list[Block] = []
    if result.firing:
        with projected():
            blocks.append(rule_weeks(result.firing[0]))
    columns = (Column("Metric"), Column("Fires when"), Column("Now"), Column("Weeks fired", "right"))
    rows = tuple(_rule(one) for one in result.readings)
    tones: tuple[tuple[Tone, ...], ...] = tuple(
        ("neutral", "neutral", "bad" if one.fires else "good", "neutral") for one in result.readings
    )
    blocks.append(Table("", columns, rows, "A week that is not over is not judged. Suite method.", tones))
    blocks += [prose(reading.says[:2]) for reading in result.firing[:1]]
    return slide(title or rules_headline(result), blocks)


def _rule(reading: RuleReading) -> tuple[str, ...]:
    now = "fires" if reading.fires else "does not fire"
    weeks = f"{reading.backtest.fired} of {reading.backtest.judged}"
    return reading.kpi.label, rule_in_words(reading.kpi), now, weeks
