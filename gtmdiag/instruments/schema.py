"""The one schema of all instruments: what a YAML file of questions, scales, indices, verdicts and advice may say."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, model_validator

from gtmdiag.engagement.roles import Function

Text = Annotated[str, Field(min_length=1, max_length=2000)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
ItemId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Level = Literal["high", "low"]
Tone = Literal["good", "neutral", "warn", "bad"]
Value = StrictInt | StrictStr
"""Strict, or `true` would pass for 1."""


class Part(BaseModel):
    """Base of every part of an instrument: frozen, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Part):
    """One answer of a scale.

    ``danger`` marks an answer that is warned of; ``level`` is the altitude that it stands for, and ``name`` who it
    names, where several answers name the same.
    """

    value: Value
    label: Text
    danger: bool = False
    level: str = ""
    name: str = ""


class Scale(Part):
    """The answers that an item allows: ``ordinal`` (whole numbers, lowest first) or ``choice``."""

    kind: Literal["ordinal", "choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    prompt: str = ""

    @model_validator(mode="after")
    def _ordinal_is_consecutive(self) -> Scale:
        values = [option.value for option in self.options]
        if len(set(values)) != len(values):
            raise ValueError("each option needs a value of its own")
        if self.kind == "ordinal" and any(
            not isinstance(values[0], int) or value != values[0] + number for number, value in enumerate(values)
        ):
            raise ValueError("an ordinal scale counts up by one, such as 1, 2, 3, 4, 5")
        return self

    @property
    def lowest(self) -> int:
        """Lowest value of an ordinal scale."""
        return int(self.options[0].value)

    @property
    def highest(self) -> int:
        """Highest value of an ordinal scale."""
        return int(self.options[-1].value)

    def label(self, value: Value) -> str:
        """Return the wording of one answer."""
        return next(option.label for option in self.options if option.value == value)


class Domain(Part):
    """A theme that items belong to."""

    id: Id
    label: Text


class Item(Part):
    """One question. Its id is ``<instrument>.<domain>.<facet>`` and is never used again for another question.

    ``asked_of`` names the functions whose leaders are asked, apart from the CEO; none means everyone.
    """

    id: ItemId
    scale: Id
    self_: Annotated[Text, Field(alias="self")]
    observer: str = ""
    asked_of: tuple[Function, ...] = ()
    polarity: Literal["positive", "negative"] = "positive"
    source: Text

    @property
    def domain(self) -> str:
        """The second part of the id."""
        return self.id.split(".")[1]

    @property
    def facet(self) -> str:
        """The third part of the id."""
        return self.id.split(".")[2]


class Band(Part):
    """A name for the part of an index that begins at ``start``."""

    start: float
    label: Text


class IndexRule(Part):
    """How items of one facet become a number.

    ``mean`` gives 100·(mean − lowest)/(highest − lowest), from 0 to 100; ``count`` the number of answers equal to
    ``counts``. The index is high from ``high_from``. Below a share ``complete_from`` of answered items there is none.
    """

    id: Id
    label: Text
    facet: Id
    method: Literal["mean", "count"]
    counts: str = ""
    high_from: float
    complete_from: Annotated[float, Field(ge=0, le=1)] = 0.75
    bands: tuple[Band, ...] = ()
    source: Text


class VerdictRule(Part):
    """A verdict and the conditions under which it applies."""

    id: Id
    label: Text
    tone: Tone
    when: dict[Id, Level]
    answers: dict[ItemId, tuple[Value, ...]] = {}
    meaning: Text
    next: Text
    source: Text


class StageWords(Part):
    """What a verdict means at a company stage.

    ``near_text`` replaces ``text`` where the stage is only near; ``next``, where given, replaces the verdict's own.
    """

    stage: Id
    verdicts: tuple[Id, ...] = ()
    text: Text
    near_text: str = ""
    next: str = ""
    source: Text


class HandOver(Part):
    """An operator habit to hand over, and to whom."""

    label: Text
    to: Literal["council", "steward", "function"]
    action: Text


class TakeUp(Part):
    """A champion practice to take up."""

    label: Text
    action: Text


class Advice(Part):
    """What to do in one domain."""

    domain: Id
    hand_over: HandOver
    take_up: TakeUp


class Structure(Part):
    """A way to organise, with its strength and its danger."""

    id: Literal["centralized", "distributed"]
    label: Text
    strength: Text
    danger: Text
    source: Text


class Altitude(Part):
    """One rung of the ladder of ownership."""

    id: Id
    label: Text


class Sides(Part):
    """The altitudes at which a decision should be designed and decided."""

    designs: Id
    decides: Id


class Requirement(Part):
    """What each company stage asks of one decision; ``note`` is said of a mature company only."""

    decision: Id
    early: Sides
    scaling: Sides
    mature: Sides
    note: str = ""

    def at(self, stage: str) -> Sides:
        """Return what a stage asks."""
        return {"early": self.early, "scaling": self.scaling, "mature": self.mature}[stage]


class FailureMode(Part):
    """A way to fail, whose evidence is the items of a domain."""

    domain: Id
    meaning: Text
    next: Text
    source: Text


class PlanStep(Part):
    """A step in which actions are told."""

    id: Id
    label: Text


class Remedy(Part):
    """An action, and the low indices and missing capabilities that it ``answers``; ``effort`` in person-days."""

    step: Id
    answers: Annotated[tuple[Id, ...], Field(min_length=1)]
    text: Text
    owner: Text
    measure: Text
    effort: Annotated[float, Field(gt=0)]
    source: Text


class Crosswalk(Part):
    """How answers to an earlier version are read: each item that changed its id, with its present id.

    None stands for an item that has no successor; items with the same id are not named.
    """

    version: Text
    items: dict[ItemId, ItemId | None]


class Instrument(Part):
    """A questionnaire: its items, how it scores and what it says.

    ``language`` is the language tag of its texts; ``asked_of`` holds for items that name no functions themselves.
    """

    schema_: Annotated[Literal["gtmdiag.instrument/1"], Field(alias="schema")]
    id: Id
    version: Text
    language: Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")] = ""
    asked_of: tuple[Function, ...] = ()
    title: Text
    question: str = ""
    premise: str = ""
    notice: str = ""
    source: Text
    scales: dict[Id, Scale]
    domains: Annotated[tuple[Domain, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    indices: tuple[IndexRule, ...] = ()
    verdicts: tuple[VerdictRule, ...] = ()
    borderline_steps: Annotated[int, Field(ge=0)] = 1
    stage_words: tuple[StageWords, ...] = ()
    advice: tuple[Advice, ...] = ()
    structures: tuple[Structure, ...] = ()
    altitudes: tuple[Altitude, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    failure_modes: tuple[FailureMode, ...] = ()
    build_order: tuple[Id, ...] = ()
    steps: tuple[PlanStep, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    crosswalk: tuple[Crosswalk, ...] = ()

    def item(self, item_id: str) -> Item | None:
        """Return the item with this id, or None."""
        return next((item for item in self.items if item.id == item_id), None)

    def domain_label(self, domain_id: str) -> str:
        """Return the wording of a domain."""
        return next(domain.label for domain in self.domains if domain.id == domain_id)

    def items_of(self, facet: str) -> tuple[Item, ...]:
        """Return the items of one facet in their order."""
        return tuple(item for item in self.items if item.facet == facet)

    def scale_of(self, item: Item) -> Scale:
        """Return the scale on which an item is answered."""
        return self.scales[item.scale]

    def verdict(self, verdict_id: str) -> VerdictRule:
        """Return the verdict with this id."""
        return next(verdict for verdict in self.verdicts if verdict.id == verdict_id)

    @property
    def hash(self) -> str:
        """Sha256 of what scores, as canonical JSON; wording and advice are left out, and so is what is not there."""
        scoring = {
            "id": self.id,
            "scales": {
                name: [scale.kind, [_scoring(option) for option in scale.options]]
                for name, scale in self.scales.items()
            },
            "items": [[item.id, item.scale, item.polarity] for item in self.items],
            "indices": [rule.model_dump(exclude={"label", "bands", "source"}) for rule in self.indices],
            "verdicts": [rule.model_dump(include={"id", "when", "answers"}) for rule in self.verdicts],
            "borderline_steps": self.borderline_steps,
        }
        altitude = {
            "altitudes": [altitude.id for altitude in self.altitudes],
            "requirements": [rule.model_dump(exclude={"note"}) for rule in self.requirements],
            "failure_modes": [mode.domain for mode in self.failure_modes],
            "build_order": self.build_order,
        }
        scoring |= {name: parts for name, parts in altitude.items() if parts}
        text = json.dumps(scoring, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _scoring(option: Option) -> list[Value]:
    return [option.value, option.danger, *([option.level] if option.level else [])]
