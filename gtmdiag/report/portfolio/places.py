"""Each client's place among the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gtmdiag.portfolio.result import Compared, Portfolio, Reading
from gtmdiag.report.blocks import Block, Column, Group, Headline, Notice, Table
from gtmdiag.report.portfolio.wording import NONE, named, place, reading, value


def places(portfolio: Portfolio) -> Group:
    """Return each client's value and place: indices side by side, estimates with interval and n."""
    blocks: list[Block] = [Headline("Each client's place", level=2)]
    if not portfolio.compared:
        text = "Two clients with the same index, step or currency would be the first."
        return Group((*blocks, Notice("neutral", "Nothing can be set side by side yet", text)))
    blocks += _questionnaires(portfolio)
    blocks += [_estimates(one) for one in portfolio.compared if one.measure.family != "index"]
    return Group(tuple(blocks))


def _questionnaires(portfolio: Portfolio) -> Iterator[Table]:
    """Yield a table for each questionnaire and side that answered: a line a client, value and place of each index."""
    found: dict[tuple[str, str], list[Compared]] = {}
    for one in portfolio.of("index"):
        found.setdefault((one.measure.topic, one.measure.who), []).append(one)
    for (topic, who), compared in found.items():
        yield _answers(portfolio, f"{topic}: {who}", compared)


def _answers(portfolio: Portfolio, title: str, compared: Sequence[Compared]) -> Table:
    heads = [(one.measure.label, "Place") for one in compared]
    columns = (Column("Client"), *(Column(head, "right") for pair in heads for head in pair), Column("n", "right"))
    by_client = [{own.client: (number, own) for number, own in enumerate(one.readings)} for one in compared]
    rows: list[tuple[str, ...]] = []
    for client in (one.client for one in portfolio.clients):
        held = [own.get(client) for own in by_client]
        if any(held):
            cells = [cell for one, own in zip(compared, held, strict=True) for cell in _pair(one, own)]
            rows.append((client, *cells, f"{max(own[1].n for own in held if own is not None):,}"))
    note = f"Points of 100. {_rule(compared)} n: people who answered."
    return Table(title, columns, tuple(rows), note)


def _pair(one: Compared, own: tuple[int, Reading] | None) -> tuple[str, str]:
    if own is None:
        return NONE, NONE
    number, held = own
    return reading(one.measure, held), place(one.places, number)


def _estimates(one: Compared) -> Table:
    columns = (
        Column("Client"),
        Column("Estimate (95 % interval)", "right"),
        Column("n", "right"),
        Column("Place", "right"),
        Column("Rests on"),
    )
    rows = tuple(
        (own.client, reading(one.measure, own), f"{own.n:,}", place(one.places, number), own.detail or "deals")
        for number, own in enumerate(one.readings)
    )
    title = named(one.measure)
    if one.spread is not None:
        title = f"{title}: median {value(one.measure, *one.spread.median)}"
    return Table(title, columns, rows, _rule([one]))


def _rule(compared: Sequence[Compared]) -> str:
    if all(one.spread is None for one in compared):
        return "Too few clients for a place."
    return "Place: 1 is the highest value; from and to where values are not surely apart. Suite method."
