"""Three definitions of conversion side by side: how far a figure depends on what one calls it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gtmdiag.funnel.estimates.table import WON, CellTable
from gtmdiag.funnel.limits import MINIMUM_DEALS
from gtmdiag.trail import Sentence, Trail


@dataclass(frozen=True)
class Defined:
    """Deals that moved on out of ``n``, by one definition."""

    moved: int
    n: int

    @property
    def share(self) -> float | None:
        """From 0 to 1, so far: open deals may still move on. None without deals."""
        return self.moved / self.n if self.n else None


@dataclass(frozen=True)
class StepDefinitions:
    """One step by three definitions.

    Attributes
    ----------
    stage, to
        The step, to the next stage of the map or ``"won"``.
    strict
        Of the deals that entered the stage, those that went on to exactly the next one.
    any
        Of those that reached the stage or a further one, or were won, those that reached further or were won.
    first
        Of those that entered the stage, those that moved on, to whatever further stage, without falling back before.
    """

    stage: str
    to: str
    strict: Defined
    any: Defined
    first: Defined

    @property
    def spread(self) -> float | None:
        """Largest less smallest share: the definition risk, from 0 to 1. None where one has fewer than 30 deals."""
        every = (self.strict, self.any, self.first)
        if min(one.n for one in every) < MINIMUM_DEALS:
            return None
        shares = [one.moved / one.n for one in every]
        return max(shares) - min(shares)


def definitions(table: CellTable) -> tuple[StepDefinitions, ...]:
    """Count each step by the three definitions, from cells of a history; deals in no stage of the map are left out."""
    k = len(table.stages)
    place, n, advanced, won = table.stage, table.n, table.advanced, table.won
    onto_next = (advanced & (table.following == place + 1)) | (won & (place == k - 1))

    def summed(chosen: np.ndarray, at: np.ndarray) -> list[int]:
        kept = chosen & (place < k)
        return np.bincount(at[kept], weights=n[kept], minlength=k + 1).astype(np.int64).tolist()

    everywhere = np.ones(len(n), dtype=np.bool_)
    entered, strict = summed(everywhere, place), summed(onto_next, place)
    first = summed((advanced | won) & (table.back == 0), place)
    # Each deal has one row that is not "advanced", at its furthest stage; a won deal is past all of them.
    furthest = summed(~advanced, np.where(won, k, place))
    reached = np.cumsum(furthest[::-1])[::-1].tolist()
    return tuple(
        StepDefinitions(
            stage,
            to,
            Defined(strict[row], entered[row]),
            Defined(reached[row + 1], reached[row]),
            Defined(first[row], entered[row]),
        )
        for row, (stage, to) in enumerate(zip(table.stages, (*table.stages[1:], WON), strict=True))
    )


def definition_sentence(steps: Sequence[StepDefinitions]) -> Sentence:
    """Say where the choice of a definition matters most."""
    rule = "three definitions of conversion, each so far: exactly the next stage; any further one; without falling back"
    inputs = ("stage", "entered_at")
    told = [(step, step.spread) for step in steps if step.spread is not None]
    if not told:
        text = f"Not enough data to compare definitions of conversion: each needs {MINIMUM_DEALS} deals."
        return Sentence(text, Trail(rule, "suite", inputs, sum(step.strict.n for step in steps)))
    widest, spread = max(told, key=lambda pair: pair[1])
    if spread < 0.0005:
        text = "Conversion is the same by all three definitions: hardly a deal skips a stage or falls back."
        return Sentence(text, Trail(rule, "suite", inputs, sum(step.strict.n for step, _ in told)))
    shares = [one.moved / one.n for one in (widest.strict, widest.any, widest.first)]
    text = f"What one calls conversion moves {widest.stage} → {widest.to} by {spread * 100:.1f} points, from "
    text += f"{min(shares):.1%} to {max(shares):.1%} so far: agree on one definition before comparing figures."
    return Sentence(text, Trail(rule, "suite", inputs, widest.any.n))
