"""Cover and overview of a portfolio."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.portfolio.result import Portfolio
from gtmdiag.report.blocks import Block, Column, Cover, Group, Headline, Notice, Table, Tile, Tiles
from gtmdiag.report.portfolio.wording import NONE, common_constraint
from gtmdiag.report.words import day


def cover(portfolio: Portfolio) -> Cover:
    """Return the cover: how many clients, as of when, what is not told."""
    facts = (
        ("Clients", f"{len(portfolio.clients):,}"),
        ("As of", day(portfolio.as_of)),
        ("Smallest group told of", count(portfolio.minimum, "client")),
        ("Names", "hidden, codes instead" if portfolio.hidden else "shown"),
    )
    return Cover("Portfolio", subtitle="All clients side by side", facts=facts, confidentiality="Confidential")


def overview(portfolio: Portfolio) -> Group:
    """Return what the portfolio rests on: key figures, and each client on one line."""
    blocks: list[Block] = [Headline(_headline(portfolio), level=3), Tiles(tuple(_tiles(portfolio)))]
    if not portfolio.enough:
        text = (
            f"Nothing is told about a group of fewer than {portfolio.minimum} clients, and there "
            f"{'is' if len(portfolio.clients) == 1 else 'are'} {len(portfolio.clients)}. Each client's own figures are "
            "shown."
        )
        blocks.append(Notice("warn", "Too few clients to compare", text))
    blocks.append(_clients(portfolio))
    if portfolio.left_out:
        blocks.append(_left_out(portfolio))
    return Group(tuple(blocks))


def _headline(portfolio: Portfolio) -> str:
    return common_constraint(portfolio) or f"{capital(count(len(portfolio.clients), 'client'))} side by side"


def _tiles(portfolio: Portfolio) -> Iterator[Tile]:
    clients = portfolio.clients
    yield Tile("Clients", f"{len(clients):,}", f"{len(portfolio.left_out)} left out" if portfolio.left_out else "")
    yield Tile("With answers", f"{sum(one.respondents > 0 for one in clients):,}")
    yield Tile("With a CRM export", f"{sum(one.deals is not None for one in clients):,}")
    yield Tile("With two waves or more", f"{sum(one.waves > 1 for one in clients):,}")


def _clients(portfolio: Portfolio) -> Table:
    columns = (
        Column("Client"),
        Column("Wave"),
        Column("As of"),
        Column("Answered", "right"),
        Column("Deals", "right"),
        Column("The CEO's role"),
        Column("Binding constraint"),
    )
    rows = tuple(
        (
            one.client,
            one.wave or NONE,
            one.as_of.isoformat() if one.as_of is not None else NONE,
            f"{one.respondents:,}",
            NONE if one.deals is None else f"{one.deals:,}",
            one.verdict or "open",
            one.constraint or NONE,
        )
        for one in portfolio.clients
    )
    note = "The CEO's role by the CEO's own answers; the binding constraint by its theme. Suite method."
    return Table("The clients", columns, rows, note)


def _left_out(portfolio: Portfolio) -> Table:
    rows = tuple((one.client or "a client", one.why) for one in portfolio.left_out)
    title = f"{capital(count(len(rows), 'client'))} left out"
    return Table(title, (Column("Folder"), Column("Why")), rows, "To be rendered or mended first.")
