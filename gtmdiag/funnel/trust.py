"""The trust gate: which results stand, and which are to be read with care for the faults in the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gtmdiag.funnel.checks import CONVERSION, FORECAST, LEAKS, SEGMENTS, STALLED, TIME, TREND, Check
from gtmdiag.funnel.words import counted
from gtmdiag.trail import Sentence, Trail

RESULTS: Final = (CONVERSION, LEAKS, TIME, STALLED, TREND, SEGMENTS, FORECAST)
"""What faults can weaken, in the order in which it is told."""


@dataclass(frozen=True)
class TrustGate:
    """What may be relied on.

    Attributes
    ----------
    stand, with_care
        Results in words; every one of the analysis is in one of them.
    serious
        The checks that are beyond their threshold, the largest share first.
    sentence
        The same as one sentence.
    """

    stand: tuple[str, ...]
    with_care: tuple[str, ...]
    serious: tuple[Check, ...]
    sentence: Sentence


def trust_gate(checks: Sequence[Check], results: Sequence[str] = RESULTS) -> TrustGate:
    """Tell from the checks which of the ``results`` of this analysis stand."""
    serious = tuple(sorted((check for check in checks if check.serious), key=lambda check: -check.share))
    weak = {result for check in serious for result in check.weakens}
    with_care = tuple(result for result in results if result in weak)
    stand = tuple(result for result in results if result not in weak)
    ran = counted(len(checks), "check")
    if not checks:
        text = "Single deals were not checked for faults."
    elif not serious:
        text = f"Every result stands: none of {ran} of the data is beyond its threshold."
    else:
        text = f"{len(serious):,} of {ran} of the data {'is' if len(serious) == 1 else 'are'} beyond the threshold."
        text += f" Read with care: {', '.join(with_care)}." if with_care else ""
        text += f" These stand: {', '.join(stand)}." if stand else ""
        text += " No result stands without reserve." if with_care and not stand else ""
    trail = Trail(
        "a result is read with care where a check that it rests on is beyond its threshold", "suite", ("crm",)
    )
    return TrustGate(stand, with_care, serious, Sentence(text, trail))
