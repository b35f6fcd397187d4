"""Records of plain text and numbers that blocks are made of."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal, cast

from gtmdiag.report.text import clean

Tone = Literal["neutral", "good", "warn", "bad"]
Form = Literal["bars", "stacked", "intervals", "points", "lines"]
Unit = Literal["count", "share", "index", "scale", "money", "days"]


@dataclass(frozen=True)
class Record:
    """A record whose texts hold only what every format can carry."""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _clean(getattr(self, field.name)))


@dataclass(frozen=True)
class Series(Record):
    """One series of a chart: a value for each category, None where there is none.

    ``low`` and ``high`` are the interval of each value, ``n`` what it rests on; each is empty where the whole series
    has none.
    """

    name: str
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    n: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Chart(Record):
    """The numbers that a figure draws, for formats that draw it themselves or list it.

    Attributes
    ----------
    form
        ``bars`` (side by side), ``stacked``, ``intervals`` (a value with its interval, and marks beside it), ``points``
        (the first series across, the second up; a category each) or ``lines`` (over time).
    unit
        Of every value: a ``share`` is from 0 to 1, an ``index`` from 0 to 100, a ``scale`` from 1 to 5; ``money`` is
        in whole units of the currency that the figure names.
    categories, series
        Every series has one value for each category.
    source
        What the numbers rest on, in a few words.
    """

    form: Form
    unit: Unit
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    source: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        for one in self.series:
            for values in (one.values, one.low, one.high, one.n):
                if len(values) != len(self.categories) and (values or values is one.values):
                    raise ValueError(
                        f"chart series {one.name!r}: {len(values)} values for {len(self.categories)} categories. "
                        "Give one value, or None, for each category."
                    )


def encode(value: Any) -> Any:
    """Return a record, or a tuple of records and plain values, as JSON data."""
    if isinstance(value, Record):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [encode(item) for item in cast("tuple[Any, ...]", value)]
    return value


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, (list, tuple)):
        return tuple(_clean(item) for item in cast("list[Any]", value))
    return value
