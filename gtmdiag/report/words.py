"""Words that several pages share: what a sentence rests on, dates, names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gtmdiag.diagnostics.numbers import money, span
from gtmdiag.findings.diagnosis import Diagnosis
from gtmdiag.findings.finding import Money
from gtmdiag.instruments.scoring import Index
from gtmdiag.report.blocks import Evidence, Prose
from gtmdiag.report.theme import load_theme
from gtmdiag.trail import Sentence, Trail

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
    return Evidence(sentence.text, basis(sentence), "; ".join((sentence.trail.rule, *sentence.trail.inputs)))


def not_in_conflict(diagnosis: Diagnosis) -> tuple[Sentence, ...]:
    """Return how the gut check and the altitude of ownership go together, where the report has both."""
    if diagnosis.gut_check is None or diagnosis.ownership_altitude is None:
        return ()
    text = (
        "Who runs go-to-market under one hand and who owns the model are two questions. Whichever way the gut check "
        "falls, ownership stays at business level; a CRO who runs it is its steward, not its owner."
    )
    return (Sentence(text, Trail("operating and owning told together", "suite", ("CD", "GJ"))),)


def index_words(index: Index) -> str:
    """Return ``"31"``, ``"50–66"`` where unanswered questions leave it open that far, or ``"open"``."""
    return "open" if index.low is None or index.high is None else span(index.low, index.high)


def signed(value: float) -> str:
    """Return ``"+1.1"``, ``"−0.2"`` or ``"0.0"``."""
    text = f"{abs(value):.1f}"
    return text if text == "0.0" else f"{'+' if value > 0 else '−'}{text}"


def day(value: date | None, language: str = "en", *, short: bool = False) -> str:
    """Return ``"31 October 2026"`` as the language writes it, ``"31 Oct 2026"`` if short, or ``"not given"``."""
    if value is None:
        return "not given"
    pattern = load_theme().format_of(language).date
    return pattern.format(day=value.day, month=f"{value:%b}" if short else f"{value:%B}", year=value.year)


def worth(value: Money | None) -> str:
    """Return ``"up to 2.3 M EUR (1.3 M EUR to 3.9 M EUR)"``, or an empty text."""
    if value is None:
        return ""
    interval = f"{money(value.low, value.currency)} to {money(value.high, value.currency)}"
    return f"up to {money(value.estimate, value.currency)} ({interval})"
