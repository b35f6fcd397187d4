"""How far an index moved between two waves, beside what it would move by itself; the anonymity rule in both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from gtmdiag.engagement.anonymity import AnonymityRule
from gtmdiag.instruments.schema import Instrument
from gtmdiag.instruments.scoring import Index

RETEST = 0.7
"""Steps (standard deviation) by which one person's answer differs when it is asked again (suite method, assumed)."""

SURE = 1.96

Reading = Literal["moved", "within noise", "not comparable", "withheld"]


@dataclass(frozen=True)
class IndexMove:
    """An index in each wave.

    Attributes
    ----------
    who
        Whose answers: ``"CEO"``, ``"Leaders"``, ``"Marketing"``, ``"Sales"``.
    values
        One a wave; None where it was not asked, or may not be shown there or beside the others.
    change
        From the wave before to the last, as the least that missing answers allow.
    noise
        Points within which 95 % of changes lie where nobody changed their mind.
    """

    id: str
    label: str
    who: str
    higher_is_better: bool
    values: tuple[Index | None, ...]
    change: float | None
    noise: float | None
    reading: Reading


def may_compare(groups: Sequence[frozenset[str]], rule: AnonymityRule) -> bool:
    """Tell whether a group's figures of several waves may stand side by side.

    Those who joined from each wave to the next, and those who left, must be nobody or reach the minimum: else one of
    the two figures and the other would tell of a smaller group. Suite method.
    """
    return all(
        not changed or rule.may_show_score(len(changed))
        for number, later in enumerate(groups)
        for earlier in groups[:number]
        for changed in (later - earlier, earlier - later)
    )


def move(
    label: str,
    who: str,
    values: Sequence[Index | None],
    instrument: Instrument,
    *,
    higher_is_better: bool = True,
    withheld: bool = False,
) -> IndexMove | None:
    """Return how one index moved, or None where fewer than two waves have it."""
    known = next((one for one in values if one is not None), None)
    if known is None or sum(one is not None for one in values) < 2:
        return None
    before, after = values[-2], values[-1]
    if withheld:
        alone = (*(None for _ in values[:-1]), values[-1])
        return IndexMove(known.id, label, who, higher_is_better, alone, None, None, "withheld")
    change = _change(before, after)
    if change is None or before is None or after is None:
        return IndexMove(known.id, label, who, higher_is_better, tuple(values), None, None, "not comparable")
    noise = _noise(instrument, known.id, min(before.answered, after.answered))
    reading: Reading = "moved" if abs(change) > noise else "within noise"
    return IndexMove(known.id, label, who, higher_is_better, tuple(values), change, noise, reading)


def _change(before: Index | None, after: Index | None) -> float | None:
    if before is None or after is None:
        return None
    if before.low is None or before.high is None or after.low is None or after.high is None:
        return None
    return after.low - before.high if after.low > before.high else min(after.high - before.low, 0.0)


def _noise(instrument: Instrument, index_id: str, answered: int) -> float:
    """Return 95 % of the difference of two means of answers, each of which differs by `RETEST` when asked again."""
    facet = next(rule.facet for rule in instrument.indices if rule.id == index_id)
    scales = [instrument.scale_of(item) for item in instrument.items_of(facet)]
    step = max(100 / (scale.highest - scale.lowest) for scale in scales)
    return SURE * sqrt(2 / answered) * RETEST * step
