"""The chapter on who owns the model and who decides what."""

from __future__ import annotations

from gtmdiag.diagnostics.ownership_altitude import Decision, OwnershipAltitudeResult, Side
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.ownership_figures import decision_map, ownership_ladder
from gtmdiag.report.words import not_in_conflict, prose


def ownership_altitude(diagnosis: Diagnosis) -> Group:
    """Return ladder, reading, decision map, what is institutional, and the ways to fail that already show."""
    result = diagnosis.ownership_altitude
    if result is None:
        text = "Nobody has answered the questions on ownership in this wave."
        return Group((Notice("neutral", "Ownership is not assessed", text),))
    ladder, decisions = ownership_ladder(result), decision_map(result)
    blocks: list[Block] = [Headline(_headline(result), level=3)]
    blocks += [ladder] if ladder is not None else []
    blocks.append(prose((*result.sentences, *not_in_conflict(diagnosis))))
    blocks += [decisions] if decisions is not None else []
    if result.ownership is not None:
        blocks.append(_positions(result))
    if decisions is not None:
        blocks.append(_map(result))
    if any(part.in_place is not None for part in result.institution.parts):
        blocks.append(_institution(result))
    if any(mode.shows is not None for mode in result.modes):
        blocks.append(_modes(result))
    if result.withheld:
        blocks.append(Notice("neutral", "The leaders' scores are not shown", result.withheld))
    return Group(tuple(blocks))


def _headline(result: OwnershipAltitudeResult) -> str:
    ownership = result.ownership
    if ownership is None:
        return "Who owns the model is not answered"
    if ownership.level is None:
        return f"{len(ownership.owners)} different owners are named for one model"
    told = {
        "nobody": "Nobody owns the go-to-market model",
        "function": "The go-to-market model is left to one function",
        "business": "The go-to-market model is owned at business level",
    }
    headline = told.get(ownership.level, "The go-to-market model is owned below business level")
    return headline + (", in name only" if ownership.level == "business" and not ownership.in_practice else "")


def _positions(result: OwnershipAltitudeResult) -> Table:
    assert result.ownership is not None
    rows = tuple((position.role, position.answer) for position in result.ownership.positions)
    note = "Declared positions, shown by role; respondents are told so first."
    return Table("Who owns the go-to-market model?", (Column("Role"), Column("Answer")), rows, note)


def _map(result: OwnershipAltitudeResult) -> Table:
    near = any(side.required_near for one in result.decisions for side in (one.designs, one.decides))
    columns = [Column("Decision"), Column("Designs today"), Column("Stage asks")]
    columns += [Column("Decides today"), Column("Stage asks")]
    rows = tuple((_name(one), *_cells(result, one.designs), *_cells(result, one.decides)) for one in result.decisions)
    note = "By majority of respondents." + (" In brackets: what the neighbouring stage asks." if near else "")
    return Table("Decisions, today and as the stage asks", tuple(columns), rows, note)


def _name(decision: Decision) -> str:
    return f"{decision.label} ({decision.note})" if decision.note else decision.label


def _cells(result: OwnershipAltitudeResult, side: Side) -> tuple[str, str]:
    today = result.altitude(side.level) if side.level is not None else side.judgement
    asked = result.altitude(side.required) if side.required is not None else "–"
    return today, f"{asked} ({result.altitude(side.required_near)})" if side.required_near else asked


def _institution(result: OwnershipAltitudeResult) -> Table:
    marks = {True: "in place", False: "not in place", None: "not answered"}
    shown = any(part.leaders is not None for part in result.institution.parts)
    columns = [Column("Part"), Column("CEO")]
    columns += [Column("Leaders' mean", "right")] if shown else []
    columns.append(Column("Reading"))
    rows: list[tuple[str, ...]] = []
    for part in result.institution.parts:
        mean = "not shown" if part.leaders is None else f"{part.leaders:.1f} (n = {part.n})"
        rows.append((part.label, part.ceo or "–", *([mean] if shown else []), marks[part.in_place]))
    note = "Mean: 0 no, 1 partly, 2 yes. In place where the CEO and the leaders' mean both say so. Suite method."
    return Table("What makes ownership institutional", tuple(columns), tuple(rows), note)


def _modes(result: OwnershipAltitudeResult) -> Table:
    marks = {True: "seen", False: "not seen", None: "–"}
    rows = tuple((mode.label, one.text, one.answer, marks[one.seen]) for mode in result.modes for one in mode.evidence)
    columns = (Column("Way to fail"), Column("Evidence"), Column("Answers"), Column("Reading"))
    return Table("Ways to fail, and whether they show", columns, rows, "Source: GJ.")
