"""Words and numbers that the pages of a portfolio share."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import count, money, span
from gtmdiag.portfolio.result import Compared, Measure, Place, Portfolio, Reading, Share
from gtmdiag.report.blocks import Notice

NONE = "–"


def value(measure: Measure, low: float, high: float) -> str:
    """Return a value from and to what is known: ``"44"``, ``"44–47"``, ``"22%"``, ``"1.2 M EUR"``."""
    if measure.family == "index":
        return span(low, high)
    first, last = (
        f"{one:.0%}" if measure.family == "conversion" else money(one, measure.currency) for one in (low, high)
    )
    return first if first == last else f"{first} to {last}"


def reading(measure: Measure, one: Reading) -> str:
    """Return a client's value, with its interval where it is an estimate."""
    if one.estimate is None:
        return value(measure, one.low, one.high)
    return f"{value(measure, one.estimate, one.estimate)} ({value(measure, one.low, one.high)})"


def named(measure: Measure) -> str:
    """Return what is measured, and by whose answers."""
    return f"{measure.label}, {measure.who}" if measure.who else measure.label


def place(places: tuple[Place, ...], number: int) -> str:
    """Return ``"3"`` or ``"3–5"``, or a dash where too few clients have the measure."""
    if not places:
        return NONE
    one = places[number]
    return f"{one.first}" if one.first == one.last else f"{one.first}–{one.last}"


def share(one: Share, portfolio: Portfolio) -> str:
    """Return how many clients: ``"7"``, ``"7 or more"``, ``"fewer than 5"``."""
    if one.n is None:
        return f"fewer than {portfolio.minimum}"
    return f"{one.n} or more" if one.at_least else f"{one.n}"


def common_constraint(portfolio: Portfolio) -> str:
    """Return the most common binding constraint in one line; empty where none is common enough to be told."""
    if not portfolio.constraints:
        return ""
    first, known = portfolio.constraints[0], sum(bool(one.constraint) for one in portfolio.clients)
    return f"{share(first, portfolio)} of {known} clients with a binding constraint have the same: {first.label}"


def told(compared: tuple[Compared, ...]) -> list[Compared]:
    """Return the measures that enough clients have to be told about together."""
    return [one for one in compared if one.spread is not None]


def too_few(portfolio: Portfolio, what: str, n: int) -> Notice:
    """Return the message in the place of what so few clients have that it is not told."""
    text = (
        f"{count(n, 'client').capitalize()} of {portfolio.minimum} at least. Nothing is told about a group of fewer "
        f"clients than {portfolio.minimum}; each client's own figures stand under “Each client's place”."
    )
    return Notice("neutral", f"Too few clients to tell {what}", text)
