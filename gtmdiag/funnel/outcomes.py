"""Deals by outcome and by stage: counts and amounts."""

from __future__ import annotations

from dataclasses import dataclass

Amounts = tuple[tuple[str, int], ...]
"""Pairs of currency (empty where not named) and cents, sorted by currency; empty where no amount is known."""


@dataclass(frozen=True)
class Outcome:
    """Deals of one outcome.

    Attributes
    ----------
    n
        Their number.
    amounts
        Their amounts by currency, never added across currencies; empty where none is known.
    n_without_amount
        How many of them have no amount, or none that could be read.
    """

    n: int
    amounts: Amounts
    n_without_amount: int


@dataclass(frozen=True)
class Outcomes:
    """All deals by outcome."""

    won: Outcome
    lost: Outcome
    open: Outcome


@dataclass(frozen=True)
class StageRow:
    """One stage of the map.

    Attributes
    ----------
    stage
        Its name.
    roles
        The roles it plays, from ``crm.yaml``.
    entered
        Deals that entered it, = advanced + lost + open. None in a snapshot, which does not tell.
    advanced
        Of them, those that entered a further stage or were won from here; None in a snapshot.
    lost
        Those that were lost and went no further; None where the export does not tell.
    open
        Those that are open and went no further; None in counts.
    lost_amounts, open_amounts
        Their amounts.
    advanced_share_so_far
        advanced / entered, from 0 to 1; None where unknown or nobody entered. Open deals may still advance, so it is a
        lower bound of what will come and carries no interval.
    """

    stage: str
    roles: tuple[str, ...]
    entered: int | None
    advanced: int | None
    lost: int | None
    open: int | None
    lost_amounts: Amounts
    open_amounts: Amounts
    advanced_share_so_far: float | None
