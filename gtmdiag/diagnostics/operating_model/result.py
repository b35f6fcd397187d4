"""What the audit of the operating model yields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gtmdiag.diagnostics.ownership_altitude import InPlace, Position
from gtmdiag.trail import Sentence

Origin = Literal["file", "answers", "absent"]
Grade = Literal["complete", "usable", "report"]
RowFault = Literal["no accountable", "several accountable", "no responsible", "incomplete SLA"]
LoopState = Literal["closed", "reporting", "absent", "unknown"]


@dataclass(frozen=True)
class Shown:
    """One artefact of a layer, and the maturity from 1 to 4 that it proves; ``lacks`` is what the next step needs."""

    name: str
    date: date | None
    used_on: date | None
    proves: int
    lacks: str


@dataclass(frozen=True)
class LayerMaturity:
    """One layer of the model. Maturity: 0 absent, 1 said, 2 written, 3 used, 4 improved.

    Attributes
    ----------
    ceo, leaders
        Claims: the CEO's, and the leaders' mean where it may be shown. ``n`` leaders answered.
    evidenced
        What the artefacts prove; without any at most 1.
    effective
        The lower of ``evidenced`` and of what the layer below effectively is.
    """

    id: str
    label: str
    next: str
    ceo: int | None
    leaders: float | None
    n: int
    evidenced: int
    effective: int
    artefacts: tuple[Shown, ...]

    @property
    def claimed(self) -> float | None:
        """The CEO's claim, else the leaders' mean."""
        return self.leaders if self.ceo is None else float(self.ceo)

    @property
    def blind_spot(self) -> bool:
        """Whether the layer stands on less than it shows itself."""
        return self.evidenced > self.effective

    @property
    def overclaimed(self) -> bool:
        """Whether a step or more is claimed that nothing proves."""
        return self.claimed is not None and self.claimed - self.evidenced >= 1


@dataclass(frozen=True)
class HandoffAudit:
    """One handoff.

    Attributes
    ----------
    id
        The published handoff that it is, or empty.
    process
        Whether it has trigger, packet and response time; None where the answers leave it open.
    missing
        Those of the three that it lacks.
    weak
        What else it should name: escalation, who initiates.
    sla, published
        Its response times, and the published ones; empty where there are none.
    slower
        What is due later than published, with both times.
    packet
        The published content of the packet.
    """

    id: str
    name: str
    label: str
    origin: Origin
    process: bool | None
    missing: tuple[str, ...]
    weak: tuple[str, ...]
    sla: str
    published: str
    slower: tuple[str, ...]
    packet: tuple[str, ...]
    symptom: str


@dataclass(frozen=True)
class OwnerRow:
    """One row of the ownership map in the file; ``kind`` is what the row is about."""

    activity: str
    kind: Literal["stage", "handoff", "other"]
    accountable: tuple[str, ...]
    responsible: tuple[str, ...]
    faults: tuple[RowFault, ...]

    @property
    def unowned(self) -> bool:
        """Whether it has none or several accountable."""
        return "no accountable" in self.faults or "several accountable" in self.faults


@dataclass(frozen=True)
class BlindRow:
    """One row of the ownership map filled in apart: declared positions by role.

    ``holder`` is who more than half name as accountable, or empty; ``nobody`` tells that the holder is none, all
    together, or not known.
    """

    id: str
    label: str
    accountable: tuple[Position, ...]
    responsible: tuple[Position, ...]
    holder: str
    nobody: bool

    @property
    def disagree(self) -> bool:
        """Whether different owners are named as accountable."""
        return len({position.names for position in self.accountable}) > 1

    @property
    def work_apart(self) -> bool:
        """Whether different teams are named as responsible."""
        return len({position.names for position in self.responsible}) > 1


@dataclass(frozen=True)
class KpiAudit:
    """One metric: a rule that is complete or usable, or only a report.

    ``lacks`` is what a decision rule needs, ``grade_lacks`` what would raise its grade. ``misdeclared`` tells a lagging
    metric that is declared as leading.
    """

    metric: str
    label: str
    team: str
    leading: bool
    grade: Grade
    lacks: tuple[str, ...]
    grade_lacks: tuple[str, ...]
    misdeclared: bool
    published: bool


@dataclass(frozen=True)
class LeadingCount:
    """Leading indicators of one function that are decision rules, of so many that should be."""

    team: str
    label: str
    rules: int
    asked: int


@dataclass(frozen=True)
class Offered:
    """A published rule that the client does not have yet."""

    id: str
    name: str
    team: str


@dataclass(frozen=True)
class MeetingAudit:
    """One of the four meetings.

    Attributes
    ----------
    name
        As the client calls it; empty where there is none.
    lacks
        What it does not say or does otherwise than published, in words.
    missing_powers
        What those in the room may not do, in words.
    judged, barren
        Times that it was held with misses, and those of them that yielded no action with owner and deadline.
    operational
        Whether the last time with misses yielded one; None where no time can be judged.
    """

    id: str
    label: str
    name: str
    purpose: str
    lacks: tuple[str, ...]
    missing_powers: tuple[str, ...]
    judged: int
    barren: int
    operational: bool | None

    @property
    def present(self) -> bool:
        """Whether the client has it."""
        return bool(self.name)


@dataclass(frozen=True)
class LoopAudit:
    """One feedback loop: closed where it says what it last changed, and when."""

    id: str
    label: str
    about: str
    origin: Origin
    state: LoopState
    last_change: str


@dataclass(frozen=True)
class PatternReading:
    """A way to fail, read off the audit: ``faulty`` of ``of`` parts; it shows where these are most of them."""

    id: str
    label: str
    meaning: str
    next: str
    source: str
    shows: bool | None
    faulty: int
    of: int


@dataclass(frozen=True)
class OperatingModelResult:
    """The whole audit.

    ``has_file`` tells whether there is an operating_model.yaml; ``metric_parts`` and ``powers`` are answers, used where
    the file has no metrics or meetings. Layers come from the lowest up.
    """

    instrument: str
    version: str
    hash: str
    has_file: bool
    as_of: date
    respondents: int
    leaders: int
    withheld: str
    maturity_words: tuple[str, ...]
    layers: tuple[LayerMaturity, ...]
    handoffs: tuple[HandoffAudit, ...]
    owners: tuple[OwnerRow, ...]
    blind: tuple[BlindRow, ...]
    kpis: tuple[KpiAudit, ...]
    leading: tuple[LeadingCount, ...]
    offered: tuple[Offered, ...]
    metric_parts: tuple[InPlace, ...]
    meetings: tuple[MeetingAudit, ...]
    powers: tuple[InPlace, ...]
    loops: tuple[LoopAudit, ...]
    patterns: tuple[PatternReading, ...]
    layer_says: tuple[Sentence, ...] = ()
    handoff_says: tuple[Sentence, ...] = ()
    owner_says: tuple[Sentence, ...] = ()
    kpi_says: tuple[Sentence, ...] = ()
    cadence_says: tuple[Sentence, ...] = ()
    loop_says: tuple[Sentence, ...] = ()

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All that is said, part by part."""
        owners = (*self.layer_says, *self.handoff_says, *self.owner_says)
        return (*owners, *self.kpi_says, *self.cadence_says, *self.loop_says)

    @property
    def next_layer(self) -> LayerMaturity:
        """The layer to build next: the lowest that is not written, else not used, else not improved; else the last."""
        lower = (layer for step in (2, 3, 4) for layer in self.layers if layer.evidenced < step)
        return next(lower, self.layers[-1])
