"""What happens to deals between two teams: conversion, and the wait until the taking team answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from gtmdiag.engagement.hours import BusinessHours
from gtmdiag.funnel.config import CrmConfig, name_key
from gtmdiag.funnel.estimates.intervals import Share
from gtmdiag.funnel.leaks import Estimates, Leak
from gtmdiag.funnel.steps import Handoff
from gtmdiag.funnel.waits import NOTHING, Clock, WaitQuantile, Waits, stays
from gtmdiag.instruments.rules import Reference, references

WON: Final = "won"


@dataclass(frozen=True)
class HandoffRow:
    """One handoff of ``crm.yaml``.

    An answer is what the export shows of one: the deal moved on, or it was closed as lost.

    Attributes
    ----------
    leaving, entering
        The stage in which deals wait and the one they should enter, as on the map, or ``"won"``.
    giving, taking
        Who hands over to whom.
    told
        Whether the export tells of stays in that stage.
    n
        Deals handed over whose wait is known, = taken + turned_down + waiting.
    unknown
        Deals left out because a time is missing or runs backwards.
    taken, turned_down, waiting
        Deals by what became of them.
    clock
        How ``quartiles`` are counted.
    day_hours
        Hours that one day of that clock has: those of a working day, else 24.
    conversion
        Share that moves on; None below 30 deals and for a step that skips a stage.
    quartiles
        Wait until a quarter, half and three quarters had an answer (Kaplan–Meier; a deal still waiting counts for as
        long as it has waited). Empty below 30 deals.
    sla_hours
        The agreed response time; None where there is none.
    within
        Share answered within it, with its interval. None where nothing is agreed, below 30 deals, where fewer than 20
        were followed that long, and where the export has no times of day.
    overdue
        Deals still waiting for longer than that; None where that cannot be told. Where ``clock`` is not that of
        business hours, ``within`` is the least and ``overdue`` the most that it can be.
    published
        Published response times for this handoff, as context.
    leak
        This step against its benchmark, and what the gap is worth in ``currency``; None where it has no benchmark.
    """

    leaving: str
    entering: str
    giving: str
    taking: str
    told: bool
    n: int
    unknown: int
    taken: int
    turned_down: int
    waiting: int
    clock: Clock
    day_hours: float
    conversion: Share | None
    quartiles: tuple[WaitQuantile, ...]
    sla_hours: float | None
    within: Share | None
    overdue: int | None
    published: tuple[Reference, ...]
    leak: Leak | None
    currency: str

    @property
    def step(self) -> str:
        """The step between stages, such as ``"MQL→SQL"``."""
        return f"{self.leaving}→{self.entering}"

    def to_dict(self) -> dict[str, Any]:
        """Return the row for programs; waits in hours of ``clock``, by the clock where that is days."""
        within, leak, (quarter, half, most) = self.within, self.leak, self.quartiles or (None, None, None)
        return {
            "from": self.leaving,
            "to": self.entering,
            "giving": self.giving,
            "taking": self.taking,
            "n": self.n,
            "taken": self.taken,
            "turned_down": self.turned_down,
            "waiting": self.waiting,
            "clock": self.clock,
            "quartile_hours": [None if one is None else one.hours for one in (quarter, half, most)],
            "sla_hours": self.sla_hours,
            "within_sla": None
            if within is None
            else {"estimate": within.estimate, "low": within.low, "high": within.high},
            "overdue": self.overdue,
            "value": None if leak is None else leak.value,
        }


def handoffs(
    waits: Mapping[str, Waits], config: CrmConfig, estimates: Estimates, hours: BusinessHours | None
) -> tuple[HandoffRow, ...]:
    """Measure every handoff that ``crm.yaml`` names.

    Parameters
    ----------
    waits
        By the names that `waiting_stages` gives; a stage of which the export tells nothing is absent.
    config
        Stages, roles and handoffs.
    estimates
        Conversion and leaks.
    hours
        When the client's people work; None to count by the clock.
    """
    return tuple(
        _row(
            (_on_the_map(leaving, config), _on_the_map(entering, config)),
            handoff,
            waits.get(_on_the_map(leaving, config)),
            config,
            estimates,
            hours,
        )
        for (leaving, entering), handoff in config.handoffs.items()
    )


def waiting_stages(config: CrmConfig) -> tuple[str, ...]:
    """Return the stages in which deals wait at a handoff, as named on the map; ``"won"`` for those that are won."""
    return tuple(dict.fromkeys(_on_the_map(leaving, config) for leaving, _ in config.handoffs))


def _on_the_map(name: str, config: CrmConfig) -> str:
    """Return the stage that a name or role means; ``"won"`` for each name of that outcome."""
    stages = {name_key(stage): stage for stage in config.stages}
    roles = {name_key(role): stages[name_key(stage)] for role, stage in config.roles.items()}
    known = {WON: WON, **{name_key(outcome): WON for outcome in config.won}}
    return (roles | known | stages).get(name_key(name), name)


def _row(
    step: tuple[str, str],
    handoff: Handoff,
    waits: Waits | None,
    config: CrmConfig,
    estimates: Estimates,
    hours: BusinessHours | None,
) -> HandoffRow:
    leaving, entering = step
    found = stays(waits, hours) if waits is not None else NOTHING
    agreed = handoff.sla_hours
    return HandoffRow(
        leaving=leaving,
        entering=entering,
        giving=handoff.giving,
        taking=handoff.taking,
        told=waits is not None,
        n=found.exits.entered,
        unknown=found.exits.unknown,
        taken=found.taken,
        turned_down=found.turned_down,
        waiting=found.waiting,
        clock=found.clock,
        day_hours=24.0 if hours is None or found.clock == "days" else (hours.closing - hours.opening) / 60,
        conversion=next((one.conversion for one in estimates.stages if (one.stage, one.to) == step), None),
        quartiles=found.quartiles,
        sla_hours=agreed,
        within=None if agreed is None else found.within(agreed),
        overdue=None if agreed is None or waits is None else found.overdue(agreed),
        published=_published(leaving, entering, config),
        leak=next((one for one in estimates.leaks if (one.stage, one.to) == step), None),
        currency=estimates.currency,
    )


def _published(leaving: str, entering: str, config: CrmConfig) -> tuple[Reference, ...]:
    """Return the published response times, which are bound to roles and not to a client's stage names."""
    roles = {name_key(role): name_key(stage) for role, stage in config.roles.items()}
    wanted: tuple[str, ...] = ()
    if (roles.get("mql"), roles.get("sql")) == (name_key(leaving), name_key(entering)):
        wanted = ("mql_sql_response",)
    elif leaving == WON and roles.get("onboarding") == name_key(entering):
        wanted = ("won_onboarding_call", "won_onboarding_session")
    return tuple(one for one in references() if one.id in wanted)
