"""The chapter on how marketing operates."""

from __future__ import annotations

from gtmdiag.diagnostics.marketing import Capability, MarketingResult, Pillar
from gtmdiag.diagnostics.marketing.words import shown
from gtmdiag.diagnostics.numbers import capital, listed, lower_first
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.marketing_figures import pillar_gaps
from gtmdiag.report.words import prose


def marketing(diagnosis: Diagnosis) -> Group:
    """Return marketing's against sales' view of the four pillars, missing capabilities, and actions by four steps."""
    result = diagnosis.marketing
    if result is None:
        text = "Neither marketing nor sales has answered the questions on marketing in this wave."
        return Group((Notice("neutral", "Marketing is not assessed", text),))
    figure = pillar_gaps(result)
    blocks: list[Block] = [Headline(_headline(result), level=3)]
    blocks += [figure] if figure is not None else []
    if told := (*result.gap_says, *result.pillar_says):
        blocks.append(prose(told))
    if any(pillar.declared for pillar in result.pillars):
        blocks.append(_declared(result.pillars))
    if any(one.missing is not None for one in result.capabilities):
        blocks.append(_capabilities(result.capabilities))
    if result.actions:
        blocks.append(_actions(result))
    if result.withheld:
        blocks.append(Notice("neutral", "Not every side is shown", result.withheld))
    return Group(tuple(blocks))


def _headline(result: MarketingResult) -> str:
    if result.apart:
        names = [lower_first(pillar.label) for pillar in result.apart]
        return f"Marketing and sales do not see the same: {listed(names)}"
    low = [lower_first(pillar.label) for pillar in result.pillars if pillar.low]
    if low:
        return f"Marketing is weak in {listed(low)}"
    if any(pillar.gap is not None for pillar in result.pillars):
        return "Marketing and sales see marketing alike"
    return "Whether marketing and sales see the same is not known yet"


def _declared(pillars: tuple[Pillar, ...]) -> Table:
    roles = list(dict.fromkeys((one.side, one.role) for pillar in pillars for one in pillar.declared))
    columns = (Column("Pillar"), *(Column(f"{role} ({side})", "right") for side, role in roles))
    rows: list[tuple[str, ...]] = []
    for pillar in pillars:
        told = [
            " · ".join(shown(one.index) for one in pillar.declared if (one.side, one.role) == role) for role in roles
        ]
        rows.append((pillar.label, *told))
    note = "Declared positions: a side of fewer people than a group needs, each of whom agreed to be shown by role."
    return Table("What single people declared, of 100", columns, tuple(rows), note)


def _capabilities(capabilities: tuple[Capability, ...]) -> Table:
    columns = (Column("Capability"), Column("Say it is missing"), Column("Reading"), Column("What to do"))
    rows = tuple(
        (
            one.label,
            listed([f"{view.missing} of {view.n} in {view.side}" for view in one.views])
            or {True: "the CEO", False: "not by the CEO", None: "not answered"}[one.ceo],
            {True: "missing", False: "there", None: "open"}[one.missing],
            one.next if one.missing else "–",
        )
        for one in capabilities
    )
    note = "Missing where more than half of either side say so. Capabilities: AJ; the reading: suite method."
    return Table("Capabilities that are often missing", columns, rows, note)


def _actions(result: MarketingResult) -> Table:
    columns = (Column("Step"), Column("Action"), Column("Because of"), Column("Owner"))
    rows = tuple(
        (one.step_label, one.text, capital(listed([lower_first(gap) for gap in one.because])), one.owner)
        for one in result.actions
    )
    note = "Steps: AJ. Which action answers which gap: suite method."
    return Table("What to do, in four steps", columns, rows, note)
