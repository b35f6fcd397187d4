"""The page that puts all diagnostics together."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import capital, count, lower_first
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.finding import Finding
from gtmdiag.findings.synthesis import Contradiction, Link, Synthesis
from gtmdiag.report.blocks import Block, Column, Evidence, Group, Headline, Notice, Prose, Table, Tone
from gtmdiag.report.plan_figures import gap_ranking
from gtmdiag.report.words import basis, evidence, worth
from gtmdiag.trail import Sentence


def synthesis(diagnosis: Diagnosis) -> Group:
    """Return one page: trust gate, binding constraint and why, the gravest gaps, links, contradictions."""
    found, by_id = diagnosis.synthesis, {one.id: one for one in diagnosis.findings}
    if not found.ranked:
        text = "There is no gap to rank." if diagnosis.findings else "Nothing could be analysed yet."
        told = Notice("good" if diagnosis.findings else "neutral", "No binding constraint", text)
        return Group((told, *([_contradictions(found.contradictions)] if found.contradictions else [])))
    blocks: list[Block] = []
    if found.gate.says:
        tone: Tone = "warn" if found.gate.lowered else "neutral"
        blocks.append(Notice(tone, "Trust first", " ".join(one.text for one in found.gate.says)))
    picture = gap_ranking(found, by_id)
    blocks += [_constraint(found, by_id), *([picture] if picture is not None else []), _gaps(found, by_id)]
    if found.links:
        blocks.append(_links(found.links))
    if found.contradictions:
        blocks.append(_contradictions(found.contradictions))
    return Group(tuple(blocks))


def _constraint(found: Synthesis, by_id: dict[str, Finding]) -> Block:
    constraint = found.constraint
    if constraint is None:
        return Notice("good", "No binding constraint", "No gap is graver than low.")
    told = [evidence(one) for one in constraint.why]
    if constraint.runner_up:
        claim = lower_first(by_id[constraint.runner_up].claim)
        told.append(Evidence(f"Close behind: {claim}", basis(found.rule)))
    return Group((Headline(f"What binds: {constraint.claim}", level=3), Prose(tuple(told))))


def _gaps(found: Synthesis, by_id: dict[str, Finding]) -> Table:
    points = {one.finding: one for one in found.ranked}
    columns = (Column("Gap"), Column("How grave, how sure"), Column("Points", "right"), Column("Who does what next"))
    lowered = {one.finding: one for one in found.gate.lowered}
    rows: list[tuple[str, ...]] = []
    for one in found.shown:
        gap = by_id[one]
        sure = f"{gap.severity}, {gap.confidence} confidence"
        sure += f" (was {lowered[one].before})" if one in lowered else ""
        value = f" Worth {worth(gap.value)}." if gap.value is not None else ""
        rows.append((f"{gap.claim}{value}", sure, f"{points[one].points:.1f}", f"{gap.owner}: {gap.next_step}"))
    more = len(found.ranked) - len(rows)
    note = found.rule.text + (f" {capital(count(more, 'more gap'))} in “Findings”." if more > 0 else "")
    return Table("The gravest gaps, in one order", columns, tuple(rows), f"{note} Suite method.")


def _links(links: tuple[Link, ...]) -> Table:
    rows = tuple((_told(one.says), one.next_step) for one in links)
    columns = (Column("Where two diagnostics meet"), Column("Do first"))
    note = "That the one causes the other was not measured. Suite method."
    return Table("Links between diagnostics", columns, rows, note)


def _contradictions(found: tuple[Contradiction, ...]) -> Table:
    columns = (Column("Between"), Column("What does not go together"), Column("How to read it"))
    rows = tuple((capital(one.between), f"{_told(one.one)} {_told(one.other)}", one.reading) for one in found)
    return Table("Contradictions", columns, rows)


def _told(sentence: Sentence) -> str:
    """Return a sentence with a source other than ours; ours is told once for the page."""
    source = sentence.trail.source
    return sentence.text if source == "suite" else f"{sentence.text.removesuffix('.')} ({source})."
