"""The chapter on how go-to-market is operated."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import capital, listed
from gtmdiag.diagnostics.operating_model import HandoffAudit, LoopAudit, MeetingAudit, OperatingModelResult
from gtmdiag.diagnostics.operating_model.words import next_layer
from gtmdiag.diagnostics.ownership_altitude import Position
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.operating_figures import layer_map
from gtmdiag.report.words import day, prose

_TEAMS = {"cs": "Customer success", "revops": "RevOps", "business": "Business"}


def operating_model(diagnosis: Diagnosis) -> Group:
    """Return the five layers, handoffs, ownership map, metrics, cadence, feedback loops and ways to fail."""
    result = diagnosis.operating_model
    if result is None:
        text = "There is neither an operating_model.yaml nor an answer on how go-to-market is operated."
        return Group((Notice("neutral", "The operating model is not audited", text),))
    blocks: list[Block] = [Headline(next_layer(result), level=3), layer_map(result), prose(result.layer_says)]
    if any(layer.artefacts for layer in result.layers):
        blocks.append(_artefacts(result, diagnosis.client.language))
    if any(one.process is not None for one in result.handoffs):
        blocks += [prose(result.handoff_says), _handoffs(result.handoffs)]
    blocks += [prose(result.owner_says)] if result.owner_says else []
    blocks += [_owners(result)] if result.owners else []
    blocks += [_apart(result)] if any(row.disagree or row.work_apart for row in result.blind) else []
    blocks += [prose(result.kpi_says)] if result.kpi_says else []
    blocks += [_kpis(result)] if result.kpis else []
    blocks += [prose(result.cadence_says)] if result.cadence_says else []
    blocks += [_meetings(result.meetings)] if result.meetings else []
    blocks += [prose(result.loop_says)] if result.loop_says else []
    if any(one.state != "unknown" for one in result.loops):
        blocks.append(_loops(result.loops))
    if any(pattern.shows is not None for pattern in result.patterns):
        blocks.append(_patterns(result))
    if result.withheld:
        blocks.append(Notice("neutral", "The leaders' answers are not shown", result.withheld))
    return Group(tuple(blocks))


def _artefacts(result: OperatingModelResult, language: str) -> Table:
    columns = (Column("Layer"), Column("Document"), Column("Dated"), Column("Last used"), Column("Proves"))
    rows: list[tuple[str, ...]] = []
    for layer in result.layers:
        for one in layer.artefacts:
            proves = result.maturity_words[one.proves] + (f"; for more: {one.lacks}" if one.lacks else "")
            rows.append((layer.label, one.name, day(one.date, language), day(one.used_on, language), proves))
        if not layer.artefacts:
            rows.append((layer.label, "none", "–", "–", f"at most {result.maturity_words[1]}"))
    note = f"Evidence of use counts back from {day(result.as_of, language)}. Suite method."
    return Table("What proves each layer", columns, tuple(rows), note)


def _handoffs(handoffs: tuple[HandoffAudit, ...]) -> Table:
    columns = (Column("Handoff"), Column("It is"), Column("Lacks"), Column("Response time"), Column("Published"))
    rows: list[tuple[str, ...]] = []
    for one in handoffs:
        name = one.label if one.name == one.label else f"{one.label} ({one.name})"
        verdict = {True: "a process", False: "a suggestion", None: "open"}[one.process]
        lacks = "everything" if one.origin == "absent" else listed([*one.missing, *one.weak]) or "nothing"
        published = "; ".join(part for part in (one.published, listed(list(one.packet))) if part)
        rows.append((name, verdict, lacks if one.process is not None else "–", one.sla or "–", published or "–"))
    note = "A handoff is a process with trigger, data packet and response time. Published: response time; packet. OE."
    return Table("Handoffs", columns, tuple(rows), note)


def _owners(result: OperatingModelResult) -> Table:
    columns = (Column("Stage or handoff"), Column("Accountable"), Column("Responsible"), Column("At fault"))
    rows = tuple(
        (row.activity, listed(list(row.accountable)) or "–", listed(list(row.responsible)) or "–", _faults(row.faults))
        for row in result.owners
    )
    return Table("Ownership map", columns, rows, "Exactly one accountable a row; “all of us” is nobody. OE.")


def _faults(faults: tuple[str, ...]) -> str:
    return capital("; ".join(faults)) if faults else "nothing"


def _apart(result: OperatingModelResult) -> Table:
    rows = tuple(
        (row.label, _said(row.accountable), _said(row.responsible))
        for row in result.blind
        if row.disagree or row.work_apart
    )
    columns = (Column("Row"), Column("Accountable"), Column("Responsible"))
    note = "Declared positions, shown by role; respondents are told so first. Suite method."
    return Table("Asked apart: rows on which people do not agree", columns, rows, note)


def _said(positions: tuple[Position, ...]) -> str:
    said: dict[str, list[str]] = {}
    for position in positions:
        said.setdefault(position.answer, []).append(position.role)
    return "; ".join(f"{answer}: {listed(roles)}" for answer, roles in said.items()) or "–"


def _kpis(result: OperatingModelResult) -> Table:
    columns = (Column("Metric"), Column("Function"), Column("Kind"), Column("It is"), Column("Lacks"))
    grades = {"complete": "a rule, complete", "usable": "a rule", "report": "a report"}
    rows = tuple(
        (
            one.label,
            _TEAMS.get(one.team, capital(one.team)),
            "lagging, declared leading" if one.misdeclared else "leading" if one.leading else "lagging",
            grades[one.grade],
            listed([*one.lacks, *one.grade_lacks]) or "nothing",
        )
        for one in result.kpis
    )
    note = "A rule has threshold, owner and specific action (OE); window, direction, source, response time complete it."
    return Table("Metrics", columns, rows, note)


def _meetings(meetings: tuple[MeetingAudit, ...]) -> Table:
    columns = (Column("Meeting"), Column("Held as"), Column("May not"), Column("Lacks"), Column("Yields actions"))
    operational = {True: "yes", False: "no", None: "not judged"}
    rows = tuple(
        (
            one.label,
            one.name or "not held",
            listed(list(one.missing_powers)) or ("nothing" if one.present else "–"),
            listed(list(one.lacks)) or ("nothing" if one.present else "–"),
            operational[one.operational] if one.present else "–",
        )
        for one in meetings
    )
    note = "A week without misses is not judged. Authority, frequency and length: OE."
    return Table("Cadence", columns, rows, note)


def _loops(loops: tuple[LoopAudit, ...]) -> Table:
    columns = (Column("Feedback"), Column("About"), Column("It is"), Column("Last change"))
    words = {"closed": "closed", "reporting": "reported, without a change", "absent": "absent", "unknown": "open"}
    rows = tuple((one.label, one.about, words[one.state], one.last_change or "–") for one in loops)
    return Table("Feedback loops", columns, rows, "Closed where it names what it last changed, and when. Suite method.")


def _patterns(result: OperatingModelResult) -> Table:
    columns = (Column("Way to fail"), Column("Reading"), Column("Parts at fault", "right"))
    words = {True: "shows", False: "does not show", None: "not enough to tell"}
    rows = tuple(
        (one.label, words[one.shows], f"{one.faulty} of {one.of}" if one.of else "–") for one in result.patterns
    )
    return Table(
        "Three ways to fail", columns, rows, "Names: OE. A way shows where most parts are at fault: suite method."
    )
