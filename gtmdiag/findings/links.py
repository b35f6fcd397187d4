"""Links between diagnostics: where two of them point at one place. Calendar and measured times join here later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gtmdiag.diagnostics.numbers import listed
from gtmdiag.diagnostics.operating_model import OperatingModelResult
from gtmdiag.diagnostics.ownership_altitude import side_of
from gtmdiag.findings.results import Results
from gtmdiag.funnel.leaks import Leak
from gtmdiag.instruments.operating_rules import plain
from gtmdiag.trail import Sentence, Trail

RUNS_IT = ("operator", "hands_on")


@dataclass(frozen=True)
class Link:
    """Two results that belong together: what each says, and what to do first."""

    id: str
    findings: tuple[str, ...]
    says: Sentence
    next_step: str


def links(results: Results) -> tuple[Link, ...]:
    """Return every link that the results show. Nothing is said of which causes which."""
    return (
        *_unowned_leak(results),
        *_low_and_fragmented(results),
        *_operator_without_steward(results),
        *_centralize_without_second_line(results),
    )


def _unowned_leak(results: Results) -> Iterator[Link]:
    operating, funnel = results.operating_model, results.funnel
    if operating is None or funnel is None or funnel.estimates is None:
        return
    for leak in funnel.estimates.leaks:
        faults = list(_faults_at(leak, operating)) if leak.flagged else []
        if faults:
            text = f"{leak.stage}→{leak.to} leaks, and there {listed(faults)}."
            inputs = (f"crm, stage {leak.stage}", "operating_model.yaml, raci", "operating_model.yaml, handoffs")
            trail = Trail("a stage that leaks, held against its owner and handoff", "suite", inputs)
            findings = (f"funnel.leak.{leak.stage}", "operating_model.strategy_without_ownership")
            step = f"Name one accountable owner for {leak.stage}→{leak.to} before anything else is changed there."
            yield Link("unowned_leak", findings, Sentence(text, trail), step)


def _faults_at(leak: Leak, operating: OperatingModelResult) -> Iterator[str]:
    """Yield what the audit says of the stage that leaks, and of its handoff."""
    step = plain(f"{leak.stage}→{leak.to}")
    for row in operating.owners:
        if row.unowned and plain(row.activity) in (plain(leak.stage), step):
            named = "nobody is" if "no accountable" in row.faults else f"{len(row.accountable)} are"
            yield f"{named} accountable for {row.activity}"
    for handoff in operating.handoffs:
        if plain(handoff.name) == step and handoff.process is False:
            yield f"the handoff lacks {listed(list(handoff.missing))}"


def _low_and_fragmented(results: Results) -> Iterator[Link]:
    altitude = results.ownership_altitude
    if altitude is None:
        return
    mode = next((one for one in altitude.modes if one.id == "icp_fragments" and one.shows), None)
    low = [
        name
        for decision, name in altitude.sides("too low")
        if decision.id == "icp_segments" and side_of(decision, name).level is not None
    ]
    if mode is None or not low:
        return
    text = "The target customer is decided too low, and it fragments: each function works with its own."
    inputs = tuple(f"ownership_altitude.icp_segments.{name}" for name in low)
    findings = ("ownership_altitude.too_low", "ownership_altitude.icp_fragments")
    trail = Trail("a decision that sits too low, beside its failure mode", "GJ", (*inputs, findings[1]))
    step = "Take the choice of target customers back to the level that the stage asks, then write down one."
    yield Link("low_altitude_fragmented_icp", findings, Sentence(text, trail), step)


def _operator_without_steward(results: Results) -> Iterator[Link]:
    role = results.champion_operator
    reading = None if role is None else role.ceo if role.ceo is not None and role.ceo.verdict is not None else role.team
    if role is None or reading is None or reading.verdict is None or reading.verdict.id not in RUNS_IT:
        return
    if role.stage.stage == "early" or "steward" not in results.missing_parts():
        # Of an early company's CEO it is expected.
        return
    text = "The CEO runs go-to-market, and no steward is named to whom it could be handed over."
    inputs = ("champion_operator.verdict", "ownership_altitude.steward.in_place")
    trail = Trail("the CEO's role beside the institution", "suite", inputs)
    findings = ("champion_operator.verdict", "ownership_altitude.owner")
    yield Link(
        "operator_without_steward", findings, Sentence(text, trail), "Name a steward before habits are handed over."
    )


def _centralize_without_second_line(results: Results) -> Iterator[Link]:
    gut = results.gut_check
    if gut is None or gut.ceo is None or gut.side != "centralized" or gut.ceo.prerequisite == "met":
        return
    told = "is not affordable" if gut.ceo.prerequisite == "missing" else "is not known to be affordable"
    text = f"The answers point to one leader, but the strong second line that this needs {told}."
    trail = Trail("one leader needs a strong second line", "suite", ("gut_check.second_line.centralize",))
    step = "Settle the second line first" + (
        "; until then several leaders serve." if gut.present == "distributed" else "."
    )
    yield Link("centralize_without_second_line", ("gut_check.structure",), Sentence(text, trail), step)
