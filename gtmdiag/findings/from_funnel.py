"""Findings of the funnel's counts: only what stays true however the open deals end."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.findings.finding import Finding
from gtmdiag.funnel.result import FunnelResult, StageRow
from gtmdiag.instruments.rules import Reference, references
from gtmdiag.trail import Sentence, Trail

MINIMUM_DEALS = 30
"""Deals that must have entered a stage before anything is said about it (suite method)."""


def funnel_findings(result: FunnelResult) -> Iterator[Finding]:
    """Yield a finding on the marketing-to-sales handoff when its counts settle it.

    With every open deal counted as lost, and then as advanced, the final share lies between two bounds. A finding is
    made only where both bounds lie below the range that is published as right, or above its near end.
    """
    stage = next((row for row in result.stages if "mql" in row.roles), None)
    if stage is None or not stage.entered or stage.entered < MINIMUM_DEALS:
        return
    if stage.advanced is None or stage.open is None:
        return
    known = {reference.id: reference for reference in references()}
    alarm, right = known["mql_sql_alarm"], known["mql_sql_right"]
    least = stage.advanced / stage.entered
    most = (stage.advanced + stage.open) / stage.entered
    # Whole percent, rounded so that the words stay true.
    reach = stage.advanced + stage.open
    low, high = f"{100 * stage.advanced // stage.entered}%", f"{-(-100 * reach // stage.entered)}%"
    evidence = _evidence(stage, low, high, alarm, right)
    if right.low is not None and alarm.low is not None and most < right.low:
        yield Finding(
            id="funnel.mql_sql",
            severity="high" if least < alarm.low else "medium",
            claim=f"The handoff from marketing to sales leaks: at most {high} of {stage.stage} deals can move on.",
            evidence=evidence,
            confidence="medium",
            because="it holds even if every open deal moves on; definitions of a qualified lead differ",
            owner="Marketing and sales leaders together",
            next_step="Go through the qualification criteria together, on the last 20 leads that sales did not accept.",
        )
    elif right.low is not None and least >= right.low:
        yield Finding(
            id="funnel.mql_sql",
            severity="strength",
            claim=f"The handoff from marketing to sales works: {low} of {stage.stage} deals have moved on.",
            evidence=evidence,
            confidence="medium",
            because="definitions of a qualified lead differ between companies",
            owner="Marketing and sales leaders together",
            next_step="Keep the shared definition, and watch the rate each week.",
        )


def _evidence(stage: StageRow, low: str, high: str, alarm: Reference, right: Reference) -> tuple[Sentence, ...]:
    counted = Trail("advanced, and advanced + open, of entered", "suite", (f"crm, stage {stage.stage}",), stage.entered)
    published = Trail(f"published value, {alarm.comparable} comparable", alarm.source, (alarm.id, right.id))
    return (
        Sentence(
            f"Of {stage.entered:,} deals that entered {stage.stage}, {stage.advanced:,} moved on, {stage.lost:,} were "
            f"lost and {stage.open:,} are open: whatever becomes of these, between {low} and {high} move on.",
            counted,
        ),
        Sentence(
            f"Published: {right.low:.0%} to {right.high:.0%} where the handoff works; an alarm below {alarm.low:.0%}. "
            "Definitions differ, so this is context and no target.",
            published,
        ),
    )
