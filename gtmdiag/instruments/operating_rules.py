"""What a working operating model has, read from ``operating_rules.yaml``, and how a client's file binds to it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from gtmdiag.engagement.operating_model import (
    Direction,
    Frequency,
    Kpi,
    KpiUnit,
    LayerId,
    MapHandoff,
    MeetingKind,
    OperatingModel,
    Power,
    Team,
)
from gtmdiag.engagement.spans import ResponseTime, Span
from gtmdiag.engagement.yamlfile import load_yaml, validate
from gtmdiag.instruments.schema import Id, Part, Text


class Layer(Part):
    """A layer of the model; it rests on the one before it."""

    id: LayerId
    label: Text
    shows: Text
    next: Text
    source: Text


class HandoffRule(Part):
    """A handoff with its published response times, packet and the symptom of its failing."""

    id: Id
    label: Text
    giving: Annotated[Team, Field(alias="from")]
    taking: Annotated[tuple[Team, ...], Field(alias="to")]
    sla: dict[str, ResponseTime] = Field(default_factory=dict[str, Span])
    also: Text
    initiator: bool = False
    packet: tuple[Text, ...]
    symptom: Text
    source: Text


class KpiRule(Part):
    """A published rule on a metric; ``threshold`` in ``unit``, shares from 0 to 1."""

    id: Id
    name: Text
    team: Team
    unit: KpiUnit
    threshold: float
    direction: Direction
    window: int | None = None
    action: Text
    source: Text

    def owned(self, owner: str) -> Kpi:
        """Return the rule as a client's own KPI."""
        return Kpi(
            metric=self.id,
            name=self.name,
            team=self.team,
            kind="leading",
            unit=self.unit,
            threshold=self.threshold,
            direction=self.direction,
            window=self.window,
            owner=owner,
            action=self.action,
        )


class MeetingRule(Part):
    """A meeting as it is published; ``minutes`` at most."""

    id: MeetingKind
    label: Text
    frequency: Frequency
    minutes: int | None = None
    authority: tuple[Power, ...]
    purpose: Text
    source: Text


class LoopRule(Part):
    """A feedback loop that a closed system has."""

    id: Id
    label: Text
    giving: Annotated[Team, Field(alias="from")]
    taking: Annotated[Team, Field(alias="to")]
    about: Text
    source: Text


class Pattern(Part):
    """A way to fail that the audit can show."""

    id: Literal["strategy_without_ownership", "metrics_without_rules", "cadence_without_authority"]
    label: Text
    meaning: Text
    next: Text
    source: Text


class Named(Part):
    """An id and its wording."""

    id: Id
    label: Text


class OperatingRules(Part):
    """All of ``operating_rules.yaml``; layers from the lowest up, maturities from 0 up."""

    schema_: Annotated[Literal["gtmdiag.operating_rules/1"], Field(alias="schema")]
    used_within_days: Annotated[int, Field(ge=1)]
    maturity: tuple[Text, Text, Text, Text, Text]
    layers: tuple[Layer, ...]
    handoffs: tuple[HandoffRule, ...]
    collective: tuple[Text, ...]
    vague_actions: tuple[Text, ...]
    lagging: tuple[Text, ...]
    leading_per_team: int
    kpis: tuple[KpiRule, ...]
    teams: tuple[Named, ...]
    powers: tuple[Named, ...]
    meetings: tuple[MeetingRule, ...]
    loops: tuple[LoopRule, ...]
    patterns: tuple[Pattern, ...]

    def layer(self, layer_id: str) -> Layer:
        """Return a layer."""
        return next(layer for layer in self.layers if layer.id == layer_id)

    def pattern(self, pattern_id: str) -> Pattern:
        """Return a way to fail."""
        return next(pattern for pattern in self.patterns if pattern.id == pattern_id)

    def power(self, power_id: str) -> str:
        """Return the wording of a power."""
        return next(power.label for power in self.powers if power.id == power_id)

    def misdeclared(self, kpi: Kpi) -> bool:
        """Tell whether a metric is declared as leading that lags whatever it is declared to be."""
        return kpi.kind == "leading" and not {plain(kpi.metric), plain(kpi.label)}.isdisjoint(self.lagging)

    def handoff_of(self, handoff: MapHandoff) -> HandoffRule | None:
        """Return the published handoff that a client's handoff between two teams is, or None."""
        fits = (rule for rule in self.handoffs if rule.giving == handoff.giving and handoff.taking in rule.taking)
        return next(fits, None)


@cache
def operating_rules() -> OperatingRules:
    """Return the packaged rules."""
    name = "operating_rules.yaml"
    return validate(OperatingRules, load_yaml(Path(__file__).with_name(name), name))


def kpis_of(model: OperatingModel, rules: OperatingRules) -> tuple[Kpi, ...]:
    """Return a client's KPIs: its own, then the published rules that somebody has taken on.

    An id that is not published is for the check to tell.
    """
    own = {plain(kpi.metric) for kpi in model.kpis}
    taken = (
        rule.owned(model.adopted[rule.id]) for rule in rules.kpis if rule.id in model.adopted and rule.id not in own
    )
    return (*model.kpis, *taken)


def plain(name: str) -> str:
    """Return the form in which names and steps are compared: without case and surplus spaces, one kind of arrow."""
    return re.sub(r" ?(→|->) ?", "→", " ".join(name.split())).casefold()
