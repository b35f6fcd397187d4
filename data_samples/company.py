"""What a fictional company is made from: its facts, its people's answers, its funnel, and what is true of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Person:
    """A respondent.

    ``answers`` holds, by instrument and facet, one answer for each item of the facet in the instrument's order; None
    is an answer left out. A facet that is not named is left out whole.
    """

    id: str
    name: str
    role: str
    saved_at: str
    answers: Mapping[str, Mapping[str, tuple[int | str | None, ...]]]


@dataclass(frozen=True)
class Stay:
    """Days in a stage: lognormal with this median and sigma, or exponential with this median where sigma is None."""

    median: float
    sigma: float | None = None


@dataclass(frozen=True)
class Stage:
    """An open stage: the true share that goes on, the days until a deal goes on or is lost, and why it is lost.

    A reason that stands in ``reasons`` twice is twice as frequent.
    """

    name: str
    role: str
    goes_on: float
    until_on: Stay
    until_lost: Stay
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Segment:
    """A customer segment: its share of leads and its list price, which is expected until a deal is priced."""

    name: str
    share: float
    list_price: int


@dataclass(frozen=True)
class Funnel:
    """A CRM with its flaws.

    Attributes
    ----------
    seed
        Of all that is drawn.
    leads, first_day
        Leads arrive from this Monday to the as-of date, a little more of them later on.
    priced_from
        Stage from which a deal has a price of its own: lognormal around the list price, with ``price_sigma``.
    no_owner, no_amount
        Shares of deals with an empty field.
    out_of_order
        Number of deals whose rows stand in reverse order.
    leak
        The stage whose handoff to the next one leaks; empty where none does.
    """

    seed: int
    leads: int
    first_day: date
    stages: tuple[Stage, ...]
    segments: tuple[Segment, ...]
    owners: tuple[str, ...]
    priced_from: str
    price_sigma: float
    no_owner: float
    no_amount: float
    out_of_order: int
    leak: str


@dataclass(frozen=True)
class RoleTruth:
    """What the champion-versus-operator diagnostic must say; blind spots are ids of domains."""

    ceo_verdict: str
    ceo_room: str
    leaders_verdict: str
    leaders_room: str
    blind_spots: tuple[str, ...]


@dataclass(frozen=True)
class StructureTruth:
    """What the gut check must say, and how many leaders come out on each side."""

    ceo_yes: int
    side: str
    verdict: str
    prerequisite: str
    change: str
    leaders_centralized: int
    leaders_distributed: int


@dataclass(frozen=True)
class Company:
    """One fictional client. What is None is missing from its folder."""

    id: str
    name: str
    story: str
    currency: str
    as_of: date
    headcount: int
    business_units: int
    ownership: str
    gtm_structure: str
    wave: str
    people: tuple[Person, ...]
    role_truth: RoleTruth | None
    structure_truth: StructureTruth | None
    funnel: Funnel | None
