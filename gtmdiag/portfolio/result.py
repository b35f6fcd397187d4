"""What a portfolio yields: all clients side by side, as plain numbers and names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Family = Literal["index", "conversion", "money"]
SCHEMA = "gtmdiag.portfolio_results/1"


@dataclass(frozen=True)
class Measure:
    """One thing that is measured at several clients in the same way.

    Attributes
    ----------
    family
        ``index``: from 0 to 100, bounds for missing answers. ``conversion``: a share from 0 to 1 with its 95 %
        interval. ``money``: whole units of ``currency`` with its 95 % interval.
    topic
        Title of the questionnaire, or what else it belongs to.
    label
        What is measured.
    who
        Whose answers; empty where nobody was asked.
    currency
        Of money; amounts of two currencies are two measures.
    """

    family: Family
    topic: str
    label: str
    who: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Reading:
    """One client's value of one measure.

    Attributes
    ----------
    client
        The client's label.
    estimate
        None for an index, which is known up to missing answers.
    low, high
        Bounds or interval.
    n
        People, or deals, that it rests on.
    detail
        What else must be known to read it: ``"within 180 days"``, ``"MQL → SQL"``.
    """

    client: str
    estimate: float | None
    low: float
    high: float
    n: int
    detail: str = ""


@dataclass(frozen=True)
class Spread:
    """Lower quartile, median and upper quartile over clients, each from and to what missing answers allow."""

    lower: tuple[float, float]
    median: tuple[float, float]
    upper: tuple[float, float]


@dataclass(frozen=True)
class Place:
    """A client's place among all that have the measure: the first is the highest value.

    ``first`` and ``last`` differ where bounds or intervals of several clients overlap.
    """

    first: int
    last: int
    of: int


@dataclass(frozen=True)
class Compared:
    """A measure over clients.

    ``readings`` run from the highest to the lowest, ``places`` beside them. ``spread`` is None, and ``places`` empty,
    where fewer clients have the measure than may be told about together.
    """

    measure: Measure
    readings: tuple[Reading, ...]
    spread: Spread | None
    places: tuple[Place, ...]


@dataclass(frozen=True)
class SharedStep:
    """A step between stages that several clients share.

    ``own`` are pairs of client and how that client calls the step; empty where names are hidden. ``clients`` counts
    those that have a conversion.
    """

    label: str
    clients: int
    own: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Share:
    """How many clients something holds for; ``at_least`` where the exact number would tell of too few others.

    ``n`` is None where they are fewer than may be told about.
    """

    label: str
    n: int | None
    at_least: bool = False


@dataclass(frozen=True)
class Move:
    """How one index of one client moved from the wave before to the last, in points of 100."""

    client: str
    label: str
    who: str
    before: tuple[float, float]
    after: tuple[float, float]
    change: float
    noise: float
    better: bool


@dataclass(frozen=True)
class Moved:
    """One index over the clients with two waves: how many were compared, and how many moved which way."""

    label: str
    who: str
    compared: int
    ways: tuple[Share, ...]


@dataclass(frozen=True)
class ClientRow:
    """One client: what its results rest on, and what they say first.

    ``wave`` is empty where names are hidden. ``verdict`` is that on the CEO's role, ``constraint`` the theme of the
    binding constraint; empty where open. ``waves`` counts those that the results compare.
    """

    client: str
    wave: str
    as_of: date | None
    respondents: int
    deals: int | None
    verdict: str
    constraint: str
    waves: int


@dataclass(frozen=True)
class LeftOut:
    """A client that could not be taken in; ``client`` is empty where names are hidden."""

    client: str
    why: str


@dataclass(frozen=True)
class Portfolio:
    """All clients under one folder, side by side.

    Attributes
    ----------
    minimum
        The smallest group of clients that anything is told about together.
    hidden
        Whether clients stand under codes.
    as_of
        The last of the clients' dates.
    clients, left_out
        Those taken in, by label, and those that could not be.
    compared
        Every measure that two or more clients have.
    steps
        How the clients' stages were brought together.
    alone
        Number of clients' steps that are not listed, since too few clients share them.
    constraints
        The themes of the binding constraints.
    moves, moved
        What moved by more than noise since the wave before: at each client, and over clients.
    """

    minimum: int
    hidden: bool
    as_of: date | None
    clients: tuple[ClientRow, ...]
    left_out: tuple[LeftOut, ...]
    compared: tuple[Compared, ...]
    steps: tuple[SharedStep, ...]
    alone: int
    constraints: tuple[Share, ...]
    moves: tuple[Move, ...]
    moved: tuple[Moved, ...]

    @property
    def enough(self) -> bool:
        """Whether there are enough clients to tell about them together."""
        return len(self.clients) >= self.minimum

    def of(self, family: Family) -> tuple[Compared, ...]:
        """Return what was compared of one family."""
        return tuple(one for one in self.compared if one.measure.family == family)
