"""How the clients were brought together, and by which rules."""

from __future__ import annotations

from collections.abc import Iterator

from gtmdiag.diagnostics.numbers import capital, count
from gtmdiag.portfolio.result import Portfolio, SharedStep
from gtmdiag.report.blocks import Block, Column, Evidence, Group, Headline, Notice, Prose, Table
from gtmdiag.report.words import SUITE


def stages(portfolio: Portfolio) -> Group:
    """Return how the clients' stages were brought together."""
    blocks: list[Block] = [Headline("How the stages were brought together", level=2)]
    if not portfolio.steps:
        text = "No step between two stages is shared by enough clients."
        return Group((*blocks, Notice("neutral", "No step is shared", text)))
    if portfolio.hidden:
        columns = (Column("Step"), Column("Clients", "right"))
        rows = tuple((one.label, f"{one.clients:,}") for one in portfolio.steps)
        note = "What single clients call their stages is left out, since it might name them."
    else:
        columns = (Column("Step"), Column("As the CRM calls it"), Column("At"))
        rows = tuple((one.label, own, ", ".join(at)) for one in portfolio.steps for own, at in _by_name(one).items())
        note = "By the role that crm.yaml gives a stage, else by its name. Suite method."
    blocks.append(Table("Steps that clients share", columns, rows, note))
    if portfolio.alone:
        text = "Too few clients share them to set them side by side; each client's own report tells them."
        blocks.append(Notice("neutral", f"{capital(count(portfolio.alone, 'step'))} of clients not listed", text))
    return Group(tuple(blocks))


def _by_name(step: SharedStep) -> dict[str, list[str]]:
    """Return the clients by what they call a step."""
    found: dict[str, list[str]] = {}
    for client, own in step.own:
        found.setdefault(own, []).append(client)
    return found


def method(portfolio: Portfolio) -> Group:
    """Return the rules of this portfolio."""
    return Group((Headline("How to read this", level=2), Prose(tuple(_rules(portfolio)))))


def _rules(portfolio: Portfolio) -> Iterator[Evidence]:
    def rule(text: str, name: str) -> Evidence:
        return Evidence(text, SUITE, f"{name}; results.json of each client")

    text = (
        f"Nothing is told about a group of fewer than {portfolio.minimum} clients, nor so that it could be had by "
        "subtraction. Each client's own figures are for whoever holds the clients' folders."
    )
    yield rule(text, "smallest group")
    text = (
        "A client's place runs from the first to the last that its bounds or its 95 % interval allow: clients that lie "
        "wholly above it come before, those wholly below come after."
    )
    yield rule(text, "place")
    text = (
        "Conversions count to each client's own horizon, which stands beside them. They tell what deals did, an index "
        "what people answered; neither tells why clients differ."
    )
    yield rule(text, "what is compared")
    if portfolio.hidden:
        text = (
            "A code belongs to one client and stays the same; only the key beside the clients' folders undoes it. "
            "Who knows a client's figures can still tell it by them."
        )
        yield rule(text, "codes")
