"""Response times as people write them: ``4 business hours``, ``48 hours``, ``5 business days``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, PlainSerializer

from gtmdiag.engagement.yamlfile import refusal

Unit = Literal["minutes", "hours", "days", "weeks", "business hours", "business days"]

BUSINESS_DAY_HOURS = 8
_HOURS: dict[Unit, float] = {
    "minutes": 1 / 60,
    "hours": 1,
    "days": 24,
    "weeks": 168,
    "business hours": 1,
    "business days": BUSINESS_DAY_HOURS,
}
_FORM = re.compile(r"([0-9]+(?:\.[0-9]+)?) *(minute|hour|day|week|(?:business|working) +(?:hour|day))s?")


@dataclass(frozen=True)
class Span:
    """A response time: ``amount`` is above 0; business hours are those of the client's working days, 8 to a day."""

    amount: float
    unit: Unit

    @property
    def in_business_time(self) -> bool:
        """Whether nights and weekends do not count."""
        return self.unit.startswith("business")

    @property
    def hours(self) -> float:
        """Hours, of business time or elapsed."""
        return self.amount * _HOURS[self.unit]

    def longer_than(self, other: Span) -> bool | None:
        """Tell whether this is longer; None where one counts business time and the other does not."""
        if self.in_business_time != other.in_business_time:
            return None
        return self.hours > other.hours

    def __str__(self) -> str:
        unit = self.unit.removesuffix("s") if self.amount == 1 else self.unit
        return f"{self.amount:g} {unit}"


def parse_span(text: str) -> Span | None:
    """Return a response time, or None where the text is none."""
    found = _FORM.fullmatch(" ".join(text.split()).lower())
    if found is None or not 0 < float(found[1]) <= 10_000:
        return None
    name = found[2].replace("working", "business") + "s"
    return next(Span(float(found[1]), unit) for unit in _HOURS if unit == name)


def _parsed(value: object) -> object:
    span = parse_span(value) if isinstance(value, str) else value
    if not isinstance(span, Span):
        raise refusal("a time such as '4 business hours', '48 hours' or '5 business days'", "Write number and unit.")
    return span


ResponseTime = Annotated[Span, BeforeValidator(_parsed), PlainSerializer(str)]
