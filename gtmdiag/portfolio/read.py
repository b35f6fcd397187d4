"""Read all clients' results and set them side by side."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from duckdb import DuckDBPyConnection

from gtmdiag.errors import InputError, Problem
from gtmdiag.instruments.load import packaged
from gtmdiag.instruments.synthesis_rules import synthesis_rules
from gtmdiag.portfolio import form
from gtmdiag.portfolio.compare import compare
from gtmdiag.portfolio.groups import shares
from gtmdiag.portfolio.measures import Found, conversions, indices, leaks
from gtmdiag.portfolio.moves import moved, moves
from gtmdiag.portfolio.naming import codes, names
from gtmdiag.portfolio.result import ClientRow, LeftOut, Portfolio
from gtmdiag.portfolio.sources import Refused, Source, Sources, problems_of, refused, render_again
from gtmdiag.portfolio.store import connect, drop, load

MINIMUM = 5
"""Clients from which on they are told about together, where nothing else is asked for."""


@dataclass(frozen=True)
class Read:
    """A portfolio, what stood in the way, and a hash of each results file by its client's label.

    Where names are hidden, hashes are made with the key: plain ones stand in each client's own manifest.
    """

    portfolio: Portfolio
    problems: tuple[Problem, ...]
    hashes: Mapping[str, str]


@dataclass(frozen=True)
class _Client:
    """One row of the query of clients."""

    place: int
    id: str
    name: str
    shown_as: str
    wave: str
    as_of: date | None
    respondents: int
    deals: int | None
    verdict: str
    theme: str
    waves: int


def read_portfolio(sources: Sources, *, minimum: int = MINIMUM, key: bytes | None = None) -> Read:
    """Set clients side by side, from the results.json of each one's last wave.

    Parameters
    ----------
    sources
        Their results files; see `gtmdiag.portfolio.sources.read_sources`.
    minimum
        Clients from which on they are told about together.
    key
        The secret that codes are made with, where names are to be hidden; None shows them.

    Raises
    ------
    InputError
        With the problem of every client, where none can be taken in.
    """
    read = sources.read
    with connect() as database:
        found = [*sources.refused, *load(database, read)]
        found += _unsound(database, read)
        found += _twice(database, read)
        if len(found) == len(read) + len(sources.refused):
            raise InputError(problems_of(found))
        return _side_by_side(database, read, found, minimum, key)


def _side_by_side(
    database: DuckDBPyConnection,
    sources: Sequence[Source],
    refusals: Sequence[Refused],
    minimum: int,
    key: bytes | None,
) -> Read:
    clients = [_Client(*row) for row in database.execute(form.CLIENTS).fetchall()]
    by_id = codes([one.id for one in clients], key) if key else names({one.id: one.shown_as for one in clients})
    labels = {one.place: by_id[one.id] for one in clients}
    never = [name for one in clients for name in (one.id, one.name, one.shown_as, sources[one.place].root.name)]
    never += [one.root.name for one in refusals]
    steps = conversions(database, labels, minimum, hidden=never if key else ())
    found: list[Found] = [*indices(database, labels), *steps.found, *leaks(database, labels, named=not key)]
    rows = sorted(
        (_row(one, labels[one.place], hidden=bool(key)) for one in clients), key=lambda row: row.client.casefold()
    )
    own_moves = moves(database, labels)
    portfolio = Portfolio(
        minimum=minimum,
        hidden=key is not None,
        as_of=max((one.as_of for one in clients if one.as_of is not None), default=None),
        clients=tuple(rows),
        left_out=_left_out(refusals, hidden=key is not None),
        compared=compare(database, [one for one in found if len(one[1]) > 1], minimum),
        steps=steps.shared,
        alone=steps.alone,
        constraints=shares((row.constraint for row in rows if row.constraint), minimum),
        moves=own_moves,
        moved=moved(database, minimum),
    )
    hashes = {labels[one.place]: _hash(sources[one.place].text, key) for one in clients}
    return Read(portfolio, problems_of(refusals), hashes)


def _hash(text: str, key: bytes | None) -> str:
    digest = hmac.new(key, text.encode(), hashlib.sha256) if key else hashlib.sha256(text.encode())
    return digest.hexdigest()


def _row(client: _Client, label: str, *, hidden: bool) -> ClientRow:
    verdicts = {one.id: one.label for one in packaged("champion_operator").verdicts}
    themes = {one.label for one in synthesis_rules().themes}
    return ClientRow(
        client=label,
        # a wave's name is the client's own word
        wave="" if hidden else client.wave,
        as_of=client.as_of,
        respondents=client.respondents,
        deals=client.deals,
        verdict=verdicts.get(client.verdict, ""),
        constraint=client.theme if client.theme in themes else "",
        waves=client.waves,
    )


def _left_out(refusals: Sequence[Refused], *, hidden: bool) -> tuple[LeftOut, ...]:
    rows = sorted(refusals, key=lambda one: one.root)
    if hidden:
        return tuple(LeftOut("", why) for why in sorted(one.why for one in rows))
    return tuple(LeftOut(one.root.name, one.why) for one in rows)


def _twice(database: DuckDBPyConnection, sources: Sequence[Source]) -> list[Refused]:
    """Take out every client whose id is another one's too: which of them is meant is not known."""
    holders: dict[str, list[Source]] = defaultdict(list)
    clients = [_Client(*row) for row in database.execute(form.CLIENTS).fetchall()]
    for one in clients:
        holders[one.id].append(sources[one.place])
    twice = [(one.place, one.id) for one in clients if len(holders[one.id]) > 1]
    drop(database, [place for place, _ in twice])
    return [_taken(sources[place], taken, [one.root.name for one in holders[taken]]) for place, taken in twice]


def _taken(source: Source, client_id: str, folders: Sequence[str]) -> Refused:
    found = f"the id {client_id!r}, as in the folders {', '.join(folders)}"
    remedy = f"Give each an id of its own in client.yaml, then run 'gtmdiag render {source.root}'."
    return refused(source.root, source.shown_as, "an id that another client has too", found, remedy)


def _unsound(database: DuckDBPyConnection, sources: Sequence[Source]) -> list[Refused]:
    """Take out every client whose figures cannot be what they are said to be."""
    places: list[int] = [place for (place,) in database.execute(form.unsound()).fetchall()]
    drop(database, places)
    why, found = "results that are broken", "figures beyond their range"
    return [refused(sources[p].root, sources[p].shown_as, why, found, render_again(sources[p].root)) for p in places]
