"""Small words that several modules of the funnel share."""

from __future__ import annotations

from collections.abc import Sequence


def counted(n: int, noun: str) -> str:
    """Return ``"1 deal"``, ``"1,200 deals"``."""
    return f"{n:,} {noun if n == 1 else noun + 's'}"


def points(difference: float) -> str:
    """Return a difference of shares as ``"+4.1"`` or ``"−0.3"`` points."""
    text = f"{abs(difference) * 100:.1f}"
    return text if text == "0.0" else f"{'+' if difference > 0 else '−'}{text}"


def listed(names: Sequence[str]) -> str:
    """Return ``"a, b and c"``; of more than four names three, and how many more there are."""
    shown = list(names) if len(names) <= 4 else [*names[:3], f"{len(names) - 3} more"]
    return " and ".join(part for part in (", ".join(shown[:-1]), shown[-1]) if part) if shown else ""
