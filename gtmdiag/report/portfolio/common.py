"""What clients have in common, and what moved since the wave before."""

from __future__ import annotations

from gtmdiag.diagnostics.numbers import capital, count, span
from gtmdiag.portfolio.result import Portfolio
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.portfolio.wording import common_constraint, share, too_few
from gtmdiag.report.words import signed


def constraints(portfolio: Portfolio) -> Group:
    """Return which binding constraints are common."""
    heading = Headline("What holds clients back", level=2)
    known = sum(bool(one.constraint) for one in portfolio.clients)
    if not portfolio.constraints:
        return Group((heading, too_few(portfolio, "a common binding constraint", known)))
    rows = tuple((one.label, share(one, portfolio)) for one in portfolio.constraints)
    note = (
        f"Of {count(known, 'client')} with a binding constraint. Themes of fewer than {portfolio.minimum} clients are "
        "told together. Suite method."
    )
    table = Table("Binding constraints by theme", (Column("Theme"), Column("Clients", "right")), rows, note)
    return Group((heading, Headline(common_constraint(portfolio), level=3), table))


def movers(portfolio: Portfolio) -> Group:
    """Return what moved by more than noise between the last two waves."""
    waves = sum(one.waves > 1 for one in portfolio.clients)
    blocks: list[Block] = [Headline("What moved since the wave before", level=2)]
    if not waves:
        text = "A second wave of answers would show what moved by more than noise."
        return Group((*blocks, Notice("neutral", "No client has two waves yet", text)))
    if portfolio.moved:
        blocks += [Headline(_headline(portfolio, waves), level=3), _over_clients(portfolio)]
    else:
        blocks.append(too_few(portfolio, "what moved", waves))
    blocks.append(_own(portfolio))
    return Group(tuple(blocks))


def _headline(portfolio: Portfolio, waves: int) -> str:
    movers = {one.client for one in portfolio.moves}
    if len(movers) in (0, waves) or min(len(movers), waves - len(movers)) >= portfolio.minimum:
        return f"{capital(count(len(movers), 'client'))} of {waves} moved in one index or more by more than noise"
    return f"{capital(count(waves, 'client'))} have a wave to be compared with"


def _over_clients(portfolio: Portfolio) -> Table:
    columns = (Column("Index"), Column("Answers of"), Column("Compared", "right"), Column("Which way"))
    rows = tuple(
        (
            one.label,
            one.who,
            f"{one.compared:,}",
            "; ".join(f"{way.label}: {share(way, portfolio)}" for way in one.ways) or "not told",
        )
        for one in portfolio.moved
    )
    note = f"Ways of fewer than {portfolio.minimum} clients are told together, or not at all. Suite method."
    return Table("Over clients", columns, rows, note)


def _own(portfolio: Portfolio) -> Block:
    if not portfolio.moves:
        return Notice("neutral", "Nothing moved by more than noise", "Of what can be compared with the wave before.")
    columns = (
        Column("Client"),
        Column("Index"),
        Column("Answers of"),
        Column("Before", "right"),
        Column("Now", "right"),
        Column("Change", "right"),
        Column("Noise", "right"),
        Column("Reading"),
    )
    rows = tuple(
        (
            one.client,
            one.label,
            one.who,
            span(*one.before),
            span(*one.after),
            signed(one.change),
            f"±{one.noise:.0f}",
            "better" if one.better else "worse",
        )
        for one in portfolio.moves
    )
    note = "Points of 100. Only what moved by more than noise; how noise is reckoned stands in each client's report."
    return Table("Client by client", columns, rows, note)
