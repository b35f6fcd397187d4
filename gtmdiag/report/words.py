"""Words that several pages share: what a sentence rests on, dates, names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gtmdiag.report.blocks import Evidence, Prose
from gtmdiag.trail import Sentence

SUITE = "suite method"


def basis(sentence: Sentence) -> str:
    """Return what a sentence rests on in a few words: its source, and n where there is one."""
    trail = sentence.trail
    source = SUITE if trail.source == "suite" else trail.source
    return source if trail.n is None else f"{source} · n = {trail.n:,}"


def prose(sentences: Iterable[Sentence]) -> Prose:
    """Return sentences as running text with their bases."""
    return Prose(tuple(evidence(sentence) for sentence in sentences))


def evidence(sentence: Sentence) -> Evidence:
    """Return one sentence with its basis."""
    return Evidence(sentence.text, basis(sentence))


def signed(value: float) -> str:
    """Return ``"+1.1"``, ``"−0.2"`` or ``"0.0"``."""
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else f"{'+' if value > 0 else '−'}{text}"


def day(value: date | None) -> str:
    """Return ``"31 October 2026"``, or ``"not given"``."""
    return "not given" if value is None else f"{value.day} {value:%B %Y}"
