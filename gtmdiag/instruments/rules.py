"""The suite's other data: sources, company stages and published reference values."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, Field

from gtmdiag.engagement.yamlfile import load_yaml, validate
from gtmdiag.instruments.schema import Id, Part, Text


class Source(Part):
    """Where a rule or value comes from, by the short name that the product prints."""

    id: Text
    authors: str
    title: Text
    publisher: str
    year: int | None = None

    @property
    def citation(self) -> str:
        """The source in one line: authors, title, publisher and year, as far as they are known."""
        publisher = "" if self.publisher == self.authors else self.publisher
        parts = (self.authors, self.title, publisher, str(self.year or ""))
        return ", ".join(part for part in parts if part)


class Stage(Part):
    """A company stage, which begins at ``from_headcount`` people."""

    id: Id
    label: Text
    from_headcount: Annotated[int, Field(ge=1)]
    source: Text


class Reference(Part):
    """A published value: context for a client's own numbers, never a hard target.

    ``low`` is the value, or the near end of a range whose far end is ``high``; shares run from 0 to 1. An alarm whose
    source names a window is for so many ``weeks`` running.
    """

    id: Id
    metric: Text
    low: float | None = None
    high: float | None = None
    weeks: Annotated[int, Field(ge=1)] | None = None
    unit: Text
    meaning: Text
    definition: Text
    source: Text
    year: int | None = None
    n: str = ""
    comparable: Literal["yes", "partly", "no"]
    caution: str = ""


class _Sources(Part):
    schema_: Annotated[Literal["gtmdiag.sources/1"], Field(alias="schema")]
    sources: tuple[Source, ...]


class Stages(Part):
    """The company stages in their order; ``edge`` is the share of a threshold within which two stages are shown."""

    schema_: Annotated[Literal["gtmdiag.stages/1"], Field(alias="schema")]
    edge: Annotated[float, Field(ge=0, lt=1)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]


class _References(Part):
    schema_: Annotated[Literal["gtmdiag.references/1"], Field(alias="schema")]
    references: tuple[Reference, ...]


@cache
def sources() -> tuple[Source, ...]:
    """Return the sources of the suite's rules."""
    return _read(_Sources, "sources.yaml").sources


@cache
def stages() -> Stages:
    """Return the company stages."""
    return _read(Stages, "stages.yaml")


@cache
def references() -> tuple[Reference, ...]:
    """Return the published reference values."""
    return _read(_References, "references.yaml").references


_Model = TypeVar("_Model", bound=BaseModel)


def _read(model: type[_Model], name: str) -> _Model:
    return validate(model, load_yaml(Path(__file__).with_name(name), name))
