"""The pages of the workshop: functions from answers to blocks, for the cells of a notebook."""

from __future__ import annotations

from pathlib import Path

from gtmdiag.assess.calibration import Calibration, calibrate, predictions
from gtmdiag.assess.disagreement import Disagreements, disagreements
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.words import prose

_LISTED = 15


def gaps(engagement: str, wave: str = "") -> Group:
    """Return the questions on which the leaders differ most, with their comments where enough people commented."""
    found = disagreements(Path(engagement), wave)
    if not found.gaps:
        text = f"Differences are listed from {found.needed} leaders up who answered a question; here they are fewer."
        return Group((Notice("neutral", "No differences can be shown", text),))
    first = found.gaps[0]
    blocks: list[Block] = [
        Headline(f"The leaders differ most on: {first.theme}", level=3),
        _gap_table(found),
    ]
    for gap in found.gaps[:_LISTED]:
        if gap.comments:
            rows = tuple((comment,) for comment in gap.comments)
            blocks.append(Table(f"Comments: {gap.question}", (Column("In the order of the alphabet"),), rows))
    return Group(tuple(blocks))


def disputes(engagement: str, wave: str = "") -> Group:
    """Return the declared positions on which the roles differ; people were told that these are shown by role."""
    found = disagreements(Path(engagement), wave).disputes
    if not found:
        return Group((Notice("good", "No disputed position", "Nobody answered otherwise than the others."),))
    columns = (Column("Question"), Column("Who says what"))
    rows = tuple(
        (one.question, " · ".join(f"{role}: {label}" for role, label in one.positions)) for one in found[:_LISTED]
    )
    note = f"The {len(rows)} of {len(found)} with most different answers. Declared positions, shown by role."
    headline = Headline(f"{len(found)} positions are disputed", level=3)
    return Group((headline, Table("Disputed positions", columns, rows, note)))


def calibration(client: Diagnosis, engagement: str) -> Group:
    """Return what the leaders guessed against what the data say."""
    guesses = predictions(Path(engagement), client.wave)
    if not guesses:
        return Group((Notice("neutral", "Nobody guessed", "The form asks for the biggest leak before any result."),))
    rule = client.client.anonymity.rule
    result = calibrate(guesses, client.funnel, rule)
    blocks: list[Block] = [Headline(_headline(result), level=3), prose(result.sentences)]
    if result.leaders.named is not None:
        columns = (Column("Stage"), Column("Leaders who named it", "right"))
        rows = tuple((stage, str(n)) for stage, n in result.leaders.named)
        blocks.append(Table("What the leaders named", columns, rows, f"n = {result.leaders.n}, without the CEO."))
    elif result.leaders.n:
        text = f"Guesses of a group are shown from {rule.group_minimum} leaders up."
        blocks.append(Notice("neutral", "The leaders' guesses are not shown", text))
    return Group(tuple(blocks))


def _headline(result: Calibration) -> str:
    group = result.leaders
    if result.actual is None:
        return "The data name no biggest leak yet"
    if group.right is None:
        return "Guesses against the data"
    return (
        "Most leaders know where the biggest leak is"
        if 2 * group.right > group.n
        else "Most leaders look for the biggest leak elsewhere"
    )


def _gap_table(found: Disagreements) -> Table:
    columns = (
        Column("Question"),
        Column("n", "right"),
        Column("Apart", "right"),
        Column("Leaders"),
        Column("CEO"),
    )
    rows = tuple(
        (gap.question, str(gap.n), f"{gap.disagreement:.0%}", gap.typical, gap.ceo or "–")
        for gap in found.gaps[:_LISTED]
    )
    note = (
        "Apart: 0 % all the same, 100 % as far apart as the answers allow. Suite method. "
        f"Listed from {found.needed} leaders up; the CEO's answer is not among theirs."
    )
    if found.held_back:
        note += f" Held back for too few answers: {found.held_back}."
    return Table("Where the leaders differ most", columns, rows, note)
