"""What a fictional company is made from: its facts, its people's answers, its funnel and its metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from data_samples.truths import AltitudeTruth, MarketingTruth, OperatingTruth, RoleTruth, StructureTruth, SynthesisTruth


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
    prefix
        Letters that a deal's id begins with.
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
    sla_hours, timezone
        Business hours within which sales has agreed to move on or close what marketing hands over, None where nothing
        is agreed; and where its clocks hang.
    """

    seed: int
    prefix: str
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
    sla_hours: int | None
    timezone: str


@dataclass(frozen=True)
class WeeklyShare:
    """A metric that is a share of about ``volume`` cases a week; ``course`` gives weeks and the true share in them."""

    metric: str
    volume: int
    course: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class WeeklyValue:
    """A metric around a mean, with ``sd`` from week to week; ``course`` gives weeks and the true mean in them."""

    metric: str
    sd: float
    course: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Metrics:
    """Weekly values, drawn from a seed.

    Attributes
    ----------
    first_monday
        Of the first week.
    idle
        Weeks of the year in which nothing happens: n is 0 and there is no value.
    results
        Of quarters, by the week in which they were known: metric, ISO week and value.
    """

    seed: int
    first_monday: date
    series: tuple[WeeklyShare | WeeklyValue, ...]
    idle: tuple[str, ...]
    results: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class Company:
    """One fictional client. What is None is missing from its folder.

    ``earlier`` holds the answers of waves before, ``actions`` what the stand-up took on.

    ``findings`` gives the severity of each finding by its id; ``warnings`` the places in its files that
    a report on it must warn of, and no other.
    """

    id: str
    name: str
    story: str
    currency: str
    as_of: date
    headcount: int
    business_units: int
    ownership: str
    gtm_structure: str | None
    wave: str
    people: tuple[Person, ...]
    role_truth: RoleTruth | None
    structure_truth: StructureTruth | None
    altitude_truth: AltitudeTruth | None
    operating_model: str
    operating_truth: OperatingTruth
    marketing_truth: MarketingTruth | None
    synthesis_truth: SynthesisTruth
    metrics: Metrics | None
    funnel: Funnel | None
    findings: Mapping[str, str]
    warnings: tuple[str, ...] = ()
    actions: str = ""
    earlier: Mapping[str, tuple[Person, ...]] = field(default_factory=dict[str, tuple[Person, ...]])


def ownership(
    owner: str,
    designs: tuple[str | None, ...],
    decides: tuple[str | None, ...],
    in_place: tuple[int | None, ...],
    steward: tuple[str | None, str | None],
    signs: tuple[str | None, ...],
) -> Mapping[str, tuple[int | str | None, ...]]:
    """Return answers to the ownership questionnaire by facet.

    ``designs`` and ``decides`` are in the order of the decisions, ``in_place`` in that of the parts; ``steward`` tells
    months in the role and whether the steward carries a function's targets; ``signs`` are those of the ways to fail.
    """
    facets = (
        "own_icp",
        "full_pipeline",
        "lead_definitions",
        "slas",
        "system_report",
        "quarterly",
        "offsite",
        "changes",
    )
    return {
        "named": (owner,),
        "designs": designs,
        "decides": decides,
        "in_place": in_place,
        "months": steward[:1],
        "home_targets": steward[1:],
        **{facet: (sign,) for facet, sign in zip(facets, signs, strict=True)},
    }


def operating(
    claimed: tuple[int | None, ...],
    accountable: tuple[str | None, ...],
    responsible: tuple[str | None, ...],
    handoffs: tuple[tuple[int | None, ...], ...],
    in_place: tuple[int | None, ...],
) -> Mapping[str, tuple[int | str | None, ...]]:
    """Return answers to the operating-model questionnaire by facet.

    ``claimed`` is in the order of the layers, ``accountable`` and ``responsible`` in that of the rows of the ownership
    map. ``handoffs`` tells triggers, packets and response times, each of three handoffs; ``in_place`` what metrics
    have, what meetings may do and who reports back.
    """
    trigger, packet, sla = handoffs
    return {
        "claimed": claimed,
        "accountable": accountable,
        "responsible": responsible,
        "trigger": trigger,
        "packet": packet,
        "sla": sla,
        "in_place": in_place,
    }


def marketing(
    strategy: tuple[int | None, ...],
    measurement: tuple[int | None, ...],
    technology: tuple[int | None, ...],
    model: tuple[int | None, ...],
    gap: tuple[str | None, ...],
    consent: str | None,
) -> Mapping[str, tuple[int | str | None, ...]]:
    """Return answers to the marketing questionnaire by facet: four pillars, missing capabilities, consent."""
    return {
        "strategy": strategy,
        "measurement": measurement,
        "technology": technology,
        "model": model,
        "gap": gap,
        "consent": (consent,),
    }
