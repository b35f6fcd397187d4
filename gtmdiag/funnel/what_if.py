"""What the funnel would be worth at other conversions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from gtmdiag.funnel.estimates.chain import Chain, flow
from gtmdiag.funnel.estimates.moves import bounds
from gtmdiag.funnel.estimates.table import FloatArray
from gtmdiag.funnel.model import Model, solved


@dataclass(frozen=True)
class Amount:
    """An amount in whole units of the funnel's currency, with its 95 % interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class WhatIf:
    """What the deals of the export come to at other conversions, and what that adds to what they come to now."""

    value: Amount
    change: Amount


@dataclass(frozen=True)
class Point:
    """What one percentage point of conversion is worth at a stage.

    Attributes
    ----------
    stage
        Its name.
    conversion
        As measured, from 0 to 1.
    worth
        ∂revenue/∂p / 100: as revenue is linear in one conversion at a time, ten points are worth ten times as much.
    """

    stage: str
    conversion: float
    worth: Amount


def what_if(model: Model, conversions: Mapping[str, float]) -> WhatIf | None:
    """Solve the chain with other conversions.

    Parameters
    ----------
    model
        As estimated.
    conversions
        From a stage to its new conversion, from 0 to 1; the other stages hold.

    Returns
    -------
    WhatIf or None
        None where no money is told.

    Raises
    ------
    ValueError
        For a stage that is not there or a conversion outside [0, 1].

    Notes
    -----
    The points that a new conversion lies above the measured one are added in every draw (and cut at 0 and 1). So the
    interval tells how far the worth of these points is uncertain, and a step left as it is adds nothing. How far the
    measured conversion itself may be off its benchmark is told with the leaks.
    """
    if model.value is None:
        return None
    funnel = solved(model)
    step = np.zeros(len(model.stages))
    for stage, share in conversions.items():
        if stage not in model.stages:
            raise ValueError(f"{stage!r} is not a stage; there are: {', '.join(model.stages)}")
        if not 0 <= share <= 1:
            raise ValueError(f"a conversion lies between 0 and 1; {stage!r} is given {share}")
        place = model.stages.index(stage)
        step[place] = share - funnel.chain.conversion[place]
    there, drawn = (flow(_moved(chain, step)).revenue for chain in (funnel.chain, funnel.drawn))
    here, drawn_here = (flow(chain).revenue for chain in (funnel.chain, funnel.drawn))
    return WhatIf(_amount(there, drawn), _amount(there - here, drawn - drawn_here))


def points(model: Model) -> tuple[Point, ...]:
    """Return what a point of conversion is worth at each stage that anyone entered; nothing where no money is told."""
    if model.value is None:
        return ()
    funnel = solved(model)
    worth, drawn = (flow(chain).sensitivity / 100 for chain in (funnel.chain, funnel.drawn))
    return tuple(
        Point(stage, share.estimate, _amount(worth[place], drawn[place]))
        for place, (stage, share) in enumerate(zip(model.stages, model.conversions, strict=True))
        if share is not None
    )


def _moved(chain: Chain, step: FloatArray) -> Chain:
    steps = step.reshape(-1, *(1 for _ in chain.conversion.shape[1:]))
    return replace(chain, conversion=np.clip(chain.conversion + steps, 0, 1))


def _amount(estimate: FloatArray, drawn: FloatArray) -> Amount:
    low, high = bounds(drawn)
    return Amount(float(estimate), float(low), float(high))
