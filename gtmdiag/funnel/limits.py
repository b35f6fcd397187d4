"""How many deals a statement about a funnel takes, and the seed of its draws (suite method)."""

from __future__ import annotations

from typing import Final

MINIMUM_DEALS: Final = 30
"""Deals that must have entered a stage before its conversion is estimated."""
FOLLOWED: Final = 20
"""Deals that must have been followed to the horizon."""
LONGEST: Final = 180
"""Days of the longest horizon."""
MINIMUM_WON: Final = 10
"""Won deals with an amount that money rests on; the mean of fewer tells nothing."""
WITH_AMOUNT: Final = 0.9
"""Share of a stage's deals that must have an amount before its value is told: those without are rarely like others."""
MOST_STAGES: Final = 50
"""Stages up to which money is told; drawing the ways through more takes memory by the square of their number."""
SEED: Final = 20_261
DRAWS: Final = 2_000
FALSE_ALARMS: Final = 0.10
"""Share of what is flagged that may be false on average (Benjamini–Hochberg)."""
