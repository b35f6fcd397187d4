"""Three ways to fail, read off the audit. Names: OE; when each shows: suite method, where most parts are faulty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.diagnostics.operating_model.result import (
    BlindRow,
    KpiAudit,
    LayerMaturity,
    MeetingAudit,
    OwnerRow,
    PatternReading,
)
from gtmdiag.diagnostics.ownership_altitude import InPlace
from gtmdiag.instruments.operating_rules import OperatingRules

FEW = 3
"""Parts from which on most of them show a pattern (suite method)."""


def patterns(
    rules: OperatingRules,
    layers: Sequence[LayerMaturity],
    owners: Sequence[OwnerRow],
    blind: Sequence[BlindRow],
    metrics: tuple[Sequence[KpiAudit], Sequence[InPlace]],
    cadence: tuple[Sequence[MeetingAudit], Sequence[InPlace]],
) -> Iterator[PatternReading]:
    """Yield each pattern. Where the file is silent, answers decide; where these are, nothing is said."""
    mapped = bool(layers) and layers[0].evidenced > 0
    held = [row for row in owners if row.kind != "other"] or owners
    unowned = [row.unowned for row in held] or [row.nobody or not row.holder for row in blind if row.accountable]
    yield _reading(rules, "strategy_without_ownership", unowned if mapped else [])
    audited, parts = metrics
    # Nobody asks a lagging metric for a rule; a client that has no other has none.
    reports = [one.grade == "report" for one in audited if one.leading] or [True for _ in audited]
    yield _reading(rules, "metrics_without_rules", reports or _lacking(parts))
    meetings, powers = cadence
    without = [bool(one.missing_powers) for one in meetings if one.present] or _lacking(powers)
    yield _reading(rules, "cadence_without_authority", without)


def _lacking(parts: Sequence[InPlace]) -> list[bool]:
    """Return which parts are not in place; nothing while one of them is open."""
    known = [part.in_place for part in parts]
    return [one is False for one in known] if None not in known else []


def _reading(rules: OperatingRules, name: str, faulty: Sequence[bool]) -> PatternReading:
    pattern = rules.pattern(name)
    shows = 2 * sum(faulty) > len(faulty) if len(faulty) >= FEW else None
    words = (pattern.label, pattern.meaning, pattern.next, pattern.source)
    return PatternReading(name, *words, shows, sum(faulty), len(faulty))
