"""D7: the findings of all diagnostics in one order, the binding constraint, links and contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gtmdiag.findings.contradictions import Contradiction, contradictions
from gtmdiag.findings.finding import Finding
from gtmdiag.findings.links import Link, links
from gtmdiag.findings.ranking import Constraint, Ranked, binding, rank, rule_in_words
from gtmdiag.findings.results import Results
from gtmdiag.findings.trust import Gate
from gtmdiag.instruments.synthesis_rules import SynthesisRules
from gtmdiag.trail import Sentence

__all__ = ["Constraint", "Contradiction", "Link", "Ranked", "Synthesis", "synthesise"]


@dataclass(frozen=True)
class Synthesis:
    """What all diagnostics say together.

    Attributes
    ----------
    rule
        The rule of ranking as one sentence.
    gate
        Which findings faults in the data made less sure; it comes before all.
    ranked
        Every gap by its points.
    shown
        Ids of the gaps that one page holds, the binding constraint first.
    constraint
        The binding constraint, or None where nothing is graver than low.
    """

    rule: Sentence
    gate: Gate
    ranked: tuple[Ranked, ...]
    shown: tuple[str, ...]
    constraint: Constraint | None
    links: tuple[Link, ...]
    contradictions: tuple[Contradiction, ...]


def synthesise(findings: Sequence[Finding], results: Results, gate: Gate, rules: SynthesisRules) -> Synthesis:
    """Put the findings in one order and say what holds them together.

    Parameters
    ----------
    findings
        All findings, already through the trust gate.
    results
        What they came from.
    gate
        What came of the trust gate.
    rules
        Points, themes and conflicts. Suite method; the orders of building cite their source.
    """
    ranked = rank(findings, rules)
    constraint = binding(ranked, findings, rules)
    order = [one.finding for one in ranked]
    if constraint is not None:
        order.remove(constraint.finding)
        order.insert(0, constraint.finding)
    return Synthesis(
        rule=rule_in_words(rules),
        gate=gate,
        ranked=ranked,
        shown=tuple(order[: rules.most_findings]),
        constraint=constraint,
        links=links(results),
        contradictions=contradictions(results, rules),
    )
