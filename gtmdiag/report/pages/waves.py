"""What changed over waves; empty where there is only one."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import capital, count, listed, span
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.wave_moves import RETEST, IndexMove
from gtmdiag.findings.waves import FindingMove, Waves
from gtmdiag.instruments.scoring import Index
from gtmdiag.report.blocks import Block, Column, Evidence, Group, Headline, Notice, Prose, Table
from gtmdiag.report.words import SUITE, signed

_READINGS = {
    "moved": "more than noise",
    "within noise": "within noise",
    "not comparable": "not comparable",
    "withheld": "not shown",
}


def waves(diagnosis: Diagnosis) -> Group:
    """Return the waves side by side, what moved by more than its noise, and which findings closed beside actions."""
    found = diagnosis.waves
    if found is None:
        return Group(())
    blocks: list[Block] = [
        Headline("What changed since the wave before", level=2),
        Headline(_headline(found), level=3),
        Prose(_told(found)),
        _rounds(found),
        _moves(found),
    ]
    if found.findings:
        blocks.append(_findings(found.findings))
    if found.withheld:
        text = (
            f"{listed(list(found.withheld))}: too few joined or left since an earlier wave to set the group's figures "
            "side by side. Those of the last wave alone are shown."
        )
        blocks.append(Notice("neutral", "Not every group can be compared", text))
    return Group(tuple(blocks))


def _headline(found: Waves) -> str:
    moved = [one for one in found.moves if one.reading == "moved"]
    compared = [one for one in found.moves if one.reading in ("moved", "within noise")]
    if not compared:
        return "Nothing can be compared with the wave before yet"
    better = sum(_better(one) for one in moved)
    told = f"{capital(count(len(moved), 'figure'))} of {len(compared)} moved by more than noise"
    if not moved:
        return told
    return f"{told}, {'all' if better == len(moved) else f'{better} of them'} for the better"


def _better(one: IndexMove) -> bool:
    return ((one.change or 0) > 0) == one.higher_is_better


def _told(found: Waves) -> tuple[Evidence, ...]:
    closed = [one for one in found.findings if one.state == "closed"]
    told = [
        Evidence(
            "Compared is what people answered. The operating model, weekly values and the CRM export are of one day.",
            "",
        )
    ]
    if closed:
        text = f"{capital(count(len(closed), 'finding'))} closed. That an action closed it was not measured."
        told.append(Evidence(text, SUITE))
    return tuple(told)


def _rounds(found: Waves) -> Table:
    columns = (Column("Wave"), Column("Answered", "right"), Column("The CEO's role"), Column("Who owns the model"))
    rows = tuple(
        (
            one.name,
            f"{one.respondents:,}",
            (one.ceo_verdict or "open") + (", borderline" if one.ceo_borderline else ""),
            f"{one.owner}; {one.unowned} of {one.positions} name none" if one.positions else "not asked",
        )
        for one in found.waves
    )
    return Table("The waves", columns, rows, "The CEO's role by the CEO's own answers; the owner by majority.")


def _moves(found: Waves) -> Table:
    names = [one.name for one in found.waves]
    columns = (
        Column("Index"),
        Column("Answers of"),
        *(Column(name, "right") for name in names),
        Column("Change", "right"),
        Column("Noise", "right"),
        Column("Reading"),
    )
    rows = tuple(
        (
            one.label,
            one.who,
            *(_shown(value) for value in one.values),
            "–" if one.change is None else signed(one.change),
            "–" if one.noise is None else f"±{one.noise:.0f}",
            _READINGS[one.reading],
        )
        for one in found.moves
    )
    note = (
        f"Points of 100. Noise: where 95 % of changes would lie if nobody changed their mind and an answer asked again "
        f"differed by {RETEST:g} steps (assumed). Change: the least that missing answers allow. Suite method."
    )
    return Table("What people answered, wave by wave", columns, rows, note)


def _shown(value: Index | None) -> str:
    return "–" if value is None or value.low is None or value.high is None else span(value.low, value.high)


def _findings(moves: tuple[FindingMove, ...]) -> Table:
    columns = (Column("Finding"), Column("Now"), Column("Actions of the plan for it"), Column("Written down as done"))
    rows = tuple((one.claim, one.state, _some(one.planned), _some(one.done)) for one in moves)
    return Table("Findings that closed or opened", columns, rows, "Only those on what people answered.")


def _some(texts: tuple[str, ...]) -> str:
    shown = [text.rstrip(".") for text in texts[:3]]
    more = f"; {len(texts) - 3} more" if len(texts) > 3 else ""
    return "; ".join(shown) + more if shown else "–"
