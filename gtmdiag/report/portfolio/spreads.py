"""How indices, conversions and leaks are spread over clients."""

from __future__ import annotations

from gtmdiag.portfolio.result import Compared, Family, Portfolio
from gtmdiag.report.blocks import Column, Group, Headline, Table
from gtmdiag.report.portfolio.figures import spread_figure, widest
from gtmdiag.report.portfolio.wording import named, told, too_few, value


def indices(portfolio: Portfolio) -> Group:
    """Return the spread of every index of the questionnaires."""
    note = (
        "Quartiles of clients, in points of 100; from and to: what missing answers leave open. A quartile may lie "
        "between the values of two clients. Suite method."
    )
    return _page(portfolio, "index", "What people answered", "indices", note)


def conversion(portfolio: Portfolio) -> Group:
    """Return the spread of every conversion that clients share."""
    note = (
        "Quartiles of the clients' estimates. A part of the spread is chance, as each client's interval tells. Steps "
        "are set together by role, else by name: see “How the stages were brought together”. Suite method."
    )
    return _page(portfolio, "conversion", "How deals move on", "conversions", note)


def leaks(portfolio: Portfolio) -> Group:
    """Return the spread of what the dearest leak is worth, each currency apart."""
    note = "What the leak that is worth most would bring at its benchmark. Amounts of two currencies are never added."
    return _page(portfolio, "money", "What the dearest leak is worth", "leaks in money", note)


def _page(portfolio: Portfolio, family: Family, chapter: str, what: str, note: str) -> Group:
    compared = portfolio.of(family)
    enough = told(compared)
    heading = Headline(chapter, level=2)
    if not enough:
        return Group((heading, too_few(portfolio, what, max((len(one.readings) for one in compared), default=0))))
    # amounts of several currencies have no scale in common
    finding = Headline(widest(enough), level=3) if family == "money" else spread_figure(enough)
    return Group((heading, finding, _table(enough, note)))


def _table(enough: list[Compared], note: str) -> Table:
    heads = ("Clients", "Lower quartile", "Median", "Upper quartile")
    columns = (Column("Measure"), *(Column(head, "right") for head in heads))
    rows = tuple(
        (
            named(one.measure),
            f"{len(one.readings):,}",
            *(value(one.measure, *part) for part in (one.spread.lower, one.spread.median, one.spread.upper)),
        )
        for one in enough
        if one.spread is not None
    )
    return Table("The spread over clients", columns, rows, note)
