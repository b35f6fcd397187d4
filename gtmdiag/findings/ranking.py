"""One printed rule that puts the gaps of all diagnostics in order, and names the binding constraint by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gtmdiag.diagnostics.numbers import capital, count, listed, money
from gtmdiag.findings.finding import Finding
from gtmdiag.instruments.synthesis_rules import SynthesisRules
from gtmdiag.trail import Sentence, Trail

SHOWN_THEMES = 4
RULE = "severity × confidence + value + dependency"


@dataclass(frozen=True)
class Ranked:
    """A gap with its points, which are the sum of the three parts; ``dependents`` are the gaps that rest on it."""

    finding: str
    points: float
    severity: float
    value: float
    dependency: float
    dependents: tuple[str, ...]


@dataclass(frozen=True)
class Constraint:
    """The binding constraint: the gap that comes first by the rule, and why.

    ``runner_up`` is the next gap where it is close, else empty.
    """

    finding: str
    claim: str
    theme: str
    why: tuple[Sentence, ...]
    runner_up: str


def rank(findings: Sequence[Finding], rules: SynthesisRules) -> tuple[Ranked, ...]:
    """Return every gap, the one with most points first; those alike keep their order. Suite method."""
    gaps = [one for one in findings if one.severity != "strength"]
    largest: dict[str, float] = {}
    for one in gaps:
        if one.value is not None:
            largest[one.value.currency] = max(largest.get(one.value.currency, 0.0), one.value.estimate)
    ranked = [_ranked(one, gaps, largest, rules) for one in gaps]
    return tuple(sorted(ranked, key=lambda one: -one.points))


def rule_in_words(rules: SynthesisRules) -> Sentence:
    """Return the rule of ranking as one sentence."""
    points = rules.ranking
    severity = ", ".join(f"{name} {value:g}" for name, value in points.severity.items())
    confidence = ", ".join(f"{name} {value:g}" for name, value in points.confidence.items())
    text = (
        f"Points of a gap: severity ({severity}) times confidence ({confidence}); plus up to {points.value:g} for "
        f"money, in proportion to the largest amount measured; plus {points.dependency:g} for each other gap that "
        f"rests on it, at most {points.dependency_most:g}."
    )
    return Sentence(text, Trail(RULE, "suite", ("synthesis_rules.yaml, ranking",)))


def binding(ranked: Sequence[Ranked], findings: Sequence[Finding], rules: SynthesisRules) -> Constraint | None:
    """Return the binding constraint, or None where no gap is of medium severity or above."""
    by_id = {one.id: one for one in findings}
    grave = [one for one in ranked if by_id[one.finding].severity != "low"]
    if not grave:
        return None
    first, others = grave[0], [one for one in ranked if one is not grave[0]]
    near = others and first.points - others[0].points <= rules.ranking.close
    theme = rules.theme_of(first.finding)
    return Constraint(
        finding=first.finding,
        claim=by_id[first.finding].claim,
        theme=theme.label if theme is not None else "",
        why=tuple(_why(first, others[0] if others else None, by_id, rules)),
        runner_up=others[0].finding if near else "",
    )


def _ranked(finding: Finding, gaps: Sequence[Finding], largest: dict[str, float], rules: SynthesisRules) -> Ranked:
    points = rules.ranking
    # A gap is never a strength here.
    severity = points.severity[finding.severity] * points.confidence[finding.confidence]  # pyright: ignore[reportArgumentType]
    value = 0.0
    if finding.value is not None and finding.value.estimate > 0:
        value = points.value * finding.value.estimate / largest[finding.value.currency]
    dependents = tuple(_dependents(finding, gaps, rules))
    dependency = min(points.dependency * len(dependents), points.dependency_most)
    total = round(severity + value + dependency, 6)
    return Ranked(finding.id, total, severity, value, dependency, dependents)


def _dependents(finding: Finding, gaps: Sequence[Finding], rules: SynthesisRules) -> Iterator[str]:
    theme = rules.theme_of(finding.id)
    for other in gaps if theme is not None else ():
        own = rules.theme_of(other.id)
        if own is not None and theme is not None and theme.id in rules.rests_on(own):
            yield other.id


def _why(first: Ranked, second: Ranked | None, by_id: dict[str, Finding], rules: SynthesisRules) -> Iterator[Sentence]:
    finding = by_id[first.finding]
    trail = Trail(RULE, "suite", (first.finding,))
    parts = [f"{first.severity:g} for severity ({finding.severity}) at {finding.confidence} confidence"]
    parts += [f"{first.value:.1f} for its value"] if first.value else []
    parts += [f"{first.dependency:g} for what rests on it"] if first.dependency else []
    text = f"It has {first.points:.1f} points: {listed(parts)}"
    if second is not None:
        text += f"; the next gap has {second.points:.1f}"
        text += ", so the two are close" if first.points - second.points <= rules.ranking.close else ""
    yield Sentence(f"{text}.", trail)
    theme = rules.theme_of(first.finding)
    if first.dependents and theme is not None:
        found = {own.id for one in first.dependents if (own := rules.theme_of(one)) is not None}
        resting = [one.label for one in rules.themes if one.id in found]
        one = len(first.dependents) == 1
        text = (
            f"{capital(count(len(first.dependents), 'other gap'))} {'rests' if one else 'rest'} on {theme.label} in "
            f"the order of building: {_first(resting)}."
        )
        yield Sentence(text, Trail("order of building", theme.source, first.dependents, len(first.dependents)))
    yield from _measured(first, by_id)
    if finding.confidence == "low":
        yield Sentence(f"It is not sure: {finding.because}.", trail)


def _first(labels: list[str]) -> str:
    """Return at most `SHOWN_THEMES` labels, and how many more there are."""
    more = len(labels) - SHOWN_THEMES
    return listed([*labels[:SHOWN_THEMES], f"{more} more themes"] if more > 1 else labels)


def _measured(first: Ranked, by_id: dict[str, Finding]) -> Iterator[Sentence]:
    """Yield what the gaps that rest on it were measured to be worth. A difference is not worded as a cause."""
    worth = [(value.estimate, one) for one in first.dependents if (value := by_id[one].value) is not None]
    if not worth:
        return
    _, most = max(worth)
    value = by_id[most].value
    assert value is not None
    interval = f"{money(value.low, value.currency)} to {money(value.high, value.currency)}"
    which = "one" if len(worth) == 1 else f"{len(worth)}, the most for this"
    text = (
        f"Of these, money was measured for {which}: {by_id[most].claim.rstrip('.')}; up to "
        f"{money(value.estimate, value.currency)} ({interval}). That the one causes the other was not measured."
    )
    yield Sentence(text, Trail("value of a gap that rests on it", "suite", (most,)))
