"""What is true of a fictional company: what each diagnostic must say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RoleTruth:
    """What the champion-versus-operator diagnostic must say; blind spots are ids of domains.

    None stands for what the answers leave open, or for a group that is too small to be shown.
    """

    ceo_verdict: str
    ceo_borderline: bool
    ceo_room: str | None
    leaders_verdict: str | None
    leaders_room: str | None
    blind_spots: tuple[str, ...]


@dataclass(frozen=True)
class StructureTruth:
    """What the gut check must say, and how many leaders come out on each side; None as for the CEO's role."""

    ceo_yes: int
    side: str | None
    verdict: str | None
    prerequisite: str
    change: str
    leaders_centralized: int | None
    leaders_distributed: int | None


@dataclass(frozen=True)
class AltitudeTruth:
    """What the ownership-altitude diagnostic must say.

    Attributes
    ----------
    stage
        The stage that the decisions are held against.
    owners
        How many name each owner.
    unowned
        How many name none.
    level
        Altitude that the majority names; None without one.
    in_practice
        Whether ownership at business level is operational; None where that is open.
    too_low, too_high, disputed
        Rights to design or decide, as ``<decision>.<side>``.
    in_place, next_part
        Parts of the institution that are in place, and the one to build next.
    modes
        Ways to fail that show.
    leaders_shown
        Whether any score of the leaders is shown.
    """

    stage: str
    owners: Mapping[str, int]
    unowned: int
    level: str | None
    in_practice: bool | None
    too_low: tuple[str, ...]
    too_high: tuple[str, ...]
    disputed: tuple[str, ...]
    in_place: tuple[str, ...]
    next_part: str | None
    modes: tuple[str, ...]
    leaders_shown: bool


@dataclass(frozen=True)
class OperatingTruth:
    """What the audit of the operating model must say.

    Attributes
    ----------
    evidenced, effective
        Maturity of the five layers, from the lowest up.
    overclaimed
        Layers of which more is claimed than shown.
    processes
        Handoffs that are one, of those of which anything is known.
    unowned
        Rows of the ownership map with none or several accountable.
    apart
        Rows on which those who filled the map in apart have no common owner.
    grades
        Of each metric.
    leading
        Leading rules of marketing, sales and customer success.
    offered
        Published rules that are not taken on.
    not_operational
        Meetings that saw misses and yielded nothing.
    loops
        State of each feedback loop.
    patterns
        Ways to fail that show.
    fires
        Rules that stand fired.
    alarms
        How often each rule fired over the history.
    """

    evidenced: tuple[int, ...]
    effective: tuple[int, ...]
    overclaimed: tuple[str, ...]
    processes: tuple[str, ...]
    unowned: tuple[str, ...]
    apart: tuple[str, ...]
    grades: Mapping[str, str]
    leading: tuple[int, ...]
    offered: tuple[str, ...]
    not_operational: tuple[str, ...]
    loops: Mapping[str, str]
    patterns: tuple[str, ...]
    fires: tuple[str, ...]
    alarms: Mapping[str, int]


@dataclass(frozen=True)
class MarketingTruth:
    """What the marketing diagnostic must say.

    Attributes
    ----------
    shown
        How marketing and sales are shown.
    apart, low
        Pillars that the two sides see apart, the widest first, and those that are weak.
    missing
        Capabilities that are missing.
    """

    shown: tuple[str, str]
    apart: tuple[str, ...]
    low: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class SynthesisTruth:
    """What all diagnostics must say together.

    Attributes
    ----------
    constraint
        Id of the finding that binds; None where none does.
    links, contradictions
        Their ids.
    build, blueprint
        Number of actions by the rule that made them.
    closed, moved
        Findings that went since the wave before, and indices (with whose answers) that moved by more than noise.
    """

    constraint: str | None
    links: tuple[str, ...]
    contradictions: tuple[str, ...]
    build: Mapping[str, int]
    blueprint: Mapping[str, int]
    closed: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
