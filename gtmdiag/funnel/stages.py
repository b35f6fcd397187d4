"""Stage names as small integers: the place on the map, won, lost, not on the map, ignored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gtmdiag.funnel.config import CrmConfig, name_key

IGNORED = -2
UNMAPPED = -1


@dataclass(frozen=True)
class StageMap:
    """The stages of ``crm.yaml`` with their codes.

    Attributes
    ----------
    stages
        Open stages in order; code 0, 1, 2 …
    won, lost
        Codes of the two outcomes: above every stage, so that at one time of the clock closing sorts last.
    """

    stages: tuple[str, ...]
    won: int
    lost: int
    _codes: dict[str, int]
    _status: dict[str, int]

    @classmethod
    def of(cls, config: CrmConfig) -> StageMap:
        """Build the map of a configuration."""
        won, lost = len(config.stages), len(config.stages) + 1
        closed = {**{name_key(n): won for n in config.won}, **{name_key(n): lost for n in config.lost}}
        codes = {name_key(name): code for code, name in enumerate(config.stages)} | closed
        codes |= {name_key(name): IGNORED for name in config.ignore}
        return cls(config.stages, won, lost, codes, {"won": won, "lost": lost} | closed)

    def codes(self, names: pd.Series[str]) -> NDArray[np.int64]:
        """Return the code of each stage name; `UNMAPPED` where it is on no list."""
        return _looked_up(names, self._codes)

    def status_codes(self, names: pd.Series[str]) -> NDArray[np.int64]:
        """Return `won` or `lost` of each status, `UNMAPPED` where it says neither."""
        return _looked_up(names, self._status)


def _looked_up(names: pd.Series[str], codes: dict[str, int]) -> NDArray[np.int64]:
    places, distinct = pd.factorize(names)
    known = np.array([codes.get(name_key(str(name)), UNMAPPED) for name in distinct], dtype=np.int64)
    return known[places]
