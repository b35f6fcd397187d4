"""What the diagnostic of the marketing operating model yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gtmdiag.instruments.scoring import Index
from gtmdiag.trail import Sentence

SideId = Literal["marketing", "sales"]
Shown = Literal["group", "declared", "withheld", "absent"]


@dataclass(frozen=True)
class Side:
    """One side's view: ``n`` of it answered, ``declared`` of them agreed to be shown under their role.

    ``shown`` is ``"group"`` from the group minimum up; ``"declared"`` where all of a smaller side agreed.
    """

    id: SideId
    label: str
    n: int
    declared: int
    shown: Shown


@dataclass(frozen=True)
class Declared:
    """One respondent's index of a pillar, under the role, with consent."""

    side: SideId
    role: str
    index: Index


@dataclass(frozen=True)
class Pillar:
    """One of the four pillars, as an index from 0 to 100.

    Attributes
    ----------
    marketing, sales
        Each side's index with bounds for missing answers; None where it may not be shown or is not there.
    ceo
        The CEO's own.
    declared
        Single respondents' indices, of sides that are too small for a group.
    gap
        Marketing's less sales', as the least that the bounds allow; 0 where they overlap, None without both sides.
    low
        Whether the mean of the two sides, or of the one shown, lies below the threshold; None where that is open.
    """

    id: str
    label: str
    marketing: Index | None
    sales: Index | None
    ceo: Index | None
    declared: tuple[Declared, ...]
    gap: float | None
    low: bool | None


@dataclass(frozen=True)
class CapabilityView:
    """How many of a side, of how many, say that a capability is missing."""

    side: SideId
    missing: int
    n: int


@dataclass(frozen=True)
class Capability:
    """A capability that is often missing; ``missing`` is the word of most in either side shown, else the CEO's."""

    id: str
    label: str
    meaning: str
    next: str
    source: str
    ceo: bool | None
    views: tuple[CapabilityView, ...]
    missing: bool | None


@dataclass(frozen=True)
class Advised:
    """An action of one of the four steps, ``because`` of these pillars and capabilities; ``effort`` in person-days."""

    step: str
    step_label: str
    text: str
    because: tuple[str, ...]
    owner: str
    measure: str
    effort: float
    source: str


@dataclass(frozen=True)
class MarketingResult:
    """The whole diagnostic; ``others`` answered who belong to neither side, and do not count."""

    instrument: str
    version: str
    hash: str
    marketing: Side
    sales: Side
    others: int
    withheld: str
    pillars: tuple[Pillar, ...]
    capabilities: tuple[Capability, ...]
    actions: tuple[Advised, ...]
    gap_says: tuple[Sentence, ...] = ()
    pillar_says: tuple[Sentence, ...] = ()
    capability_says: tuple[Sentence, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Everything it says."""
        return (*self.gap_says, *self.pillar_says, *self.capability_says)

    @property
    def apart(self) -> tuple[Pillar, ...]:
        """The pillars that the two sides see a step apart or more, the widest first."""
        found = [pillar for pillar in self.pillars if pillar.gap is not None and abs(pillar.gap) >= APART]
        return tuple(sorted(found, key=lambda pillar: -abs(pillar.gap or 0)))


APART = 25.0
"""Points from which two sides see a pillar differently: one step of a five-point scale (suite method)."""
