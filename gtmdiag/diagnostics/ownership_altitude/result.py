"""What the ownership-altitude diagnostic yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gtmdiag.diagnostics.company import CompanyStage
from gtmdiag.instruments.schema import Altitude, Value
from gtmdiag.instruments.scoring import Index
from gtmdiag.trail import Sentence

Judgement = Literal["fits", "too low", "too high", "disputed", "not answered", "no stage"]


@dataclass(frozen=True)
class Position:
    """What one respondent declared, by role: the answer and its wording, who it names, and its altitude."""

    role: str
    value: Value
    answer: str
    names: str
    level: str


@dataclass(frozen=True)
class Ownership:
    """Who owns the model, as each respondent declares.

    Attributes
    ----------
    positions
        One a respondent.
    ceo
        The CEO's among them, or None.
    owners
        Each owner named with the number of respondents who named it, the most-named first. Nobody, unsure and a team
        without written rights are left out; the CEO in name and in practice is one owner.
    unowned
        Number of respondents who say nobody, a team without written rights, or unsure.
    level
        The altitude that more than half of the respondents name; None where there is no majority.
    in_practice
        True where more than half say that the CEO or general manager owns it with council, steward, cadence and rights;
        False where more name the CEO or general manager in name than so; else None.
    """

    positions: tuple[Position, ...]
    ceo: Position | None
    owners: tuple[tuple[str, int], ...]
    unowned: int
    level: str | None
    in_practice: bool | None

    @property
    def most_named_share(self) -> float:
        """Share of respondents who name the most-named owner."""
        return self.owners[0][1] / len(self.positions) if self.owners else 0.0

    @property
    def unowned_share(self) -> float:
        """Share of respondents who name no owner."""
        return self.unowned / len(self.positions)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that are named as owner."""
        return tuple(dict.fromkeys(one.names for one in self.positions if one.level == "function"))


@dataclass(frozen=True)
class Side:
    """Who designs, or who decides, one decision today against what the stage asks.

    Attributes
    ----------
    positions
        One a respondent who answered, by role.
    level
        The altitude that more than half of them name; None where there is no majority or no answer.
    holder
        Who more than half of them name; empty where no one is.
    required, required_near
        The altitude that the stage asks, and the neighbouring stage where the company is near its edge.
    judgement
        ``"too low"`` is a layer collapse, ``"too high"`` a bottleneck; ``"disputed"`` where there is no majority.
    """

    positions: tuple[Position, ...]
    level: str | None
    holder: str
    required: str | None
    required_near: str | None
    judgement: Judgement


@dataclass(frozen=True)
class Decision:
    """One decision of the map."""

    id: str
    label: str
    note: str
    designs: Side
    decides: Side


@dataclass(frozen=True)
class InPlace:
    """One part of the institution: the CEO's answer, and the leaders' mean (0 no, 1 partly, 2 yes) where shown."""

    id: str
    label: str
    ceo: str | None
    leaders: float | None
    n: int
    in_place: bool | None


@dataclass(frozen=True)
class Institution:
    """How far ownership is institutional.

    ``ceo`` and ``leaders`` are the index from 0 to 100, None where not answered or withheld; ``next_part`` is the first
    part of the build order that is not in place; ``steward_risks`` are the signs that a steward falls back into the
    home function.
    """

    ceo: Index | None
    leaders: Index | None
    parts: tuple[InPlace, ...]
    next_part: str | None
    steward_risks: tuple[str, ...]


@dataclass(frozen=True)
class Evidence:
    """One evidence item of a failure mode; ``seen`` is None where it is not answered or not shown."""

    item: str
    text: str
    answer: str
    seen: bool | None


@dataclass(frozen=True)
class Mode:
    """One way to fail; it ``shows`` where most of its items are seen, None where missing answers decide."""

    id: str
    label: str
    meaning: str
    next: str
    source: str
    evidence: tuple[Evidence, ...]
    shows: bool | None


@dataclass(frozen=True)
class OwnershipAltitudeResult:
    """The whole diagnostic.

    ``ladder`` are the altitudes from the lowest up; ``respondents`` is the number of people behind the declared
    positions; ``withheld`` tells why the leaders' scores are not shown, or is empty.
    """

    instrument: str
    version: str
    hash: str
    stage: CompanyStage
    ladder: tuple[Altitude, ...]
    respondents: int
    leaders: int
    withheld: str
    ownership: Ownership | None
    decisions: tuple[Decision, ...]
    institution: Institution
    modes: tuple[Mode, ...]
    owner_says: tuple[Sentence, ...] = ()
    map_says: tuple[Sentence, ...] = ()
    institution_says: tuple[Sentence, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All that is said: on the owner, on the decisions, on the institution."""
        return (*self.owner_says, *self.map_says, *self.institution_says)

    def sides(self, judgement: Judgement) -> tuple[tuple[Decision, str], ...]:
        """Return the decisions and the side (``"designs"`` or ``"decides"``) that have this judgement."""
        pairs = ((decision, name) for decision in self.decisions for name in ("designs", "decides"))
        return tuple((decision, name) for decision, name in pairs if side_of(decision, name).judgement == judgement)

    def altitude(self, level: str | None) -> str:
        """Return the wording of an altitude."""
        return next((rung.label for rung in self.ladder if rung.id == level), "Not settled")

    def short(self, level: str | None) -> str:
        """Return the wording of an altitude without what stands in brackets."""
        return self.altitude(level).partition(" (")[0]

    def holder(self, side: Side) -> str:
        """Return who holds one side today: its altitude, in short, or which function."""
        return side.holder or "Different functions" if side.level == "function" else self.short(side.level)


def side_of(decision: Decision, name: str) -> Side:
    """Return one side of a decision by its name."""
    return decision.designs if name == "designs" else decision.decides
