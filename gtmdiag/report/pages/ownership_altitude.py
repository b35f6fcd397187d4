"""The chapter on who owns the model and who decides what."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import capital, listed
from gtmdiag.diagnostics.ownership_altitude import Decision, Ownership, OwnershipAltitudeResult, Side, side_of
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
    blocks: list[Block] = [Headline(headline(result), level=3)]
    blocks += [ladder] if ladder is not None else []
    blocks.append(prose((*result.owner_says, *not_in_conflict(diagnosis))))
    if result.ownership is not None:
        blocks.append(_positions(result.ownership))
    blocks += [decisions] if decisions is not None else []
    blocks += [prose(result.map_says)] if result.map_says else []
    blocks += [_map(result)] if decisions is not None else []
    if result.sides("disputed"):
        blocks.append(_disputes(result))
    if any(part.in_place is not None for part in result.institution.parts):
        blocks += [_institution(result), prose(result.institution_says)]
    if any(mode.shows is not None for mode in result.modes):
        blocks.append(_modes(result))
    if result.withheld:
        blocks.append(Notice("neutral", "The leaders' scores are not shown", result.withheld))
    return Group(tuple(blocks))


def headline(result: OwnershipAltitudeResult) -> str:
    """Return who owns the model, or that it is not known."""
    ownership = result.ownership
    if ownership is None:
        return "Who owns the model is not answered"
    if ownership.level is None:
        return "People do not agree on who owns the go-to-market model"
    told = {
        "nobody": "Nobody owns the go-to-market model",
        "function": "The go-to-market model is left to "
        + ("one function" if len(ownership.functions) == 1 else "single functions"),
        "business": "The go-to-market model is owned at business level",
    }
    headline = told.get(ownership.level, "The go-to-market model is owned below business level")
    in_name = ownership.level == "business" and ownership.in_practice is False
    return headline + (", in name only" if in_name else "")


def _positions(ownership: Ownership) -> Table:
    rows = tuple((position.role, position.answer) for position in ownership.positions)
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
    today = result.holder(side) if side.level is not None else capital(side.judgement)
    asked = result.short(side.required) if side.required is not None else "–"
    return today, f"{asked} ({result.short(side.required_near)})" if side.required_near else asked


def _disputes(result: OwnershipAltitudeResult) -> Table:
    verbs = {"designs": "who designs", "decides": "who decides"}
    rows: list[tuple[str, ...]] = []
    for decision, name in result.sides("disputed"):
        said: dict[str, list[str]] = {}
        for position in side_of(decision, name).positions:
            said.setdefault(position.answer, []).append(position.role)
        rows += [(f"{decision.label}: {verbs[name]}", answer, listed(roles)) for answer, roles in said.items()]
    columns = (Column("Right"), Column("Answer"), Column("Said by"))
    return Table("Rights on which people do not agree", columns, tuple(rows), "Declared positions, shown by role.")


def _institution(result: OwnershipAltitudeResult) -> Table:
    marks = {True: "in place", False: "not in place", None: "open"}
    shown = any(part.leaders is not None for part in result.institution.parts)
    columns = [Column("Part"), Column("CEO")]
    columns += [Column("Leaders' mean", "right")] if shown else []
    columns.append(Column("Reading"))
    rows: list[tuple[str, ...]] = []
    for part in result.institution.parts:
        held = "not shown" if part.n else "–"
        mean = held if part.leaders is None else f"{part.leaders:.1f} (n = {part.n})"
        rows.append((part.label, part.ceo or "–", *([mean] if shown else []), marks[part.in_place]))
    note = "In place where the CEO's answer and the leaders' mean, as far as shown, both say so. Suite method."
    if shown:
        note = "Mean: 0 no, 1 partly, 2 yes; from 1.5 on it says so. " + note
    return Table("What makes ownership institutional", tuple(columns), tuple(rows), note)


def _modes(result: OwnershipAltitudeResult) -> Table:
    marks = {True: "seen", False: "not seen", None: "–"}
    rows = tuple((mode.label, one.text, one.answer, marks[one.seen]) for mode in result.modes for one in mode.evidence)
    columns = (Column("Way to fail"), Column("Evidence"), Column("Answers"), Column("Reading"))
    return Table("Ways to fail, and whether they show", columns, rows, "Source: GJ.")
