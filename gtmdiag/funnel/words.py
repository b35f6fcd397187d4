"""Small words that several modules of the funnel share."""

from __future__ import annotations


def counted(n: int, noun: str) -> str:
    """Return ``"1 deal"``, ``"1,200 deals"``."""
    return f"{n:,} {noun if n == 1 else noun + 's'}"
