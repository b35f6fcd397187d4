"""Steps from one stage to the next as ``crm.yaml`` writes them: ``MQL→SQL`` or ``MQL -> SQL``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from gtmdiag.engagement.arrows import parted

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


def _step(value: object) -> tuple[str, str]:
    return parted(value, "names")


Step = Annotated[tuple[str, str], BeforeValidator(_step)]
"""The stage that is left and the one that is entered."""


class Alarm(BaseModel):
    """A rule that raises an alarm: the share that moves on lies below ``below`` in so many weeks running."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    below: Annotated[float, Field(gt=0, lt=1)]
    weeks: Annotated[int, Field(ge=1, le=52)] = 1


class Handoff(BaseModel):
    """Who hands deals over to whom: ``marketing → sales``, or keys ``from``, ``to`` and ``sla_hours``.

    Attributes
    ----------
    giving, taking
        The two teams.
    sla_hours
        Business hours within which the deal is to be taken up; None where nothing is agreed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    giving: Name = Field(alias="from")
    taking: Name = Field(alias="to")
    sla_hours: Annotated[float, Field(gt=0, le=10_000)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _two_teams(cls, value: object) -> object:
        if isinstance(value, Mapping):
            return cast("Mapping[str, object]", value)
        giving, taking = _step(value)
        return {"from": giving, "to": taking}
