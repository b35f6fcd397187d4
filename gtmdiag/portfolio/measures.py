"""What is compared over clients: indices, conversion of shared steps, the dearest leak of each currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from gtmdiag.instruments.load import PACKAGED, packaged
from gtmdiag.portfolio import form
from gtmdiag.portfolio.naming import holds_name
from gtmdiag.portfolio.result import Measure, Reading, SharedStep
from gtmdiag.portfolio.steps import OwnStep, name_of, shared, stage_keys

Found = tuple[Measure, tuple[Reading, ...]]
CONVERSION, MONEY = "Conversion from stage to stage", "The dearest leak"


@dataclass(frozen=True)
class Steps:
    """Conversions of the steps that several clients share; ``alone`` counts clients' steps that too few share."""

    found: tuple[Found, ...]
    shared: tuple[SharedStep, ...]
    alone: int


def wording() -> dict[str, tuple[str, str]]:
    """Return topic and label of every index by its id, in the suite's own words and order, which name no client."""
    return {one.id: (packaged(name).title, one.label) for name in PACKAGED for one in packaged(name).indices}


def indices(database: DuckDBPyConnection, labels: Mapping[int, str]) -> tuple[Found, ...]:
    """Return every index by whose answers it is. Those of questionnaires that score otherwise are apart."""
    known = wording()
    order = list(known)
    rows = [row for row in database.execute(form.indices()).fetchall() if row[3] in known]
    hashes: dict[str, set[str]] = defaultdict(set)
    for _, instrument, digest, *_ in rows:
        hashes[instrument].add(digest)
    found: dict[Measure, list[Reading]] = defaultdict(list)
    for place, instrument, digest, index, who, low, high, n in sorted(rows, key=lambda row: order.index(row[3])):
        topic, label = known[index]
        apart = f" (scored as {digest[:6]})" if len(hashes[instrument]) > 1 else ""
        found[Measure("index", topic, label + apart, who)].append(Reading(labels[place], None, low, high, n))
    return tuple((measure, tuple(readings)) for measure, readings in found.items())


def conversions(
    database: DuckDBPyConnection, labels: Mapping[int, str], minimum: int, *, hidden: Sequence[str]
) -> Steps:
    """Return the conversions of shared steps.

    Parameters
    ----------
    database, labels
        The results, and each client's label by place.
    minimum
        Where names are hidden, a step that fewer clients share, or call so, would tell who they are.
    hidden
        Names that may not be shown; empty where they may.
    """
    stages: dict[int, list[tuple[str, list[str]]]] = defaultdict(list)
    for place, stage, roles in database.execute(form.STAGES).fetchall():
        stages[place].append((stage, roles))
    rows = {
        OwnStep(place, stage, to): Reading(labels[place], estimate, low, high, n, f"within {days} days")
        for place, stage, to, estimate, low, high, n, days in database.execute(form.CONVERSIONS).fetchall()
    }
    together = shared(rows, {place: stage_keys(own) for place, own in stages.items()})
    named = [(name_of(key, own, minimum if hidden else 1), own) for key, own in together.items()]
    kept = [
        (name, own) for name, own in named if len(own) >= (minimum if hidden else 2) and not holds_name(name, hidden)
    ]
    ordered = sorted(kept, key=lambda one: (_depth(one[1], stages), one[0]))
    return Steps(
        tuple((Measure("conversion", CONVERSION, name), tuple(rows[step] for step in own)) for name, own in ordered),
        tuple(
            SharedStep(name, len(own), () if hidden else tuple((labels[one.client], one.name) for one in own))
            for name, own in ordered
        ),
        len({(step.client, step.stage) for step in rows}) - sum(len(own) for _, own in kept),
    )


def leaks(database: DuckDBPyConnection, labels: Mapping[int, str], *, named: bool) -> tuple[Found, ...]:
    """Return what each client's dearest leak is worth, by currency: amounts of two are never set side by side."""
    found: dict[str, list[Reading]] = defaultdict(list)
    for place, currency, stage, to, value, low, high, n in database.execute(form.LEAKS).fetchall():
        found[currency].append(Reading(labels[place], value, low, high, n, f"{stage} → {to}" if named else ""))
    return tuple(
        (Measure("money", MONEY, f"{MONEY}, {currency}", currency=currency), tuple(readings))
        for currency, readings in sorted(found.items())
    )


def _depth(own: Sequence[OwnStep], stages: Mapping[int, Sequence[tuple[str, Sequence[str]]]]) -> float:
    """Return how deep in their clients' funnels a step lies on average."""
    order = {place: [stage for stage, _ in rows] for place, rows in stages.items()}
    depths = [order[step.client].index(step.stage) for step in own]
    return sum(depths) / len(depths)
