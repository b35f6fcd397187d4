"""Numbers in words, the same way in every sentence."""

from __future__ import annotations

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def span(low: float, high: float) -> str:
    """Return ``"31"``, or ``"50–66"`` where the bounds differ; ``"49.6"`` where ``"50"`` would hide the threshold."""
    first, last = (f"{value:.0f}" if value == 50 or f"{value:.0f}" != "50" else f"{value:.1f}" for value in (low, high))
    return first if first == last else f"{first}–{last}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return ``"one leader"``, ``"four leaders"``, ``"23 answers"``."""
    word = _WORDS[number] if 0 <= number < len(_WORDS) else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def listed(words: list[str]) -> str:
    """Return ``"a, b and c"``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def lower_first(text: str) -> str:
    """Return the text with its first letter small, unless its first word is written as ICP or RevOps are."""
    first = text.partition(" ")[0]
    return text if first[1:].lower() != first[1:] else text[:1].lower() + text[1:]


def capital(text: str) -> str:
    """Return the text with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def money(value: float, currency: str) -> str:
    """Return ``"1.7 M EUR"``, ``"704 k EUR"`` or ``"850 EUR"``."""
    size = abs(value)
    text = f"{value / 1e6:,.1f} M" if size >= 999_500 else f"{value / 1e3:,.0f} k" if size >= 9_950 else f"{value:,.0f}"
    return f"{text} {currency}".strip().replace("-", "−")
