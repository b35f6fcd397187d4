"""What a sentence of the product rests on, so that a reader can follow it back to its inputs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trail:
    """What one statement rests on.

    Attributes
    ----------
    rule
        The rule that was applied, in a few plain words.
    source
        Short name of the source of the rule: ``"CO"``, ``"GJ"``, ``"CD"``, ``"AJ"``, ``"OE"`` (see
        ``instruments/sources.yaml``), or ``"suite"`` for a method of our own.
    inputs
        What went in: item ids, ``"crm/deals.csv, column Amount"``, ``"client.yaml, company.headcount"``. A group's
        trail names item ids and n, never respondents.
    n
        Number of answers, respondents, deals or rows behind it, where that has a meaning.
    """

    rule: str
    source: str
    inputs: tuple[str, ...] = ()
    n: int | None = None


@dataclass(frozen=True)
class Sentence:
    """One plain sentence of a result and its trail."""

    text: str
    trail: Trail
