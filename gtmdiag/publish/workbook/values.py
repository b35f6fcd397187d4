"""Numbers as a report writes them, read back: ``22.0%``, ``1,066``, ``5 of 16``, ``2.3 M EUR (1.3 M to 3.9 M EUR)``."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIZES = {"": 1.0, "k": 1e3, "M": 1e6}
_NUMBER = r"[+−-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+−-]?\d+(?:\.\d+)?"
_VALUE = rf"(?P<@>{_NUMBER})\s*(?P<@_unit>%|(?:[kM] )?[A-Z]{{3}}|[kM])?"


def _group(name: str) -> str:
    return _VALUE.replace("@", name)


_FROM_TO = re.compile(rf"{_group('low')}\s*(?:to|–)\s*{_group('high')}")
_WITH_INTERVAL = re.compile(
    rf"(?:day\s+)?{_group('value')}\s*\((?:95 % interval )?{_group('low')}\s*(?:to|–)\s*{_group('high')}\)"
)
_FROM = re.compile(rf"(?:day\s+)?{_group('value')}\s*\({_group('low')} or later\)")
_WITH_N = re.compile(rf"{_group('value')}\s*\(n = {_group('high')}\)")
_OF = re.compile(rf"{_group('value')}\s+of\s+{_group('high')}")
_PLAIN = re.compile(_group("value"))


@dataclass(frozen=True)
class Value:
    """A number with its interval, what it is out of and n; ``unit`` is ``"%"``, a currency, or empty."""

    value: float | None
    low: float | None = None
    high: float | None = None
    of: float | None = None
    unit: str = ""
    n: float | None = None


def read_value(text: str) -> Value | None:
    """Return the number that a cell's text tells, or None where the text is no number.

    A share is from 0 to 1. Only a text that is a number as a whole counts: ``"Q3"`` and ``"2026-10"`` are none.
    """
    text = text.strip()
    if found := _WITH_INTERVAL.fullmatch(text):
        unit = _unit(found["value_unit"]) or _unit(found["high_unit"])
        value, low, high = (_number(found[part], found[f"{part}_unit"]) for part in ("value", "low", "high"))
        return Value(value, low, high, unit=unit)
    if found := _FROM_TO.fullmatch(text):
        unit = _unit(found["high_unit"])
        low_unit = found["low_unit"] or found["high_unit"]
        return Value(None, _number(found["low"], low_unit), _number(found["high"], found["high_unit"]), unit=unit)
    if found := _FROM.fullmatch(text):
        return Value(_number(found["value"], found["value_unit"]), _number(found["low"], found["low_unit"]))
    if found := _WITH_N.fullmatch(text):
        n = _number(found["high"], found["high_unit"])
        return Value(_number(found["value"], found["value_unit"]), unit=_unit(found["value_unit"]), n=n)
    if found := _OF.fullmatch(text):
        whole = _number(found["high"], found["high_unit"])
        return Value(_number(found["value"], found["value_unit"]), of=whole, unit=_unit(found["value_unit"]))
    if found := _PLAIN.fullmatch(text):
        return Value(_number(found["value"], found["value_unit"]), unit=_unit(found["value_unit"]))
    return None


def _number(text: str, unit: str | None) -> float:
    value = float(text.replace(",", "").replace("−", "-"))
    unit = unit or ""
    if unit == "%":
        return round(value / 100, 10)
    return value * _SIZES.get(unit.partition(" ")[0], 1.0)


def _unit(unit: str | None) -> str:
    if not unit or unit in _SIZES:
        return ""
    return unit.rpartition(" ")[2]
